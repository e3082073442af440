#include "upgrade.h"
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "events/outbox.h"
#include "keyring.h"
#include "record/guard.h"
#include "record/record.h"
#include "record/subject_key.h"
#include "subject_file.h"
#include "unconst.h"

enum {
    LOOKED_AT = 4096, /* subjects in one step, */
    WRITTEN = 256,    /* of which so many are written, */
    BYTES = 8 << 20,  /* or so many bytes */
    KEY_LIMIT = VAULT_ID_SIZE + VAULT_PARTY_LIMIT,
};

/* An entry of one of the earlier tables. Its key begins with the subject's id. */
struct entry {
    uint8_t key[KEY_LIMIT];
    size_t key_size;
    struct bytes value; /* the arena's */
};

/* One subject that is being taken up. */
struct subject_before {
    uint8_t id[VAULT_ID_SIZE];
    struct vault_key key;
    struct bytes stored; /* the arena's */
    struct entry *statements, *received;
    struct subject_record record;
};

static int list (struct turn *turn, enum store_table table, const uint8_t id[VAULT_ID_SIZE], struct entry **all,
                 size_t *count)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    size_t room = 0;
    int rc = store_scan_open (turn->txn, table, (struct bytes){id, VAULT_ID_SIZE}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (key.size <= VAULT_ID_SIZE || key.size > KEY_LIMIT || memcmp (key.data, id, VAULT_ID_SIZE) != 0)
            break;
        if (*count == room) {
            room = 2 * room + 16;
            struct entry *more = arena_array (turn->arena, room, sizeof *more);
            if (*count > 0)
                memcpy (more, *all, *count * sizeof *more);
            *all = more;
        }
        struct entry *one = &(*all)[(*count)++];
        memcpy (one->key, key.data, key.size);
        one->key_size = key.size;
        one->value = (struct bytes){arena_memdup (turn->arena, value.data, value.size), value.size};
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* Reads the statement that an entry of the index leads to. Its value: the subject's id, then the sealed record. */
static int read_statement (struct turn *turn, const struct subject_before *self, const struct entry *from,
                           struct statement *to)
{
    struct bytes value;
    if (from->key_size != VAULT_ID_SIZE + 8 || from->value.size != sizeof to->id)
        return RECORD_DAMAGED;
    int rc = store_get (turn->txn, STORE_CONSENT, from->value, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? RECORD_DAMAGED : rc;
    if (value.size < VAULT_ID_SIZE || memcmp (value.data, self->id, VAULT_ID_SIZE) != 0)
        return RECORD_DAMAGED;
    struct bytes sealed = {(const uint8_t *)value.data + VAULT_ID_SIZE, value.size - VAULT_ID_SIZE};
    struct record_place place = {"consent", from->value.data, from->value.size, &self->key};
    rc = record_open_earlier_statement (turn->arena, &place, sealed, to);
    memcpy (to->id, from->value.data, sizeof to->id);
    return rc == 0 && to->order != get_be64 (from->key + VAULT_ID_SIZE) ? RECORD_DAMAGED : rc;
}

static int read_received (struct turn *turn, const struct subject_before *self, const struct entry *from,
                          struct received *to)
{
    struct record_place place = {"received", from->key, from->key_size, &self->key};
    int rc = record_open_earlier_received (turn->arena, &place, from->value, to);
    to->party =
        arena_strndup (turn->arena, (const char *)from->key + VAULT_ID_SIZE, from->key_size - VAULT_ID_SIZE);
    return rc;
}

/* Reads all records of the subject. 0, RECORD_DAMAGED or a failure. */
static int read_subject (struct turn *turn, struct subject_before *self)
{
    struct subject_record *record = &self->record;
    size_t statements = 0;
    struct record_place place = {"subject", self->id, sizeof self->id, &self->key};
    struct bytes sealed = {(const uint8_t *)self->stored.data + SUBJECT_WRAPPED_SIZE,
                           self->stored.size - SUBJECT_WRAPPED_SIZE};
    const struct vault_key *wrapping = vault_earlier_wrapping_key (turn->vault);
    if (vault_subject_key_unwrap (wrapping, self->id, self->stored.data, &self->key) != 0)
        return RECORD_DAMAGED;
    int rc = record_open_earlier_subject (turn->arena, &place, sealed, &record->subject, &statements);
    if (rc == 0)
        rc = list (turn, STORE_EARLIER_STATEMENTS, self->id, &self->statements, &record->statement_count);
    if (rc == 0)
        rc = list (turn, STORE_EARLIER_RECEIVED, self->id, &self->received, &record->received_count);
    if (rc == 0 && (record->statement_count != statements || statements > SUBJECT_FILE_STATEMENTS))
        rc = RECORD_DAMAGED;
    record->statements = arena_array (turn->arena, record->statement_count, sizeof *record->statements);
    record->received = arena_array (turn->arena, record->received_count, sizeof *record->received);
    for (size_t i = 0; i < record->statement_count && rc == 0; i++)
        rc = read_statement (turn, self, &self->statements[i], &record->statements[i]);
    for (size_t i = 0; i < record->received_count && rc == 0; i++)
        rc = read_received (turn, self, &self->received[i], &record->received[i]);
    return rc;
}

static int remove_entries (struct turn *turn, enum store_table table, const struct entry *all, size_t count)
{
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = store_delete (turn->txn, table, (struct bytes){all[i].key, all[i].key_size});
    return rc;
}

/* Writes the one record, and takes away those that were before it. */
static int write_subject (struct turn *turn, struct subject_before *self)
{
    const struct subject_record *record = &self->record;
    struct bytes id = {self->id, sizeof self->id};
    struct record_place place = {"subject", self->id, sizeof self->id, &self->key};
    struct entry *before = NULL;
    size_t changes = 0;
    int rc = list (turn, STORE_SUBJECT_BEFORE, self->id, &before, &changes);
    if (rc != 0)
        return rc;
    self->record.changes = changes;
    self->record.generation = 1;
    struct bytes value = record_seal_subject (turn->arena, &place, record, SUBJECT_WRAPPED_SIZE);
    vault_subject_key_wrap (keyring_key (turn->keyring, self->id), self->id, &self->key, unconst (value.data));
    rc = store_put (turn->txn, STORE_SUBJECT, id, value);
    if (rc == 0)
        rc = subject_put_generation (turn, self->id, &(struct generation){.number = record->generation});
    for (size_t i = 0; i < record->statement_count && rc == 0; i++)
        rc = guard_put (turn, STORE_CONSENT, self->statements[i].value, id);
    if (rc == 0)
        rc = remove_entries (turn, STORE_EARLIER_STATEMENTS, self->statements, record->statement_count);
    return rc == 0 ? remove_entries (turn, STORE_EARLIER_RECEIVED, self->received, record->received_count) : rc;
}

static int take_up (struct turn *turn, struct upgrade *upgrade, struct subject_before *self)
{
    int rc = read_subject (turn, self);
    if (rc == RECORD_DAMAGED) {
        upgrade->unreadable++;
        /* so that nobody takes it for unknown, should it be lost */
        rc = subject_put_generation (turn, self->id, &(struct generation){.number = 1});
    } else if (rc == 0) {
        rc = write_subject (turn, self);
        upgrade->taken_up++;
    }
    vault_key_wipe (&self->key);
    return rc;
}

/* Finds the next subject whose record is an earlier one, of at most *left. *left is 0 if there is none among them.
   0, STORE_NOT_FOUND: there is no further subject; or a failure. */
static int find_next (struct turn *turn, struct upgrade *upgrade, size_t *left, struct subject_before *found)
{
    struct store_scan *scan = NULL;
    struct bytes key, value, from = {upgrade->last, upgrade->is_begun ? sizeof upgrade->last : 0};
    int rc = store_scan_open (turn->txn, STORE_SUBJECT, from, &scan);
    bool is_found = false;
    while (rc == 0 && !is_found && *left > 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (key.size != sizeof found->id || (upgrade->is_begun && memcmp (key.data, upgrade->last, key.size) == 0))
            continue;
        (*left)--;
        memcpy (upgrade->last, key.data, key.size);
        upgrade->is_begun = true;
        is_found = value.size > SUBJECT_WRAPPED_SIZE &&
                   record_is_earlier ((struct bytes){(const uint8_t *)value.data + SUBJECT_WRAPPED_SIZE,
                                                     value.size - SUBJECT_WRAPPED_SIZE});
        upgrade->taken_up += !is_found; /* it was, before */
        if (is_found)
            found->stored = (struct bytes){arena_memdup (turn->arena, value.data, value.size), value.size};
    }
    memcpy (found->id, upgrade->last, sizeof found->id);
    store_scan_close (&scan);
    return rc;
}

/* Parties are few: how far they are is taken up in one step. */
static int take_up_cursors (struct turn *turn)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc;
    do { /* a table that is scanned may not be written */
        struct cursor cursor;
        char party[VAULT_PARTY_LIMIT + 1] = "";
        bool is_found = false;
        rc = store_scan_open (turn->txn, STORE_CURSOR, (struct bytes){"", 0}, &scan);
        while (rc == 0 && !is_found && (rc = store_scan_next (scan, &key, &value)) == 0) {
            is_found = value.size == GUARD_EARLIER_CURSOR && key.size <= VAULT_PARTY_LIMIT;
            if (is_found) {
                memcpy (party, key.data, key.size);
                cursor = (struct cursor){get_be64 (value.data), get_be64 ((const uint8_t *)value.data + 8)};
            }
        }
        store_scan_close (&scan);
        if (rc == 0)
            rc = outbox_put_cursor (turn, party, &cursor);
    } while (rc == 0);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* What the earlier program wrote to other tables stays as it is, and is guarded from now on. */
static int take_up_sums (struct turn *turn)
{
    int rc = 0;
    for (int table = 0; table < STORE_TABLES && rc == 0; table++)
        if (guard_by ((enum store_table)table) != GUARDED_ELSEWHERE)
            rc = guard_mend_table (turn, (enum store_table)table);
    return rc;
}

static int log_step (struct turn *turn, const struct upgrade *self)
{
    struct evidence evidence = {.note = arena_printf (turn->arena, "%llu subjects, of %llu nothing can be read",
                                                      (unsigned long long)(self->taken_up + self->unreadable),
                                                      (unsigned long long)self->unreadable)};
    struct audit_head head = {.time = turn->now,
                              .party = "",
                              .action = "upgrade",
                              .result = self->is_done ? "ok" : "goes-on",
                              .origin = AUDIT_DAEMON};
    return audit_append (turn, &head, NULL, &evidence);
}

int upgrade_step (struct turn *turn, struct upgrade *self)
{
    size_t left = LOOKED_AT, bytes = 0;
    int rc = 0;
    store_use_share (turn->txn, STORE_OWN);
    for (size_t count = 0; rc == 0 && left > 0 && count < WRITTEN && bytes < BYTES; count++) {
        struct subject_before subject = {.stored = {NULL, 0}};
        arena_reset (turn->arena);
        rc = find_next (turn, self, &left, &subject);
        bytes += subject.stored.size;
        if (rc == 0 && subject.stored.size > 0)
            rc = take_up (turn, self, &subject);
    }
    self->is_done = rc == STORE_NOT_FOUND;
    if (self->is_done)
        rc = take_up_cursors (turn);
    if (rc == 0 && self->is_done)
        rc = take_up_sums (turn);
    if (rc == 0 && self->is_done)
        rc = store_finish_upgrade (turn->txn);
    return rc == 0 ? log_step (turn, self) : rc;
}
