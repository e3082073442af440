/* consentctl audit fsck */
#include <inttypes.h>
#include <stdlib.h>
#include "codec/document.h"
#include "log_files.h"
#include "log_newest.h"

/* Adds the entries of one file. 0, or an exit code with the line printed. */
static int follow_bundle (struct log_files *self, const char *path, struct bytes file, unsigned count)
{
    const uint8_t *at = file.data, *end = at + file.size;
    unsigned followed = 0;
    for (; followed < count && end - at >= 2; followed++) {
        size_t entry = (size_t)(at[0] << 8 | at[1]);
        if (entry > (size_t)(end - at) - 2)
            break;
        int error = tiles_add (&self->tiles, (struct bytes){at + 2, entry});
        if (error)
            return error;
        at += 2 + entry;
    }
    if (followed == count && at == end)
        return 0;
    return ctl_fail (CTL_NO, "%s: is not a file of %u entries", log_files_path (self, path), count);
}

static int follow_entries (struct log_files *self)
{
    while (self->tiles.edge.size < self->target) {
        uint64_t left = self->target - self->tiles.edge.size;
        unsigned width = left < MERKLE_TILE_WIDTH ? (unsigned)left : MERKLE_TILE_WIDTH;
        char path[TILES_PATH], *found;
        struct arena_mark mark = arena_mark (self->ctl->arena);
        tiles_path (TILES_ENTRIES, self->tiles.edge.size / MERKLE_TILE_WIDTH, width, path);
        ssize_t size = log_files_read (self, path, &found);
        int error =
            size < 0 ? self->error : follow_bundle (self, path, (struct bytes){found, (size_t)size}, width);
        free (found);
        arena_release (self->ctl->arena, mark);
        if (error)
            return error;
        log_files_show_progress (self);
    }
    return tiles_end (&self->tiles);
}

static int fsck (struct log_files *self, const struct log_trust *trust)
{
    struct checkpoint checkpoint;
    int error = log_files_checkpoint (self, trust, &checkpoint);
    if (error)
        return error;
    if (checkpoint.size == 0)
        return ctl_fail (EX_NOINPUT, "%s: there is no checkpoint of any line", self->directory);
    self->target = checkpoint.size;
    error = follow_entries (self);
    log_files_end_progress (self);
    if (error)
        return error;
    struct merkle_hash root = merkle_root (&self->tiles.edge);
    if (!merkle_same (&root, &checkpoint.root))
        return ctl_fail (CTL_NO, "the entries in %s are not those of its checkpoint", self->directory);
    if (self->ctl->json)
        document_print (log_newest_document (&checkpoint));
    else
        printf ("%" PRIu64 " lines of %s, every hash as it must be, signed.\n", checkpoint.size,
                checkpoint.origin);
    return 0;
}

static int run_fsck (struct ctl *ctl, const struct options *options)
{
    struct log_trust trust;
    struct log_files self;
    int error = log_files_begin (ctl, options, &self, &trust);
    if (!error && trust.count == 0)
        error = ctl_fail (EX_USAGE, "--log-key is missing: without a key nobody can tell whose log it is");
    if (error)
        return error;
    tiles_begin (&self.tiles, log_files_compare, &self);
    error = fsck (&self, &trust);
    tiles_free (&self.tiles);
    return error;
}

const struct command audit_fsck_commands[] = {
    {"audit fsck", "DIR", "verify such a tree of files, without the registry",
     "Every hash is made again of the entries. Exit code 1, and the file that is wrong, if one is.",
     log_files_options, run_fsck},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
