#include "history.h"
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "record/guard.h"

enum { SUBJECT_KEY_SIZE = VAULT_ID_SIZE + 8, PARTY_KEY_LIMIT = 32 + 1 + 8 };

static struct bytes subject_key (const struct subject_file *file, uint64_t number, uint8_t key[SUBJECT_KEY_SIZE])
{
    memcpy (key, file->id, VAULT_ID_SIZE);
    put_be64 (key + VAULT_ID_SIZE, number);
    return (struct bytes){key, SUBJECT_KEY_SIZE};
}

int history_keep_subject (struct turn *turn, struct subject_file *file, const struct subject *after)
{
    uint8_t buffer[SUBJECT_KEY_SIZE];
    struct bytes key = subject_key (file, audit_promise_line (turn), buffer);
    struct record_place place = {"subject_before", key.data, key.size, &file->key};
    unsigned changed = record_changed_facts (turn->arena, &file->subject, after);
    if (changed == 0)
        return 0;
    file->changes++;
    return store_put (turn->txn, STORE_SUBJECT_BEFORE, key,
                      record_seal_facts (turn->arena, &place, &file->subject, changed));
}

/* Each part of the facts is as the first change of it after that line kept it. A part that was not changed since
   is as it is now. The subject's record says how many changes there must be. */
int history_subject_at (struct turn *turn, const struct subject_file *file, uint64_t number,
                        struct subject *subject)
{
    uint8_t buffer[SUBJECT_KEY_SIZE];
    struct bytes from = subject_key (file, 0, buffer), key, value;
    struct store_scan *scan = NULL;
    unsigned left = FACTS_ALL;
    uint64_t changes = 0;
    *subject = file->subject;
    int rc = store_scan_open (turn->txn, STORE_SUBJECT_BEFORE, from, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        struct record_place place = {"subject_before", key.data, key.size, &file->key};
        struct kept_facts before;
        if (key.size != SUBJECT_KEY_SIZE || memcmp (key.data, file->id, VAULT_ID_SIZE) != 0)
            break;
        changes++;
        if (left == 0 || get_be64 ((const uint8_t *)key.data + VAULT_ID_SIZE) <= number)
            continue;
        rc = record_open_facts (turn->arena, &place, value, turn->now, &before);
        if (rc != 0)
            break;
        record_take_facts (subject, &before.subject, before.parts & left);
        left &= ~before.parts;
    }
    store_scan_close (&scan);
    rc = rc == STORE_NOT_FOUND ? 0 : rc;
    if (rc == 0 && changes != file->changes)
        rc = RECORD_DAMAGED;
    if (rc == RECORD_DAMAGED)
        guard_note_damage (turn->guard, STORE_SUBJECT_BEFORE);
    return rc;
}

/* Finds the first that is left. 0, STORE_NOT_FOUND or a failure. */
static int first_of (struct turn *turn, const struct subject_file *file, uint8_t found[SUBJECT_KEY_SIZE])
{
    struct store_scan *scan = NULL;
    struct bytes from = subject_key (file, 0, found), key, value;
    int rc = store_scan_open (turn->txn, STORE_SUBJECT_BEFORE, from, &scan);
    if (rc == 0)
        rc = store_scan_next (scan, &key, &value);
    if (rc == 0 && (key.size != SUBJECT_KEY_SIZE || memcmp (key.data, file->id, VAULT_ID_SIZE) != 0))
        rc = STORE_NOT_FOUND;
    if (rc == 0)
        memcpy (found, key.data, SUBJECT_KEY_SIZE);
    store_scan_close (&scan);
    return rc;
}

int history_take_out (struct turn *turn, const struct subject_file *file)
{
    uint8_t found[SUBJECT_KEY_SIZE];
    int rc;
    while ((rc = first_of (turn, file, found)) == 0)
        if ((rc = store_delete (turn->txn, STORE_SUBJECT_BEFORE, (struct bytes){found, sizeof found})) != 0)
            return rc;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

bool history_was_withdrawn (const struct withdrawal *one, uint64_t number, moment when)
{
    return one->number != 0 ? one->number < number : one->recorded_at <= when;
}

static void forget_withdrawals_after (struct turn *turn, struct statement *one, uint64_t number, moment when)
{
    struct withdrawal *kept = arena_array (turn->arena, one->withdrawal_count, sizeof *kept);
    size_t count = 0;
    for (size_t i = 0; i < one->withdrawal_count; i++)
        if (history_was_withdrawn (&one->withdrawals[i], number, when))
            kept[count++] = one->withdrawals[i];
    one->withdrawals = kept;
    one->withdrawal_count = count;
}

struct statement *history_statements_at (struct turn *turn, const struct subject_file *file,
                                         const struct audit_head *head, size_t *count)
{
    struct statement *all = arena_array (turn->arena, file->statement_count, sizeof *all);
    *count = 0;
    for (size_t i = 0; i < file->statement_count && file->statements[i].order <= head->order; i++) {
        struct statement *one = &all[(*count)++];
        *one = file->statements[i];
        forget_withdrawals_after (turn, one, head->number, head->time);
        if (one->used_by >= head->number)
            one->used_at = 0, one->used_by = 0;
        one->is_corrected = one->is_corrected && one->corrected_in < head->number;
    }
    return all;
}

/* What was recorded before numbers were kept was before every line that is asked for. */
static bool was_withdrawn_after (const struct withdrawal *one, uint64_t number)
{
    return one->number <= number;
}

struct statement *history_statements_after (struct turn *turn, const struct subject_file *file, uint64_t number,
                                            size_t *count)
{
    struct statement *all = arena_array (turn->arena, file->statement_count, sizeof *all);
    *count = 0;
    for (size_t i = 0; i < file->statement_count; i++) {
        if (file->statements[i].number > number)
            continue;
        struct statement *one = &all[(*count)++];
        *one = file->statements[i];
        struct withdrawal *kept = arena_array (turn->arena, one->withdrawal_count, sizeof *kept);
        size_t kept_count = 0;
        for (size_t j = 0; j < one->withdrawal_count; j++)
            if (was_withdrawn_after (&one->withdrawals[j], number))
                kept[kept_count++] = one->withdrawals[j];
        one->withdrawals = kept;
        one->withdrawal_count = kept_count;
        if (one->used_by > number)
            one->used_at = 0, one->used_by = 0;
        one->is_corrected = one->is_corrected && one->corrected_in <= number;
    }
    return all;
}

int history_last_change (struct turn *turn, const struct subject_file *file, uint64_t number, uint64_t *line)
{
    uint8_t low[SUBJECT_KEY_SIZE], high[SUBJECT_KEY_SIZE];
    struct bytes end = subject_key (file, number + 1, high), key, value;
    subject_key (file, 0, low);
    *line = 0;
    int rc = store_last (turn->txn, STORE_SUBJECT_BEFORE, end, &key, &value);
    if (rc == 0 && key.size == SUBJECT_KEY_SIZE && memcmp (key.data, low, VAULT_ID_SIZE) == 0)
        *line = get_be64 ((const uint8_t *)key.data + VAULT_ID_SIZE);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

static struct bytes party_key (const char *id, uint64_t number, uint8_t key[PARTY_KEY_LIMIT])
{
    size_t size = strnlen (id, 32);
    memcpy (key, id, size);
    key[size] = 0;
    put_be64 (key + size + 1, number);
    return (struct bytes){key, size + 9};
}

int history_keep_party (struct turn *turn, const struct party_text *party, uint64_t number)
{
    uint8_t buffer[PARTY_KEY_LIMIT];
    struct bytes key = party_key (party->id, number, buffer);
    struct record_place place = {"party_since", key.data, key.size, vault_system_key (turn->vault)};
    int rc = guard_check (turn, STORE_PARTY_SINCE, key);
    if (rc == RECORD_DAMAGED) /* whoever changes the party says what it is */
        rc = guard_mend (turn, STORE_PARTY_SINCE, key);
    return rc == 0 ? guard_put (turn, STORE_PARTY_SINCE, key, record_seal_party (turn->arena, &place, party)) : rc;
}

int history_party_at (struct turn *turn, const char *id, uint64_t number, struct party_text *party)
{
    uint8_t below[PARTY_KEY_LIMIT];
    struct bytes key, value;
    struct bytes end = party_key (id, number, below);
    int rc = guard_check (turn, STORE_PARTY_SINCE, end);
    if (rc == 0)
        rc = store_last (turn->txn, STORE_PARTY_SINCE, end, &key, &value);
    if (rc != 0)
        return rc;
    size_t size = strlen (id) + 1;
    if (key.size != size + 8 || memcmp (key.data, id, size) != 0)
        return STORE_NOT_FOUND;
    return history_read_party (turn, key, value, party);
}

int history_read_party (struct turn *turn, struct bytes key, struct bytes value, struct party_text *party)
{
    *party = (struct party_text){.id = NULL};
    if (key.size < 2 + 8 || memchr (key.data, 0, key.size) != (const char *)key.data + key.size - 9)
        return RECORD_DAMAGED;
    struct record_place place = {"party_since", key.data, key.size, vault_system_key (turn->vault)};
    int rc = record_open_party (turn->arena, &place, value, party);
    party->id = arena_strndup (turn->arena, key.data, key.size - 9);
    return rc;
}
