/* The table of parties: who has which keys, kind, role and agreement. A value: a change makes another table, which
   counts once its turn is durable (registry.h).

   A party that is removed stays in the table, not active and without a key: what was recorded with it keeps its
   meaning. One that is active but does not fit the roles or the pack is unfit: it takes part in nothing, as one
   that is removed, until it is mended or removed. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "config.h"
#include "party_text.h"
#include "rules/party.h"

struct party_entry {
    struct party party;       /* as the rules see it */
    struct party_text text;   /* as operators write it */
    uint32_t permissions;     /* of its role; 0 if not active, or unfit */
    struct party_fault unfit; /* message NULL: it fits, or is not active */
};

struct parties;

/* Against which parties are judged; both outlive the table. */
struct parties_basis {
    const struct config *config;
    const struct policy *policy;
};

/* A table of these parties, each id once, in any order; the texts are copied. Caller owns it. */
struct parties *parties_new (const struct parties_basis *basis, const struct party_text *texts, size_t count);
/* The same parties, judged against something else. Caller owns it. */
struct parties *parties_judged (const struct parties *self, const struct parties_basis *basis);
/* That table with these parties as they are given here: others, or new ones. It is put upon `self`, which lives on
   under it until parties_settle or parties_take_back; so what was lent from it stays valid. */
struct parties *parties_with (struct parties *self, const struct parties_basis *basis,
                              const struct party_text *changed, size_t count);
/* Lets go of the tables under this one. */
void parties_settle (struct parties *self);
/* Lets go of the tables down to `kept`, which is under *self_p or the same, and becomes it. */
void parties_take_back (struct parties **self_p, struct parties *kept);
/* Lets go of it and of those under it. */
void parties_destroy (struct parties **self_p);

size_t parties_count (const struct parties *self);
/* Ordered by id; valid as long as the table. NULL past the last. */
const struct party_entry *parties_at (const struct parties *self, size_t index);
/* NULL: not known. */
const struct party_entry *parties_find (const struct parties *self, const char *id);
/* The active party that has this public key (Z85) at this moment of the registry's time, or NULL. To be asked at
   every message: a key may have come to its end, and a party may have been removed. */
const struct party_entry *parties_by_key (const struct parties *self, const char *public_key, moment now);
/* For rules that look parties up: `table` is a struct parties. */
const struct party *parties_lookup (const void *table, const char *id);

/* The next party, from *index on, that is unfit, with *index moved behind it; NULL: none. */
const struct party_entry *parties_next_unfit (const struct parties *self, size_t *index);
enum { PARTIES_HASH = 16 };
/* Tells tables apart: the same for the same parties. */
const uint8_t *parties_hash (const struct parties *self);
