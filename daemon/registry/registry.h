/* The registry as a whole: it begins turns and ends them. The daemon and the simulation of the tests run their
   turns through this. */
#pragma once
#include "in_force.h"
#include "store/store.h"
#include "turn.h"
#include "erasure.h"
#include "erasure_list.h"
#include "room.h"

struct registry {
    struct vault *vault;
    struct keyring *keyring;
    struct store *store;
    struct outbox *outbox;
    struct watchers *watchers;
    struct unheard *unheard;
    struct guard *guard;
    struct subject_cache *cache;
    struct changes *changes;
    struct idempotency_index *idempotency;
    struct recent_lines *recent_lines;
    struct archive *archive;
    struct decided *decided; /* in the present turn */
    struct withdrawn *withdrawn;
    struct keeping *keeping;
    struct arena *arena;         /* of one request */
    struct registry_state state; /* as committed */
    struct erasure erasure;
    struct erasure_list erasure_list;
    char keyring_error[512]; /* why the keyring could not be opened or written */
    struct backup backup;    /* as of the last turn that happened */
    struct log_copies copies; /* the same */
    struct parties *parties; /* as committed */
    size_t taken_up;         /* parties that this start took up from files */
    struct room room;
    uint64_t happened;       /* the last turn that happened, as store_commit_soon numbers them */
    uint64_t failed_commits; /* commits that the disk did not take, since the start; each was tried again */
    bool commits_fail;       /* the last commit failed, and that was said */
};

struct registry_options {
    const char *vault_key;    /* file; the keyring lies beside it */
    const char *vault_former; /* file of the key of before, which is accepted too; NULL: none */
    struct store_options store;
    uint64_t cache_size;       /* bytes */
    bool restored;             /* from a backup: begins a new epoch (C13) */
    bool without_list;         /* a store from before an erasure opens without the list beside the keyring, too */
    const char *operator_file; /* file of a party to bring in; NULL: none */
};

/* The store as configured. Lent as long as the configuration. */
struct store_options registry_store_options (const struct config *config);
/* Opens everything. Checks that the store was made under this vault key, and that its log has a whole end. 0;
   REGISTRY_CANNOT_OPEN: as it is, it never will; REGISTRY_IN_USE: another process has the store; or negative; each
   with one line in `error`. Close the registry also after a failure. */
int registry_open (struct registry *self, const struct registry_options *options, const struct in_force *in_force,
                   moment wall, struct settings_error *error);
/* Takes up the registry of an earlier program (upgrade.h). `told` hears after each transaction how many of about
   `all` subjects are done. 0, also where nothing is to be taken up; else as registry_open. Close the registry. */
typedef void registry_told (uint64_t done, uint64_t unreadable, uint64_t all);
int registry_upgrade (struct registry *self, const struct registry_options *options,
                      const struct in_force *in_force, registry_told *told, struct settings_error *error);
void registry_close (struct registry *self);

/* The time now: the wall clock's, but never before a moment that was acted on already (C14). */
moment registry_now (const struct registry *self, moment wall);

/* Begins a turn. It must be ended in any case. 0 or a failure. */
int registry_begin (struct registry *self, const struct in_force *in_force, const struct daemon_report *report,
                    moment wall, struct turn *turn);
/* Ends a turn. It has happened if `rc` is 0, and is durable when store_durable reaches `happened`, which also
   counts the turns before it; else it has not happened. 0, or the failure. */
int registry_end (struct registry *self, struct turn *turn, int rc);
/* Notes that a request was answered UNAVAILABLE because its turn found no room. */
void registry_refuse (struct registry *self, moment wall);
/* Tells operators what they must know of the store, and writes what was counted and has no line yet. To be
   called often, between two turns. It costs nothing if there is nothing to tell. 0 or a failure; it is then
   tried again. */
int registry_watch (struct registry *self, const struct in_force *in_force, moment wall);
/* Gives the store another size or reserve (store_resize). */
int registry_resize (struct registry *self, const struct store_options *options, struct settings_error *error);
/* Takes over the key files of `fresh`, which gets those in use, and seals root and keyring under the new key. They
   must have been judged (key_files.h). 0, or negative with one line in `error`: then it goes on with the key in
   use. */
int registry_change_vault (struct registry *self, struct vault *fresh, struct settings_error *error);
/* Forgets what was opened under the old pack. To be called when the pack changes. */
void registry_forget (struct registry *self);
