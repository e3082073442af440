#include "registry.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/archive.h"
#include "audit/checkpoints.h"
#include "audit/counted.h"
#include "audit/lines_about.h"
#include "audit/log.h"
#include "audit/since.h"
#include "audit/tree.h"
#include "config/config.h"
#include "events/outbox.h"
#include "events/unheard.h"
#include "events/watchers.h"
#include "outcome.h"
#include "record/guard.h"
#include "record/record.h"
#include "alarm.h"
#include "backup.h"
#include "catching_up.h"
#include "changes.h"
#include "decided.h"
#include "idempotency.h"
#include "keeping.h"
#include "keyring_root.h"
#include "party_table.h"
#include "renewal.h"
#include "state.h"
#include "store_keyring.h"
#include "subject_cache.h"
#include "upgrade.h"
#include "withdrawn.h"
#include "say.h"

enum { ARENA_LIMIT = 256 << 20 };

moment registry_now (const struct registry *self, moment wall)
{
    return wall > self->state.time ? wall : self->state.time;
}

int registry_begin (struct registry *self, const struct in_force *in_force, const struct daemon_report *report,
                    moment wall, struct turn *turn)
{
    *turn = (struct turn){
        .store = self->store,
        .vault = self->vault,
        .keyring = self->keyring,
        .policy = in_force->policy,
        .parties = self->parties,
        .config = in_force->config,
        .log_key = in_force->log_key,
        .outbox = self->outbox,
        .watchers = self->watchers,
        .unheard = self->unheard,
        .guard = self->guard,
        .cache = self->cache,
        .changes = self->changes,
        .idempotency = self->idempotency,
        .recent_lines = self->recent_lines,
        .archive = self->archive,
        .decided = self->decided,
        .withdrawn = self->withdrawn,
        .keeping = self->keeping,
        .report = report,
        .arena = self->arena,
        .now = registry_now (self, wall),
        .wall = wall,
        .state = self->state,
        .backup = self->backup,
        .copies = self->copies,
        .store_full = self->room.level == ROOM_FULL,
        .room = &self->room,
        .failed_commits = self->failed_commits,
    };
    arena_reset (self->arena);
    archive_begin_turn (self->archive);
    decided_reset (self->decided);
    return store_begin (self->store, &turn->txn);
}

/* The turn's table of parties becomes the registry's, if the turn has happened. */
static void settle_parties (struct registry *self, struct turn *turn, bool durable)
{
    if (turn->parties == self->parties)
        return;
    if (!durable) {
        parties_take_back (&turn->parties, self->parties);
        return;
    }
    parties_settle (turn->parties);
    self->parties = turn->parties;
}

/* A frame that could not be written leaves nothing behind. The daemon tries the requests again. */
static int commit (struct registry *self, struct turn *turn)
{
    struct store_mark mark = {.number = turn->state.audit_number};
    memcpy (mark.hash, turn->state.audit_hash, sizeof mark.hash);
    store_set_mark (turn->txn, &mark);
    int rc = store_commit_soon (&turn->txn, &self->happened);
    bool failed = rc != 0 && rc != STORE_DEAD && rc != STORE_FULL;
    self->failed_commits += failed;
    if (failed && !self->commits_fail)
        say (SAY_ERROR, "commit-failed", "the disk did not take a commit: %s; it is tried again",
             outcome_sentence (rc));
    if (rc == 0 && self->commits_fail)
        say (SAY_NOTICE, "commits-again", "the disk takes commits again, after %llu that failed since the start",
             (unsigned long long)self->failed_commits);
    self->commits_fail = failed || (self->commits_fail && rc != 0);
    if (rc == 0)
        store_info (self->store, &self->room.info);
    return rc;
}

static void refuse (struct registry *self, uint64_t count, moment now)
{
    self->room.refused += count;
    if (count > 0)
        self->room.refused_at = now;
}

int registry_end (struct registry *self, struct turn *turn, int rc)
{
    if (turn->txn != NULL)
        withdrawn_close (self->withdrawn, turn->txn);
    assert (rc != 0 || turn->unsettled == NULL);
    bool is_changed = turn->txn != NULL && store_writes (turn->txn) > 0;
    if (rc == 0 && is_changed) {
        turn->state.time = turn->now;
        rc = idempotency_write (turn);
        if (rc == 0)
            rc = lines_about_write (turn);
        if (rc == 0)
            rc = guard_write (turn);
        if (rc == 0)
            rc = commit (self, turn);
        if (rc == 0)
            self->state = turn->state;
    }
    settle_parties (self, turn, rc == 0);
    backup_settle (&self->backup, turn, rc == 0);
    if (rc == 0)
        self->copies = turn->copies;
    if (rc == 0 && !is_changed) {
        self->state.agenda_at = turn->state.agenda_at; /* the search found nothing due */
        self->state.counted_since = turn->state.counted_since;
        self->state.checkpoint_wanted = turn->state.checkpoint_wanted;
        self->state.tree = turn->state.tree; /* lines that it lacked, and no full tile */
    }
    if (turn->txn != NULL)
        store_abort (&turn->txn);
    if (rc == 0)
        refuse (self, turn->refused, turn->now);
    else {
        subject_cache_clear (self->cache); /* these may hold what did not happen */
        keeping_forget (self->keeping);
    }
    outbox_settle (self->outbox, rc == 0);
    watchers_settle (self->watchers, rc == 0);
    guard_settle (self->guard, rc == 0);
    if (renewal_is_needed (self->guard))
        self->state.agenda_at = 0; /* the next run of endings mends it */
    idempotency_settle (self->idempotency, rc == 0, self->state.audit_number);
    withdrawn_settle (self->withdrawn, rc == 0);
    return rc;
}

void registry_refuse (struct registry *self, moment wall)
{
    refuse (self, 1, registry_now (self, wall));
}

static int log_damage (struct turn *turn, enum store_table table)
{
    store_use_share (turn->txn, STORE_OWN);
    return alarm_raise (turn, ALARM_STORE_DAMAGED, "", "",
                        arena_printf (turn->arena, "table %s", store_table_name (table)));
}

static void tell_damage (struct registry *self, enum store_table table)
{
    say (SAY_CRITICAL, "store-damaged",
         "an entry in table %s of the store is missing, damaged or older than it must be: nothing is "
         "believed of it; see docs/operations.md, Damage",
         store_table_name (table));
    guard_tell (self->guard, table);
}

static int watch (struct registry *self, const struct in_force *in_force, moment wall, enum room_level level)
{
    struct turn turn;
    uint64_t refused = 0;
    int rc = registry_begin (self, in_force, NULL, wall, &turn);
    bool is_over = self->room.level == ROOM_FULL && level != ROOM_FULL;
    if (rc == 0 && (is_over || counted_is_due (&turn)))
        rc = counted_write (&turn, &refused);
    if (rc == 0 && level != self->room.level)
        rc = room_log (&turn, &self->room, level, refused);
    enum store_table damaged = guard_untold (self->guard);
    if (rc == 0 && damaged != STORE_TABLES)
        rc = log_damage (&turn, damaged);
    rc = registry_end (self, &turn, rc);
    if (damaged != STORE_TABLES && (rc == 0 || rc == STORE_FULL)) /* told on stderr even if the log has no room */
        tell_damage (self, damaged);
    if (level != self->room.level &&
        (rc == 0 || rc == STORE_FULL)) /* told on stderr even if the log has no room for it */
        room_tell (&self->room, level, refused);
    return rc;
}

int registry_watch (struct registry *self, const struct in_force *in_force, moment wall)
{
    moment now = registry_now (self, wall);
    enum room_level level = room_level_now (&self->room, now);
    bool is_due =
        level != ROOM_FULL && self->state.counted_since != 0 && now - self->state.counted_since >= COUNTED_FOR_MS;
    bool is_damaged = guard_untold (self->guard) != STORE_TABLES;
    return is_due || is_damaged || level != self->room.level ? watch (self, in_force, wall, level) : 0;
}

int registry_resize (struct registry *self, const struct store_options *options, struct settings_error *error)
{
    int rc = store_resize (self->store, options, error->text, sizeof error->text);
    if (rc == 0)
        rc = store_info (self->store, &self->room.info);
    return rc;
}

/* In this order: while no root is kept, the keyring says which key it was (keyring_root.h). */
static int seal_under_vault (struct registry *self)
{
    int rc = keyring_root_keep (keyring_place (self->keyring));
    return rc == 0 ? keyring_seal_anew (self->keyring) : rc;
}

int registry_change_vault (struct registry *self, struct vault *fresh, struct settings_error *error)
{
    bool is_other = !vault_is_keyed_as (fresh, self->vault);
    vault_exchange_keys (self->vault, fresh);
    int rc = is_other ? seal_under_vault (self) : 0;
    if (rc == 0)
        return 0;
    snprintf (error->text, sizeof error->text, "%s", self->keyring_error);
    vault_exchange_keys (self->vault, fresh);
    seal_under_vault (self); /* what was written already; and a start would accept either */
    return rc;
}

void registry_forget (struct registry *self)
{
    subject_cache_clear (self->cache);
    subject_cache_sweep (self->cache);
}

/* The log must have the line that was its last when the store last came to its file. One that has left the store
   since was there when it did. */
static int check_witnessed (struct turn *turn)
{
    const struct store_mark *seen = store_witnessed (turn->store);
    uint8_t hash[VAULT_HASH_SIZE];
    if (seen->number == 0)
        return 0;
    int rc = audit_read_hash (turn, seen->number, hash);
    if (rc == AUDIT_NOT_FOUND || (rc == 0 && !vault_equal (hash, seen->hash, sizeof seen->hash)))
        return REGISTRY_LOG_CUT;
    return rc == ARCHIVE_DAMAGED ? 0 : rc;
}

static const char *why_not_loaded (int rc)
{
    if (rc == STORE_OTHER_VAULT)
        return "was made under another vault key than keys/vault names, or subjects/subjects.root beside that is "
               "missing";
    return rc == RECORD_DAMAGED ? "the end of the log is damaged" : outcome_sentence (rc);
}

/* What a failure is said to be, where it has not been said. */
static void say_why (struct settings_error *error, const char *directory, int rc, const char *more)
{
    if (error->text[0] == '\0')
        snprintf (error->text, sizeof error->text, "%s: %s%s", directory, why_not_loaded (rc), more);
}

static struct keyring_place place_of (struct registry *self, const char *vault_key)
{
    return (struct keyring_place){self->vault, vault_key, self->keyring_error, sizeof self->keyring_error};
}

static int open_keyring (struct registry *self, const struct registry_options *options, struct turn *turn,
                         struct settings_error *error)
{
    const struct keyring_place place = place_of (self, options->vault_key);
    int rc = store_keyring_open (turn, &place, &self->keyring);
    if (rc != 0)
        snprintf (error->text, sizeof error->text, "%s", self->keyring_error);
    return rc;
}

/* Under another vault key nothing opens, and this is then what is said. */
static int load_state (struct turn *turn)
{
    int read = guard_load (turn);
    int rc = state_load (turn);
    return rc == 0 ? read : rc;
}

/* A line that is missing or damaged is told when the tree comes to it again; it does not stop a start. */
static int load_tree (struct turn *turn)
{
    int rc = tree_load (turn);
    if (rc == 0)
        rc = checkpoints_load (turn);
    return audit_is_unreadable (rc) ? 0 : rc;
}

/* A registry starts without its archive; but operators are to hear of one that is not there before somebody asks
   for a line. */
static int look_at_archive (struct turn *turn)
{
    uint64_t archived;
    struct archived_line unused;
    int rc = archive_count (turn, &archived);
    if (rc == 0 && archived > 0)
        rc = archive_read (turn, archived, &unused);
    return rc == ARCHIVE_DAMAGED || rc == RECORD_DAMAGED ? 0 : rc;
}

/* The time stands still meanwhile: it is that of the last day of work, whatever the clock says now (C14). */
static int begin_standing (struct registry *self, const struct in_force *in_force, struct turn *turn)
{
    return registry_begin (self, in_force, NULL, self->state.time, turn);
}

/* Says what is so of the list, where the start goes on all the same. */
static int begin_catching_up (const struct registry_options *options, struct turn *turn,
                              struct catching_up *catching_up, struct settings_error *error)
{
    const char *said = keyring_place (turn->keyring)->error;
    int rc = catching_up_begin (turn, catching_up, options->without_list);
    if (rc > 0)
        snprintf (error->text, sizeof error->text, "%s", said);
    else if (rc == 0 && catching_up->list_is_lost)
        say (SAY_WARNING, "list-lost", "%s: it is made anew of the store", said);
    return rc;
}

static int catch_up (struct registry *self, const struct in_force *in_force, struct catching_up *catching_up)
{
    struct turn turn;
    int rc = 0;
    while (rc == 0 && catching_up->is_behind && !catching_up->is_done) {
        rc = begin_standing (self, in_force, &turn);
        if (rc == 0) {
            store_use_share (turn.txn, STORE_OPERATORS); /* the registry gets smaller by it */
            rc = catching_up_step (&turn, catching_up);
        }
        rc = registry_end (self, &turn, rc);
    }
    if (rc == 0 && catching_up->is_behind)
        say (SAY_NOTICE, "caught-up",
             "the store is from before an erasure: who was erased since is taken out (%llu), and keys "
             "of others are put in (%llu)",
             (unsigned long long)catching_up->erased, (unsigned long long)catching_up->mended);
    return rc;
}

/* In a turn that has begun. */
static int load (struct registry *self, const struct registry_options *options, struct turn *turn,
                 struct catching_up *catching_up, struct settings_error *error)
{
    store_use_share (turn->txn, STORE_OWN); /* so that a full registry opens too */
    int rc = load_state (turn);
    if (rc == 0)
        rc = open_keyring (self, options, turn, error);
    if (rc == 0)
        rc = check_witnessed (turn);
    if (rc == 0)
        rc = guard_start (turn);
    if (rc == 0)
        rc = begin_catching_up (options, turn, catching_up, error);
    if (rc == 0)
        rc = marks_load (turn);
    if (rc == 0 && options->restored)
        rc = state_new_epoch (turn);
    else if (rc == 0) /* of a store that an earlier program made */
        rc = since_note (turn, SINCE_EPOCH, (struct bytes){turn->state.epoch, sizeof turn->state.epoch});
    if (rc == 0)
        rc = party_table_open (turn, &self->taken_up, error);
    if (rc == 0 && options->operator_file != NULL)
        rc = party_table_bring_operator (turn, options->operator_file, error);
    if (rc == 0) {
        turn->now = turn->state.time; /* the last day of work, whatever the clock says now */
        rc = idempotency_load (turn, options->restored);
    }
    if (rc == 0)
        rc = load_tree (turn);
    return rc == 0 ? look_at_archive (turn) : rc;
}

/* The state is kept even where the turn wrote nothing. */
static int end_load (struct registry *self, struct turn *turn, int rc)
{
    struct registry_state state = turn->state;
    rc = registry_end (self, turn, rc);
    self->state = state;
    self->state.counted_since = 1; /* a process before this one may have left counts */
    return rc;
}

struct store_options registry_store_options (const struct config *config)
{
    return (struct store_options){.directory = config->store_directory,
                                  .size = config->store_size,
                                  .reserve = config->store_reserve,
                                  .operators = config->store_operators};
}

static int open_vault (struct registry *self, const struct registry_options *options, struct settings_error *error)
{
    int rc =
        vault_open_both (&self->vault, options->vault_key, options->vault_former, error->text, sizeof error->text);
    if (rc != 0)
        return rc;
    const struct keyring_place place = place_of (self, options->vault_key);
    rc = store_exists (options->store.directory) ? keyring_root_find (self->vault, &place)
                                                 : keyring_root_make (self->vault, &place);
    if (rc != 0)
        snprintf (error->text, sizeof error->text, "%s", self->keyring_error);
    return rc;
}

static int open_store (struct registry *self, const struct registry_options *options, struct settings_error *error)
{
    record_begin ();
    memset (self, 0, sizeof *self);
    error->text[0] = '\0';
    self->arena = arena_new (ARENA_LIMIT);
    self->outbox = outbox_new ();
    self->watchers = watchers_new ();
    self->unheard = unheard_new ();
    self->guard = guard_new ();
    self->cache = subject_cache_new (options->cache_size);
    self->changes = changes_new ();
    self->idempotency = idempotency_index_new ();
    self->recent_lines = recent_lines_new ();
    self->archive = archive_new ();
    self->decided = decided_new ();
    self->withdrawn = withdrawn_new ();
    self->keeping = keeping_new ();
    int rc = open_vault (self, options, error);
    if (rc == 0) {
        struct store_options store = options->store;
        store.journal_key = vault_journal_key (self->vault);
        rc = store_open (&self->store, &store, error->text, sizeof error->text);
    }
    return rc <= 0 ? rc : rc == STORE_IN_USE ? REGISTRY_IN_USE : REGISTRY_CANNOT_OPEN;
}

int registry_open (struct registry *self, const struct registry_options *options, const struct in_force *in_force,
                   moment wall, struct settings_error *error)
{
    struct catching_up catching_up = {.is_behind = false};
    struct turn turn;
    int rc = open_store (self, options, error);
    if (rc != 0)
        return rc;
    rc = registry_begin (self, in_force, NULL, wall, &turn);
    if (rc == 0)
        rc = load (self, options, &turn, &catching_up, error);
    rc = end_load (self, &turn, rc);
    if (rc == 0)
        rc = catch_up (self, in_force, &catching_up);
    self->erasure_list.is_lost = catching_up.list_is_lost;
    catching_up_close (&catching_up);
    if (rc == 0)
        rc = store_info (self->store, &self->room.info);
    if (rc == 0)
        return 0;
    say_why (error, options->store.directory, rc, "");
    return rc < 0 ? rc : REGISTRY_CANNOT_OPEN;
}

static int take_up (struct registry *self, const struct registry_options *options, const struct in_force *in_force,
                    registry_told *told, struct settings_error *error)
{
    struct upgrade upgrade = {.is_done = false};
    struct turn turn;
    uint64_t all = 0;
    int rc = begin_standing (self, in_force, &turn);
    if (rc == 0)
        rc = store_count (turn.txn, STORE_SUBJECT, &all);
    if (rc == 0)
        rc = load_state (&turn);
    if (rc == 0)
        rc = open_keyring (self, options, &turn, error);
    if (rc == 0)
        rc = guard_start (&turn);
    self->state = turn.state;
    rc = registry_end (self, &turn, rc);
    while (rc == 0 && !upgrade.is_done) {
        rc = begin_standing (self, in_force, &turn);
        if (rc == 0)
            rc = upgrade_step (&turn, &upgrade);
        rc = registry_end (self, &turn, rc);
        if (rc == 0)
            told (upgrade.taken_up, upgrade.unreadable, all);
    }
    return rc == 0 ? store_sync (self->store) : rc;
}

int registry_upgrade (struct registry *self, const struct registry_options *options,
                      const struct in_force *in_force, registry_told *told, struct settings_error *error)
{
    struct registry_options chosen = *options;
    chosen.store.upgrade = true;
    int rc = open_store (self, &chosen, error);
    if (rc != 0 || !store_is_earlier (self->store))
        return rc;
    rc = take_up (self, options, in_force, told, error);
    if (rc != 0)
        say_why (error, options->store.directory, rc,
                 rc == STORE_FULL ? ": make store/size larger, and run this again" : "");
    return rc <= 0 ? rc : REGISTRY_CANNOT_OPEN;
}

void registry_close (struct registry *self)
{
    parties_destroy (&self->parties);
    store_close (&self->store);
    erasure_list_drop (&self->erasure_list);
    keyring_destroy (&self->keyring);
    vault_destroy (&self->vault);
    outbox_destroy (&self->outbox);
    watchers_destroy (&self->watchers);
    unheard_destroy (&self->unheard);
    guard_destroy (&self->guard);
    subject_cache_destroy (&self->cache);
    changes_destroy (&self->changes);
    idempotency_index_destroy (&self->idempotency);
    recent_lines_destroy (&self->recent_lines);
    archive_destroy (&self->archive);
    decided_destroy (&self->decided);
    withdrawn_destroy (&self->withdrawn);
    keeping_destroy (&self->keeping);
    arena_destroy (&self->arena);
}
