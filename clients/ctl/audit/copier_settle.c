#include "copier_settle.h"
#include <inttypes.h>
#include <string.h>
#include "ask.h"
#include "copy_position.h"
#include "log_lines.h"
#include "log_newest.h"

static const char *place_of (const struct copier *self)
{
    return copier_to_files (self) ? self->files.directory : self->position_file;
}

int copier_contradicts (struct copier *self, const char *what)
{
    int error =
        ctl_fail (CTL_NO, "%s: the registry contradicts the copy: %s. Nothing was added", place_of (self), what);
    copier_report (self, "contradicts");
    return error;
}

/* No checkpoint takes back what one before it said. */
static bool takes_back (const struct checkpoint *newest, const struct checkpoint *heard)
{
    return newest->size < heard->size ||
           (newest->size == heard->size && newest->size > 0 && !merkle_same (&newest->root, &heard->root));
}

int copier_hear (struct copier *self, const struct checkpoint *checkpoint, struct bytes raw)
{
    if (takes_back (checkpoint, &self->heard))
        return copier_contradicts (self, "its newest checkpoint takes back what one before it said");
    if (checkpoint->size == self->heard.size)
        return 0;
    if (!copy_tree_hear (&self->tree, checkpoint))
        return copier_contradicts (self, "its newest checkpoint is not one of the lines that are here");
    self->heard = *checkpoint;
    self->note_size = raw.size;
    memcpy (self->note, raw.data, raw.size);
    self->note_is_new = true;
    return 0;
}

/* --- What is there -------------------------------------------------------------------------------------- */

static int take_old (void *context, uint64_t number, struct bytes line)
{
    struct copier *self = context;
    (void)number;
    return copy_tree_add (&self->tree, line)
               ? 0
               : copier_contradicts (self, "what is here is not what its newest checkpoint was signed of");
}

/* The registry has no key for its log, or has signed nothing yet: then lines are compared, and no checkpoints. */
static int ask_newest (struct copier *self, const struct checkpoint *earlier, struct log_newest *newest)
{
    int error = log_newest_if_there (self->ctl, &self->trust, earlier, newest);
    if (!error && newest->checkpoint.size == 0)
        newest->checkpoint = self->heard;
    return error;
}

int copier_ask_checkpoint (struct copier *self)
{
    struct log_newest newest;
    struct arena_mark mark = arena_mark (self->ctl->arena);
    self->asked_at = copy_report_clock ();
    int error = ask_newest (self, &(struct checkpoint){.size = 0}, &newest);
    if (!error)
        error = copier_hear (self, &newest.checkpoint, newest.raw);
    arena_release (self->ctl->arena, mark);
    return error;
}

/* The newest checkpoint is known before the files are read: so they are compared with it on the way. */
static int read_files (struct copier *self)
{
    int error = copier_ask_checkpoint (self);
    return error ? error : copy_files_read (&self->files, take_old, self);
}

static int read_position (struct copier *self)
{
    int error = copy_position_read (&self->position, self->position_file);
    self->tree.now = self->position.now;
    self->tree.sure = self->position.sure;
    self->tree.is_cut = self->tree.now.size > self->tree.sure.size;
    self->pipe.needs_break = self->tree.now.size > 0;
    return error;
}

int copier_begin (struct copier *self)
{
    int error = copier_to_files (self) ? read_files (self) : read_position (self);
    self->before = self->number = self->positioned = self->tree.now.size;
    return error;
}

/* --- Compared ------------------------------------------------------------------------------------------- */

static int add_leaf (void *context, uint64_t number, struct bytes line)
{
    (void)number;
    struct merkle_hash leaf = merkle_leaf (line);
    struct merkle_filled unused;
    merkle_add (context, &leaf, &unused);
    return 0;
}

/* The lines that no checkpoint has yet, or that were not compared with one: are they those that the registry has?
 */
static int compare_lines (struct copier *self)
{
    struct merkle_edge edge = self->tree.sure;
    struct log_lines lines = log_lines_after (self->ctl, edge.size, self->tree.now.size, false);
    int error = log_lines_all (&lines, add_leaf, &edge);
    if (error)
        return error;
    struct merkle_hash own = merkle_root (&self->tree.now), theirs = merkle_root (&edge);
    if (!merkle_same (&own, &theirs))
        return copier_contradicts (self, "it has other lines than those that are here");
    copy_tree_is_sure (&self->tree);
    return 0;
}

/* A checkpoint of more lines is proved to begin with those that are here. */
static int compare_checkpoint (struct copier *self)
{
    struct log_newest newest;
    struct checkpoint own = {.size = self->tree.now.size, .root = merkle_root (&self->tree.now)};
    struct arena_mark mark = arena_mark (self->ctl->arena);
    int error = ask_newest (self, &own, &newest);
    if (error == CTL_NO)
        copier_report (self, "contradicts");
    if (!error) {
        copy_tree_is_sure (&self->tree);
        error = copier_hear (self, &newest.checkpoint, newest.raw);
    }
    arena_release (self->ctl->arena, mark);
    return error;
}

static int ask_lines (struct copier *self, uint64_t *count)
{
    Consentd__Reply *reply;
    int error = ask_status (self->ctl, &reply);
    if (!error) {
        *count = self->report.newest = reply->status_report->audit_entries;
        consentd__reply__free_unpacked (reply, NULL);
    }
    return error;
}

static int judge_count (struct copier *self, uint64_t count)
{
    if (count >= self->number)
        return 0;
    return copier_contradicts (self, arena_printf (self->ctl->arena,
                                                   "it has %" PRIu64 " lines, and %" PRIu64
                                                   " are here: it was put back to an earlier state",
                                                   count, self->number));
}

int copier_settle (struct copier *self)
{
    uint64_t count = 0;
    int error = ask_lines (self, &count);
    if (!error)
        error = judge_count (self, count);
    /* The answer to a report has a checkpoint too, but not by which keys it was signed: those are had by asking. */
    if (!error)
        error = copier_ask_checkpoint (self);
    if (!error)
        error = copier_report (self, "");
    if (error || self->number == 0)
        return error;
    if (self->tree.next.size > self->number)
        return compare_checkpoint (self);
    return self->tree.sure.size < self->number ? compare_lines (self) : 0;
}
