/* consentctl audit fsck */
#include <inttypes.h>
#include <stdlib.h>
#include "codec/document.h"
#include "input.h"
#include "log_files.h"
#include "log_newest.h"
#include "merkle/proof_file.h"

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

/* --- Its files ----------------------------------------------------------------------------------------- */

/* Adds the entries of one file. 0, or an exit code with the line printed. */
static int follow_bundle (struct fsck *self, const char *path, struct bytes file, unsigned count)
{
    struct bytes entry;
    unsigned followed = 0;
    for (; followed < count && tiles_next_entry (&file, &entry); followed++) {
        int error = tiles_add (&self->files.tiles, entry);
        if (!error)
            error = compare_earlier (self);
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

static int verify_root (const struct fsck *self, const struct checkpoint *checkpoint)
{
    struct merkle_hash root = merkle_root (&self->files.tiles.edge);
    if (!merkle_same (&root, &checkpoint->root))
        return ctl_fail (CTL_NO, "the entries in %s are not those of its checkpoint", self->files.directory);
    if (self->files.ctl->json) {
        json_t *document = log_newest_document (checkpoint);
        json_object_set_new (document, "witnesses", log_trust_signed_document (&self->trust, self->files.note));
        document_print (document);
        return 0;
    }
    printf ("%" PRIu64 " lines of %s, every hash as it must be, signed.\n", checkpoint->size, checkpoint->origin);
    log_trust_print_signed (&self->trust, self->files.note);
    return 0;
}

static int fsck (struct fsck *self)
{
    struct checkpoint checkpoint;
    int error = log_files_checkpoint (&self->files, &self->trust, &checkpoint);
    if (error)
        return error;
    if (checkpoint.size == 0)
        return ctl_fail (EX_NOINPUT, "%s: there is no checkpoint of any line", self->files.directory);
    error = check_sizes (self, &checkpoint);
    if (error)
        return error;
    self->files.target = checkpoint.size;
    error = follow_entries (self);
    log_files_end_progress (&self->files);
    return error ? error : verify_root (self, &checkpoint);
}

static int run_fsck (struct ctl *ctl, const struct options *options)
{
    struct fsck self;
    int error = log_files_begin (ctl, options, &self.files, &self.trust);
    if (!error && self.trust.count == 0)
        error = ctl_fail (EX_USAGE, "--log-key is missing: without a key nobody can tell whose log it is");
    if (!error)
        error = read_all_earlier (&self, options);
    if (error)
        return error;
    tiles_begin (&self.files.tiles, log_files_compare, &self.files);
    error = fsck (&self);
    tiles_free (&self.files.tiles);
    return error;
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
    {"audit fsck", "DIR", "verify such a tree of files, without the registry",
     "Every hash is made again of the entries. Exit code 1, and the file that is wrong, if one is. Where two have "
     "a\n"
     "log of the same registry, --begins-with and the checkpoint of the one who has fewer lines say whether it\n"
     "shows both the same.",
     fsck_options, run_fsck},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
