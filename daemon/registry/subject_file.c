#include "subject_file.h"
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "record/subject_key.h"
#include "rules/decide.h"
#include "agenda.h"
#include "changes.h"
#include "history.h"
#include "subject_cache.h"
#include "unconst.h"

static struct record_place subject_place (const struct subject_file *self)
{
    return (struct record_place){"subject", self->id, sizeof self->id, &self->key};
}

static struct record_place statement_place (const struct subject_file *self, const uint8_t consent_id[16])
{
    return (struct record_place){"consent", consent_id, 16, &self->key};
}

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

void subject_file_close (struct subject_file *self)
{
    vault_key_wipe (&self->key);
}

static int write_subject (struct turn *turn, struct subject_file *self,
                          const uint8_t wrapped[SUBJECT_WRAPPED_SIZE])
{
    struct record_place place = subject_place (self);
    struct subject_record record = {self->subject, (uint32_t)self->statement_count};
    struct bytes value = record_seal_subject (turn->arena, &place, &record, SUBJECT_WRAPPED_SIZE);
    memcpy (unconst (value.data), wrapped, SUBJECT_WRAPPED_SIZE);
    self->reading = 0;
    subject_cache_drop (turn->cache, self->id);
    return store_put (turn->txn, STORE_SUBJECT, (struct bytes){self->id, VAULT_ID_SIZE}, value);
}

int subject_file_ensure (struct turn *turn, struct subject_file *self)
{
    if (self->known)
        return 0;
    uint8_t wrapped[SUBJECT_WRAPPED_SIZE];
    vault_subject_key_new (turn->vault, self->id, &self->key, wrapped);
    self->known = self->subject.known = self->opened = true;
    return write_subject (turn, self, wrapped);
}

/* Writes the record again. The subject has one. */
static int rewrite_subject (struct turn *turn, struct subject_file *self)
{
    struct bytes value;
    int rc = store_get (turn->txn, STORE_SUBJECT, (struct bytes){self->id, VAULT_ID_SIZE}, &value);
    if (rc != 0 || value.size < SUBJECT_WRAPPED_SIZE)
        return rc < 0 ? rc : RECORD_DAMAGED;
    uint8_t wrapped[SUBJECT_WRAPPED_SIZE];
    memcpy (wrapped, value.data, SUBJECT_WRAPPED_SIZE);
    return write_subject (turn, self, wrapped);
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
    int rc = subject_file_ensure (turn, self);
    if (rc == 0)
        rc = history_keep_subject (turn, self);
    if (rc != 0)
        return rc;
    struct subject_file before = *self;
    *self = subject_file_imagine (turn, &before, subject);
    rc = rewrite_subject (turn, self);
    return rc == 0 ? move_ends (turn, &before, self) : rc;
}

static int write_statement (struct turn *turn, struct subject_file *self, const struct statement *statement)
{
    struct record_place place = statement_place (self, statement->id);
    struct bytes value = record_seal_statement (turn->arena, &place, statement, VAULT_ID_SIZE);
    memcpy (unconst (value.data), self->id, VAULT_ID_SIZE);
    self->reading = 0;
    subject_cache_drop (turn->cache, self->id);
    return store_put (turn->txn, STORE_CONSENT, (struct bytes){statement->id, 16}, value);
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
    self->reading = 0;
}

int subject_file_add (struct turn *turn, struct subject_file *self, struct statement *statement)
{
    if (self->statement_count == SUBJECT_FILE_STATEMENTS)
        return SUBJECT_FILE_FULL;
    int rc = subject_file_ensure (turn, self);
    if (rc != 0)
        return rc;
    changes_note (turn->changes, self->id);
    statement->order = ++turn->state.order;
    statement->number = audit_promise_line (turn);
    rc = write_statement (turn, self, statement);

    uint8_t by_subject[VAULT_ID_SIZE + 8];
    memcpy (by_subject, self->id, VAULT_ID_SIZE);
    put_be64 (by_subject + VAULT_ID_SIZE, statement->order);
    if (rc == 0)
        rc = store_put (turn->txn, STORE_CONSENT_BY_SUBJECT, (struct bytes){by_subject, sizeof by_subject},
                        (struct bytes){statement->id, 16});
    if (rc != 0)
        return rc;
    put_statement (turn, self, self->statement_count, statement);
    rc = rewrite_subject (turn, self);
    return rc == 0 ? agenda_enter (turn, self->id, &self->statements[self->statement_count - 1]) : rc;
}

int subject_file_rewrite (struct turn *turn, struct subject_file *self, size_t index, const struct statement *now)
{
    if (now->withdrawal_count != self->statements[index].withdrawal_count)
        changes_note (turn->changes, self->id);
    put_statement (turn, self, index, now);
    return write_statement (turn, self, now);
}

int subject_file_note_received (struct turn *turn, struct subject_file *self, const struct received *more)
{
    struct received all;
    const struct received *before = received_find (self->received, self->received_count, more->party);
    if (!received_add (turn->arena, before, more, &all))
        return 0;
    self->reading = 0;
    subject_cache_drop (turn->cache, self->id);
    return received_write (turn, self->id, &self->key, &all);
}
