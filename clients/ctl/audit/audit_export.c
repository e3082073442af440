/* consentctl audit checkpoint | export | fsck */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ask.h"
#include "big_endian.h"
#include "codec/document.h"
#include "config/file_write.h"
#include "input.h"
#include "log_key.h"
#include "log_trust.h"
#include "outcome.h"
#include "pages.h"
#include "tiles.h"

/* --- The checkpoint ------------------------------------------------------------------------------------ */

/* The registry's newest checkpoint. */
struct newest {
    struct checkpoint checkpoint;
    struct bytes raw; /* the signed note */
};

/* Its own keys count where none was given: then the registry is trusted for them. */
static void take_keys (struct log_trust *trust, const Consentd__LogCheckpointReply *told)
{
    for (size_t i = 0; i < told->n_keys && i < LOG_TRUST_KEYS; i++)
        if (note_key_read (&trust->key[trust->count], told->keys[i]))
            trust->count++;
}

/* The proof says that the log still begins with what the earlier checkpoint has. */
static bool is_continued (const struct checkpoint *earlier, const struct checkpoint *newest,
                          const ProtobufCBinaryData *proof)
{
    struct merkle_hash hash[MERKLE_PATH_LIMIT];
    struct merkle_path path = {hash, proof->len / MERKLE_HASH_SIZE};
    if (earlier->size == 0)
        return true;
    if (proof->len % MERKLE_HASH_SIZE != 0 || path.count > MERKLE_PATH_LIMIT)
        return false;
    if (proof->len > 0)
        memcpy (hash, proof->data, proof->len);
    return merkle_is_consistent ((struct merkle_range){0, earlier->size}, newest->size, &earlier->root,
                                 &newest->root, path);
}

/* Asks for it, and judges it. `earlier`: one that is at hand; size 0: none. */
static int ask_checkpoint (struct ctl *ctl, struct log_trust *trust, const struct checkpoint *earlier,
                           struct newest *newest)
{
    Consentd__LogCheckpointRequest body;
    consentd__log_checkpoint_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_CHECKPOINT, log_checkpoint, &body);
    Consentd__Reply *reply;
    body.earlier = earlier->size;
    int error = ask (ctl, &request, CONSENTD__REPLY__BODY_LOG_CHECKPOINT, &reply);
    if (error)
        return error;
    const Consentd__LogCheckpointReply *told = reply->log_checkpoint;
    if (trust->count == 0)
        take_keys (trust, told);
    newest->raw = (struct bytes){arena_memdup (ctl->arena, told->checkpoint.data, told->checkpoint.len),
                                 told->checkpoint.len};
    error = log_trust_judge (trust, newest->raw, "the registry's checkpoint", &newest->checkpoint);
    if (!error && !is_continued (earlier, &newest->checkpoint, &told->proof))
        error = ctl_fail (CTL_NO,
                          "the registry's log does not begin with the %" PRIu64
                          " lines that are here: it was changed, or put back to an earlier state",
                          earlier->size);
    consentd__reply__free_unpacked (reply, NULL);
    return error;
}

static json_t *keys_document (const struct log_trust *trust)
{
    json_t *keys = json_array ();
    for (size_t i = 0; i < trust->count; i++) {
        char text[NOTE_KEY_TEXT_SIZE];
        note_key_write (&trust->key[i], text);
        json_array_append_new (keys, document_string (text));
    }
    return keys;
}

static json_t *checkpoint_document (const struct checkpoint *checkpoint)
{
    char root[2 * MERKLE_HASH_SIZE + 1];
    consent_hex (checkpoint->root.bytes, MERKLE_HASH_SIZE, root);
    return json_pack ("{s:o, s:I, s:s}", "origin", document_string (checkpoint->origin), "size",
                      (json_int_t)checkpoint->size, "root", root);
}

static const struct option checkpoint_options[] = {LOG_KEY_OPTION, {NULL, NULL, NULL, 0}};

static int run_checkpoint (struct ctl *ctl, const struct options *options)
{
    struct log_trust trust;
    struct newest newest;
    int error = log_trust_read (ctl, options, &trust);
    if (!error)
        error = ask_checkpoint (ctl, &trust, &(struct checkpoint){.size = 0}, &newest);
    if (error)
        return error;
    char *text = arena_strndup (ctl->arena, newest.raw.data, newest.raw.size);
    if (ctl->json) {
        json_t *document = checkpoint_document (&newest.checkpoint);
        json_object_set_new (document, "checkpoint", document_string (text));
        json_object_set_new (document, "keys", keys_document (&trust));
        document_print (document);
        return 0;
    }
    fputs (text, stdout);
    for (size_t i = 0; i < trust.count; i++) {
        char key[NOTE_KEY_TEXT_SIZE];
        note_key_write (&trust.key[i], key);
        printf ("\nSigned with the key\n  %s\n", key);
    }
    return 0;
}

/* --- The files ----------------------------------------------------------------------------------------- */

struct tree {
    struct ctl *ctl;
    const char *directory;
    struct tiles tiles;
    uint64_t target, told;
    int error; /* what a put failed with, its line printed */
};

static const char *within (const struct tree *self, const char *path)
{
    return arena_printf (self->ctl->arena, "%s/%s", self->directory, path);
}

static int make_directories (const struct tree *self, const char *path)
{
    char *made = arena_strdup (self->ctl->arena, within (self, path));
    for (char *slash = strchr (made + strlen (self->directory) + 1, '/'); slash; slash = strchr (slash + 1, '/')) {
        *slash = 0;
        if (mkdir (made, 0700) != 0 && errno != EEXIST)
            return -errno;
        *slash = '/';
    }
    return 0;
}

static void show_progress (struct tree *self)
{
    if (isatty (STDERR_FILENO) && self->tiles.edge.size >= self->told + 10000) {
        self->told = self->tiles.edge.size;
        fprintf (stderr, "\r%" PRIu64 " of %" PRIu64 " lines", self->told, self->target);
    }
}

static void end_progress (const struct tree *self)
{
    if (self->told > 0)
        fputs ("\r\033[K", stderr);
}

static int write_tile (void *context, const char *path, struct bytes content)
{
    struct tree *self = context;
    struct arena_mark mark = arena_mark (self->ctl->arena);
    int rc = make_directories (self, path);
    if (rc == 0)
        rc = file_replace (within (self, path), content.data, content.size);
    if (rc != 0)
        self->error = ctl_fail (file_is_no_name (rc) ? EX_CANTCREAT : EX_IOERR, "cannot write %s: %s",
                                within (self, path), outcome_sentence (rc));
    arena_release (self->ctl->arena, mark);
    return self->error;
}

enum { FILE_LIMIT = MERKLE_TILE_WIDTH * (2 + TILES_ENTRY_LIMIT) + 1 };

/* Reads a file of the tree. Its size, or negative with the line printed. The caller frees *data. */
static ssize_t read_tile (struct tree *self, const char *path, char **data)
{
    *data = malloc (FILE_LIMIT);
    if (!*data)
        abort ();
    ssize_t size = input_read (within (self, path), *data, FILE_LIMIT);
    if (size < 0)
        self->error = ctl_fail (CTL_NO, "%s: %s", within (self, path), input_problem (size));
    return size;
}

/* The file is what the entries make of it. */
static int compare_tile (void *context, const char *path, struct bytes content)
{
    struct tree *self = context;
    struct arena_mark mark = arena_mark (self->ctl->arena);
    char *found;
    ssize_t size = read_tile (self, path, &found);
    if (size >= 0 && ((size_t)size != content.size || memcmp (found, content.data, content.size) != 0))
        self->error = ctl_fail (CTL_NO, "%s: is not what the entries before make of it", within (self, path));
    free (found);
    arena_release (self->ctl->arena, mark);
    return self->error;
}

/* --- Export -------------------------------------------------------------------------------------------- */

/* Takes the lines of one page. */
static int take_lines (struct tree *self, const ProtobufCBinaryData *page)
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

static int fetch_lines (struct tree *self)
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
        show_progress (self);
    }
    return self->tiles.edge.size == self->target
               ? 0
               : ctl_fail (EX_PROTOCOL, "the registry gave fewer lines than its checkpoint has");
}

/* Reads the checkpoint that is there. NULL: there is none. */
static int read_own_note (struct tree *self, struct bytes *raw)
{
    const char *path = within (self, "checkpoint");
    char *text = arena_alloc (self->ctl->arena, NOTE_SIZE);
    ssize_t size = input_read (path, text, NOTE_SIZE);
    *raw = (struct bytes){size >= 0 ? text : NULL, size > 0 ? (size_t)size : 0};
    return size >= 0 || size == -ENOENT ? 0 : ctl_fail (EX_NOINPUT, "%s: %s", path, input_problem (size));
}

/* It is believed if it was signed by a key that was given, or if none was, as whoever made it left it. */
static int read_own (struct tree *self, const struct log_trust *trust, struct checkpoint *own)
{
    struct bytes raw;
    struct note note;
    const char *path = within (self, "checkpoint"), *fault = "is not a signed note";
    int error = read_own_note (self, &raw);
    *own = (struct checkpoint){.size = 0};
    if (error || raw.data == NULL)
        return error;
    if (trust->count > 0)
        return log_trust_judge (trust, raw, path, own);
    if (note_read (&note, raw) == NOTE_OK && checkpoint_read (own, note.text, &fault))
        return 0;
    return ctl_fail (CTL_NO, "%s %s", path, fault);
}

/* Reads the newest tile of a level above the entries, which is not full. */
static int load_level (struct tree *self, uint64_t entries, unsigned level)
{
    uint64_t count = tiles_count (entries, level);
    unsigned width = (unsigned)(count % MERKLE_TILE_WIDTH);
    char path[TILES_PATH], *found = NULL;
    if (width == 0)
        return 0;
    tiles_path (level, count / MERKLE_TILE_WIDTH, width, path);
    ssize_t size = read_tile (self, path, &found);
    if (size >= 0 && (size_t)size != width * sizeof (struct merkle_hash))
        self->error = ctl_fail (CTL_NO, "%s: is not as long as its name says", within (self, path));
    else if (size >= 0)
        memcpy (self->tiles.level[level].hash, found, (size_t)size);
    free (found);
    return self->error;
}

/* Goes on behind the whole tiles that are there. */
static int resume (struct tree *self, uint64_t size)
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
static int write_all (struct tree *self, const struct checkpoint *checkpoint, struct bytes raw)
{
    int error = fetch_lines (self);
    if (error)
        return error;
    struct merkle_hash root = merkle_root (&self->tiles.edge);
    if (!merkle_same (&root, &checkpoint->root))
        return ctl_fail (CTL_NO, "the lines that the registry gave are not those of its checkpoint");
    error = tiles_end (&self->tiles);
    return error ? error : write_tile (self, "checkpoint", raw);
}

static void print_tree (const struct tree *self, const struct checkpoint *checkpoint, uint64_t before)
{
    if (self->ctl->json) {
        json_t *document = checkpoint_document (checkpoint);
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
static int ask_continued (struct tree *self, struct log_trust *trust, const struct checkpoint *own,
                          struct newest *newest)
{
    if (strcmp (own->origin, newest->checkpoint.origin) != 0)
        return ctl_fail (CTL_NO, "%s has another log: %s", self->directory, own->origin);
    if (own->size > newest->checkpoint.size)
        return ctl_fail (CTL_NO,
                         "the registry signed %" PRIu64 " lines, and %" PRIu64
                         " are here: it was put back to an earlier state",
                         newest->checkpoint.size, own->size);
    return ask_checkpoint (self->ctl, trust, own, newest);
}

static int export_log (struct tree *self, struct log_trust *trust)
{
    struct newest newest;
    struct checkpoint own;
    int error = read_own (self, trust, &own);
    if (!error)
        error = ask_checkpoint (self->ctl, trust, &(struct checkpoint){.size = 0}, &newest);
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
    end_progress (self);
    if (!error)
        print_tree (self, &newest.checkpoint, own.size);
    return error;
}

static int begin_tree (struct ctl *ctl, const struct options *options, struct tree *self, struct log_trust *trust)
{
    *self = (struct tree){.ctl = ctl, .directory = options->arguments[0]};
    return log_trust_read (ctl, options, trust);
}

static const struct option tree_options[] = {LOG_KEY_OPTION, {NULL, NULL, NULL, 0}};

static int run_export (struct ctl *ctl, const struct options *options)
{
    struct log_trust trust;
    struct tree self;
    int error = begin_tree (ctl, options, &self, &trust);
    if (error)
        return error;
    if (mkdir (self.directory, 0700) != 0 && errno != EEXIST)
        return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", self.directory, strerror (errno));
    tiles_begin (&self.tiles, write_tile, &self);
    error = export_log (&self, &trust);
    tiles_free (&self.tiles);
    return error;
}

/* --- Fsck ---------------------------------------------------------------------------------------------- */

/* Adds the entries of one file. 0, or an exit code with the line printed. */
static int follow_bundle (struct tree *self, const char *path, struct bytes file, unsigned count)
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
    return ctl_fail (CTL_NO, "%s: is not a file of %u entries", within (self, path), count);
}

static int follow_entries (struct tree *self)
{
    while (self->tiles.edge.size < self->target) {
        uint64_t left = self->target - self->tiles.edge.size;
        unsigned width = left < MERKLE_TILE_WIDTH ? (unsigned)left : MERKLE_TILE_WIDTH;
        char path[TILES_PATH], *found;
        struct arena_mark mark = arena_mark (self->ctl->arena);
        tiles_path (TILES_ENTRIES, self->tiles.edge.size / MERKLE_TILE_WIDTH, width, path);
        ssize_t size = read_tile (self, path, &found);
        int error =
            size < 0 ? self->error : follow_bundle (self, path, (struct bytes){found, (size_t)size}, width);
        free (found);
        arena_release (self->ctl->arena, mark);
        if (error)
            return error;
        show_progress (self);
    }
    return tiles_end (&self->tiles);
}

static int fsck (struct tree *self, const struct log_trust *trust)
{
    struct checkpoint checkpoint;
    int error = read_own (self, trust, &checkpoint);
    if (error)
        return error;
    if (checkpoint.size == 0)
        return ctl_fail (EX_NOINPUT, "%s: there is no checkpoint of any line", self->directory);
    self->target = checkpoint.size;
    error = follow_entries (self);
    end_progress (self);
    if (error)
        return error;
    struct merkle_hash root = merkle_root (&self->tiles.edge);
    if (!merkle_same (&root, &checkpoint.root))
        return ctl_fail (CTL_NO, "the entries in %s are not those of its checkpoint", self->directory);
    if (self->ctl->json)
        document_print (checkpoint_document (&checkpoint));
    else
        printf ("%" PRIu64 " lines of %s, every hash as it must be, signed.\n", checkpoint.size,
                checkpoint.origin);
    return 0;
}

static int run_fsck (struct ctl *ctl, const struct options *options)
{
    struct log_trust trust;
    struct tree self;
    int error = begin_tree (ctl, options, &self, &trust);
    if (!error && trust.count == 0)
        error = ctl_fail (EX_USAGE, "--log-key is missing: without a key nobody can tell whose log it is");
    if (error)
        return error;
    tiles_begin (&self.tiles, compare_tile, &self);
    error = fsck (&self, &trust);
    tiles_free (&self.tiles);
    return error;
}

/* --- Keys ---------------------------------------------------------------------------------------------- */

static const struct option new_key_options[] = {
    {"origin", "NAME", "the name of the log, as in the configuration (log/origin)", OPTION_REQUIRED},
    {NULL, NULL, NULL, 0},
};

static int run_new_key (struct ctl *ctl, const struct options *options)
{
    const char *file = options->arguments[0], *origin = options_text (options, "origin");
    if (!note_is_name (origin, strlen (origin)))
        return ctl_fail (EX_USAGE, "--origin is a name of at most %d bytes, without spaces and plus",
                         NOTE_NAME_SIZE);
    int rc = log_key_create (file, origin);
    if (rc != 0)
        return ctl_fail (file_is_no_name (rc) || rc == -EEXIST ? EX_CANTCREAT : EX_IOERR, "cannot make %s: %s",
                         file, outcome_sentence (rc));
    if (ctl->json)
        document_print (json_pack ("{s:o}", "file", document_string (file)));
    else
        printf ("%s signs the log of %s.\n", file, origin);
    return 0;
}

const struct command audit_export_commands[] = {
    {"audit key", "FILE", "make a key that signs the log",
     "For a registry that has none yet (keys/log and log/origin in its configuration), or to change keys: put its "
     "line\n"
     "below that of the old key, reload, and take out the old line when those who verify have the new key.",
     new_key_options, run_new_key},
    {"audit checkpoint", NULL, "the newest signed checkpoint of the log, and the keys that signed it",
     "Whoever has it can be shown later that the log still begins with those lines. Give the key to those who "
     "are\n"
     "to verify by another way than the log.",
     checkpoint_options, run_checkpoint},
    {"audit export", "DIR", "write the log as files that anybody can verify without the registry",
     "A static tree of files as C2SP tlog-tiles has it: checkpoint, tile/... and tile/entries/... What is there\n"
     "already is gone on with. Each line is as it is stored, its head in clear and the rest sealed: the tree has\n"
     "pseudonyms, and is for the controller and its auditors. Without --log-key the registry is trusted for its "
     "key.",
     tree_options, run_export},
    {"audit fsck", "DIR", "verify such a tree of files, without the registry",
     "Every hash is made again of the entries. Exit code 1, and the file that is wrong, if one is.", tree_options,
     run_fsck},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
