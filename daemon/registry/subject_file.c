#include "subject_file.h"
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "rules/decide.h"
#include "agenda.h"
#include "changes.h"
#include "history.h"
#include "subject_cache.h"

/* A subject's value in the store: the wrapped key, then the sealed record. */
enum { KEY_SIZE = VAULT_WRAPPED_KEY_SIZE };

static struct record_place subject_place (const struct subject_file *self)
{
    return (struct record_place){"subject", self->id, sizeof self->id, &self->key};
}

static struct record_place statement_place (const struct subject_file *self, const uint8_t consent_id[16])
{
    return (struct record_place){"consent", consent_id, 16, &self->key};
}

static struct bytes after (struct bytes value, size_t prefix)
{
    return (struct bytes){(const uint8_t *)value.data + prefix, value.size - prefix};
}

int subject_file_key (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key)
{
    struct bytes value;
    int rc = store_get (turn->txn, STORE_SUBJECT, (struct bytes){id, VAULT_ID_SIZE}, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? SUBJECT_FILE_NOT_FOUND : rc;
    if (value.size < KEY_SIZE || vault_subject_key_unwrap (turn->vault, id, value.data, key) != 0)
        return RECORD_DAMAGED;
    return 0;
}

/* Reads one statement by its id. Its value: the subject's id, then the sealed record. */
static int read_statement (struct turn *turn, const struct subject_file *self, const uint8_t consent_id[16],
                           struct statement *statement)
{
    struct bytes value;
    int rc = store_get (turn->txn, STORE_CONSENT, (struct bytes){consent_id, 16}, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? RECORD_DAMAGED : rc;
    if (value.size < VAULT_ID_SIZE || memcmp (value.data, self->id, VAULT_ID_SIZE) != 0)
        return RECORD_DAMAGED;
    struct record_place place = statement_place (self, consent_id);
    rc = record_open_statement (turn->arena, &place, after (value, VAULT_ID_SIZE), turn->now, statement);
    if (rc != 0)
        return rc;
    memcpy (statement->id, consent_id, 16);
    statement_resolve (statement, turn->policy);
    return 0;
}

/* Reads all of them. The index over them lies in clear: what it says must agree with the sealed records, or a
   refusal that it lost would let an older consent speak (C12). */
static int read_statements (struct turn *turn, struct subject_file *self, size_t expected)
{
    uint8_t ids[SUBJECT_FILE_STATEMENTS][16];
    uint64_t orders[SUBJECT_FILE_STATEMENTS];
    struct store_scan *scan = NULL;
    int rc = store_scan_open (turn->txn, STORE_CONSENT_BY_SUBJECT, (struct bytes){self->id, VAULT_ID_SIZE}, &scan);
    struct bytes key, value;
    while (rc == 0 && self->statement_count < SUBJECT_FILE_STATEMENTS &&
           (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (key.size != VAULT_ID_SIZE + 8 || memcmp (key.data, self->id, VAULT_ID_SIZE) != 0)
            break;
        orders[self->statement_count] = get_be64 ((const uint8_t *)key.data + VAULT_ID_SIZE);
        if (value.size != 16)
            rc = RECORD_DAMAGED;
        else
            memcpy (ids[self->statement_count++], value.data, 16);
    }
    store_scan_close (&scan);
    if (rc == STORE_NOT_FOUND)
        rc = 0;
    if (rc == 0 && self->statement_count != expected)
        rc = RECORD_DAMAGED;
    struct statement *statements = arena_array (turn->arena, self->statement_count, sizeof *statements);
    for (size_t i = 0; i < self->statement_count && rc == 0; i++) {
        rc = read_statement (turn, self, ids[i], &statements[i]);
        if (rc == 0 && statements[i].order != orders[i])
            rc = RECORD_DAMAGED;
        if (rc == 0 && statements[i].scope.case_ref[0] != '\0')
            self->binds_cases = true;
    }
    if (rc == 0)
        decide_prepare (turn->policy, &self->subject, statements, self->statement_count);
    self->statements = statements;
    return rc;
}

static int open_by_id (struct turn *turn, struct subject_file *self)
{
    struct bytes value;
    if (subject_cache_find (turn->cache, self))
        return 0;
    int rc = store_get (turn->txn, STORE_SUBJECT, (struct bytes){self->id, VAULT_ID_SIZE}, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? 0 : rc;
    if (value.size < KEY_SIZE || vault_subject_key_unwrap (turn->vault, self->id, value.data, &self->key) != 0)
        return RECORD_DAMAGED;
    self->known = true;
    struct record_place place = subject_place (self);
    struct subject_record record;
    rc = record_open_subject (turn->arena, &place, after (value, KEY_SIZE), turn->now, &record);
    self->subject = record.subject;
    if (rc == 0)
        rc = read_statements (turn, self, record.statements);
    if (rc == 0)
        rc = received_read (turn, self->id, &self->key, &self->received, &self->received_count);
    if (rc == 0)
        subject_cache_keep (turn->cache, self);
    return rc;
}

int subject_file_open (struct turn *turn, const char *bsn, struct subject_file *self)
{
    memset (self, 0, sizeof *self);
    vault_subject_id (turn->vault, bsn, self->id);
    return open_by_id (turn, self);
}

int subject_file_open_by_id (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct subject_file *self)
{
    memset (self, 0, sizeof *self);
    memcpy (self->id, id, VAULT_ID_SIZE);
    return open_by_id (turn, self);
}

int subject_file_open_by_consent (struct turn *turn, const uint8_t consent_id[16], struct subject_file *self,
                                  size_t *index)
{
    memset (self, 0, sizeof *self);
    struct bytes value;
    int rc = store_get (turn->txn, STORE_CONSENT, (struct bytes){consent_id, 16}, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? SUBJECT_FILE_NOT_FOUND : rc;
    if (value.size < VAULT_ID_SIZE)
        return RECORD_DAMAGED;
    memcpy (self->id, value.data, VAULT_ID_SIZE);
    rc = open_by_id (turn, self);
    for (*index = 0; rc == 0 && *index < self->statement_count; (*index)++)
        if (memcmp (self->statements[*index].id, consent_id, 16) == 0)
            return 0;
    return rc != 0 ? rc : RECORD_DAMAGED;
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

static int write_subject (struct turn *turn, struct subject_file *self, const uint8_t wrapped[KEY_SIZE])
{
    struct record_place place = subject_place (self);
    struct subject_record record = {self->subject, (uint32_t)self->statement_count};
    struct bytes value = record_seal_subject (turn->arena, &place, &record, KEY_SIZE);
    union {
        const void *in;
        uint8_t *out;
    } made = {value.data};
    memcpy (made.out, wrapped, KEY_SIZE);
    self->reading = 0;
    subject_cache_drop (turn->cache, self->id);
    return store_put (turn->txn, STORE_SUBJECT, (struct bytes){self->id, VAULT_ID_SIZE}, value);
}

int subject_file_ensure (struct turn *turn, struct subject_file *self)
{
    if (self->known)
        return 0;
    uint8_t wrapped[KEY_SIZE];
    vault_subject_key_new (turn->vault, self->id, &self->key, wrapped);
    self->known = self->subject.known = self->opened = true;
    return write_subject (turn, self, wrapped);
}

/* Writes the record of a subject who has one. */
static int rewrite_subject (struct turn *turn, struct subject_file *self)
{
    struct bytes value;
    int rc = store_get (turn->txn, STORE_SUBJECT, (struct bytes){self->id, VAULT_ID_SIZE}, &value);
    if (rc != 0 || value.size < KEY_SIZE)
        return rc < 0 ? rc : RECORD_DAMAGED;
    uint8_t wrapped[KEY_SIZE];
    memcpy (wrapped, value.data, KEY_SIZE);
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

/* M5: of each consent what became of it by the change. */
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
    union {
        const void *in;
        uint8_t *out;
    } made = {value.data};
    memcpy (made.out, self->id, VAULT_ID_SIZE);
    self->reading = 0;
    subject_cache_drop (turn->cache, self->id);
    return store_put (turn->txn, STORE_CONSENT, (struct bytes){statement->id, 16}, value);
}

/* The statements with `now` at `index`, which may be one past the last: what was lent stays as it was. */
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
