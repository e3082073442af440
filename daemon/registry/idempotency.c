#include "idempotency.h"
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"

enum {
    TAG_SIZE = 8,
    TAKEN_UP = 4096, /* lines in one step */
    /* One in so many entries that are written looks at so many behind it, which stand in the same page, or in the
       one behind that. So an entry past its time is gone when about a quarter of the index was written after
       that. */
    SWEEP_EVERY = 16,
    SWEEP = 64,
    RAISE_EVERY = 4096, /* one in so many finds anew which lines are past their time */
};

static const moment kept_for = 24 * 3600 * INT64_C (1000);

/* The key in the index. Keyed, since peers choose their keys. If two keys have one tag, the later is found, and
   the earlier counts as unused: with ten million keys a day that is once in a thousand years. */
static uint64_t tag_of (const struct turn *turn, const char *party, const uint8_t key[VAULT_ID_SIZE])
{
    uint8_t both[VAULT_ID_SIZE + VAULT_PARTY_LIMIT];
    size_t size = strnlen (party, VAULT_PARTY_LIMIT);
    memcpy (both, key, VAULT_ID_SIZE);
    memcpy (both + VAULT_ID_SIZE, party, size);
    return vault_tag (turn->vault, both, VAULT_ID_SIZE + size);
}

static bool is_past (const struct turn *turn, const struct audit_head *head)
{
    return head->time + kept_for <= turn->now;
}

/* Raises `answered_from` over lines that are past their time. Time rises with the number, except where the clock
   was reset (C14). A reset only puts the clock back. So if a line is past its time, 24 hours have passed since it
   was written; they have also passed since every line before it, whatever time it has. */
static int raise_answered_from (struct turn *turn)
{
    uint64_t low = turn->state.answered_from, high = turn->state.audit_number;
    while (low <= high) {
        uint64_t middle = low + (high - low) / 2;
        struct audit_record record;
        int rc = middle > 0 ? audit_read (turn, middle, &record) : AUDIT_NOT_FOUND;
        if (rc < 0 && rc != RECORD_DAMAGED)
            return rc;
        if (middle == 0 || (rc == 0 && is_past (turn, &record.head)))
            low = middle + 1;
        else
            high = middle - 1;
    }
    turn->state.answered_from = low;
    return 0;
}

/* Deletes entries of lines that are past their time, of a few from this one on. */
static int sweep (struct turn *turn, const uint8_t from[TAG_SIZE])
{
    uint8_t past[SWEEP][TAG_SIZE];
    size_t count = 0;
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, STORE_ANSWERED, (struct bytes){from, TAG_SIZE}, &scan);
    for (int i = 0; i < SWEEP && rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0; i++)
        if (key.size == TAG_SIZE && value.size == 8 && get_be64 (value.data) < turn->state.answered_from)
            memcpy (past[count++], key.data, TAG_SIZE);
    store_scan_close (&scan);
    for (size_t i = 0; i < count && (rc == 0 || rc == STORE_NOT_FOUND); i++)
        rc = store_delete (turn->txn, STORE_ANSWERED, (struct bytes){past[i], TAG_SIZE});
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

static int put (struct turn *turn, uint64_t tag, uint64_t number)
{
    uint8_t key[TAG_SIZE], value[8];
    put_be64 (key, tag);
    put_be64 (value, number);
    int rc = store_put (turn->txn, STORE_ANSWERED, (struct bytes){key, TAG_SIZE}, (struct bytes){value, 8});
    if (rc == 0 && tag % RAISE_EVERY == 0)
        rc = raise_answered_from (turn);
    if (rc == 0 && tag % SWEEP_EVERY == 0 && turn->state.answered_from > 1)
        rc = sweep (turn, key);
    return rc;
}

int idempotency_begin (struct turn *turn)
{
    turn->state.answered_from = 0;
    return raise_answered_from (turn);
}

int idempotency_take_up (struct turn *turn, uint64_t *line)
{
    int rc = *line == 0 ? idempotency_begin (turn) : 0;
    if (*line == 0)
        *line = turn->state.answered_from;
    uint64_t end = *line + TAKEN_UP;
    for (; rc == 0 && *line < end && *line <= turn->state.audit_number; ++*line) {
        struct audit_record record;
        arena_reset (turn->arena);
        rc = audit_read (turn, *line, &record);
        if (rc == 0 && record.head.is_replayable)
            rc = put (turn, tag_of (turn, record.head.party, record.head.idempotency_key), *line);
        else if (rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED)
            rc = 0; /* it answers nobody */
    }
    return rc == 0 && *line > turn->state.audit_number ? STORE_NOT_FOUND : rc;
}

struct idempotency idempotency_of (const struct turn *turn, const char *party, const uint8_t idempotency_key[16],
                                   struct bytes body)
{
    struct idempotency made = {.party = party};
    memcpy (made.key, idempotency_key, sizeof made.key);
    vault_fingerprint (turn->vault, "idempotency-body", body, (struct bytes){NULL, 0}, made.body);
    return made;
}

static bool is_of (const struct turn *turn, const struct idempotency *idempotency, const struct audit_head *head)
{
    return head->is_replayable && !is_past (turn, head) && strcmp (head->party, idempotency->party) == 0 &&
           vault_equal (head->idempotency_key, idempotency->key, sizeof idempotency->key);
}

int idempotency_find (struct turn *turn, const struct idempotency *idempotency, uint64_t *number)
{
    uint8_t key[TAG_SIZE];
    struct bytes value;
    struct audit_record record;
    put_be64 (key, tag_of (turn, idempotency->party, idempotency->key));
    int rc = store_get (turn->txn, STORE_ANSWERED, (struct bytes){key, TAG_SIZE}, &value);
    if (rc == 0 && value.size != 8)
        return RECORD_DAMAGED;
    if (rc == 0)
        rc = audit_read (turn, get_be64 (value.data), &record);
    if (rc == AUDIT_NOT_FOUND)
        return RECORD_DAMAGED; /* it was written together with the entry */
    if (rc == STORE_NOT_FOUND || (rc == 0 && !is_of (turn, idempotency, &record.head)))
        return IDEMPOTENCY_UNUSED;
    if (rc != 0)
        return rc;
    *number = record.head.number;
    return vault_equal (record.head.request, idempotency->body, VAULT_ID_SIZE) ? 0 : IDEMPOTENCY_CONFLICT;
}

int idempotency_put (struct turn *turn, const struct idempotency *idempotency)
{
    return put (turn, tag_of (turn, idempotency->party, idempotency->key), turn->state.audit_number);
}
