#include "subject_file.h"
#include <assert.h>
#include <string.h>
#include "audit/log.h"
#include "keyring.h"
#include "record/guard.h"
#include "record/subject_key.h"
#include "record/unknown_key.h"
#include "rules/decide.h"
#include "agenda.h"
#include "changes.h"
#include "history.h"
#include "subject_cache.h"
#include "unconst.h"

struct decide_facts subject_file_facts (const struct turn *turn, const struct subject_file *self)
{
    return (struct decide_facts){
        .policy = turn->policy,
        .subject = &self->subject,
        .statements = self->statements,
        .statement_count = self->statement_count,
        .now = turn->now,
        .listener = {.party = ""},
    };
}

struct about subject_file_about (const struct subject_file *self)
{
    return (struct about){self->id, &self->key};
}

void subject_file_close (struct subject_file *self)
{
    vault_key_wipe (&self->key);
}

/* The file is not any more what the store holds. */
static void mark_changed (struct turn *turn, struct subject_file *self)
{
    self->changed = true;
    self->reading = 0;
    subject_cache_drop (turn->cache, self->id);
    turn->unsettled = self;
}

void subject_file_ensure (struct turn *turn, struct subject_file *self)
{
    if (self->known)
        return;
    if (!self->has_lines)
        vault_subject_key_new (&self->key);
    /* In any case anew: while a bucket's key is replaced, its former one opens no record for long. */
    vault_subject_key_wrap (keyring_key (turn->keyring, self->id), self->id, &self->key, self->wrapped);
    self->known = self->subject.known = self->opened = true;
    mark_changed (turn, self);
}

/* That a subject was erased before is kept when the subject comes back. */
static int put_generation (struct turn *turn, struct subject_file *self)
{
    struct generation generation;
    int rc = self->opened ? subject_read_generation (turn, self->id, &generation) : 0;
    if (rc == 0 && self->opened) {
        self->since = generation.since;
        self->round = generation.round;
    }
    generation = (struct generation){self->generation, self->since, self->round};
    return rc == 0 ? subject_put_generation (turn, self->id, &generation) : rc;
}

int subject_file_settle (struct turn *turn, struct subject_file *self)
{
    if (!self->changed)
        return 0;
    assert (turn->unsettled == self);
    struct record_place place = {"subject", self->id, sizeof self->id, &self->key};
    struct subject_record record = {
        .generation = ++self->generation,
        .subject = self->subject,
        .statements = unconst (self->statements),
        .statement_count = self->statement_count,
        .received = unconst (self->received),
        .received_count = self->received_count,
        .changes = self->changes,
    };
    struct bytes value = record_seal_subject (turn->arena, &place, &record, SUBJECT_WRAPPED_SIZE);
    memcpy (unconst (value.data), self->wrapped, SUBJECT_WRAPPED_SIZE);
    turn->record_bytes += TURN_WRITTEN * value.size;
    self->size = value.size;
    self->changed = false;
    self->written = true;
    turn->unsettled = NULL;
    audit_promise_line (turn); /* a change has a line, whatever room is left */
    int rc = store_put (turn->txn, STORE_SUBJECT, (struct bytes){self->id, VAULT_ID_SIZE}, value);
    if (rc == 0 && self->has_lines) /* the key has moved into the record */
        rc = unknown_key_delete (turn, self->id);
    self->has_lines = false;
    return rc == 0 ? put_generation (turn, self) : rc;
}

int subject_file_ensure_key (struct turn *turn, struct subject_file *self)
{
    if (self->known || self->has_lines)
        return 0;
    self->has_lines = true;
    return unknown_key_make (turn, self->id, &self->key);
}

struct subject_file subject_file_imagine (struct turn *turn, const struct subject_file *self,
                                          const struct subject *subject)
{
    struct subject_file made = *self;
    made.reading = 0;
    struct statement *statements = arena_array (turn->arena, self->statement_count, sizeof *statements);
    if (self->statement_count > 0)
        memcpy (statements, self->statements, self->statement_count * sizeof *statements);
    made.subject = *subject;
    made.subject.known = true;
    decide_prepare (turn->policy, &made.subject, statements, self->statement_count);
    made.statements = statements;
    return made;
}

/* What else follows from a use (decide_prepare) is about a consent that is used up, and serves nothing. */
void subject_file_imagine_used (struct turn *turn, struct subject_file *self, const struct used_consent *used,
                                size_t count)
{
    struct statement *all = NULL;
    for (size_t i = 0; i < count; i++) {
        if (memcmp (used[i].subject.bytes, self->id, sizeof self->id) != 0)
            continue;
        if (all == NULL)
            all = arena_memdup (turn->arena, self->statements, self->statement_count * sizeof *all);
        all[used[i].index].used_at = turn->now;
        all[used[i].index].used_by = turn->state.audit_number + 1;
    }
    if (all == NULL)
        return;
    self->statements = all;
    self->reading = 0;
}

/* M5: moves the entry of each consent on the agenda, by what the change did to it. */
static int move_ends (struct turn *turn, const struct subject_file *before, const struct subject_file *after)
{
    struct decide_facts then = subject_file_facts (turn, before), now = subject_file_facts (turn, after);
    int rc = 0;
    for (size_t i = 0; i < after->statement_count && rc == 0; i++) {
        struct agenda_change change = {&before->statements[i], &after->statements[i], decide_state (&then, i),
                                       decide_state (&now, i)};
        rc = agenda_move (turn, after->id, &change);
    }
    return rc;
}

int subject_file_put_subject (struct turn *turn, struct subject_file *self, const struct subject *subject)
{
    changes_note (turn->changes, self->id);
    subject_file_ensure (turn, self);
    int rc = history_keep_subject (turn, self, subject);
    if (rc != 0)
        return rc;
    struct subject_file before = *self;
    *self = subject_file_imagine (turn, &before, subject);
    mark_changed (turn, self);
    return move_ends (turn, &before, self);
}

/* Puts `now` at `index`, which may be one behind the last. Statements that were lent do not change. */
static void put_statement (struct turn *turn, struct subject_file *self, size_t index, const struct statement *now)
{
    size_t count = index < self->statement_count ? self->statement_count : index + 1;
    struct statement *all = arena_array (turn->arena, count, sizeof *all);
    if (self->statement_count > 0)
        memcpy (all, self->statements, self->statement_count * sizeof *all);
    all[index] = *now;
    decide_prepare (turn->policy, &self->subject, all, count);
    self->statements = all;
    self->statement_count = count;
    mark_changed (turn, self);
}

int subject_file_add (struct turn *turn, struct subject_file *self, struct statement *statement)
{
    if (self->statement_count == SUBJECT_FILE_STATEMENTS ||
        self->size + record_statement_size (statement) > SUBJECT_FILE_BYTES)
        return SUBJECT_FILE_FULL;
    int rc = guard_check (turn, STORE_CONSENT, (struct bytes){statement->id, sizeof statement->id});
    if (rc != 0) /* it could not be withdrawn by its id */
        return rc;
    subject_file_ensure (turn, self);
    changes_note (turn->changes, self->id);
    statement->order = ++turn->state.order;
    statement->number = audit_promise_line (turn);
    put_statement (turn, self, self->statement_count, statement);
    rc = guard_put (turn, STORE_CONSENT, (struct bytes){statement->id, sizeof statement->id},
                    (struct bytes){self->id, sizeof self->id});
    return rc == 0 ? agenda_enter (turn, self->id, &self->statements[self->statement_count - 1]) : rc;
}

int subject_file_correct (struct turn *turn, struct subject_file *self, size_t index, const uint8_t by[16])
{
    struct subject_file before = *self;
    struct statement now = self->statements[index];
    now.is_corrected = true;
    memcpy (now.corrected_by, by, sizeof now.corrected_by);
    now.corrected_at = turn->now;
    now.corrected_in = audit_promise_line (turn);
    changes_note (turn->changes, self->id);
    put_statement (turn, self, index, &now);
    int rc = move_ends (turn, &before, self);
    return rc == 0 ? agenda_take_out (turn, self->id, &self->statements[index]) : rc;
}

void subject_file_rewrite (struct turn *turn, struct subject_file *self, size_t index, const struct statement *now)
{
    if (now->withdrawal_count != self->statements[index].withdrawal_count)
        changes_note (turn->changes, self->id);
    put_statement (turn, self, index, now);
}

void subject_file_note_received (struct turn *turn, struct subject_file *self, const struct received *more)
{
    struct received all;
    const struct received *before = received_find (self->received, self->received_count, more->party);
    if (!received_add (turn->arena, before, more, &all))
        return;
    self->received = received_with (turn->arena, self->received, &self->received_count, &all);
    mark_changed (turn, self);
}

int subject_file_take_out (struct turn *turn, const struct subject_file *self, uint64_t since)
{
    int rc = 0;
    assert (!self->changed);
    for (size_t i = 0; i < self->statement_count && rc == 0; i++) {
        const struct statement *statement = &self->statements[i];
        rc = agenda_take_out (turn, self->id, statement);
        if (rc == 0)
            rc = guard_delete (turn, STORE_CONSENT, (struct bytes){statement->id, sizeof statement->id});
        rc = rc == STORE_NOT_FOUND ? 0 : rc;
    }
    if (rc == 0)
        rc = store_delete (turn->txn, STORE_SUBJECT, (struct bytes){self->id, VAULT_ID_SIZE});
    if (rc == 0 || rc == STORE_NOT_FOUND) /* who is not known has only a key for lines */
        rc = unknown_key_delete (turn, self->id);
    changes_note (turn->changes, self->id);
    subject_cache_drop (turn->cache, self->id);
    const struct generation gone = {.since = since, .round = keyring_generation (turn->keyring)};
    return rc == 0 ? subject_put_generation (turn, self->id, &gone) : rc;
}
