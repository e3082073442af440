#include "idempotency.h"
#include <stdlib.h>
#include <string.h>
#include "audit/log.h"

enum { FIRST_CAPACITY = 1024 };

static const moment kept_for = 24 * 3600 * INT64_C (1000);

/* A hash table with open addressing. Number 0 is a free place. Some entries are stale: their turn failed, or
   their time is past. They do no harm, because the line of the log decides, and they are dropped when the table
   grows. */
struct place {
    uint64_t tag; /* a keyed hash of the idempotency key, since peers choose those keys */
    uint64_t number;
};

struct idempotency_index {
    struct place *places;
    size_t capacity, used; /* capacity is a power of two */
    uint64_t oldest;       /* lines with lower numbers are past their time */
};

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
    free (self);
    *self_p = NULL;
}

/* An entry that is there already is not filed again: the same request may fail many times. */
static void insert (struct idempotency_index *self, uint64_t tag, uint64_t number)
{
    size_t at = tag & (self->capacity - 1);
    for (; self->places[at].number != 0; at = (at + 1) & (self->capacity - 1))
        if (self->places[at].tag == tag && self->places[at].number == number)
            return;
    self->places[at] = (struct place){tag, number};
    self->used++;
}

static bool needs_room (const struct idempotency_index *self)
{
    return self->used * 2 >= self->capacity;
}

static bool is_kept (const struct idempotency_index *self, const struct place *place, uint64_t newest)
{
    return place->number != 0 && place->number >= self->oldest && place->number <= newest;
}

/* `newest` is the number of the last line. Entries with a higher number are of turns that failed. */
static void make_room (struct idempotency_index *self, uint64_t newest)
{
    if (!needs_room (self))
        return;
    size_t live = 0;
    for (size_t i = 0; i < self->capacity; i++)
        live += is_kept (self, &self->places[i], newest);
    struct idempotency_index grown = {.capacity = FIRST_CAPACITY, .oldest = self->oldest};
    while (grown.capacity < live * 4)
        grown.capacity *= 2;
    grown.places = allocate (grown.capacity);
    for (size_t i = 0; i < self->capacity; i++)
        if (is_kept (self, &self->places[i], newest))
            insert (&grown, self->places[i].tag, self->places[i].number);
    free (self->places);
    *self = grown;
}

/* Reads the lines of the last 24 hours, newest first. Time rises with the number, except where the clock was reset
   (C14). A reset only puts the clock back. So if a line is past its time, 24 hours have passed since it was
   written; they have also passed since every line before it, whatever time it has. */
int idempotency_index_load (struct turn *turn)
{
    struct idempotency_index *self = turn->idempotency;
    for (uint64_t number = turn->state.audit_number; number > 0; number--) {
        struct audit_record record;
        arena_reset (turn->arena);
        int rc = audit_read (turn, number, &record);
        if (rc != 0)
            return rc == AUDIT_NOT_FOUND ? RECORD_DAMAGED : rc; /* lines have no gaps */
        if (record.head.time + kept_for <= turn->now)
            break;
        if (!record.head.is_replayable)
            continue;
        make_room (self, turn->state.audit_number);
        insert (self, vault_tag (turn->vault, record.head.idempotency_key, VAULT_ID_SIZE), number);
    }
    arena_reset (turn->arena);
    return 0;
}

/* Raises `oldest` over the lines that are past their time. Entries below it are dropped when the table grows. */
static void raise_oldest (struct turn *turn)
{
    struct idempotency_index *self = turn->idempotency;
    uint64_t low = self->oldest, high = turn->state.audit_number;
    while (low <= high) {
        uint64_t middle = low + (high - low) / 2;
        struct audit_record record;
        bool past =
            middle == 0 || (audit_read (turn, middle, &record) == 0 && record.head.time + kept_for <= turn->now);
        if (past)
            low = middle + 1;
        else
            high = middle - 1;
    }
    self->oldest = low;
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
    return head->is_replayable && head->time + kept_for > turn->now &&
           strcmp (head->party, idempotency->party) == 0 &&
           vault_equal (head->idempotency_key, idempotency->key, sizeof idempotency->key);
}

int idempotency_find (struct turn *turn, const struct idempotency *idempotency, uint64_t *number)
{
    const struct idempotency_index *index = turn->idempotency;
    uint64_t tag = vault_tag (turn->vault, idempotency->key, VAULT_ID_SIZE);
    for (size_t at = tag & (index->capacity - 1); index->places[at].number != 0;
         at = (at + 1) & (index->capacity - 1)) {
        if (index->places[at].tag != tag)
            continue;
        struct audit_record record;
        int rc = audit_read (turn, index->places[at].number, &record);
        if (rc != 0 && rc != AUDIT_NOT_FOUND)
            return rc;
        if (rc == AUDIT_NOT_FOUND || !is_of (turn, idempotency, &record.head))
            continue;
        *number = record.head.number;
        return vault_equal (record.head.request, idempotency->body, VAULT_ID_SIZE) ? 0 : IDEMPOTENCY_CONFLICT;
    }
    return IDEMPOTENCY_UNUSED;
}

void idempotency_put (struct turn *turn, const struct idempotency *idempotency)
{
    if (needs_room (turn->idempotency))
        raise_oldest (turn);
    make_room (turn->idempotency, turn->state.audit_number);
    insert (turn->idempotency, vault_tag (turn->vault, idempotency->key, VAULT_ID_SIZE), turn->state.audit_number);
}
