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

/* What is left of the report: all of it, or of a subject who was erased what tells nothing of whom it was about.
 */
static json_t *report_of (struct spool *self, const char *name, enum item_end end)
{
    static const char *const kept[] = {"provider", "recipient", "purpose", "mapping", "release", "held_since"};
    json_t *report, *left = json_object ();
    if (held_report (self, name, &report) != 0)
        return left; /* somebody took it away: what became of the message is said all the same */
    if (end != END_ERASED) {
        json_decref (left);
        return report;
    }
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        json_t *value = json_object_get (report, kept[i]);
        if (value)
            json_object_set (left, kept[i], value);
    }
    json_decref (report);
    return left;
}

/* What ends, and what for. */
struct ending {
    const char *name, *code, *reason;
    enum item_end end; /* END_ERASED: the message itself is not kept */
};

static int write_report (struct spool *self, const struct ending *ending, const char *id_text,
                         const json_t *decided)
{
    char file[ID_TEXT + sizeof ".report"], as[FOLDERS_NAME];
    json_t *report = report_of (self, ending->name, ending->end);
    name_of_json (json_object_get (decided, "as"), as);
    json_object_set_new (report, "outcome", json_string ("FAILED"));
    json_object_set_new (report, "code", json_string (ending->code));
    json_object_set_new (report, "error", document_string (ending->reason));
    json_object_set_new (report, "file", document_string (as));
    json_object_set_new (report, "reported_at", document_time (spool_now ()));
    char *text = document_text (report, INDENT);
    snprintf (file, sizeof file, "%s.report", id_text);
    int r = folders_write (&self->folders, FOLDER_WORK, file, (struct bytes){text, strlen (text)});
    free (text);
    return r == 0 ? folders_sync (&self->folders) : r;
}

/* Notes in the ledger what is to become of it. */
static int decide (struct spool *self, const char *name, const uint8_t id[LEDGER_KEY], const json_t *decided)
{
    const struct ledger_mark marks[] = {{NULL, NULL}};
    ledger_begin (self->ledger);
    ledger_put (self->ledger, LEDGER_UNDER_WAY, id, decided, marks);
    held_forget (self, name);
    return ledger_commit (self->ledger);
}

static void tell (struct spool *self, const struct ending *ending)
{
    json_t *digits = name_json (ending->name);
    json_object_del (self->tally.held, json_string_value (digits));
    json_object_del (self->tally.waits, json_string_value (digits));
    json_decref (digits);
    self->tally.ends[END_FAILED]++;
    if (!self->order->quiet)
        spool_say (self, 0, "failed %s: %s", ending->name, ending->code);
}

/* 0 or -errno; -ENOENT: there is no such message. */
static int end_one (struct spool *self, const struct ending *ending)
{
    uint8_t id[LEDGER_KEY];
    char id_text[ID_TEXT];
    if (!folders_has (&self->folders, FOLDER_HELD, ending->name))
        return -ENOENT;
    ledger_key_of (self->ledger, "held", ending->name, id);
    consent_hex (id, sizeof id, id_text);
    json_t *decided = decided_of (self, ending->name, ending->end);
    int r = write_report (self, ending, id_text, decided);
    if (r == 0)
        r = decide (self, ending->name, id, decided);
    if (r == 0)
        r = spool_let_go (self, id_text, decided);
    json_decref (decided);
    if (r == 0)
        tell (self, ending);
    return r == SPOOL_STUCK ? 0 : r;
}

int held_end (struct spool *self, const char *name, const char *code, const char *reason)
{
    return end_one (self, &(struct ending){name, code, reason, END_FAILED});
}

static int note_subject (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    json_object_set_new (context, json_string_value (json_object_get (record, "name")), json_true ());
    return 0;
}

/* Takes each of the names to the end that is given without one. 0 or -errno. */
static int end_all (struct spool *self, json_t *names, struct ending ending)
{
    const char *digits;
    json_t *unused;
    char name[FOLDERS_NAME];
    int r = 0;
    ending.name = name;
    json_object_foreach (names, digits, unused)
    {
        name_of_digits (digits, name);
        int one = end_one (self, &ending);
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
    int ended =
        end_all (self, names,
                 (struct ending){NULL, "ERASED", "the subject was erased; the message is not kept", END_ERASED});
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
    if (!spool_knows_time (self))
        return 0; /* what is held is decided anew at each start: it will be known */
    struct past past = {spool_time (self), json_object ()};
    int r = ledger_each (self->ledger, LEDGER_HELD, note_past, &past);
    int ended = end_all (self, past.names,
                         (struct ending){NULL, "EXPIRED", "it was held for as long as it may be", END_FAILED});
    r = r == 0 ? ended : r;
    return r == 0 ? 0 : spool_say_unwritable (self, "held", r);
}
