/* consentctl audit export */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "ask.h"
#include "big_endian.h"
#include "codec/document.h"
#include "log_files.h"
#include "log_newest.h"
#include "pages.h"

/* Takes the lines of one page. */
static int take_lines (struct log_files *self, const ProtobufCBinaryData *page)
{
    const uint8_t *at = page->data, *end = at + page->len;
    while (end - at >= 4) {
        uint32_t size = get_be32 (at);
        if (size > (size_t)(end - at) - 4)
            break;
        if (size > TILES_ENTRY_LIMIT)
            return ctl_fail (EX_DATAERR, "line %" PRIu64 " is longer than a file of entries can hold: %u bytes",
                             self->tiles.edge.size + 1, size);
        int error = tiles_add (&self->tiles, (struct bytes){at + 4, size});
        if (error)
            return error;
        at += 4 + size;
    }
    return at == end ? 0 : ctl_fail (EX_PROTOCOL, "the registry sent a page of lines that is not whole");
}

static bool go_on_behind (struct pages *self, const Consentd__Reply *page)
{
    uint64_t until = page->log_lines->looked_until;
    bool moves = until > self->request->log_lines->after;
    self->request->log_lines->after = until;
    return moves;
}

static const struct paging lines_paging = {.body = CONSENTD__REPLY__BODY_LOG_LINES, .go_on = go_on_behind};

static int fetch_lines (struct log_files *self)
{
    Consentd__LogLinesRequest body;
    consentd__log_lines_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_LINES, log_lines, &body);
    body.after = self->tiles.edge.size;
    body.until = self->target;
    struct pages pages = pages_start (self->ctl, &request, &lines_paging);
    pages.more = body.after < body.until;
    while (pages.more) {
        Consentd__Reply *reply;
        struct arena_mark mark = arena_mark (self->ctl->arena);
        int error = pages_next (&pages, &reply);
        if (error)
            return error;
        error = take_lines (self, &reply->log_lines->lines);
        consentd__reply__free_unpacked (reply, NULL);
        arena_release (self->ctl->arena, mark);
        if (error)
            return error;
        log_files_show_progress (self);
    }
    return self->tiles.edge.size == self->target
               ? 0
               : ctl_fail (EX_PROTOCOL, "the registry gave fewer lines than its checkpoint has");
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
static int resume (struct log_files *self, uint64_t size)
{
    uint64_t entries = size / MERKLE_TILE_WIDTH * MERKLE_TILE_WIDTH;
    int error = 0;
    for (unsigned level = 1; level < TILES_LEVELS && !error; level++)
        error = load_level (self, entries, level);
    if (!error)
        tiles_resume (&self->tiles, entries);
    return error;
}

/* The files, and then the checkpoint: what it says is there, whenever this is cut off. */
static int write_all (struct log_files *self, const struct checkpoint *checkpoint, struct bytes raw)
{
    int error = fetch_lines (self);
    if (error)
        return error;
    struct merkle_hash root = merkle_root (&self->tiles.edge);
    if (!merkle_same (&root, &checkpoint->root))
        return ctl_fail (CTL_NO, "the lines that the registry gave are not those of its checkpoint");
    error = tiles_end (&self->tiles);
    return error ? error : log_files_write (self, "checkpoint", raw);
}

static void print_tree (const struct log_files *self, const struct checkpoint *checkpoint, uint64_t before)
{
    if (self->ctl->json) {
        json_t *document = log_newest_document (checkpoint);
        json_object_set_new (document, "before", json_integer ((json_int_t)before));
        json_object_set_new (document, "directory", document_string (self->directory));
        document_print (document);
    } else if (before == checkpoint->size)
        printf ("%s: %" PRIu64 " lines of %s; nothing is new.\n", self->directory, before, checkpoint->origin);
    else
        printf ("%s: %" PRIu64 " lines of %s, %" PRIu64 " of them new.\n", self->directory, checkpoint->size,
                checkpoint->origin, checkpoint->size - before);
}

/* Asks again, with a proof that the log begins with what is there; but where that can be none, that is said. */
static int ask_continued (struct log_files *self, struct log_trust *trust, const struct checkpoint *own,
                          struct log_newest *newest)
{
    if (strcmp (own->origin, newest->checkpoint.origin) != 0)
        return ctl_fail (CTL_NO, "%s has another log: %s", self->directory, own->origin);
    if (own->size > newest->checkpoint.size)
        return ctl_fail (CTL_NO,
                         "the registry signed %" PRIu64 " lines, and %" PRIu64
                         " are here: it was put back to an earlier state",
                         newest->checkpoint.size, own->size);
    return log_newest_ask (self->ctl, trust, own, newest);
}

static int export_log (struct log_files *self, struct log_trust *trust)
{
    struct log_newest newest;
    struct checkpoint own;
    int error = log_files_checkpoint (self, trust, &own);
    if (!error)
        error = log_newest_ask (self->ctl, trust, &(struct checkpoint){.size = 0}, &newest);
    if (!error && own.size > 0)
        error = ask_continued (self, trust, &own, &newest);
    if (error)
        return error;
    if (own.size == newest.checkpoint.size && own.size > 0) {
        print_tree (self, &newest.checkpoint, own.size);
        return 0;
    }
    self->target = newest.checkpoint.size;
    error = resume (self, own.size);
    if (!error)
        error = write_all (self, &newest.checkpoint, newest.raw);
    log_files_end_progress (self);
    if (!error)
        print_tree (self, &newest.checkpoint, own.size);
    return error;
}

static int run_export (struct ctl *ctl, const struct options *options)
{
    struct log_trust trust;
    struct log_files self;
    int error = log_files_begin (ctl, options, &self, &trust);
    if (error)
        return error;
    if (mkdir (self.directory, 0700) != 0 && errno != EEXIST)
        return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", self.directory, strerror (errno));
    tiles_begin (&self.tiles, log_files_write, &self);
    error = export_log (&self, &trust);
    tiles_free (&self.tiles);
    return error;
}

const struct command audit_export_commands[] = {
    {"audit export", "DIR", "write the log as files that anybody can verify without the registry",
     "A static tree of files as C2SP tlog-tiles has it: checkpoint, tile/... and tile/entries/... What is there\n"
     "already is gone on with. Each line is as it is stored, its head in clear and the rest sealed: the tree has\n"
     "pseudonyms, and is for the controller and its auditors. Without --log-key the registry is trusted for its "
     "key.",
     log_files_options, run_export},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
