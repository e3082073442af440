/* One message, from its bytes to its end: a passage whose needs are met one by one. */
#include "program_parts.h"
#include "allocate.h"
#include "output.h"
#include "report.h"
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

static void ask (struct drive *self, const struct passage_need *need)
{
    struct consent_answer **answers = allocate (need->question_count, sizeof *answers);
    for (size_t i = 0; i < need->question_count; i++)
        answers[i] = consent_check (self->run->connection, &need->questions[i]);
    passage_tell_answers (self->passage, (const struct consent_answer *const *)answers);
    for (size_t i = 0; i < need->question_count; i++)
        consent_answer_destroy (&answers[i]);
    free (answers);
}

/* Tells the passage what could not be stored or let go, and keeps the exit code. */
static void tell (struct drive *self, int error, const char *file, int code)
{
    char problem[PASSAGE_ERROR];
    snprintf (problem, sizeof problem, "%s: %s", file ? file : "standard output", strerror (-error));
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
    tell (self, output_let_go (self->output), self->run->output, EX_IOERR);
}

/* The report on what does not go, which was not stored before. */
static void report_end (struct drive *self)
{
    const struct passage_result *result = passage_result (self->passage);
    if (self->run->report && result->outcome > PASSAGE_THINNED && result->code != PASSAGE_UNWRITABLE) {
        char *report = report_json (self->passage);
        int r = output_write (self->run->report, report, strlen (report));
        free (report);
        if (r < 0)
            self->failure = program_complain (self->run, EX_CANTCREAT, self->run->report, strerror (-r));
    }
    report_print (stderr, self->run->program->name, self->passage);
    bool unknown = result->status == CONSENT_TIMEOUT || result->status == CONSENT_BAD_REPLY || result->status < 0;
    if (result->outcome == PASSAGE_NO_ANSWER && unknown)
        program_complain (self->run, 0, "",
                          "it is not known whether the disclosure was recorded; nothing is passed on");
}

int program_drive (struct run *run, const char *text, size_t size)
{
    struct drive self = {.run = run, .passage = passage_new (&run->order, text, size)};
    struct passage_need need;
    for (passage_step (self.passage, &need); need.kind != PASSAGE_DONE; passage_step (self.passage, &need)) {
        if (need.kind == PASSAGE_WRITE)
            write_outputs (&self, &need);
        else if (need.kind == PASSAGE_GO)
            let_go (&self);
        else
            ask (&self, &need);
    }
    output_drop (&self.output);
    output_drop (&self.report);
    report_end (&self);
    int code = exit_code (&self);
    passage_destroy (&self.passage);
    return code;
}
