#include "copier.h"
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include "ask.h"
#include "config/file_write.h"
#include "copier_settle.h"
#include "copy_position.h"
#include "log_lines.h"
#include "text/progress.h"

enum {
    LOOK_MS = 1000,       /* when nothing is new */
    AGAIN_MS = 2000,      /* after the registry did not answer, or the sink took nothing */
    HELD_MS = 3000,       /* after so long that is told */
    ASK_MS = 60000,       /* for a checkpoint, where none is told */
    POSITION_MS = 1000,   /* from one position to the next, at most */
    FILE_BATCH = 1 << 20, /* bytes that are written at once: to files, with one sync, */
    PIPE_BATCH = 1 << 16, /* and to a pipe */
};

bool copier_to_files (const struct copier *self)
{
    return self->sink == &self->files.sink;
}

void copier_free (struct copier *self)
{
    free (self->batch.text);
    copy_tree_free (&self->tree);
    if (copier_to_files (self))
        copy_files_close (&self->files);
    else
        copy_pipe_close (&self->pipe);
}

/* --- What is told --------------------------------------------------------------------------------------- */

static bool is_for_later (int error)
{
    return error == EX_UNAVAILABLE || error == EX_TEMPFAIL || error == EX_IOERR;
}

/* A newer checkpoint, which must be that of the lines that are here. */
static int hear (struct copier *self, struct bytes raw)
{
    struct checkpoint checkpoint;
    int error = log_trust_judge (&self->trust, raw, "the registry's checkpoint", &checkpoint);
    return error ? error : copier_hear (self, &checkpoint, raw);
}

/* What is told of the copy must be so after a crash, too. 0, or an exit code with its line printed. */
static int keep_position (struct copier *self)
{
    if (copier_to_files (self) || self->number == self->positioned)
        return 0;
    int error = copy_position_write (&self->position, self->position_file);
    while (error && self->follows) {
        struct bytes unused;
        copy_report_tell (&self->report, self->positioned, "position", self->heard.size, &unused);
        poll (NULL, 0, AGAIN_MS);
        error = copy_position_write (&self->position, self->position_file);
    }
    self->positioned_at = copy_report_clock ();
    self->positioned = error ? self->positioned : self->number;
    return error;
}

int copier_report (struct copier *self, const char *fault)
{
    struct bytes note;
    struct arena_mark mark = arena_mark (self->ctl->arena);
    int error = copy_report_tell (&self->report, self->number, fault, self->heard.size, &note);
    if (!error && note.size > 0 && *fault == '\0')
        error = hear (self, note);
    arena_release (self->ctl->arena, mark);
    return error && self->follows && is_for_later (error) ? 0 : error;
}

static int report_if_due (struct copier *self, const char *fault, bool rests)
{
    if (!copy_report_is_due (&self->report, self->number, fault, rests))
        return 0;
    int error = keep_position (self);
    return error ? error : copier_report (self, fault);
}

/* --- The sink ------------------------------------------------------------------------------------------- */

static int say_held (struct copier *self)
{
    if (!self->held_told)
        ctl_fail (0, "the copy does not go on: %s; it is tried again", self->sink->why);
    self->held_told = true;
    return report_if_due (self, self->sink->fault, true);
}

/* The sink took not all. A sink that is only slow is no fault: then the copy is behind. */
static int wait_for_sink (struct copier *self)
{
    int64_t now = copy_report_clock ();
    if (self->sink->fault == NULL) {
        self->held_since = 0;
        return report_if_due (self, "", true);
    }
    if (copier_to_files (self) && !self->follows)
        return ctl_fail (EX_IOERR, "cannot write to %s", self->sink->why);
    self->held_since = self->held_since != 0 ? self->held_since : now;
    int error = now - self->held_since >= HELD_MS || copier_to_files (self) ? say_held (self) : 0;
    if (!error)
        poll (NULL, 0, LOOK_MS);
    return error;
}

static int flush (struct copier *self)
{
    struct copy_batch *batch = &self->batch;
    enum copy_taken taken = COPY_TAKEN;
    while (batch->count > 0 && (taken = self->sink->take (self->sink, batch)) == COPY_LATER) {
        int error = wait_for_sink (self);
        if (error)
            return error;
    }
    if (taken == COPY_FAILED) {
        copier_report (self, "broken");
        return EX_IOERR;
    }
    if (self->held_told)
        ctl_fail (0, "the copy goes on");
    self->held_told = false;
    self->held_since = 0;
    self->number += batch->count;
    self->position = (struct copy_position){self->tree.now, self->tree.sure};
    batch->count = batch->size = batch->taken = 0;
    return copy_report_clock () - self->positioned_at >= POSITION_MS ? keep_position (self) : 0;
}

/* --- Lines ---------------------------------------------------------------------------------------------- */

static char *make_room (struct copy_batch *batch, size_t more)
{
    if (batch->size + more > batch->room) {
        batch->room = batch->size + more + FILE_BATCH;
        batch->text = realloc (batch->text, batch->room);
        if (batch->text == NULL)
            abort ();
    }
    return batch->text + batch->size;
}

static int take_line (void *context, uint64_t number, struct bytes line)
{
    struct copier *self = context;
    struct copy_batch *batch = &self->batch;
    if (!copy_tree_add (&self->tree, line))
        return copier_contradicts (self, "the lines that it gives now are not those of its checkpoint");
    if (batch->count == 0)
        batch->first = number;
    char *to = make_room (batch, COPY_TEXT_SIZE (line.size));
    batch->size +=
        self->is_syslog ? copy_text_syslog (to, &self->sender, number, line) : copy_text_write (to, number, line);
    batch->count++;
    bool is_full = batch->size >= (size_t)(copier_to_files (self) ? FILE_BATCH : PIPE_BATCH);
    bool ends_file = copier_to_files (self) && number % COPY_FILE_LINES == 0;
    return is_full || ends_file ? flush (self) : 0;
}

/* The checkpoint that the files were compared with is kept beside them, for who has only them. */
static void keep_note (struct copier *self)
{
    if (!self->note_is_new || !copier_to_files (self) || self->heard.size > self->number)
        return;
    struct arena_mark mark = arena_mark (self->ctl->arena);
    const char *path = arena_printf (self->ctl->arena, "%s/checkpoint", self->files.directory);
    self->note_is_new = file_replace (path, self->note, self->note_size) != 0; /* then later */
    arena_release (self->ctl->arena, mark);
}

static void show_progress (const struct copier *self)
{
    if (self->report.newest > 0)
        progress_show ("%" PRIu64 " of %" PRIu64 " lines", self->number, self->report.newest);
}

/* A copy that is not there any more does not keep up, also where nothing is new. */
static int look_at_files (struct copier *self)
{
    int error = copier_to_files (self) ? copy_files_stand (&self->files) : 0;
    if (error)
        copier_report (self, "broken");
    return error;
}

/* One page, and all that follows from it. */
static int copy_page (struct copier *self, struct log_lines *lines)
{
    uint64_t before = lines->at;
    int error = look_at_files (self);
    if (!error)
        error = log_lines_next (lines, take_line, self);
    if (!error)
        error = flush (self);
    if (!error && self->number > before)
        error = keep_position (self);
    bool rests = lines->at == before || !lines->more;
    if (!error)
        error = report_if_due (self, "", rests);
    if (!error && copy_tree_wants_checkpoint (&self->tree) && copy_report_clock () - self->asked_at >= ASK_MS)
        error = copier_ask_checkpoint (self);
    keep_note (self);
    show_progress (self);
    return error;
}

/* The registry was away, or is another one now: nothing is added before it was looked at again. */
static int settle_again (struct copier *self, struct log_lines *lines)
{
    int error = EX_UNAVAILABLE;
    while (is_for_later (error)) {
        poll (NULL, 0, AGAIN_MS);
        error = copier_settle (self);
    }
    if (!error)
        *lines = log_lines_after (self->ctl, self->number, 0, true);
    return error;
}

static int follow (struct copier *self)
{
    struct log_lines lines = log_lines_after (self->ctl, self->number, 0, true);
    int error = 0;
    while (!error) {
        uint64_t before = lines.at;
        error = copy_page (self, &lines);
        bool other = error == EX_DATAERR; /* of another epoch, or without these lines */
        if (error && (is_for_later (error) || other) && self->batch.count == 0)
            error = settle_again (self, &lines);
        else if (!error && lines.at == before)
            poll (NULL, 0, LOOK_MS);
    }
    return error;
}

static int copy_all (struct copier *self)
{
    struct log_lines lines = log_lines_after (self->ctl, self->number, 0, false);
    int error = 0;
    while (!error && lines.more)
        error = copy_page (self, &lines);
    progress_end ();
    return error ? error : copier_report (self, "");
}

int copier_run (struct copier *self)
{
    int error = copier_begin (self);
    if (!error)
        error = copier_settle (self);
    if (error)
        return error;
    return self->follows ? follow (self) : copy_all (self);
}
