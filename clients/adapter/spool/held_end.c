/* The ends of what is held that are no decision of the registry. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "call.h"
#include "codec/document.h"
#include "held.h"

enum { INDENT = 2 };

/* What is to become of one, in the ledger's words. Caller owns it. */
static json_t *decided_of (struct spool *self, const char *name, enum item_end end)
{
    char as[FOLDERS_NAME];
    unsigned number = 0;
    do
        folders_like (name, ++number, as);
    while (!folders_is_free (&self->folders, FOLDER_FAILED, as));
    return json_pack ("{s:o, s:b, s:o, s:i}", "name", name_json (name), "held", 1, "as", name_json (as), "end",
                      (int)end);
}

static int write_report (struct spool *self, const char *id_text, const char *name, const char *code,
                         const char *reason)
{
    char file[ID_TEXT + sizeof ".report"];
    json_t *report;
    int r = held_report (self, name, &report);
    if (r != 0)
        report = json_object (); /* somebody took it away: what became of the message is said all the same */
    json_object_set_new (report, "outcome", json_string ("FAILED"));
    json_object_set_new (report, "code", json_string (code));
    json_object_set_new (report, "error", document_string (reason));
    json_object_set_new (report, "reported_at", document_time (spool_now ()));
    char *text = document_text (report, INDENT);
    snprintf (file, sizeof file, "%s.report", id_text);
    r = folders_write (&self->folders, FOLDER_WORK, file, (struct bytes){text, strlen (text)});
    free (text);
    return r == 0 ? folders_sync (&self->folders) : r;
}

/* As held_end, with `end`: whether the message itself is kept. */
static int end_one (struct spool *self, const char *name, const char *code, const char *reason, enum item_end end)
{
    const struct ledger_mark marks[] = {{NULL, NULL}};
    uint8_t id[LEDGER_KEY];
    char id_text[ID_TEXT];
    if (!folders_has (&self->folders, FOLDER_HELD, name))
        return -ENOENT;
    ledger_key_of (self->ledger, "held", name, id);
    consent_hex (id, sizeof id, id_text);
    int r = write_report (self, id_text, name, code, reason);
    if (r != 0)
        return r;
    json_t *decided = decided_of (self, name, end);
    ledger_begin (self->ledger);
    ledger_put (self->ledger, LEDGER_UNDER_WAY, id, decided, marks);
    held_forget (self, name);
    r = ledger_commit (self->ledger);
    if (r == 0)
        r = spool_let_go (self, id_text, decided);
    json_decref (decided);
    if (r == 0 && !self->order->quiet)
        spool_say (self, 0, "failed %s: %s", name, code);
    json_t *digits = name_json (name);
    json_object_del (self->tally.held, json_string_value (digits));
    json_decref (digits);
    self->tally.ends[END_FAILED]++;
    return r;
}

int held_end (struct spool *self, const char *name, const char *code, const char *reason)
{
    return end_one (self, name, code, reason, END_FAILED);
}

static int note_subject (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    json_object_set_new (context, json_string_value (json_object_get (record, "name")), json_true ());
    return 0;
}

/* Takes each of the names to its end. 0 or -errno. */
static int end_all (struct spool *self, json_t *names, const char *code, const char *reason, enum item_end end)
{
    const char *digits;
    json_t *unused;
    char name[FOLDERS_NAME];
    int r = 0;
    json_object_foreach (names, digits, unused)
    {
        name_of_digits (digits, name);
        int one = end_one (self, name, code, reason, end);
        if (r == 0 && one != -ENOENT)
            r = one;
    }
    json_decref (names);
    return r;
}

int held_erase (struct spool *self, const char *subject_ref)
{
    json_t *names = json_object ();
    const struct ledger_mark mark = {"subject", subject_ref};
    int r = ledger_find (self->ledger, LEDGER_HELD, &mark, note_subject, names);
    int ended = end_all (self, names, "ERASED", "the subject was erased; the message is not kept", END_ERASED);
    return r == 0 ? ended : r;
}

struct past {
    int64_t now;
    json_t *names;
};

static int note_past (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    struct past *self = context;
    if (json_integer_value (json_object_get (record, "until")) <= self->now)
        json_object_set_new (self->names, json_string_value (json_object_get (record, "name")), json_true ());
    return 0;
}

int held_expire (struct spool *self)
{
    struct past past = {spool_now (), json_object ()};
    int r = ledger_each (self->ledger, LEDGER_HELD, note_past, &past);
    int ended = end_all (self, past.names, "EXPIRED", "it was held for as long as it may be", END_FAILED);
    r = r == 0 ? ended : r;
    return r == 0 ? 0 : spool_say_unwritable (self, "held", r);
}
