#include "import.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include "ask.h"
#include "codec/document.h"
#include "import_outcomes.h"
#include "import_run.h"
#include "input.h"
#include "text/escape.h"
#include "text/progress.h"

enum {
    NONE_ACCEPTED = 1,
    SOME_ACCEPTED = 2,
    SAID_MAX = 100,
    ATTEMPTS = 12,
    ATTEMPTS_SECOND = 2,
};

struct command_run {
    const char *file, *result, *table;
    bool dry_run, ask_first, quiet, json;
    const char *former_key; /* NULL: there is none */
    struct import_secret secret;
    struct import_source *source;
    struct import_result *results;
    consent_t *registry, *second;
    uint64_t counts[IMPORT_OUTCOMES];
    uint64_t said;   /* lines that a dry run has told of */
    int64_t began;   /* ms, by a clock that never goes back */
    uint64_t before; /* records that had their line when this run began */
};

static int64_t steady_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t sum (const uint64_t *counts)
{
    uint64_t all = 0;
    for (size_t i = 0; i < IMPORT_OUTCOMES; i++)
        all += counts[i];
    return all;
}

static void show_progress (void *context, const uint64_t *counts)
{
    struct command_run *self = context;
    memcpy (self->counts, counts, sizeof self->counts);
    if (self->quiet)
        return;
    uint64_t done = sum (counts);
    double seconds = (double)(steady_now () - self->began) / 1000;
    progress_show ("%" PRIu64 " of %" PRIu64 " records, %" PRIu64 " %s; %.0f a second", done,
                   import_source_count (self->source), counts[IMPORT_ACCEPTED],
                   self->dry_run ? "in order" : "accepted",
                   seconds > 0 ? (double)(done - self->before) / seconds : 0);
}

/* Tells of a record that a dry run found something wrong with. */
static void say (void *context, const struct import_line *line)
{
    struct command_run *self = context;
    if (self->json || line->outcome == IMPORT_ACCEPTED || self->said++ >= SAID_MAX)
        return;
    progress_end ();
    if (line->outcome == IMPORT_DUPLICATE)
        printf ("regel %" PRIu64 ": zegt hetzelfde als record %" PRIu64 "\n", line->line, line->same_as);
    else
        escape_line (stdout, "regel %" PRIu64 ": %s%s%s", line->line, line->field, *line->field ? ": " : "",
                     line->message);
}

static void print_json (const struct command_run *self)
{
    json_t *summary = json_object ();
    json_object_set_new (summary, "records", json_integer ((json_int_t)import_source_count (self->source)));
    json_object_set_new (summary, "dry_run", json_boolean (self->dry_run));
    for (size_t i = 0; i < IMPORT_OUTCOMES; i++)
        json_object_set_new (summary, import_outcome_word ((enum import_outcome)i),
                             json_integer ((json_int_t)self->counts[i]));
    document_print (summary);
}

static void print_summary (const struct command_run *self)
{
    static const char *const words[IMPORT_OUTCOMES] = {"accepted",
                                                       "refused by the rules",
                                                       "with a field that is wrong",
                                                       "that say what another one says",
                                                       "of which it is not known",
                                                       "about people whose record cannot be read now"};
    uint64_t records = import_source_count (self->source), done = sum (self->counts);
    printf ("%" PRIu64 " records", records);
    const char *separator = ": ";
    for (size_t i = 0; i < IMPORT_OUTCOMES; i++) {
        if (self->counts[i] == 0)
            continue;
        printf ("%s%" PRIu64 " %s", separator, self->counts[i],
                self->dry_run && i == IMPORT_ACCEPTED ? "in order" : words[i]);
        separator = ", ";
    }
    if (done < records)
        printf ("%s%" PRIu64 " not yet", separator, records - done);
    puts (".");
    if (self->said > SAID_MAX)
        printf ("Of %" PRIu64 " more it is not told here what is wrong.\n", self->said - SAID_MAX);
    if (self->counts[IMPORT_UNAVAILABLE] > 0)
        puts ("What the registry has of some people cannot be read now (its operators see it): the same command "
              "tries "
              "those again.");
    if (self->dry_run)
        puts ("Nothing is recorded. Whether the rules admit them, and the registry knows the parties and codes, "
              "only the "
              "import tells.");
}

static int exit_code (const uint64_t *counts)
{
    uint64_t fine = counts[IMPORT_ACCEPTED] + counts[IMPORT_DUPLICATE], all = sum (counts);
    return fine == all ? 0 : counts[IMPORT_ACCEPTED] == 0 ? NONE_ACCEPTED : SOME_ACCEPTED;
}

static int open_source (struct command_run *self)
{
    char error[IMPORT_SOURCE_ERROR];
    int r = import_source_open (&self->source, self->file, error);
    if (r == -ESPIPE)
        return ctl_fail (EX_NOINPUT, "%s: must be a file: it is read more than once", self->file);
    if (r < 0)
        return ctl_fail (EX_NOINPUT, "%s: %s", self->file, input_problem (r));
    return r ? ctl_fail (EX_DATAERR, "%s: %s", self->file, error) : 0;
}

static int open_registry (struct command_run *self, struct ctl *ctl)
{
    char error[IMPORT_SECRET_ERROR];
    int code = ask_open (ctl);
    if (code)
        return code;
    if (import_secret_read (&self->secret, ctl->key_file, error) != 0)
        return ctl_fail (EX_CONFIG, "%s", error);
    self->registry = ctl->registry;
    if (ctl->wait == 0) /* it outlives a restart of the registry, so it outwaits one at its own start */
        consent_set_absent (self->registry, CONSENT_ABSENT_WAIT);
    /* A party that asks more than it may is told when to come back (L3). */
    consent_set_patience (self->registry, INT_MAX);
    consent_set_attempts (self->registry, ATTEMPTS);
    if (!(self->second = consent_open (ctl->key_file, error, sizeof error)))
        return ctl_fail (EX_CONFIG, "%s", error);
    consent_set_attempts (self->second, ATTEMPTS_SECOND);
    return 0;
}

/* With a former key all is as it was under that one: by it the registry, and the result file, know again what was
   sent. What was begun under the key of now goes on under that. */
static int open_result (struct command_run *self)
{
    uint8_t mark[IMPORT_MARK], other[IMPORT_MARK];
    char error[IMPORT_SECRET_ERROR];
    struct import_secret former = {{0}};
    FILE *file = import_source_file (self->source);
    if (self->former_key && import_secret_read (&former, self->former_key, error) != 0)
        return ctl_fail (EX_CONFIG, "%s", error);
    int r = import_secret_mark_file (&self->secret, file, other);
    if (!r && self->former_key)
        r = import_secret_mark_file (&former, file, mark);
    struct import_result_of of = {self->former_key ? mark : other, self->former_key ? other : NULL,
                                  consent_party (self->registry), import_source_count (self->source)};
    int code = r ? 0 : import_result_open (&self->results, self->result, &of, error);
    if (!r && !code && self->former_key && !import_result_is_other (self->results))
        self->secret = former;
    explicit_bzero (&former, sizeof former);
    if (r)
        return ctl_fail (EX_IOERR, "%s: %s", self->file, strerror (-r));
    if (code)
        return ctl_fail (code, "%s: %s", self->result, error);
    memcpy (self->counts, import_result_counts (self->results), sizeof self->counts);
    self->before = sum (self->counts);
    return 0;
}

static int write_table (const struct command_run *self)
{
    char error[IMPORT_OUTCOMES_ERROR];
    int code = import_outcomes_write (self->result, self->table, error);
    return code ? ctl_fail (code, "%s: %s; the result file has it all", self->table, error) : 0;
}

static int run (struct command_run *self)
{
    char error[IMPORT_RUN_ERROR];
    struct import_job job = {.secret = &self->secret,
                             .source = self->source,
                             .beside = self->result ? self->result : self->file,
                             .result = self->results,
                             .registry = self->registry,
                             .second = self->second,
                             .ask_first = self->ask_first,
                             .say = say,
                             .progress = show_progress,
                             .context = self};
    int r = import_source_rewind (self->source, error);
    if (r)
        return ctl_fail (r < 0 ? EX_IOERR : EX_DATAERR, "%s: %s", self->file, r < 0 ? strerror (-r) : error);
    self->began = steady_now ();
    r = import_run (&job, error);
    progress_end ();
    if (self->json)
        print_json (self);
    else if (!self->quiet)
        print_summary (self);
    int made = self->table ? write_table (self) : 0;
    if (!r)
        return made ? made : exit_code (self->counts);
    ctl_fail (0, "%s: %s", self->file, error);
    return ctl_fail (r, "the import is not at its end; the same command goes on with it, and does nothing twice");
}

static int read_options (struct command_run *self, const struct options *options)
{
    self->file = options->arguments[0];
    self->result = options_text (options, "result");
    self->table = options_text (options, "table");
    self->dry_run = options_has (options, "dry-run");
    self->former_key = options_text (options, "former-key");
    self->ask_first = options_has (options, "ask-first");
    self->quiet = options_has (options, "quiet");
    if (self->dry_run && (self->result || self->table || self->ask_first || self->former_key))
        return ctl_fail (EX_USAGE, "--dry-run: it has no result, and asks nothing");
    if (!self->dry_run && !self->result)
        return ctl_fail (EX_USAGE, "--result: which file tells what came of each record?");
    return 0;
}

static int run_import (struct ctl *ctl, const struct options *options)
{
    struct command_run self = {.json = ctl->json};
    int code = read_options (&self, options);
    if (!code && self.dry_run)
        import_secret_random (&self.secret);
    else if (!code)
        code = open_registry (&self, ctl);
    if (!code)
        code = open_source (&self);
    if (!code && !self.dry_run)
        code = open_result (&self);
    if (!code)
        code = run (&self);
    consent_close (&self.second);
    import_result_close (&self.results);
    import_source_close (&self.source);
    explicit_bzero (&self.secret, sizeof self.secret);
    return code;
}

static const struct option import_options[] = {
    {"result", "FILE", "what came of each record; and what is known of an import that was cut off", 0},
    {"table", "FILE", "makes a table of the result for spreadsheets (CSV), when the import ends", 0},
    {"dry-run", NULL, "checks form and fields, says what is wrong, and records nothing", 0},
    {"ask-first", NULL,
     "asks of each record whether the registry has it: for papers that may have been imported\n"
     "under another result file more than a day ago",
     0},
    {"former-key", "FILE", "the key file before this one: to go on with an import that was begun under it", 0},
    {"quiet", NULL, "no summary, and no progress", 0},
    {NULL, NULL, NULL, 0},
};

static const char details[] =
    "FILE is a table (CSV with the fields' names in its first line; comma or semicolon, UTF-8) or JSON (an array "
    "of\n"
    "forms, or one a line). docs/forms.md is its reference. Each record is judged by the rules as a single form "
    "is.\n"
    "The result file has a line of JSON for each, without a BSN: record and line, the file's own reference "
    "(column\n"
    "kenmerk), and the id of the consent, the codes and rules that refused it, or the field that is wrong.\n"
    "An import that was cut off is gone on with by the same command; nothing is recorded twice. What somebody "
    "said\n"
    "last must stand behind what he said before. Whether the rules admit a record (who must sign, what may flow,\n"
    "which parties and codes there are) only the import can tell, and no dry run.\n"
    "Exit code: 0 each record is accepted, or says what another one does; 1 none; 2 some; 64 and up: an error, "
    "and\n"
    "the import is not at its end (65 the file, or the result is another one's; 66 no file; 69 no answer; 77 not\n"
    "allowed; 78 the key file).";

const struct command import_command = {
    "import", "FILE", "record the consents and refusals that are on paper", details, import_options, run_import,
};
