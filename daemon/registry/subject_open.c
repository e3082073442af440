/* Opens a subject's file: from the sealed record in the store into an arena of its own, which the cache keeps
   whole. */
#include <assert.h>
#include <string.h>
#include "record/guard.h"
#include "record/subject_key.h"
#include "record/unknown_key.h"
#include "rules/decide.h"
#include "erasure.h"
#include "subject_cache.h"
#include "subject_file.h"

enum {
    MEMORY_LIMIT = 256 << 20,
    /* How many times its bytes a record mostly takes in memory. If it takes more, the arena grows. */
    MEMORY_OF_BYTE = 4,
};

/* Makes the file of what its record holds. The record is the file's own. */
static void take (const struct turn *turn, struct subject_record *record, struct subject_file *file)
{
    for (size_t i = 0; i < record->statement_count; i++) {
        statement_resolve (&record->statements[i], turn->policy);
        if (record->statements[i].scope.case_ref[0] != '\0')
            file->binds_cases = true;
    }
    decide_prepare (turn->policy, &record->subject, record->statements, record->statement_count);
    file->generation = record->generation;
    file->changes = record->changes;
    file->subject = record->subject;
    file->statements = record->statements;
    file->statement_count = record->statement_count;
    file->received = record->received;
    file->received_count = record->received_count;
}

/* Opens the record into memory of its own, which the cache keeps. 0, RECORD_DAMAGED or a failure. */
static int open_record (struct turn *turn, struct subject_file *self, struct bytes sealed,
                        const struct generation *generation)
{
    struct record_place place = {"subject", self->id, sizeof self->id, &self->key};
    struct subject_record record;
    struct arena *arena = arena_new (MEMORY_LIMIT);
    arena_reserve (arena, MEMORY_OF_BYTE * sealed.size + SUBJECT_CACHE_ENTRY);
    turn->record_bytes += sealed.size;
    int rc = record_open_subject (arena, &place, sealed, turn->now, &record);
    if (rc == 0 && (record.generation != generation->number || record.statement_count > SUBJECT_FILE_STATEMENTS))
        rc = RECORD_DAMAGED;
    if (rc != 0) {
        guard_note_damage (turn->guard, STORE_SUBJECT);
        arena_erase (&arena);
        return rc;
    }
    take (turn, &record, self);
    subject_cache_keep (turn->cache, self, arena);
    return 0;
}

/* C2: nothing is known of the person. A key that does not open is as none: only lines of before are under it. The
   file is kept too, so that to ask again takes as long as it does about somebody who is known (L6). */
static int open_unknown (struct turn *turn, struct subject_file *self)
{
    int rc = unknown_key_read (turn, self->id, &self->key);
    if (rc != 0)
        return rc == SUBJECT_FILE_NOT_FOUND || rc == RECORD_DAMAGED ? 0 : rc;
    struct arena *arena = arena_new (MEMORY_LIMIT);
    arena_reserve (arena, SUBJECT_CACHE_ENTRY);
    self->has_lines = true;
    subject_cache_keep (turn->cache, self, arena);
    return 0;
}

/* Opens a file that is not in the cache. Of a file that does not open only its key may be used: the line of the
   log is sealed under it. C12: a record that is older than it must be, or is not there, permits nothing. */
static int open_sealed (struct turn *turn, struct subject_file *self)
{
    struct bytes value;
    struct generation generation;
    int rc = subject_key_open (turn, self->id, &self->key, &value);
    self->known = rc == 0;
    if (rc != 0)
        return rc == SUBJECT_FILE_NOT_FOUND ? open_unknown (turn, self) : rc;
    rc = subject_read_generation (turn, self->id, &generation);
    if (rc != 0)
        return rc;
    memcpy (self->wrapped, value.data, SUBJECT_WRAPPED_SIZE);
    self->size = value.size;
    self->since = generation.since;
    self->round = generation.round;
    return open_record (
        turn, self,
        (struct bytes){(const uint8_t *)value.data + SUBJECT_WRAPPED_SIZE, value.size - SUBJECT_WRAPPED_SIZE},
        &generation);
}

static int open_any (struct turn *turn, struct subject_file *self)
{
    /* A file that has changed is not in the store yet. */
    assert (turn->unsettled == NULL || memcmp (turn->unsettled->id, self->id, sizeof self->id) != 0);
    return subject_cache_find (turn->cache, self) ? 0 : open_sealed (turn, self);
}

static int open_by_id (struct turn *turn, struct subject_file *self)
{
    bool is_marked = false;
    int rc = turn->state.erasing ? erasure_find_marked (turn, self->id, &is_marked) : 0;
    if (rc != 0 || is_marked)
        return rc != 0 ? rc : SUBJECT_FILE_ERASING;
    return open_any (turn, self);
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

int subject_file_open_marked (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct subject_file *self)
{
    memset (self, 0, sizeof *self);
    memcpy (self->id, id, VAULT_ID_SIZE);
    return open_any (turn, self);
}

int subject_file_open_by_consent (struct turn *turn, const uint8_t consent_id[16], struct subject_file *self,
                                  size_t *index)
{
    memset (self, 0, sizeof *self);
    struct bytes value;
    int rc = guard_get (turn, STORE_CONSENT, (struct bytes){consent_id, 16}, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? SUBJECT_FILE_NOT_FOUND : rc;
    if (value.size != VAULT_ID_SIZE)
        return RECORD_DAMAGED;
    memcpy (self->id, value.data, VAULT_ID_SIZE);
    rc = open_by_id (turn, self);
    for (*index = 0; rc == 0 && *index < self->statement_count; (*index)++)
        if (memcmp (self->statements[*index].id, consent_id, 16) == 0)
            return 0;
    return rc != 0 ? rc : RECORD_DAMAGED;
}
