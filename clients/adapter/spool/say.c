/* All that a spool prints. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "codec/document.h"
#include "report.h"
#include "spool_parts.h"
#include "text/escape.h"

static const char *const end_names[ENDS] = {
    [END_SENT] = "sent",     [END_HELD] = "held",   [END_FAILED] = "failed",
    [END_ERASED] = "erased", [END_WAITS] = "waits",
};

int spool_say (const struct spool *self, int code, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start (arguments, format);
    if (vasprintf (&text, format, arguments) < 0)
        abort ();
    va_end (arguments);
    escape_line (stderr, "%s: %s", self->order->program, text);
    free (text);
    return code;
}

int spool_say_unwritable (const struct spool *self, const char *what, int error)
{
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
    if (item->end == END_HELD)
        json_object_set_new (self->held, json_string_value (is), json_string (code));
    else {
        self->ends[item->end]++;
        if (item->from == FOLDER_HELD && item->end != END_WAITS)
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

static json_t *summary_json (const struct tally *tally)
{
    return json_pack ("{s:I, s:I, s:I, s:I, s:o}", "sent", (json_int_t)tally->ends[END_SENT], "held",
                      (json_int_t)json_object_size (tally->held), "failed", (json_int_t)tally->ends[END_FAILED],
                      "waits", (json_int_t)tally->ends[END_WAITS], "held_by_code", held_by_code (tally));
}

void spool_say_summary (const struct spool *self)
{
    const struct tally *tally = &self->tally;
    if (self->order->json) {
        document_print (summary_json (tally));
        return;
    }
    if (self->order->quiet)
        return;
    spool_say (self, 0, "sent %zu, held %zu, failed %zu, waiting for the registry %zu", tally->ends[END_SENT],
               json_object_size (tally->held), tally->ends[END_FAILED], tally->ends[END_WAITS]);
    const char *code;
    json_t *counts = held_by_code (tally), *number;
    json_object_foreach (counts, code, number)
        spool_say (self, 0, "held, %s: %" JSON_INTEGER_FORMAT, code, json_integer_value (number));
    json_decref (counts);
}
