/* What a start takes up beside LMDB's file: the journal and the witness. They must fit the store and each other,
   unless it was put back from a copy. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "store_parts.h"

enum {
    SMALLEST_JOURNAL = 256 * 1024,
    LARGEST_JOURNAL = 16 * 1024 * 1024,
};

struct journal_options store_journal_options (const struct store_file *file, const uint8_t id[JOURNAL_ID_SIZE])
{
    uint64_t size = file->size / 4;
    struct journal_options options = {
        .directory = file->directory,
        .directory_fd = file->directory_fd,
        .size = size < SMALLEST_JOURNAL  ? SMALLEST_JOURNAL
                : size > LARGEST_JOURNAL ? LARGEST_JOURNAL
                                         : size,
        .error = file->error,
        .error_size = file->error_size,
        .key = file->journal_key,
    };
    memcpy (options.id, id, sizeof options.id);
    return options;
}

static int open_journal (struct store *self, bool restored)
{
    struct journal_options options = store_journal_options (&self->file, self->id);
    int rc = journal_open (&self->journal, &options);
    if (rc == STORE_NOT_FOUND)
        rc =
            store_file_refuse (&self->file, STORE_INVALID,
                               "its journal " JOURNAL_FILE_NAME " is missing, and with it what was recorded last");
    if (rc != STORE_INVALID || !restored)
        return rc;
    rc = journal_create (&options);
    return rc == 0 ? journal_open (&self->journal, &options) : rc;
}

static int refuse_journal (const struct store *self, int rc)
{
    if (rc == STORE_DAMAGED)
        return store_file_refuse (
            &self->file, STORE_INVALID,
            "its journal is damaged or of a later state: what comes behind number %llu is not "
            "whole, and was acknowledged",
            (unsigned long long)journal_last (self->journal)->number);
    if (rc == STORE_INVALID)
        return store_file_refuse (
            &self->file, rc,
            "its journal was written by another version of this program: start that one, and "
            "stop it");
    return store_file_refuse (&self->file, rc, "its journal cannot be taken up: %s", outcome_sentence (rc));
}

/* What the journal has behind its damage belongs to a state that is given up. It may not be found again. */
static int give_up_rest (struct store *self)
{
    int rc = store_checkpoint (self);
    journal_close (&self->journal);
    if (rc == 0) {
        struct journal_options options = store_journal_options (&self->file, self->id);
        rc = journal_create (&options);
        if (rc == 0)
            rc = journal_open (&self->journal, &options);
    }
    return rc == 0 ? store_replay (self) : rc;
}

/* The witness is of a state that the store has come to: of its last checkpoint, or of one that its journal leads
   to. */
static bool has_come_to (const struct store *self, const struct store_witness *witness)
{
    const struct journal_point *last = journal_last (self->journal), *seen = &witness->point;
    if (memcmp (witness->id, self->id, sizeof self->id) != 0 || seen->number > last->number)
        return false;
    return seen->number != self->point.number || memcmp (seen->mac, self->point.mac, sizeof seen->mac) == 0;
}

/* 0, or a refusal with its sentence. */
static int believe_witness (const struct store *self, const struct store_witness *witness)
{
    uint64_t last = journal_last (self->journal)->number;
    if (!has_come_to (self, witness))
        return store_file_refuse (&self->file, STORE_INVALID,
                                  "older than its witness " STORE_WITNESS_NAME
                                  ", which saw number %llu: was it put back from a copy? See --restored",
                                  (unsigned long long)witness->point.number);
    if (witness->durable > last)
        return store_file_refuse (&self->file, STORE_INVALID,
                                  "its journal is damaged or of an earlier moment: it ends with number %llu, and "
                                  "number %llu was acknowledged",
                                  (unsigned long long)last, (unsigned long long)witness->durable);
    return 0;
}

static int ask_witness (struct store *self, bool restored)
{
    struct store_witness *witness = &self->witness;
    int rc = store_witness_open (&self->file, witness, &self->witness_fd);
    if (rc == 0)
        rc = believe_witness (self, witness);
    if (rc == 0 && !restored)
        self->witnessed = self->mark = witness->mark;
    if (rc != STORE_INVALID || !restored)
        return rc;
    if (self->witness_fd >= 0)
        close (self->witness_fd);
    self->witness_fd = -1;
    self->file.error[0] = '\0'; /* what was said of it is no reason of what may fail later */
    *witness = (struct store_witness){.point = self->point, .durable = self->point.number};
    memcpy (witness->id, self->id, sizeof witness->id);
    rc = store_witness_create (&self->file, witness);
    return rc == 0 ? store_witness_open (&self->file, witness, &self->witness_fd) : rc;
}

/* Even where there is nothing to take up. If the process before died of a write that failed, the kernel may have
   its last checkpoint, and the disk may not. The journal, which the disk has, is only written over when the disk
   has a checkpoint that is not older. How many pages that process has touched is not known: at most half of those
   that it did not use. */
static int begin_with_checkpoint (struct store *self)
{
    uint64_t all = self->file.size / self->page_size;
    int rc = store_count_used (self);
    if (rc != 0)
        return rc;
    self->touched = self->used < all ? (all - self->used) / 2 : 0;
    self->has_changes = true;
    return store_checkpoint (self);
}

int store_take_up_journal (struct store *self, bool restored)
{
    int rc = open_journal (self, restored);
    if (rc != 0)
        return rc;
    self->checkpoint_bytes = journal_size (self->journal) / 4;
    rc = store_cycle_begin (self);
    if (rc == 0)
        rc = store_replay (self);
    if (rc == STORE_FULL && (rc = store_free_pages (self)) == 0 && (rc = store_cycle_begin (self)) == 0)
        rc = store_replay (self);
    if (rc == 0 || (rc == STORE_DAMAGED && restored)) {
        int asked = ask_witness (self, restored);
        if (asked != 0)
            return asked;
    }
    if (rc == STORE_DAMAGED && restored)
        rc = give_up_rest (self);
    if (rc == 0)
        rc = journal_sync (self->journal); /* the process before may not have come to it */
    if (rc == 0)
        rc = store_outcome (store_load_taken (self));
    if (rc == 0)
        rc = begin_with_checkpoint (self);
    if (rc == 0 || rc == STORE_FULL)
        rc = store_count_used (self);
    return rc == 0 ? 0 : refuse_journal (self, rc);
}

/* A journal_take: there is a frame. */
static int find_frame (void *context, struct bytes content)
{
    (void)content;
    *(bool *)context = true;
    return STORE_NOT_FOUND;
}

/* There is no store, but a journal and a witness of one in which something happened: it was lost or taken away. An
   empty registry in its place would know of no refusal. Before anything has happened a machine may stop between
   making them and the store. */
int store_refuse_lost (const struct store_file *file)
{
    static const struct journal_point beginning = {.number = 0};
    struct store_witness witness;
    int fd;
    if (faccessat (file->directory_fd, STORE_WITNESS_NAME, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return 0;
    int rc = store_witness_open (file, &witness, &fd);
    if (rc != 0)
        return rc;
    close (fd);
    bool happened = witness.durable > 0;
    struct journal_options options = store_journal_options (file, witness.id);
    struct journal *journal = NULL;
    if (!happened && journal_open (&journal, &options) == 0)
        journal_replay (journal, &beginning, find_frame, &happened);
    journal_close (&journal);
    return happened ? store_file_refuse (
                          file, STORE_INVALID,
                          "missing, and beside its place are the journal and the witness of a store: put "
                          "it back, or a copy of it with --restored")
                    : 0;
}
