/* The live table of parties: who has which key, kind, role and agreement. One text file a party.

   A party that is removed stays in the table, not active and without a key: what was recorded with it keeps its
   meaning, and its id is not given to another. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "config.h"
#include "request.h"
#include "rules/party.h"
#include "settings.h"

enum { PARTIES_INVALID = SETTINGS_INVALID };

struct party_entry {
    struct party party;     /* as the rules see it */
    struct party_text text; /* as operators write it */
    uint32_t permissions;   /* of its role; 0 if not active */
};

struct parties;

/* Reads every *.party file of the directory and checks it against roles and pack. 0, or PARTIES_INVALID with
   file and line; also where two parties have one key. Caller owns *self_p. */
int parties_read (struct parties **self_p, const struct config *config, const struct policy *policy,
                  struct settings_error *error);
void parties_destroy (struct parties **self_p);

size_t parties_count (const struct parties *self);
/* Ordered by id; valid as long as the table. */
const struct party_entry *parties_at (const struct parties *self, size_t index);
/* NULL: not known. */
const struct party_entry *parties_find (const struct parties *self, const char *id);
/* The active party that has this public key (Z85), or NULL. */
const struct party_entry *parties_by_key (const struct parties *self, const char *public_key);
/* For rules that look parties up: `table` is a struct parties. */
const struct party *parties_lookup (const void *table, const char *id);

/* Writes a party's file, durably, replacing an earlier one. 0 or -errno. The table is not changed: read it anew.
 */
int parties_write (const struct config *config, const struct party_text *text);
