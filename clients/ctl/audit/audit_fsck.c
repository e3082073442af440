/* consentctl audit fsck, and audit verify of a directory */
#include "audit_fsck.h"
#include <inttypes.h>
#include <stdlib.h>
#include "call.h"
#include "chain_kept.h"
#include "codec/document.h"
#include "copy_files.h"
#include "input.h"
#include "log_files.h"
#include "log_newest.h"
#include "merkle/proof_file.h"
#include "text/progress.h"

/* What was signed of a log, perhaps of this one when it was smaller. */
struct earlier {
    const char *file;
    struct checkpoint checkpoint;
};

struct fsck {
    struct log_files files;
    struct log_trust trust;
    struct earlier *earlier;
    size_t earlier_count;
    struct checkpoint checkpoint; /* that lies in the directory */
    bool is_copy;                 /* it may have lines that no checkpoint has yet */
    bool with_chain;
    struct chain_kept chain;
};

/* --- What it must begin with --------------------------------------------------------------------------- */

/* A checkpoint, or the one in a proof. */
static int read_earlier (struct fsck *self, const char *file, struct earlier *earlier)
{
    struct ctl *ctl = self->files.ctl;
    struct proof_file proof;
    const char *fault;
    char *text = arena_alloc (ctl->arena, PROOF_FILE_SIZE + 1);
    ssize_t size = input_read (file, text, PROOF_FILE_SIZE + 1);
    if (size < 0)
        return ctl_fail (EX_NOINPUT, "cannot read %s: %s", file, input_problem (size));
    struct bytes raw = {text, (size_t)size};
    if (proof_file_read (&proof, raw, &fault))
        raw = proof.checkpoint;
    earlier->file = file;
    const struct log_trust keys = log_trust_in_keys (&self->trust); /* it counts, whoever has seen it */
    return log_trust_judge (&keys, raw, file, &earlier->checkpoint);
}

static int read_all_earlier (struct fsck *self, const struct options *options)
{
    char **files = options_list (options, "begins-with", self->files.ctl->arena, &self->earlier_count);
    int error = 0;
    self->earlier = arena_array (self->files.ctl->arena, self->earlier_count, sizeof *self->earlier);
    for (size_t i = 0; i < self->earlier_count && !error; i++)
        error = read_earlier (self, files[i], &self->earlier[i]);
    return error;
}

/* Compares, as soon as there are as many lines. */
static int compare_earlier (const struct fsck *self)
{
    const struct merkle_edge *edge = &self->files.tiles.edge;
    for (size_t i = 0; i < self->earlier_count; i++) {
        const struct earlier *one = &self->earlier[i];
        if (one->checkpoint.size != edge->size)
            continue;
        struct merkle_hash root = merkle_root (edge);
        if (!merkle_same (&root, &one->checkpoint.root))
            return ctl_fail (CTL_NO,
                             "the log in %s does not begin with the %" PRIu64
                             " lines of which %s was signed: it was rewritten, or others are shown another log",
                             self->files.directory, edge->size, one->file);
    }
    return 0;
}

/* What has more lines cannot be compared. */
static int check_sizes (const struct fsck *self, const struct checkpoint *own)
{
    for (size_t i = 0; i < self->earlier_count; i++) {
        const struct earlier *one = &self->earlier[i];
        if (one->checkpoint.size > own->size)
            return ctl_fail (CTL_NO,
                             "%s was signed of %" PRIu64 " lines, and %s has %" PRIu64
                             ": export the log again; if it has fewer even then, it was put back",
                             one->file, one->checkpoint.size, self->files.directory, own->size);
    }
    return 0;
}

/* --- Its lines ----------------------------------------------------------------------------------------- */

static int compare_checkpoint (const struct fsck *self)
{
    struct merkle_hash root = merkle_root (&self->files.tiles.edge);
    return merkle_same (&root, &self->checkpoint.root)
               ? 0
               : ctl_fail (CTL_NO, "the entries in %s are not those of its checkpoint", self->files.directory);
}

static int add_line (struct fsck *self, struct bytes line)
{
    int error = tiles_add (&self->files.tiles, line);
    if (!error && self->with_chain)
        error = chain_kept_follow (&self->chain, line);
    if (!error)
        error = compare_earlier (self);
    return error;
}

static int take_copied (void *context, uint64_t number, struct bytes line)
{
    struct fsck *self = context;
    (void)number;
    int error = add_line (self, line);
    if (!error && self->files.tiles.edge.size == self->checkpoint.size)
        error = compare_checkpoint (self);
    log_files_show_progress (&self->files);
    return error;
}

/* A copy has no tiles: only its lines are compared with what was signed. */
static int follow_copy (struct fsck *self)
{
    struct copy_files copy = {.ctl = self->files.ctl, .directory = self->files.directory, .lock = -1, .file = -1};
    int error = copy_files_read (&copy, take_copied, self);
    if (!error && copy.number < self->checkpoint.size)
        error = ctl_fail (CTL_NO, "%s has %" PRIu64 " lines, and its checkpoint was signed of %" PRIu64,
                          self->files.directory, copy.number, self->checkpoint.size);
    if (!error && copy.is_torn)
        ctl_fail (0, "note: %s ends with a part of a line, as a crash leaves it", self->files.directory);
    return error;
}

/* --- Its files ----------------------------------------------------------------------------------------- */

/* Adds the entries of one file. 0, or an exit code with the line printed. */
static int follow_bundle (struct fsck *self, const char *path, struct bytes file, unsigned count)
{
    struct bytes entry;
    unsigned followed = 0;
    for (; followed < count && tiles_next_entry (&file, &entry); followed++) {
        int error = add_line (self, entry);
        if (error)
            return error;
    }
    if (followed == count && file.size == 0)
        return 0;
    return ctl_fail (CTL_NO, "%s: is not a file of %u entries", log_files_path (&self->files, path), count);
}

static int follow_entries (struct fsck *fsck)
{
    struct log_files *self = &fsck->files;
    while (self->tiles.edge.size < self->target) {
        uint64_t left = self->target - self->tiles.edge.size;
        unsigned width = left < MERKLE_TILE_WIDTH ? (unsigned)left : MERKLE_TILE_WIDTH;
        char path[TILES_PATH], *found;
        struct arena_mark mark = arena_mark (self->ctl->arena);
        tiles_path (TILES_ENTRIES, self->tiles.edge.size / MERKLE_TILE_WIDTH, width, path);
        ssize_t size = log_files_read (self, path, &found);
        int error =
            size < 0 ? self->error : follow_bundle (fsck, path, (struct bytes){found, (size_t)size}, width);
        free (found);
        arena_release (self->ctl->arena, mark);
        if (error)
            return error;
        log_files_show_progress (self);
    }
    return tiles_end (&self->tiles);
}

static void print_chain (const struct fsck *self)
{
    char hash[2 * VAULT_HASH_SIZE + 1];
    consent_hex (self->chain.hash, VAULT_HASH_SIZE, hash);
    if (self->files.ctl->json)
        document_print (json_pack ("{s:I, s:b, s:s, s:I, s:I}", "entries", (json_int_t)self->chain.number, "whole",
                                   true, "newest_hash", hash, "first_bad", (json_int_t)0, "bad", (json_int_t)0));
    else
        printf ("%" PRIu64 " entries, chain whole, newest hash %s\n", self->chain.number, hash);
}

static void print_document (const struct fsck *self)
{
    json_t *document = log_newest_document (&self->checkpoint);
    json_object_set_new (document, "witnesses", log_trust_signed_document (&self->trust, self->files.note));
    document_print (document);
}

static void print_verified (const struct fsck *self)
{
    uint64_t more = self->files.tiles.edge.size - self->checkpoint.size;
    if (self->with_chain)
        print_chain (self);
    if (self->files.ctl->json) {
        if (!self->with_chain)
            print_document (self);
        return;
    }
    printf ("%" PRIu64 " lines of %s, every hash as it must be, signed.\n", self->checkpoint.size,
            self->checkpoint.origin);
    if (more > 0)
        printf ("%" PRIu64 " more behind them, which no checkpoint has yet.\n", more);
    log_trust_print_signed (&self->trust, self->files.note);
}

static int fsck (struct fsck *self)
{
    int error = log_files_checkpoint (&self->files, &self->trust, &self->checkpoint);
    if (error)
        return error;
    if (self->checkpoint.size == 0)
        return ctl_fail (EX_NOINPUT, "%s: there is no checkpoint of any line", self->files.directory);
    error = check_sizes (self, &self->checkpoint);
    if (error)
        return error;
    self->files.target = self->checkpoint.size;
    error = self->is_copy ? follow_copy (self) : follow_entries (self);
    progress_end ();
    if (!error && !self->is_copy)
        error = compare_checkpoint (self);
    if (!error && self->with_chain)
        error = chain_kept_end (&self->chain);
    if (!error)
        print_verified (self);
    return error;
}

static int put_nothing (void *context, const char *path, struct bytes content)
{
    (void)context;
    (void)path;
    (void)content;
    return 0;
}

static int run (struct ctl *ctl, const struct options *options, struct fsck *self)
{
    int error = log_files_begin (ctl, options, &self->files, &self->trust);
    if (!error && self->trust.count == 0)
        error = ctl_fail (EX_USAGE, "--log-key is missing: without a key nobody can tell whose log it is");
    if (!error)
        error = read_all_earlier (self, options);
    if (!error && self->with_chain)
        error = chain_kept_read (ctl, options, &self->chain);
    if (error)
        return error;
    self->is_copy = copy_files_are_in (self->files.directory);
    tiles_begin (&self->files.tiles, self->is_copy ? put_nothing : log_files_compare, &self->files);
    error = fsck (self);
    tiles_free (&self->files.tiles);
    return error;
}

static int run_fsck (struct ctl *ctl, const struct options *options)
{
    struct fsck self = {.with_chain = false};
    return run (ctl, options, &self);
}

int audit_fsck_with_chain (struct ctl *ctl, const struct options *options)
{
    struct fsck self = {.with_chain = true};
    return run (ctl, options, &self);
}

static const struct option fsck_options[] = {
    LOG_KEY_OPTION,
    WITNESS_OPTIONS,
    {"begins-with", "FILE",
     "a checkpoint that somebody had from the registry, or a proof, which has one:\n"
     "the log must begin with the lines of which it was signed",
     OPTION_REPEATED},
    {NULL, NULL, NULL, 0},
};

const struct command audit_fsck_commands[] = {
    {"audit fsck", "DIR", "verify an export of the log, or a copy of it, without the registry",
     "Every hash is made again of the entries. Exit code 1, and the file that is wrong, if one is. Where two have "
     "a\n"
     "log of the same registry, --begins-with and the checkpoint of the one who has fewer lines say whether it\n"
     "shows both the same.",
     fsck_options, run_fsck},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
