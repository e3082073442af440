/* consentctl audit archive */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>
#include "ask.h"
#include "audit_export.h"
#include "codec/document.h"
#include "pages.h"
#include "text/escape.h"
#include "text/progress.h"

struct archive_run {
    struct ctl *ctl;
    const char *directory;        /* as the registry names it; the arena's */
    uint64_t before, until, left; /* lines in it at first; up to which they may leave; how many have */
    uint64_t twice;               /* lines that it had, and the store as well */
    bool is_trial;
};

static bool go_on_behind (struct pages *self, const Consentd__Reply *page)
{
    uint64_t archived = page->log_archive->archived;
    bool moves = archived > self->request->log_archive->after;
    self->request->log_archive->after = archived;
    return moves;
}

static const struct paging paging = {.body = CONSENTD__REPLY__BODY_LOG_ARCHIVE, .go_on = go_on_behind};

/* Where it is, and up to which line lines may leave. */
static int ask_until (struct archive_run *self)
{
    Consentd__LogArchiveRequest body;
    consentd__log_archive_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_ARCHIVE, log_archive, &body);
    Consentd__Reply *reply;
    int error = ask (self->ctl, &request, paging.body, &reply);
    if (error)
        return error;
    self->directory = arena_strdup (self->ctl->arena, reply->log_archive->directory);
    self->before = reply->log_archive->archived;
    self->until = reply->log_archive->until;
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

static void show_progress (const struct archive_run *self)
{
    progress_show ("%" PRIu64 " of %" PRIu64 " lines have left", self->left, self->until - self->before);
}

/* Has the registry take them out. Cut off at any moment, each line is in the store or in the directory, or in
 * both. */
static int take_out (struct archive_run *self)
{
    Consentd__LogArchiveRequest body;
    consentd__log_archive_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_ARCHIVE, log_archive, &body);
    struct pages pages = pages_start (self->ctl, &request, &paging);
    body.until = self->until;
    while (pages.more) {
        Consentd__Reply *reply;
        int error = pages_next (&pages, &reply);
        if (error) {
            progress_end ();
            return error;
        }
        self->left = reply->log_archive->archived - self->before;
        consentd__reply__free_unpacked (reply, NULL);
        show_progress (self);
    }
    progress_end ();
    return 0;
}

/* Whoever wrote it there: what the registry deletes must be on the disk. */
static int sync_directory (const struct archive_run *self)
{
    int file = open (self->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = file < 0 || syncfs (file) != 0 ? errno : 0;
    if (file >= 0)
        close (file);
    return error == 0 ? 0 : ctl_fail (EX_IOERR, "cannot sync %s: %s", self->directory, strerror (error));
}

/* Of a checkpoint that witnesses have signed there may be fewer lines. */
static int archive (struct archive_run *self, const struct log_trust *trust)
{
    struct exported exported;
    int error = audit_export_into (self->ctl, self->directory, trust, &exported);
    if (!error)
        error = sync_directory (self);
    if (error)
        return error;
    uint64_t most = exported.checkpoint.size - exported.checkpoint.size % MERKLE_TILE_WIDTH;
    self->until = self->until < most ? self->until : most < self->before ? self->before : most;
    if (exported.before > self->before)
        self->twice = (exported.before < self->until ? exported.before : self->until) - self->before;
    return self->until > self->before ? take_out (self) : 0;
}

static void print_run (const struct archive_run *self)
{
    uint64_t may = self->until - self->before;
    if (self->ctl->json)
        document_print (json_pack ("{s:o, s:I, s:I, s:I, s:I}", "directory", document_string (self->directory),
                                   "archived", (json_int_t)(self->before + self->left), "may_leave",
                                   (json_int_t)(may - self->left), "left", (json_int_t)self->left, "twice",
                                   (json_int_t)self->twice));
    else if (may == 0)
        escape_line (stdout, "%s: %" PRIu64 " lines; no others are old enough to leave the store.",
                     self->directory, self->before);
    else if (self->is_trial)
        escape_line (stdout,
                     "%s: %" PRIu64 " lines; the lines %" PRIu64 " to %" PRIu64 " may leave the store for it.",
                     self->directory, self->before, self->before + 1, self->until);
    else
        escape_line (stdout,
                     "%s: %" PRIu64 " lines; %" PRIu64
                     " of them have left the store now: keep it with the backups.",
                     self->directory, self->before + self->left, self->left);
    if (!self->ctl->json && self->twice > 0)
        printf ("%" PRIu64 " of these were in it before, and in the store as well.\n", self->twice);
}

static const struct option archive_options[] = {
    LOG_KEY_OPTION,
    WITNESS_OPTIONS,
    {"dry-run", NULL, "only say which lines may leave", 0},
    {NULL, NULL, NULL, 0},
};

static int run_archive (struct ctl *ctl, const struct options *options)
{
    struct archive_run self = {.ctl = ctl, .is_trial = options_has (options, "dry-run")};
    struct log_trust trust;
    int error = log_trust_read (ctl, options, &trust);
    if (!error)
        error = ask_until (&self);
    if (!error && !self.is_trial && self.until > self.before)
        error = archive (&self, &trust);
    if (!error)
        print_run (&self);
    return error;
}

const struct command audit_archive_commands[] = {
    {"audit archive", NULL, "let old lines leave the store, for a directory of files",
     "The directory and the age are in the configuration: log/archive, log/archive-after. The log is exported "
     "there\n"
     "first (`audit export`); then the registry compares each file with its store, line by line, and deletes "
     "only\n"
     "what it has found there. From then on it reads those lines there, so keep the directory as you keep the "
     "store.\n"
     "A run that was cut off is gone on with by the next. With --witness only lines leave that witnesses have "
     "seen.",
     archive_options, run_archive},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
