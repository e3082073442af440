/* The table of parties: their keys, kinds, roles and agreements. The table is a value: a change makes another
   table, which counts once its turn is durable (registry.h).

   A party that is removed stays in the table, not active and without keys, so that what it recorded keeps its
   meaning. An active party that does not fit the roles or the pack is unfit: it takes part in nothing, like a
   removed one, until it is corrected or removed. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "config/config.h"
#include "party_text.h"
#include "rules/party.h"

struct party_entry {
    struct party party;       /* as the rules see it */
    struct party_text text;   /* as operators write it */
    uint32_t permissions;     /* of its role; 0 if not active, or unfit */
    struct party_fault unfit; /* message NULL: the party fits, or is not active */
};

struct parties;

/* What parties are judged against. Both outlive the table. */
struct parties_basis {
    const struct config *config;
    const struct policy *policy;
};

/* Makes a table of these parties, in any order, each id once. The texts are copied. Caller owns it. */
struct parties *parties_new (const struct parties_basis *basis, const struct party_text *texts, size_t count);
/* Makes a table of the same parties, judged against another basis. Caller owns it. */
struct parties *parties_judged (const struct parties *self, const struct parties_basis *basis);
/* Makes a table with these parties changed or added. The new table keeps `self` below it, until parties_settle or
   parties_take_back; so what was lent from `self` stays valid. */
struct parties *parties_with (struct parties *self, const struct parties_basis *basis,
                              const struct party_text *changed, size_t count);
/* Destroys the tables below this one. */
void parties_settle (struct parties *self);
/* Destroys the tables above `kept`, and sets *self_p to it. `kept` is *self_p or below it. */
void parties_take_back (struct parties **self_p, struct parties *kept);
/* Destroys the table and those below it. */
void parties_destroy (struct parties **self_p);

size_t parties_count (const struct parties *self);
/* In the order of ids; valid as long as the table. NULL past the last. */
const struct party_entry *parties_at (const struct parties *self, size_t index);
/* NULL: the party is not known. */
const struct party_entry *parties_find (const struct parties *self, const char *id);
/* The first party whose id comes behind this text, for who goes through all of them while they change. NULL: none.
 */
const struct party_entry *parties_behind (const struct parties *self, const char *id);
/* The active party that has this public key (Z85) at this moment of the registry's time, or NULL. To be asked at
   every message: a key may have ended, and a party may have been removed. */
const struct party_entry *parties_by_key (const struct parties *self, const char *public_key, moment now);
/* For rules that look parties up: `table` is a struct parties. */
const struct party *parties_lookup (const void *table, const char *id);

/* The next unfit party from *index on. *index is moved behind it. NULL: none. */
const struct party_entry *parties_next_unfit (const struct parties *self, size_t *index);
enum { PARTIES_HASH = 16 };
/* Distinguishes tables: the same parties have the same hash. */
const uint8_t *parties_hash (const struct parties *self);
/* Stands for all that decisions rest on besides the subjects: what the rules see of each party (rules/party.h),
   and the pack. Where it is the same, no party and no pack changed so that a check would be answered otherwise; it
   is the same after a restart. */
uint64_t parties_facts (const struct parties *self);
