/* All that a spool prints. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "codec/document.h"
#include "numbers.h"
#include "report.h"
#include "spool_parts.h"
#include "text/progress.h"
#include "text/escape.h"

static const char *const end_names[ENDS] = {
    [END_SENT] = "sent",     [END_HELD] = "held",   [END_FAILED] = "failed",
    [END_ERASED] = "erased", [END_WAITS] = "waits",
};

static const char *const would_names[ENDS] = {
    [END_SENT] = "SENT", [END_HELD] = "HELD", [END_FAILED] = "FAILED", [END_WAITS] = "WAITS"};

static const char *const end_words[ENDS] = {
    [END_HELD] = "be held", [END_FAILED] = "fail", [END_WAITS] = "wait for the registry"};

/* Files are called what their senders like, and what is said here is kept in logs: of a line that may hold a BSN
   no digit is said, of whichever script. */
static void hide_numbers (char *text)
{
    if (!numbers_hold_bsn (text, NULL, 0))
        return;
    for (; *text; text++) {
        if ((*text >= '0' && *text <= '9') || (unsigned char)*text >= 0x80)
            *text = '*';
    }
}

int spool_say (const struct spool *self, int code, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start (arguments, format);
    if (vasprintf (&text, format, arguments) < 0)
        abort ();
    va_end (arguments);
    hide_numbers (text);
    progress_end ();
    escape_line (stderr, "%s: %s", self->order->program, text);
    free (text);
    return code;
}

int spool_say_unwritable (const struct spool *self, const char *what, int error)
{
    if (error == -EBADMSG)
        return spool_say (
            self, EX_IOERR,
            "%s/ledger is damaged: something in it cannot be read, and nothing more goes. Put a copy of it "
            "back, or move ledger/ledger.mdb away and start anew (docs/spool.md)",
            self->order->directory);
    return spool_say (self, EX_IOERR,
                      "%s/%s: %s. Nothing more goes; what is under way is gone on with at the next start",
                      self->order->directory, what, strerror (-error));
}

void spool_say_away (struct spool *self, const char *why)
{
    if (!self->away)
        spool_say (self, 0, "the registry is not there: %s. Everything waits until it is", why);
    self->away = true;
}

void spool_say_there (struct spool *self)
{
    if (self->away)
        spool_say (self, 0, "the registry is there again");
    self->away = false;
}

/* What is held may be decided many times, and is one message all the while. */
static void count (struct tally *self, const struct item *item, const char *code)
{
    json_t *was = name_json (item->name), *is = name_json (item->as);
    json_object_del (self->waits, json_string_value (was));
    if (item->end == END_HELD)
        json_object_set_new (self->held, json_string_value (is), json_string (code));
    else if (item->end == END_WAITS)
        json_object_set_new (self->waits, json_string_value (was), json_true ());
    else {
        self->ends[item->end]++;
        if (item->from == FOLDER_HELD)
            json_object_del (self->held, json_string_value (was));
    }
    json_decref (was);
    json_decref (is);
}

void spool_say_end (struct spool *self, const struct item *item)
{
    const struct passage_result *result = passage_result (item->passage);
    const char *code = result->outcome == PASSAGE_HELD ? report_code_name (result->code) : "";
    count (&self->tally, item, code);
    if (self->order->quiet || item->end == END_WAITS || (item->end == END_SENT && self->order->once))
        return;
    spool_say (self, 0, "%s %s%s%s%s%s", end_names[item->end], item->as, *code ? ": " : "", code,
               *result->error ? ": " : "", result->error);
}

void spool_say_went (struct spool *self, const char *name, const char *as)
{
    if (json_object_size (self->tally.waits) > 0) {
        json_t *was = name_json (name);
        json_object_del (self->tally.waits, json_string_value (was));
        json_decref (was);
    }
    self->tally.ends[END_SENT]++;
    if (!self->order->quiet && !self->order->once)
        spool_say (self, 0, "%s %s", end_names[END_SENT], as);
}

void spool_show_progress (struct spool *self)
{
    const struct tally *tally = &self->tally;
    self->done += self->now->count;
    if (self->done < self->total && !self->order->quiet)
        progress_show ("%zu of %zu messages: sent %zu, held %zu, failed %zu", self->done, self->total,
                       tally->ends[END_SENT], json_object_size (tally->held), tally->ends[END_FAILED]);
    else
        progress_end ();
}

/* Takes over the document. */
static void print_line (json_t *document)
{
    char *text = document_text (document, 0);
    printf ("%s\n", text);
    free (text);
}

/* The report, with the name of the file, on one line. */
static void print_would (const struct item *item)
{
    struct document_writer writer;
    document_begin (&writer, 0);
    document_open_object (&writer, NULL);
    report_write (&writer, item->passage, NULL);
    document_put_text (&writer, "file", item->name);
    document_put_word (&writer, "would", would_names[item->end]);
    document_close_object (&writer);
    char *text = document_end (&writer);
    printf ("%s\n", text);
    free (text);
}

void spool_say_would (struct spool *self, struct item *item)
{
    const struct passage_result *result = passage_result (item->passage);
    const char *code = result->outcome == PASSAGE_HELD ? report_code_name (result->code) : "";
    item->end = spool_end_of (item);
    snprintf (item->as, sizeof item->as, "%s", item->name);
    count (&self->tally, item, code);
    progress_end ();
    if (self->order->json) {
        print_would (item);
    } else if (item->end == END_SENT && !self->order->quiet) {
        escape_line (stdout, "%s: would go to %s, %s", item->name, passage_recipient (item->passage),
                     result->outcome == PASSAGE_THINNED ? "without what may not" : "whole");
    } else if (item->end != END_SENT) {
        escape_line (stdout, "%s: would %s%s%s%s%s", item->name, end_words[item->end], *code ? ": " : "", code,
                     *result->error ? ": " : "", result->error);
    }
}

/* How many are held, by code. Caller owns it. */
static json_t *held_by_code (const struct tally *tally)
{
    json_t *counts = json_object (), *code;
    const char *unused;
    json_object_foreach (tally->held, unused, code)
    {
        const char *name = json_string_value (code);
        json_object_set_new (counts, name, json_integer (json_integer_value (json_object_get (counts, name)) + 1));
    }
    return counts;
}

/* For the registry, for their place, or for their turn; or for the next start. */
static size_t count_waiting (const struct spool *self)
{
    size_t waiting = json_object_size (self->tally.waits) + json_object_size (self->stuck);
    waiting += self->next->count + self->ahead->count;
    return waiting > self->tally.left ? waiting : self->tally.left;
}

static json_t *summary_json (const struct spool *self)
{
    const struct tally *tally = &self->tally;
    return json_pack ("{s:I, s:I, s:I, s:I, s:o}", "sent", (json_int_t)tally->ends[END_SENT], "held",
                      (json_int_t)json_object_size (tally->held), "failed", (json_int_t)tally->ends[END_FAILED],
                      "waits", (json_int_t)count_waiting (self), "held_by_code", held_by_code (tally));
}

void spool_say_summary (const struct spool *self)
{
    const struct tally *tally = &self->tally;
    if (self->order->json && self->order->order.advise_only)
        print_line (summary_json (self));
    else if (self->order->json)
        document_print (summary_json (self));
    if (self->order->json)
        return;
    if (self->order->quiet)
        return;
    spool_say (self, 0, "sent %zu, held %zu, failed %zu, waiting %zu", tally->ends[END_SENT],
               json_object_size (tally->held), tally->ends[END_FAILED], count_waiting (self));
    const char *code;
    json_t *counts = held_by_code (tally), *number;
    json_object_foreach (counts, code, number)
        spool_say (self, 0, "held, %s: %" JSON_INTEGER_FORMAT, code, json_integer_value (number));
    json_decref (counts);
}
