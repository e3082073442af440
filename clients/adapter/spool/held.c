#include "held.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "allocate.h"
#include "codec/document.h"
#include "products.h"

enum { REPORT_MAX = 16 * 1024 * 1024, INDENT = 2 };

static const int64_t DAY = 86400000;

static void key_of (const struct spool *self, const char *name, uint8_t key[LEDGER_KEY])
{
    ledger_key_of (self->ledger, "held", name, key);
}

/* --------------------------------------------------------------------------------------- being held */

/* What was known of it before, or what is known of one that is new. Caller owns it. */
static json_t *record_of (struct spool *self, const struct item *item)
{
    uint8_t key[LEDGER_KEY];
    json_t *record = NULL;
    key_of (self, item->as, key);
    if (item->from == FOLDER_HELD && ledger_get (self->ledger, LEDGER_HELD, key, &record) == 0)
        return record;
    int64_t now = spool_time (self);
    return json_pack ("{s:o, s:I, s:I, s:I}", "name", name_json (item->as), "since", (json_int_t)now, "until",
                      (json_int_t)(now + self->order->hold_days * DAY), "came", (json_int_t)item->came);
}

/* What the registry says of it may change; what is wrong with the message itself does not. */
static const char *waits_for (const struct passage_result *result)
{
    return result->code == PASSAGE_DENIED || result->code == PASSAGE_CHANGED ? "EVENT" : "RELEASE";
}

/* Whom it is about, as the registry calls them. Caller owns it. */
static json_t *subjects_of (const struct item *item)
{
    const struct passage_result *result = passage_result (item->passage);
    json_t *list = json_array ();
    for (size_t i = 0; result->clients && i < result->elements->client_count; i++) {
        const struct consent_answer *answer = passage_answer (item->passage, i);
        if (answer)
            json_array_append_new (list, json_string (answer->subject_ref));
    }
    return list;
}

void held_begin (struct spool *self, struct item *item)
{
    item->held = record_of (self, item);
    json_object_set_new (item->held, "subjects", subjects_of (item));
    json_object_set_new (item->held, "recipient", document_string (passage_recipient (item->passage)));
    json_object_set_new (item->held, "provider", document_string (products_provider (item->passage)));
    json_object_set_new (item->held, "products", products_held (self->ledger, item->passage));
}

void held_describe (const struct item *item, struct document_writer *report)
{
    document_put_time (report, "held_since", json_integer_value (json_object_get (item->held, "since")));
    document_put_time (report, "held_until", json_integer_value (json_object_get (item->held, "until")));
    document_put_word (report, "waits_for", waits_for (passage_result (item->passage)));
    document_put_tree (report, "request", json_object_get (item->held, "request"));
}

/* By its subjects, its products, and the consent that was asked for. */
static void put_record (struct spool *self, const char *name, const json_t *record)
{
    const json_t *subjects = json_object_get (record, "subjects"),
                 *products = json_object_get (record, "products");
    const char *consent = json_string_value (json_object_get (json_object_get (record, "request"), "consent_id"));
    size_t count = 0, index;
    json_t *one;
    struct ledger_mark *marks =
        allocate (json_array_size (subjects) + json_array_size (products) + 2, sizeof *marks);
    json_array_foreach (subjects, index, one)
    {
        marks[count++] = (struct ledger_mark){"subject", json_string_value (one)};
    }
    json_array_foreach (products, index, one)
    {
        marks[count++] = (struct ledger_mark){PRODUCTS_MARK, json_string_value (json_object_get (one, "id"))};
    }
    if (consent)
        marks[count++] = (struct ledger_mark){"request", consent};
    uint8_t key[LEDGER_KEY];
    key_of (self, name, key);
    ledger_put (self->ledger, LEDGER_HELD, key, record, marks);
    free (marks);
}

void held_put (struct spool *self, struct item *item)
{
    put_record (self, item->as, item->held);
}

void held_forget (struct spool *self, const char *name)
{
    uint8_t key[LEDGER_KEY];
    key_of (self, name, key);
    ledger_delete (self->ledger, LEDGER_HELD, key);
}

/* -------------------------------------------------------------------------------------------- waking */

/* Names of records, as keys. */
static int note_name (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    json_object_set_new (context, json_string_value (json_object_get (record, "name")), json_true ());
    return 0;
}

static int names_of (struct spool *self, const char *kind, const char *text, json_t *names)
{
    const struct ledger_mark mark = {kind, text};
    return ledger_find (self->ledger, LEDGER_HELD, &mark, note_name, names);
}

int held_wake (struct spool *self, const char *subject_ref)
{
    return names_of (self, "subject", subject_ref, self->woken);
}

int held_report (struct spool *self, const char *name, json_t **report_p)
{
    char report_name[FOLDERS_NAME + sizeof FOLDERS_REPORT], *text = NULL;
    size_t size;
    folders_report_name (name, report_name);
    int file = openat (self->folders.of[FOLDER_HELD], report_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int r = file < 0 ? -errno : folders_read (file, REPORT_MAX, &text, &size);
    if (file >= 0)
        close (file);
    *report_p = r == 0 ? json_loadb (text, size, 0, NULL) : NULL;
    free (text);
    return r == 0 && !*report_p ? -EBADMSG : r;
}

/* Says in the report of what is held what came of its request. That it cannot be read is no error, whether it is
   gone or larger than what is read at once: it is written anew with the next decision, which says so too. */
static int change_report (struct spool *self, const char *name, json_t *request)
{
    char report_name[FOLDERS_NAME + sizeof FOLDERS_REPORT];
    json_t *report;
    if (held_report (self, name, &report) != 0)
        return 0;
    json_object_set (report, "request", request);
    char *text = document_text (report, INDENT);
    int r = folders_write (&self->folders, FOLDER_WORK, "changed.report", (struct bytes){text, strlen (text)});
    free (text);
    folders_report_name (name, report_name);
    if (r == 0)
        r = folders_sync (&self->folders);
    if (r == 0 && renameat (self->folders.of[FOLDER_WORK], "changed.report", self->folders.of[FOLDER_HELD],
                            report_name) != 0)
        r = -errno;
    return r;
}

int held_note_request (struct spool *self, const char *name, json_t *request)
{
    uint8_t key[LEDGER_KEY];
    json_t *record;
    key_of (self, name, key);
    int r = ledger_get (self->ledger, LEDGER_HELD, key, &record);
    if (r != 0)
        return r == LEDGER_NONE ? 0 : r;
    json_object_set (record, "request", request);
    ledger_begin (self->ledger);
    put_record (self, name, record);
    r = ledger_commit (self->ledger);
    json_decref (record);
    return r == 0 ? change_report (self, name, request) : r;
}

int held_answered (struct spool *self, const char *consent_id, const char *answer)
{
    json_t *names = json_object (), *unused;
    const char *digits;
    char name[FOLDERS_NAME];
    int r = names_of (self, "request", consent_id, names);
    json_t *request = json_pack ("{s:s, s:s}", "consent_id", consent_id, "answer", answer);
    json_object_foreach (names, digits, unused)
    {
        json_t *text = json_string (digits);
        name_of_json (text, name);
        json_decref (text);
        if (r == 0)
            r = held_note_request (self, name, request);
    }
    json_decref (request);
    json_decref (names);
    return r;
}
