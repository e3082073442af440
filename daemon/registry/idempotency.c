#include "idempotency.h"
#include <stdlib.h>
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"

enum {
    FIRST_CAPACITY = 1024,
    MOST_RECORDED = 4 * IDEMPOTENCY_RECORDED, /* lines of which one record tells */
    DROPPED = 8,                              /* records in one turn */
    /* Bytes beside those of a record: the pages that are split on the way to it. A record is left out where there
       is no room for it, and must never make a turn fail: the next would fail as well, and the next. */
    ROOM_TO_SPARE = 64 * 1024,
    /* A record, sealed: the last line of the record before it; then entries: the tag, and how far the line is
       before the last one that the record tells of. */
    AT_ENTRIES = 8,
    AT_BACK = 4,
    ENTRY_SIZE = 8,
    RECORD_VERSION = 1,
};

/* A place of the hash table, which has open addressing. `offset` is the number of the line less `base`; 0: the
   place is free. Entries of turns that failed, and of lines that are past their time, are dropped when the table
   grows. */
struct place {
    uint32_t tag, offset;
};

struct entry {
    uint32_t tag;
    uint64_t number;
};

struct idempotency_index {
    struct place *places;
    size_t capacity, used; /* capacity is a power of two */
    uint64_t base;
    struct entry *recent; /* of the lines that no record tells of */
    size_t recent_count, recent_room;
    uint64_t recorded, was_recorded; /* the last line that a record tells of; and before this turn */
};

static const moment kept_for = 24 * 3600 * INT64_C (1000);

/* Keyed, since peers choose their keys. Two keys may have one tag: then two lines are read. */
static uint32_t tag_of (const struct turn *turn, const char *party, const uint8_t key[VAULT_ID_SIZE])
{
    uint8_t both[VAULT_ID_SIZE + VAULT_PARTY_LIMIT];
    size_t size = strnlen (party, VAULT_PARTY_LIMIT);
    memcpy (both, key, VAULT_ID_SIZE);
    memcpy (both + VAULT_ID_SIZE, party, size);
    return (uint32_t)vault_tag (turn->vault, both, VAULT_ID_SIZE + size);
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
        struct audit_head head;
        int rc = middle > 0 ? audit_read_time (turn, middle, &head.time) : AUDIT_NOT_FOUND;
        if (rc < 0 && !audit_is_unreadable (rc))
            return rc;
        if (middle == 0 || (rc == 0 && is_past (turn, &head)))
            low = middle + 1;
        else
            high = middle - 1;
    }
    turn->state.answered_from = low;
    return 0;
}

/* --- In memory ---------------------------------------------------------------------------------------- */

static struct place *allocate (size_t capacity)
{
    struct place *made = calloc (capacity, sizeof *made);
    if (made == NULL)
        abort ();
    return made;
}

struct idempotency_index *idempotency_index_new (void)
{
    struct idempotency_index *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->capacity = FIRST_CAPACITY;
    self->places = allocate (self->capacity);
    return self;
}

void idempotency_index_destroy (struct idempotency_index **self_p)
{
    struct idempotency_index *self = *self_p;
    if (self == NULL)
        return;
    free (self->places);
    free (self->recent);
    free (self);
    *self_p = NULL;
}

/* An entry that is there already is not filed again: the same request may fail many times. */
static void insert (struct idempotency_index *self, uint32_t tag, uint64_t number)
{
    uint32_t offset = (uint32_t)(number - self->base);
    size_t at = tag & (self->capacity - 1);
    for (; self->places[at].offset != 0; at = (at + 1) & (self->capacity - 1))
        if (self->places[at].tag == tag && self->places[at].offset == offset)
            return;
    self->places[at] = (struct place){tag, offset};
    self->used++;
}

static bool is_kept (const struct turn *turn, uint64_t number)
{
    return number >= turn->state.answered_from && number <= turn->state.audit_number;
}

/* Makes the table anew, with what may still be given again, and at least twice as much room. */
static void make_room (const struct turn *turn)
{
    struct idempotency_index *self = turn->idempotency;
    size_t live = 0;
    for (size_t i = 0; i < self->capacity; i++)
        live += self->places[i].offset != 0 && is_kept (turn, self->base + self->places[i].offset);
    struct idempotency_index grown = *self;
    grown.base = turn->state.answered_from > 0 ? turn->state.answered_from - 1 : 0;
    grown.used = 0;
    grown.capacity = FIRST_CAPACITY;
    while (grown.capacity < live * 2)
        grown.capacity *= 2;
    grown.places = allocate (grown.capacity);
    for (size_t i = 0; i < self->capacity; i++)
        if (self->places[i].offset != 0 && is_kept (turn, self->base + self->places[i].offset))
            insert (&grown, self->places[i].tag, self->base + self->places[i].offset);
    free (self->places);
    *self = grown;
}

static int file (struct turn *turn, uint32_t tag, uint64_t number)
{
    struct idempotency_index *self = turn->idempotency;
    int rc = 0;
    if (self->used >= self->capacity / 4 * 3) {
        rc = raise_answered_from (turn);
        make_room (turn);
    }
    insert (self, tag, number);
    return rc;
}

static int file_recent (struct turn *turn, uint32_t tag, uint64_t number)
{
    struct idempotency_index *self = turn->idempotency;
    if (self->recent_count == self->recent_room) {
        self->recent_room = 2 * self->recent_room + FIRST_CAPACITY;
        self->recent = realloc (self->recent, self->recent_room * sizeof *self->recent);
        if (self->recent == NULL)
            abort ();
    }
    self->recent[self->recent_count++] = (struct entry){tag, number};
    return file (turn, tag, number);
}

/* --- In the store ------------------------------------------------------------------------------------- */

static struct vault_binding binding_of (const uint8_t key[8])
{
    return (struct vault_binding){"answered", RECORD_VERSION, key, 8};
}

/* How many of the recent entries are of lines up to this one. They are in order. */
static size_t count_up_to (const struct idempotency_index *self, uint64_t line)
{
    size_t count = 0;
    while (count < self->recent_count && self->recent[count].number <= line)
        count++;
    return count;
}

static int drop_past (struct turn *turn)
{
    uint8_t past[DROPPED][8];
    size_t count = 0;
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, STORE_ANSWERED, (struct bytes){"", 0}, &scan);
    while (count < DROPPED && rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (key.size != sizeof past[0] || get_be64 (key.data) >= turn->state.answered_from)
            break;
        memcpy (past[count++], key.data, sizeof past[0]);
    }
    store_scan_close (&scan);
    for (size_t i = 0; i < count && (rc == 0 || rc == STORE_NOT_FOUND); i++)
        rc = store_delete (turn->txn, STORE_ANSWERED, (struct bytes){past[i], sizeof past[i]});
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int idempotency_write (struct turn *turn)
{
    struct idempotency_index *self = turn->idempotency;
    uint64_t last = turn->state.audit_number;
    if (last < self->recorded + IDEMPOTENCY_RECORDED)
        return 0;
    if (last > self->recorded + MOST_RECORDED)
        last = self->recorded + MOST_RECORDED; /* a start found many lines; the next turns tell of the others */
    size_t count = count_up_to (self, last);
    store_use_share (turn->txn, STORE_OWN);
    size_t size = AT_ENTRIES + count * ENTRY_SIZE;
    if (!store_has_room (turn->txn, STORE_OWN, size + ROOM_TO_SPARE))
        return 0; /* the next start reads more lines */
    int rc = raise_answered_from (turn);
    uint8_t key[8], *plain = arena_alloc (turn->arena, size);
    uint8_t *value = arena_alloc (turn->arena, size + VAULT_SEAL_OVERHEAD);
    put_be64 (plain, self->recorded);
    for (size_t i = 0; i < count; i++) {
        uint8_t *entry = plain + AT_ENTRIES + i * ENTRY_SIZE;
        uint32_t back = (uint32_t)(last - self->recent[i].number);
        memcpy (entry, &self->recent[i].tag, sizeof self->recent[i].tag);
        memcpy (entry + AT_BACK, &back, sizeof back);
    }
    put_be64 (key, last);
    struct vault_binding binding = binding_of (key);
    vault_seal (vault_system_key (turn->vault), &binding, plain, size, value);
    if (rc == 0)
        rc = store_put (turn->txn, STORE_ANSWERED, (struct bytes){key, sizeof key},
                        (struct bytes){value, size + VAULT_SEAL_OVERHEAD});
    self->recorded = last;
    return rc == 0 ? drop_past (turn) : rc;
}

void idempotency_settle (struct idempotency_index *self, bool has_happened, uint64_t last_line)
{
    if (has_happened && self->recorded != self->was_recorded) {
        size_t gone = count_up_to (self, self->recorded);
        self->recent_count -= gone;
        if (self->recent_count > 0)
            memmove (self->recent, self->recent + gone, self->recent_count * sizeof *self->recent);
    }
    if (!has_happened) {
        self->recorded = self->was_recorded;
        self->recent_count = count_up_to (self, last_line);
    }
    self->was_recorded = self->recorded;
}

/* Takes what a record tells of the lines behind the last one that is known. 0; RECORD_DAMAGED: it does not open,
   or one before it is missing; or a failure. */
static int take_record (struct turn *turn, const uint8_t key[8], struct bytes value)
{
    struct idempotency_index *self = turn->idempotency;
    struct vault_binding binding = binding_of (key);
    uint64_t last = get_be64 (key);
    if (value.size < AT_ENTRIES + VAULT_SEAL_OVERHEAD)
        return RECORD_DAMAGED;
    size_t size = value.size - VAULT_SEAL_OVERHEAD;
    arena_reset (turn->arena);
    uint8_t *plain = arena_alloc (turn->arena, size);
    if (vault_unseal (vault_system_key (turn->vault), &binding, value.data, value.size, plain) != 0 ||
        get_be64 (plain) > self->recorded)
        return RECORD_DAMAGED;
    int rc = 0;
    for (size_t at = AT_ENTRIES; rc == 0 && at + ENTRY_SIZE <= size; at += ENTRY_SIZE) {
        uint32_t tag, back;
        memcpy (&tag, plain + at, sizeof tag);
        memcpy (&back, plain + at + AT_BACK, sizeof back);
        if (back < last && last - back >= turn->state.answered_from)
            rc = file (turn, tag, last - back);
    }
    self->recorded = last;
    return rc;
}

/* Deletes the records behind the last one that could be taken: the lines are read instead, and told of anew. */
static int drop_behind (struct turn *turn)
{
    struct bytes key, value;
    int rc = store_last (turn->txn, STORE_ANSWERED, (struct bytes){"", 0}, &key, &value);
    for (; rc == 0; rc = store_last (turn->txn, STORE_ANSWERED, (struct bytes){"", 0}, &key, &value)) {
        if (key.size == 8 && get_be64 (key.data) <= turn->idempotency->recorded)
            return 0;
        struct bytes gone = {arena_memdup (turn->arena, key.data, key.size), key.size};
        rc = store_delete (turn->txn, STORE_ANSWERED, gone);
        if (rc != 0)
            return rc;
    }
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* A record that does not open, or does not continue the one before it, ends what the records tell. */
static int take_records (struct turn *turn)
{
    struct idempotency_index *self = turn->idempotency;
    uint8_t from[8];
    struct store_scan *scan = NULL;
    struct bytes key, value;
    self->base = turn->state.answered_from > 0 ? turn->state.answered_from - 1 : 0;
    self->recorded = self->base;
    put_be64 (from, turn->state.answered_from);
    int rc = store_scan_open (turn->txn, STORE_ANSWERED, (struct bytes){from, sizeof from}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0)
        rc = key.size == sizeof from ? take_record (turn, key.data, value) : RECORD_DAMAGED;
    store_scan_close (&scan);
    if (rc == RECORD_DAMAGED)
        rc = drop_behind (turn);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int idempotency_load (struct turn *turn, bool in_doubt)
{
    struct idempotency_index *self = turn->idempotency;
    turn->state.answered_from = 0;
    int rc = raise_answered_from (turn);
    if (rc == 0)
        rc = take_records (turn);
    for (uint64_t number = self->recorded + 1; rc == 0 && number <= turn->state.audit_number; number++) {
        struct audit_record record;
        arena_reset (turn->arena);
        rc = audit_find (turn, number, &record);
        if (rc == 0 && record.head.is_replayable)
            rc = file_recent (turn, tag_of (turn, record.head.party, record.head.idempotency_key), number);
        else if (rc == RECORD_DAMAGED && in_doubt)
            rc = 0; /* it answers nobody */
    }
    arena_reset (turn->arena);
    self->was_recorded = self->recorded;
    return rc;
}

/* --- Asked, and filed --------------------------------------------------------------------------------- */

/* Of a batch that is all or nothing each check stands for all of them. */
struct idempotency idempotency_of (const struct turn *turn, const char *party, const struct request *request)
{
    struct idempotency made = {.party = party};
    const struct together *together = request->together;
    struct bytes batch = {together != NULL ? together->message : NULL,
                          together != NULL ? sizeof together->message : 0};
    memcpy (made.key, request->idempotency_key, sizeof made.key);
    vault_fingerprint (turn->vault, "idempotency-body", request->message, batch, made.body);
    return made;
}

static bool is_of (const struct turn *turn, const struct idempotency *idempotency, const struct audit_head *head)
{
    return head->is_replayable && !is_past (turn, head) && strcmp (head->party, idempotency->party) == 0 &&
           vault_equal (head->idempotency_key, idempotency->key, sizeof idempotency->key);
}

/* Finds the line of the party's key, whatever the body was. 0, IDEMPOTENCY_UNUSED or a failure. */
static int find_line (struct turn *turn, const struct idempotency *idempotency, struct audit_record *record)
{
    const struct idempotency_index *index = turn->idempotency;
    uint32_t tag = tag_of (turn, idempotency->party, idempotency->key);
    for (size_t at = tag & (index->capacity - 1); index->places[at].offset != 0;
         at = (at + 1) & (index->capacity - 1)) {
        if (index->places[at].tag != tag)
            continue;
        int rc = audit_find (turn, index->base + index->places[at].offset, record);
        if (rc != 0 && rc != AUDIT_NOT_FOUND)
            return rc;
        if (rc == 0 && is_of (turn, idempotency, &record->head))
            return 0;
    }
    return IDEMPOTENCY_UNUSED;
}

int idempotency_find (struct turn *turn, const struct idempotency *idempotency, uint64_t *number)
{
    struct audit_record record;
    int rc = find_line (turn, idempotency, &record);
    if (rc != 0)
        return rc;
    *number = record.head.number;
    return vault_equal (record.head.request, idempotency->body, VAULT_ID_SIZE) ? 0 : IDEMPOTENCY_CONFLICT;
}

int idempotency_find_key (struct turn *turn, const char *party, const uint8_t key[16], uint64_t *number)
{
    struct idempotency asked = {.party = party};
    struct audit_record record;
    memcpy (asked.key, key, sizeof asked.key);
    int rc = find_line (turn, &asked, &record);
    if (rc == 0)
        *number = record.head.number;
    return rc;
}

void idempotency_part_key (const struct turn *turn, const uint8_t batch[16], size_t index, uint8_t key[16])
{
    uint8_t place[8];
    put_be64 (place, index);
    vault_fingerprint (turn->vault, "batch", (struct bytes){batch, 16}, (struct bytes){place, sizeof place}, key);
}

int idempotency_put (struct turn *turn, const struct idempotency *idempotency)
{
    return file_recent (turn, tag_of (turn, idempotency->party, idempotency->key), turn->state.audit_number);
}
