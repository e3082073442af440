/* consentctl audit export */
#include "audit_export.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "codec/document.h"
#include "copy_files.h"
#include "log_files.h"
#include "log_lines.h"
#include "log_newest.h"
#include "text/escape.h"
#include "text/progress.h"

/* The export while it is made. */
struct export
{
    struct log_files files;
    struct log_trust trust;
    struct checkpoint own; /* that is there; size 0: none */
    struct log_newest newest;
};

static int say_rewritten (const struct checkpoint *own)
{
    return ctl_fail (CTL_NO,
                     "the registry's log does not begin with the %" PRIu64
                     " lines that are here: it was changed, or put back to an earlier state",
                     own->size);
}

/* As soon as there are as many lines as were there before, they are the same: whatever checkpoint it is up to. */
static int compare_own (const struct export *self)
{
    const struct merkle_edge *edge = &self->files.tiles.edge;
    if (edge->size != self->own.size || edge->size == 0)
        return 0;
    struct merkle_hash root = merkle_root (edge);
    return merkle_same (&root, &self->own.root) ? 0 : say_rewritten (&self->own);
}

static int take_line (void *context, uint64_t number, struct bytes line)
{
    struct export *self = context;
    if (line.size > TILES_ENTRY_LIMIT)
        return ctl_fail (EX_DATAERR, "line %" PRIu64 " is longer than a file of entries can hold: %zu bytes",
                         number, line.size);
    int error = tiles_add (&self->files.tiles, line);
    log_files_show_progress (&self->files);
    return error ? error : compare_own (self);
}

static int fetch_lines (struct export *self)
{
    struct log_lines lines =
        log_lines_after (self->files.ctl, self->files.tiles.edge.size, self->files.target, false);
    return log_lines_all (&lines, take_line, self);
}

/* Reads the newest tile of a level above the entries, which is not full. */
static int load_level (struct log_files *self, uint64_t entries, unsigned level)
{
    uint64_t count = tiles_count (entries, level);
    unsigned width = (unsigned)(count % MERKLE_TILE_WIDTH);
    char path[TILES_PATH], *found = NULL;
    if (width == 0)
        return 0;
    tiles_path (level, count / MERKLE_TILE_WIDTH, width, path);
    ssize_t size = log_files_read (self, path, &found);
    if (size >= 0 && (size_t)size != width * sizeof (struct merkle_hash))
        self->error = ctl_fail (CTL_NO, "%s: is not as long as its name says", log_files_path (self, path));
    else if (size >= 0)
        memcpy (self->tiles.level[level].hash, found, (size_t)size);
    free (found);
    return self->error;
}

/* Goes on behind the whole tiles that are there. */
static int resume (struct export *self)
{
    uint64_t entries = self->own.size / MERKLE_TILE_WIDTH * MERKLE_TILE_WIDTH;
    int error = 0;
    for (unsigned level = 1; level < TILES_LEVELS && !error; level++)
        error = load_level (&self->files, entries, level);
    if (error)
        return error;
    tiles_resume (&self->files.tiles, entries);
    return compare_own (self);
}

/* The files, and then the checkpoint: what it says is there, whenever this is cut off. */
static int write_all (struct export *self)
{
    struct log_files *files = &self->files;
    int error = fetch_lines (self);
    if (error)
        return error;
    struct merkle_hash root = merkle_root (&files->tiles.edge);
    if (!merkle_same (&root, &self->newest.checkpoint.root))
        return ctl_fail (CTL_NO, "the lines that the registry gave are not those of its checkpoint");
    error = tiles_end (&files->tiles);
    return error ? error : log_files_write (files, "checkpoint", self->newest.raw);
}

static void print_tree (const struct export *self)
{
    const struct checkpoint *checkpoint = &self->newest.checkpoint;
    const char *directory = self->files.directory;
    uint64_t before = self->own.size;
    if (self->files.ctl->json) {
        json_t *document = log_newest_document (checkpoint);
        json_object_set_new (document, "before", json_integer ((json_int_t)before));
        json_object_set_new (document, "directory", document_string (directory));
        json_object_set_new (document, "witnesses", log_trust_signed_document (&self->trust, self->newest.raw));
        document_print (document);
        return;
    }
    if (before == checkpoint->size)
        escape_line (stdout, "%s: %" PRIu64 " lines of %s; nothing is new.", directory, before,
                     checkpoint->origin);
    else
        escape_line (stdout, "%s: %" PRIu64 " lines of %s, %" PRIu64 " of them new.", directory, checkpoint->size,
                     checkpoint->origin, checkpoint->size - before);
    log_trust_print_signed (&self->trust, self->newest.raw);
}

/* Asks again, with a proof that the log begins with what is there; but where that can be none, that is said. */
static int ask_continued (struct export *self)
{
    const struct checkpoint *own = &self->own;
    const struct log_newest *newest = &self->newest;
    if (strcmp (own->origin, newest->checkpoint.origin) != 0)
        return ctl_fail (CTL_NO, "%s has another log: %s", self->files.directory, own->origin);
    if (own->size > newest->signed_size)
        return ctl_fail (CTL_NO,
                         "the registry signed %" PRIu64 " lines, and %" PRIu64
                         " are here: it was put back to an earlier state",
                         newest->signed_size, own->size);
    int error = log_newest_ask (self->files.ctl, &self->trust, own, &self->newest);
    if (!error && own->size > newest->checkpoint.size)
        error = ctl_fail (EX_TEMPFAIL,
                          "%" PRIu64 " lines are here, and the witnesses have signed %" PRIu64
                          ": nothing is exported until they have signed as many",
                          own->size, newest->checkpoint.size);
    return error;
}

/* No line is new, but a witness may have signed since. */
static int renew (struct export *self)
{
    if (!merkle_same (&self->own.root, &self->newest.checkpoint.root))
        return say_rewritten (&self->own);
    return self->trust.needed > 0 ? log_files_write (&self->files, "checkpoint", self->newest.raw) : 0;
}

static int export_log (struct export *self)
{
    const struct log_trust keys = log_trust_in_keys (&self->trust);
    int error = log_files_checkpoint (&self->files, &keys, &self->own);
    if (!error)
        error = log_newest_ask (self->files.ctl, &self->trust, &(struct checkpoint){.size = 0}, &self->newest);
    if (!error && self->own.size > 0)
        error = ask_continued (self);
    if (error)
        return error;
    if (self->own.size == self->newest.checkpoint.size && self->own.size > 0)
        error = renew (self);
    else {
        self->files.target = self->newest.checkpoint.size;
        error = resume (self);
        if (!error)
            error = write_all (self);
        progress_end ();
    }
    return error;
}

/* A copy has a checkpoint too, which would be taken for that of files that are not there. */
static int refuse_copy (const char *directory)
{
    return copy_files_are_in (directory)
               ? ctl_fail (EX_CANTCREAT,
                           "%s has a copy of the log (audit copy): an export needs its own directory", directory)
               : 0;
}

static int run (struct export *self)
{
    int lock = log_files_lock (self->files.directory);
    if (lock < 0)
        return -lock;
    tiles_begin (&self->files.tiles, log_files_write, &self->files);
    int error = refuse_copy (self->files.directory);
    if (!error)
        error = export_log (self);
    tiles_free (&self->files.tiles);
    close (lock);
    return error;
}

int audit_export_into (struct ctl *ctl, const char *directory, const struct log_trust *trust,
                       struct exported *exported)
{
    struct export self = {.files = {.ctl = ctl, .directory = directory}, .trust = *trust};
    int error = run (&self);
    *exported = (struct exported){self.newest.checkpoint, self.own.size};
    return error;
}

static int run_export (struct ctl *ctl, const struct options *options)
{
    struct export self;
    int error = log_files_begin (ctl, options, &self.files, &self.trust);
    if (!error)
        error = run (&self);
    if (!error)
        print_tree (&self);
    return error;
}

const struct command audit_export_commands[] = {
    {"audit export", "DIR", "write the log as files that anybody can verify without the registry",
     "A static tree of files as C2SP tlog-tiles has it: checkpoint, tile/... and tile/entries/... What is there\n"
     "already is gone on with. Each line is as it is stored, its head in clear and the rest sealed: the tree has\n"
     "pseudonyms, and is for the controller and its auditors. Without --log-key the registry is trusted for its "
     "key.\n"
     "With --witness the tree goes up to the newest checkpoint that the witnesses have signed too.",
     log_files_options, run_export},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
