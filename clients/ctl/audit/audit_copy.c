/* consentctl audit copy */
#include <ctype.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "codec/document.h"
#include "copier.h"
#include "text/escape.h"

static const struct option copy_options[] = {
    {"to", "DIR", "to files of text in this directory, 65,536 lines each", 0},
    {"pipe", "FILE", "into this FIFO or socket; - is the standard output", 0},
    {"position", "FILE", "of --pipe: where it is kept how far the copy is", 0},
    {"syslog", NULL,
     "as messages of syslog (RFC 5424) with structured data; without\n--pipe to the standard output", 0},
    {"enterprise", "NUMBER",
     "of --syslog: your number at IANA, for the name of the structured data;\n32473, that of examples, unless "
     "given",
     0},
    {"follow", NULL, "go on for ever with what is new", 0},
    {"name", "NAME", "tell the registry how far the copy is, under this name of log/copies", 0},
    LOG_KEY_OPTION,
    {NULL, NULL, NULL, 0},
};

/* A name of ASCII without spaces, as RFC 5424 has it. */
static void find_host (char host[64])
{
    if (gethostname (host, 64) != 0)
        host[0] = '\0';
    host[63] = '\0';
    for (char *at = host; *at != '\0'; at++)
        if (!isgraph ((unsigned char)*at))
            *at = '?';
    if (host[0] == '\0')
        strcpy (host, "-");
}

static int open_sink (struct ctl *ctl, const struct options *options, struct copier *self)
{
    const char *directory = options_text (options, "to"), *pipe = options_text (options, "pipe");
    self->position_file = options_text (options, "position");
    self->is_syslog = options_has (options, "syslog");
    if (pipe == NULL && self->is_syslog && directory == NULL)
        pipe = "-";
    if ((directory == NULL) == (pipe == NULL))
        return ctl_fail (EX_USAGE, "either --to DIR, --pipe FILE or --syslog says where the copy goes");
    if (directory != NULL && (self->is_syslog || self->position_file != NULL))
        return ctl_fail (EX_USAGE, "--syslog and --position are for a pipe");
    if (pipe != NULL && self->position_file == NULL)
        return ctl_fail (EX_USAGE, "--position is missing: a pipe does not say how far the copy is");
    if (directory != NULL) {
        self->sink = &self->files.sink;
        return copy_files_open (&self->files, ctl, directory);
    }
    self->sink = &self->pipe.sink;
    return copy_pipe_open (&self->pipe, pipe);
}

static int begin (struct ctl *ctl, const struct options *options, struct copier *self)
{
    unsigned long enterprise = 32473;
    *self = (struct copier){.ctl = ctl, .sink = &self->pipe.sink, .pipe.pipe = -1};
    self->report = copy_report_new (ctl, options_text (options, "name"));
    self->follows = options_has (options, "follow");
    find_host (self->sender.host);
    int error = log_trust_read_keys (ctl, options, &self->trust);
    if (!error)
        error = options_number (options, "enterprise", 1, UINT32_MAX, &enterprise);
    self->sender.enterprise = (unsigned)enterprise;
    return error ? error : open_sink (ctl, options, self);
}

/* The standard output may be the sink. */
static void print_end (const struct copier *self)
{
    bool is_sink = !copier_to_files (self) && strcmp (self->pipe.path, "-") == 0;
    const char *place = copier_to_files (self) ? self->files.directory : self->pipe.path;
    if (is_sink)
        return;
    if (self->ctl->json)
        document_print (json_pack ("{s:o, s:I, s:I}", "to", document_string (place), "lines",
                                   (json_int_t)self->number, "before", (json_int_t)self->before));
    else
        escape_line (stdout, "%s: %" PRIu64 " lines, %" PRIu64 " of them new.", place, self->number,
                     self->number - self->before);
}

static int run_copy (struct ctl *ctl, const struct options *options)
{
    struct copier self;
    signal (SIGPIPE, SIG_IGN);
    int error = begin (ctl, options, &self);
    if (!error)
        error = copier_run (&self);
    if (!error)
        print_end (&self);
    copier_free (&self);
    return error;
}

const struct command audit_copy_commands[] = {
    {"audit copy", NULL, "copy the log, line by line, to a second place",
     "A process of its own, so that a copy that is full or slow never holds up the registry. With --follow it "
     "goes on\n"
     "while the log grows; `status` then shows how far it is, and an alarm tells if it does not keep up. What is "
     "there\n"
     "already is compared with the registry first, and gone on with. Each line is as it is stored, its head in "
     "clear and\n"
     "the rest sealed. Exit code 1: the registry contradicts the copy.",
     copy_options, run_copy},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
