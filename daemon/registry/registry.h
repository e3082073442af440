/* The registry as one: what a turn begins from, and what its end makes of it. The daemon and the simulation of the
   tests run their turns through this. */
#pragma once
#include "in_force.h"
#include "store/store.h"
#include "turn.h"
#include "room.h"

enum {
    REGISTRY_CANNOT_OPEN = 1, /* it never will, as it is */
    REGISTRY_IN_USE = 2,      /* another process has the store */
};

struct registry {
    struct vault *vault;
    struct store *store;
    struct outbox *outbox;
    struct subject_cache *cache;
    struct changes *changes;
    struct decided *decided; /* in the turn under way */
    struct idempotency_index *idempotency;
    struct withdrawn *withdrawn;
    struct arena *arena;         /* of one request */
    struct registry_state state; /* as committed */
    struct parties *parties;     /* the same */
    size_t taken_up;             /* parties that this start took up from files */
    struct room room;
    uint64_t failed_commits; /* that the disk did not take, since the start: each was tried again */
    bool commits_fail;       /* the last one did not, and that was said */
};

struct registry_options {
    const char *vault_key; /* file */
    struct store_options store;
    uint64_t cache_size;       /* bytes */
    bool restored;             /* from a backup: begins a new epoch (C13) */
    const char *operator_file; /* of a party to bring in; NULL: none */
};

/* Opens everything, and checks that the store is under this vault key and that its log ends whole. 0;
   REGISTRY_CANNOT_OPEN or REGISTRY_IN_USE with one line in `error`; or negative. Close it also after a failure. */
int registry_open (struct registry *self, const struct registry_options *options, const struct in_force *in_force,
                   moment wall, struct settings_error *error);
void registry_close (struct registry *self);

/* Now, where the wall says so: never before what was acted on already (C14). */
moment registry_now (const struct registry *self, moment wall);

/* Begins a turn: 0 or a failure; it must be ended in any case. */
int registry_begin (struct registry *self, const struct in_force *in_force, const struct daemon_report *report,
                    moment wall, struct turn *turn);
/* Ends it: durable if `rc` is 0 and something was written, else as if it had not been. 0, or why not. */
int registry_end (struct registry *self, struct turn *turn, int rc);
/* A request was answered UNAVAILABLE since its own turn found no room. */
void registry_refuse (struct registry *self, moment wall);
/* What operators must be told of the store, and what was counted and has no line yet: to be called often, between
   two turns; costs nothing where there is nothing to tell. 0 or a failure, and it is tried again. */
int registry_watch (struct registry *self, const struct in_force *in_force, moment wall);
/* Takes up another size or reserve (store_resize). */
int registry_resize (struct registry *self, const struct store_options *options, struct settings_error *error);
/* The pack changed: what was opened under the old one is let go. */
void registry_forget (struct registry *self);
/* The parties, judged against another configuration and pack. 0 with *parties_p, which the caller owns;
   PARTY_TABLE_INVALID where one does not fit, with its name in `error`. */
int registry_judge_parties (const struct registry *self, const struct in_force *in_force,
                            struct parties **parties_p, struct settings_error *error);
