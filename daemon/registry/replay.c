#include "replay.h"
#include <stdlib.h>
#include <string.h>
#include "../big_endian.h"

/* In the store: number of the line → time, key, fingerprint of the body, party. */
enum { HEAD_SIZE = 8 + 2 * VAULT_ID_SIZE, PARTY_LIMIT = 32, FIRST_CAPACITY = 1024, CLEARED_AT_MOST = 512 };

static const moment kept_for = 24 * 3600 * INT64_C (1000);

/* Open addressing; number 0 is a free place. Entries of turns that failed, or that are past their time, are stale and
   harmless: what the store says of a number decides. They go when the table grows. */
struct place {
    uint64_t tag; /* of the idempotency key: keyed, since peers choose those */
    uint64_t number;
};

struct replay_index {
    struct place *places;
    size_t capacity, used; /* capacity is a power of two */
    uint64_t oldest;       /* numbers below this are past their time */
};

static struct place *allocate (size_t capacity)
{
    struct place *made = calloc (capacity, sizeof *made);
    if (made == NULL)
        abort ();
    return made;
}

struct replay_index *replay_index_new (void)
{
    struct replay_index *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->capacity = FIRST_CAPACITY;
    self->places = allocate (self->capacity);
    return self;
}

void replay_index_destroy (struct replay_index **self_p)
{
    struct replay_index *self = *self_p;
    if (self == NULL)
        return;
    free (self->places);
    free (self);
    *self_p = NULL;
}

static void insert (struct replay_index *self, uint64_t tag, uint64_t number)
{
    size_t at = tag & (self->capacity - 1);
    while (self->places[at].number != 0)
        at = (at + 1) & (self->capacity - 1);
    self->places[at] = (struct place){tag, number};
    self->used++;
}

static void make_room (struct replay_index *self)
{
    if (self->used * 2 < self->capacity)
        return;
    size_t live = 0;
    for (size_t i = 0; i < self->capacity; i++)
        live += self->places[i].number >= self->oldest && self->places[i].number != 0;
    struct replay_index grown = {.capacity = FIRST_CAPACITY, .oldest = self->oldest};
    while (grown.capacity < live * 4)
        grown.capacity *= 2;
    grown.places = allocate (grown.capacity);
    for (size_t i = 0; i < self->capacity; i++)
        if (self->places[i].number >= self->oldest && self->places[i].number != 0)
            insert (&grown, self->places[i].tag, self->places[i].number);
    free (self->places);
    *self = grown;
}

static void index_put (struct turn *turn, const uint8_t key[VAULT_ID_SIZE], uint64_t number)
{
    make_room (turn->replays);
    insert (turn->replays, vault_tag (turn->vault, key, VAULT_ID_SIZE), number);
}

int replay_index_load (struct turn *turn)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, STORE_IDEMPOTENCY, (struct bytes){"", 0}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0)
        if (key.size == 8 && value.size >= HEAD_SIZE)
            index_put (turn, (const uint8_t *) value.data + 8, get_be64 (key.data));
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

struct replay replay_of (const struct turn *turn, const char *party, const uint8_t idempotency_key[16], struct bytes body)
{
    struct replay made = {.party = party};
    memcpy (made.key, idempotency_key, sizeof made.key);
    vault_fingerprint (turn->vault, "idempotency-body", body.data, body.size, NULL, 0, made.body);
    return made;
}

static bool is_of (const struct replay *replay, struct bytes value)
{
    const uint8_t *data = value.data;
    size_t size = strlen (replay->party);
    return value.size == HEAD_SIZE + size && vault_equal (data + 8, replay->key, VAULT_ID_SIZE) &&
           memcmp (data + HEAD_SIZE, replay->party, size) == 0;
}

int replay_find (struct turn *turn, const struct replay *replay, uint64_t *number)
{
    const struct replay_index *index = turn->replays;
    uint64_t tag = vault_tag (turn->vault, replay->key, VAULT_ID_SIZE);
    for (size_t at = tag & (index->capacity - 1); index->places[at].number != 0; at = (at + 1) & (index->capacity - 1)) {
        if (index->places[at].tag != tag)
            continue;
        uint8_t key[8];
        struct bytes value;
        put_be64 (key, index->places[at].number);
        int rc = store_get (turn->txn, STORE_IDEMPOTENCY, (struct bytes){key, sizeof key}, &value);
        if (rc != 0 && rc != STORE_NOT_FOUND)
            return rc;
        if (rc == STORE_NOT_FOUND || !is_of (replay, value) || get_be64 (value.data) + (uint64_t) kept_for <= (uint64_t) turn->now)
            continue;
        *number = index->places[at].number;
        return vault_equal ((const uint8_t *) value.data + 8 + VAULT_ID_SIZE, replay->body, VAULT_ID_SIZE)
                   ? 0
                   : REPLAY_CONFLICT;
    }
    return REPLAY_NONE;
}

int replay_put (struct turn *turn, const struct replay *replay, uint64_t number)
{
    uint8_t key[8], value[HEAD_SIZE + PARTY_LIMIT];
    size_t size = strnlen (replay->party, PARTY_LIMIT);
    put_be64 (key, number);
    put_be64 (value, (uint64_t) turn->now);
    memcpy (value + 8, replay->key, VAULT_ID_SIZE);
    memcpy (value + 8 + VAULT_ID_SIZE, replay->body, VAULT_ID_SIZE);
    memcpy (value + HEAD_SIZE, replay->party, size);
    index_put (turn, replay->key, number);
    return store_append (turn->txn, STORE_IDEMPOTENCY, (struct bytes){key, sizeof key},
                         (struct bytes){value, HEAD_SIZE + size});
}

int replay_clear (struct turn *turn, unsigned limit)
{
    uint8_t keys[CLEARED_AT_MOST][8];
    unsigned count = 0;
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, STORE_IDEMPOTENCY, (struct bytes){"", 0}, &scan);
    while (rc == 0 && count < limit && count < CLEARED_AT_MOST && (rc = store_scan_next (scan, &key, &value)) == 0) {
        moment time = value.size >= HEAD_SIZE ? (moment) get_be64 (value.data) : 0;
        if (key.size != 8 || time + kept_for > turn->now)
            break;
        memcpy (keys[count++], key.data, 8);
    }
    store_scan_close (&scan);
    if (rc == STORE_NOT_FOUND)
        rc = 0;
    for (unsigned i = 0; i < count && rc == 0; i++)
        rc = store_delete (turn->txn, STORE_IDEMPOTENCY, (struct bytes){keys[i], 8});
    if (count > 0)
        turn->replays->oldest = get_be64 (keys[count - 1]) + 1;
    return rc;
}
