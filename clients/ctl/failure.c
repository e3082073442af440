#include "failure.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include "codec/document.h"

static struct {
    bool is_expected;
    json_t *reply;   /* as it came; NULL: none did */
    json_t *lines;   /* all that was said */
    json_t *message; /* the last of them that is no note; NULL: there is none */
} kept;

void failure_expect (void)
{
    kept.is_expected = true;
    kept.lines = json_array ();
}

void failure_note (int code, const char *line)
{
    if (!kept.is_expected)
        return;
    json_array_append_new (kept.lines, document_string (line));
    if (code != 0) {
        json_decref (kept.message);
        kept.message = document_string (line);
    }
}

void failure_refused (const Consentd__Reply *reply)
{
    json_decref (kept.reply);
    kept.reply = document_of_message (&reply->base);
}

/* What the registry said; or a reply in which nothing is set but the message. */
static json_t *take_reply (void)
{
    Consentd__Reply none;
    consentd__reply__init (&none);
    json_t *document = kept.reply ? kept.reply : document_of_message (&none.base);
    if (!kept.reply && kept.message)
        json_object_set (document, "message", kept.message);
    kept.reply = NULL;
    return document;
}

void failure_tell (int code)
{
    if (!kept.is_expected)
        return;
    if (code >= EX__BASE && !document_is_printed ()) {
        json_t *document = take_reply ();
        json_object_set_new (document, "exit_code", json_integer (code));
        json_object_set (document, "lines", kept.lines);
        char *text = document_text (document, 0); /* below the lines of what is followed it is one more */
        puts (text);
        free (text);
    }
    json_decref (kept.reply);
    json_decref (kept.lines);
    json_decref (kept.message);
}
