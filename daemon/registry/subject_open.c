/* Opens a subject's file: from the sealed records in the store into an arena of its own, which the cache keeps
   whole. */
#include <string.h>
#include "big_endian.h"
#include "record/subject_key.h"
#include "rules/decide.h"
#include "subject_cache.h"
#include "subject_file.h"

enum {
    MEMORY_LIMIT = 256 << 20,
    /* bytes that the lists of a record mostly take, besides its own. If they take more, the arena grows. A sealed
       record is somewhat longer than an opened one. */
    MEMORY_OF_LISTS = 64,
};

/* A record of a statement, lent by the store until something is written. */
struct found {
    uint8_t id[16];
    uint64_t order; /* by the index */
    struct bytes value;
};

struct opening {
    struct turn *turn;
    struct subject_file *file;
    struct bytes subject; /* its record */
    struct found found[SUBJECT_FILE_STATEMENTS];
    size_t found_count;
    const struct received_record *received;
    size_t received_count;
};

/* Finds the record of one statement. Its value: the subject's id, then the sealed record. */
static int find_record (struct turn *turn, const struct subject_file *file, struct found *one)
{
    struct bytes value;
    int rc = store_get (turn->txn, STORE_CONSENT, (struct bytes){one->id, sizeof one->id}, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? RECORD_DAMAGED : rc;
    if (value.size < VAULT_ID_SIZE || memcmp (value.data, file->id, VAULT_ID_SIZE) != 0)
        return RECORD_DAMAGED;
    one->value = (struct bytes){(const uint8_t *)value.data + VAULT_ID_SIZE, value.size - VAULT_ID_SIZE};
    return 0;
}

static int find_statements (struct opening *self)
{
    const uint8_t *id = self->file->id;
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (self->turn->txn, STORE_CONSENT_BY_SUBJECT, (struct bytes){id, VAULT_ID_SIZE}, &scan);
    while (rc == 0 && self->found_count < SUBJECT_FILE_STATEMENTS &&
           (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (key.size != VAULT_ID_SIZE + 8 || memcmp (key.data, id, VAULT_ID_SIZE) != 0)
            break;
        struct found *one = &self->found[self->found_count];
        one->order = get_be64 ((const uint8_t *)key.data + VAULT_ID_SIZE);
        if (value.size != sizeof one->id)
            rc = RECORD_DAMAGED;
        else
            memcpy (one->id, value.data, sizeof one->id), self->found_count++;
    }
    store_scan_close (&scan);
    rc = rc == STORE_NOT_FOUND ? 0 : rc;
    for (size_t i = 0; i < self->found_count && rc == 0; i++)
        rc = find_record (self->turn, self->file, &self->found[i]);
    return rc;
}

/* The size with which one piece of memory mostly holds the whole file, and nothing is left over. */
static size_t memory_of (const struct opening *self)
{
    size_t size = self->subject.size + MEMORY_OF_LISTS;
    for (size_t i = 0; i < self->found_count; i++)
        size += self->found[i].value.size + sizeof (struct statement) + MEMORY_OF_LISTS;
    for (size_t i = 0; i < self->received_count; i++)
        size += self->received[i].value.size + sizeof (struct received) + MEMORY_OF_LISTS;
    return size + SUBJECT_CACHE_ENTRY;
}

static int open_statement (struct opening *self, const struct found *from, struct arena *arena,
                           struct statement *to)
{
    struct record_place place = {"consent", from->id, sizeof from->id, &self->file->key};
    int rc = record_open_statement (arena, &place, from->value, self->turn->now, to);
    if (rc != 0)
        return rc;
    memcpy (to->id, from->id, sizeof to->id);
    statement_resolve (to, self->turn->policy);
    return to->order == from->order ? 0 : RECORD_DAMAGED;
}

/* Opens all statements. Their index is not sealed, so it must agree with the sealed records: if it had lost a
   refusal, an older consent would count again (C12). */
static int open_statements (struct opening *self, struct arena *arena)
{
    struct subject_file *file = self->file;
    struct statement *statements = arena_array (arena, self->found_count, sizeof *statements);
    int rc = 0;
    for (size_t i = 0; i < self->found_count && rc == 0; i++) {
        rc = open_statement (self, &self->found[i], arena, &statements[i]);
        if (rc == 0 && statements[i].scope.case_ref[0] != '\0')
            file->binds_cases = true;
    }
    if (rc == 0)
        decide_prepare (self->turn->policy, &file->subject, statements, self->found_count);
    file->statements = statements;
    file->statement_count = self->found_count;
    return rc;
}

static int open_records (struct opening *self, struct arena *arena)
{
    struct subject_file *file = self->file;
    struct record_place place = {"subject", file->id, sizeof file->id, &file->key};
    struct subject_record record;
    int rc = record_open_subject (arena, &place, self->subject, self->turn->now, &record);
    file->subject = record.subject;
    if (rc == 0 && record.statements != self->found_count)
        rc = RECORD_DAMAGED;
    if (rc == 0)
        rc = open_statements (self, arena);
    if (rc == 0)
        rc = received_open (arena, &file->key, self->received, self->received_count, &file->received);
    file->received_count = self->received_count;
    return rc;
}

/* Of a file that does not open only its key may be used: the line of the log is sealed under it. */
static void forget (struct subject_file *file)
{
    file->binds_cases = false;
    memset (&file->subject, 0, sizeof file->subject);
    file->statements = NULL;
    file->received = NULL;
    file->statement_count = file->received_count = 0;
}

/* Opens a file that is not in the cache. */
static int open_sealed (struct turn *turn, struct subject_file *self)
{
    struct opening opening = {.turn = turn, .file = self};
    int rc = subject_key_open (turn, self->id, &self->key, &opening.subject);
    if (rc != 0)
        return rc == SUBJECT_FILE_NOT_FOUND ? 0 : rc;
    self->known = true;
    rc = find_statements (&opening);
    if (rc == 0)
        rc = received_find_records (turn, self->id, &opening.received, &opening.received_count);
    if (rc != 0)
        return rc;
    struct arena *arena = arena_new (MEMORY_LIMIT);
    arena_reserve (arena, memory_of (&opening));
    rc = open_records (&opening, arena);
    if (rc == 0) {
        subject_cache_keep (turn->cache, self, arena);
    } else {
        forget (self);
        arena_erase (&arena);
    }
    return rc;
}

static int open_by_id (struct turn *turn, struct subject_file *self)
{
    return subject_cache_find (turn->cache, self) ? 0 : open_sealed (turn, self);
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
