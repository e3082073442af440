#include "decided.h"
#include <stdlib.h>
#include <string.h>
#include "text/visible.h"

enum {
    BUCKETS = 256,
    MEMORY_LIMIT = 4 << 20, /* bytes in one turn; decisions beyond that are not remembered */
};

struct remembered {
    struct remembered *next;
    uint64_t hash;
    size_t key_size;
    const void *key;
    const struct decision *decision; /* of decision_size */
};

struct decided {
    struct arena *arena;
    struct remembered *buckets[BUCKETS];
};

/* All fields on which a decision may depend, one after the other. With `bytes` NULL only the size is counted. */
struct key {
    uint8_t *bytes;
    size_t size;
};

/* If you add a field to one of these structs, say below whether a decision depends on it. */
_Static_assert(sizeof (struct party) == 40, "a party of the key");
_Static_assert(sizeof (struct triage) == 104, "a triage decision of the key");
_Static_assert(sizeof (struct claim) == 144, "a claim of the key");
_Static_assert(sizeof (struct check) == 328, "a check of the key");
_Static_assert(sizeof (struct decide_facts) == 56, "facts of the key");

static void put (struct key *key, const void *data, size_t size)
{
    if (key->bytes != NULL)
        memcpy (key->bytes + key->size, data, size);
    key->size += size;
}

static void put_number (struct key *key, uint64_t number)
{
    put (key, &number, sizeof number);
}

static void put_text (struct key *key, const char *text)
{
    put (key, text, strlen (text) + 1);
}

static void put_party (struct key *key, const struct party *party)
{
    put_text (key, party->id);
    put_number (key, party->kind);
    put_number (key, party->secrecy);
    put_number (key, party->active);
    put_number (key, (uint64_t)party->agreement_from);
    put_number (key, (uint64_t)party->agreement_until);
}

/* Of each text only whether there is one (rules/triage.c). */
static void put_triage (struct key *key, const struct triage *triage)
{
    const char *texts[] = {
        triage->necessity,    triage->subsidiarity,      triage->proportionality,    triage->purpose_limitation,
        triage->objections,   triage->manager_consulted, triage->inform_why,         triage->consent_sought,
        triage->no_other_way, triage->serious_harm,      triage->conflict_of_duties,
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        put_number (key, visible_has_any (texts[i]));
    put_number (key, triage->serious_situation);
    put_number (key, triage->urgent_support);
    put_number (key, triage->inform);
    put_number (key, (uint64_t)triage->inform_by);
}

static void put_claim (struct key *key, const struct claim *claim)
{
    put_number (key, claim->kind);
    if (claim->kind == CLAIM_WRITTEN_REQUEST) {
        put_number (key, (uint64_t)claim->given_at);
        put_number (key, claim->by.count);
        for (size_t i = 0; i < claim->by.count; i++)
            put_text (key, claim->by.item[i]);
    } else if (claim->kind == CLAIM_URGENT_REASONS) {
        put_number (key, claim->reason);
        put_triage (key, &claim->triage);
    }
}

static void put_check (struct key *key, const struct check *check, bool case_matters)
{
    put_party (key, check->provider);
    put_party (key, check->recipient);
    put_number (key, check->purpose);
    put_number (key, check->item_count);
    for (size_t i = 0; i < check->item_count; i++) {
        put (key, &check->items[i].category, sizeof check->items[i].category);
        put (key, &check->items[i].origin, sizeof check->items[i].origin);
    }
    put_text (key, case_matters ? check->case_ref : "");
    put_number (key, check->mode);
    put_number (key, check->all_or_nothing);
    put_number (key, check->withheld);
    put_number (key, check->manager_consulted);
    put_number (key, check->no_manager);
    put_number (key, check->under_secrecy);
    put_claim (key, &check->claim);
}

/* The number of the reading stands for subject and statements, as they were read under the pack in force. */
static void put_facts (struct key *key, uint64_t reading, const struct decide_facts *facts)
{
    put_number (key, reading);
    put_number (key, (uintptr_t)facts->policy);
    put_number (key, (uint64_t)facts->now);
    put_text (key, facts->listener.party);
    put_number (key, facts->listener.explain);
}

static struct key key_of (struct arena *arena, const struct subject_file *file, const struct decide_facts *facts,
                          const struct check *check)
{
    struct key key = {NULL, 0};
    put_facts (&key, file->reading, facts);
    put_check (&key, check, file->binds_cases);
    key = (struct key){arena_alloc (arena, key.size), 0};
    put_facts (&key, file->reading, facts);
    put_check (&key, check, file->binds_cases);
    return key;
}

/* Hashes words of eight bytes. The last word is filled up with zeroes. */
static uint64_t hash_of (const struct key *key)
{
    uint64_t hash = UINT64_C (0xcbf29ce484222325);
    for (size_t at = 0; at < key->size; at += 8) {
        uint64_t word = 0;
        memcpy (&word, key->bytes + at, key->size - at < 8 ? key->size - at : 8);
        hash = (hash ^ word) * UINT64_C (0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return hash;
}

static const struct remembered *find_remembered (const struct decided *self, const struct key *key, uint64_t hash)
{
    const struct remembered *one = self->buckets[hash % BUCKETS];
    while (one != NULL &&
           (one->hash != hash || one->key_size != key->size || memcmp (one->key, key->bytes, key->size) != 0))
        one = one->next;
    return one;
}

static void keep (struct decided *self, const struct key *key, uint64_t hash, const struct decision *decision)
{
    size_t size = decision_size (decision->item_count);
    struct remembered *one = arena_try_alloc (self->arena, sizeof *one);
    void *bytes = one != NULL ? arena_try_alloc (self->arena, key->size) : NULL;
    void *copy = bytes != NULL ? arena_try_alloc (self->arena, size) : NULL;
    if (copy == NULL)
        return;
    one->key = memcpy (bytes, key->bytes, key->size);
    one->key_size = key->size;
    one->hash = hash;
    one->decision = memcpy (copy, decision, size);
    one->next = self->buckets[hash % BUCKETS];
    self->buckets[hash % BUCKETS] = one;
}

struct decided *decided_new (void)
{
    struct decided *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->arena = arena_new (MEMORY_LIMIT);
    return self;
}

void decided_destroy (struct decided **self_p)
{
    if (*self_p == NULL)
        return;
    arena_destroy (&(*self_p)->arena);
    free (*self_p);
    *self_p = NULL;
}

void decided_reset (struct decided *self)
{
    arena_reset (self->arena);
    memset (self->buckets, 0, sizeof self->buckets);
}

bool decided_decide (struct turn *turn, const struct subject_file *file, const struct decide_facts *facts,
                     const struct check *check, struct decision *decision)
{
    if (file->reading == 0) {
        decide (facts, check, decision);
        return true;
    }
    struct key key = key_of (turn->arena, file, facts, check);
    uint64_t hash = hash_of (&key);
    const struct remembered *same = find_remembered (turn->decided, &key, hash);
    if (same != NULL) {
        memcpy (decision, same->decision, decision_size (same->decision->item_count));
        return false;
    }
    decide (facts, check, decision);
    keep (turn->decided, &key, hash, decision);
    return true;
}
