/* One message, from its bytes to its end: a passage whose needs are met one by one. */
#include "program_parts.h"
#include "allocate.h"
#include "output.h"
#include "program_ask.h"
#include "report.h"
#include <errno.h>
#include <stdio.h>
#include <sysexits.h>

/* What the way of a message needs besides the passage. */
struct drive {
    struct run *run;
    struct passage *passage;
    struct output *output, *report;
    int failure; /* the exit code, if something could not be stored or let go; else 0 */
};

static int exit_code_of_status (int status)
{
    switch (status) {
    case CONSENT_FORBIDDEN:
    case CONSENT_KEY_REFUSED:
        return EX_NOPERM;
    case CONSENT_INVALID:
    case CONSENT_NOT_FOUND:
    case CONSENT_CONFLICT:
        return EX_DATAERR;
    case CONSENT_RETRY:
        return EX_TEMPFAIL;
    case CONSENT_BAD_REPLY:
        return EX_SOFTWARE;
    default:
        return status < 0 ? EX_IOERR : EX_UNAVAILABLE;
    }
}

static int exit_code (const struct drive *self)
{
    const struct passage_result *result = passage_result (self->passage);
    if (self->failure)
        return self->failure;
    switch (result->outcome) {
    case PASSAGE_PASSED:
    case PASSAGE_THINNED:
        return PROGRAM_PASSED;
    case PASSAGE_HELD:
        return PROGRAM_HELD;
    case PASSAGE_BAD_MESSAGE:
        return EX_DATAERR;
    case PASSAGE_NO_ANSWER:
        return exit_code_of_status (result->status);
    case PASSAGE_BAD_SCHEMA:
        return EX_CONFIG;
    }
    return EX_SOFTWARE;
}

/* Tells the passage what could not be stored (EX_CANTCREAT) or let go (EX_IOERR), and keeps the exit code. */
static void tell (struct drive *self, int error, const char *file, int code)
{
    static const char decided[] = "; it is decided, and the same command again lets it go";
    char problem[PASSAGE_ERROR];
    snprintf (problem, sizeof problem, "%s: %s%s", file ? file : "standard output", strerror (-error),
              code == EX_IOERR ? decided : "");
    if (error < 0)
        self->failure = code;
    passage_tell_done (self->passage, error < 0 ? problem : NULL);
}

/* The report before its decision: with room for what that may add. */
static int store_report (struct drive *self)
{
    enum { ROOM = 64 * 1024 };
    char *report = report_json (self->passage);
    size_t size = strlen (report);
    char *text = allocate (size + ROOM, 1);
    memcpy (text, report, size);
    memset (text + size, ' ', ROOM);
    int r = output_store (self->run->report, text, size + ROOM, &self->report);
    free (report);
    free (text);
    return r;
}

static void write_outputs (struct drive *self, const struct passage_need *need)
{
    output_drop (&self->output);
    output_drop (&self->report);
    int r = self->run->report ? store_report (self) : 0;
    if (r < 0) {
        tell (self, r, self->run->report, EX_CANTCREAT);
        return;
    }
    r = output_store (self->run->output, need->output, need->output_size, &self->output);
    tell (self, r, self->run->output, EX_CANTCREAT);
}

/* The report goes first: what cannot be accounted for is not passed on. */
static void let_go (struct drive *self)
{
    int r = 0;
    if (self->report) {
        char *report = report_json (self->passage);
        r = output_change (self->report, report, strlen (report));
        if (r == 0)
            r = output_let_go (self->report);
        free (report);
    }
    if (r < 0) {
        tell (self, r, self->run->report, EX_IOERR);
        return;
    }
    r = program_ledger_keep (self->run, self->passage, true);
    if (r < 0)
        tell (self, r, self->run->ledger_directory, EX_IOERR);
    else
        tell (self, output_let_go (self->output), self->run->output, EX_IOERR);
}

/* What is not known after all: the same command finds it out. */
static void tell_unknown (const struct drive *self)
{
    int status = passage_result (self->passage)->status;
    if (status == CONSENT_TIMEOUT || status == CONSENT_BAD_REPLY || status < 0)
        program_complain (self->run, 0, "",
                          "it may have been recorded; nothing is passed on. The same command finds out, and does "
                          "nothing twice");
}

/* The report of what went is stored with it. Of everything else it is written now. */
static void write_report (struct drive *self)
{
    const struct passage_result *result = passage_result (self->passage);
    bool stored = result->outcome <= PASSAGE_THINNED && !self->run->order.advise_only;
    bool wanted = self->run->report && !stored && !self->failure;
    char *report = wanted || self->run->json ? report_json (self->passage) : NULL;
    int r = wanted ? output_write (self->run->report, report, strlen (report)) : 0;
    if (r < 0)
        self->failure = program_complain (self->run, EX_CANTCREAT, self->run->report, strerror (-r));
    if (self->run->json && (fputs (report, stdout) < 0 || fflush (stdout) < 0))
        self->failure = program_complain (self->run, EX_IOERR, "standard output", strerror (errno));
    free (report);
}

static void keep_held (struct drive *self)
{
    if (passage_result (self->passage)->outcome != PASSAGE_HELD || self->run->order.advise_only || self->failure)
        return;
    int r = program_ledger_keep (self->run, self->passage, false);
    if (r < 0)
        self->failure = program_complain (self->run, EX_IOERR, self->run->ledger_directory, strerror (-r));
}

static void report_end (struct drive *self)
{
    const struct passage_result *result = passage_result (self->passage);
    keep_held (self);
    write_report (self);
    if (self->run->verbose && result->not_validated)
        program_complain (self->run, 0, result->elements->mapping->schema,
                          "is not here (--schemas): what goes was held against no schema");
    if (!self->run->quiet || result->outcome > PASSAGE_THINNED)
        report_print (stderr, self->run->program->name, self->passage);
    if (result->outcome == PASSAGE_NO_ANSWER)
        tell_unknown (self);
}

static void meet (struct drive *self, const struct passage_need *need)
{
    switch (need->kind) {
    case PASSAGE_RETURNED:
    case PASSAGE_SUBJECT:
    case PASSAGE_PRODUCTS:
        program_ledger_tell (self->run, self->passage, need);
        break;
    case PASSAGE_WRITE:
        write_outputs (self, need);
        break;
    case PASSAGE_GO:
        let_go (self);
        break;
    default:
        program_ask (self->run->connection, self->passage, need);
        break;
    }
}

int program_drive (struct run *run, const char *text, size_t size)
{
    struct drive self = {.run = run, .passage = passage_new (&run->order, text, size)};
    struct passage_need need;
    for (passage_step (self.passage, &need); need.kind != PASSAGE_DONE; passage_step (self.passage, &need))
        meet (&self, &need);
    output_drop (&self.output);
    output_drop (&self.report);
    report_end (&self);
    int code = exit_code (&self);
    passage_destroy (&self.passage);
    return code;
}
