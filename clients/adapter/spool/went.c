#include "went.h"

#include <string.h>
#include "allocate.h"
#include "attempt.h"
#include "call.h"
#include "codec/document.h"
#include "spool_parts.h"

/* Marks of one record. The texts are the answers'. */
struct marks {
    struct ledger_mark *list;
    size_t count;
};

static void add_mark (struct marks *self, const char *kind, const char *text)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp (self->list[i].kind, kind) == 0 && strcmp (self->list[i].text, text) == 0)
            return;
    }
    self->list[self->count++] = (struct ledger_mark){kind, text};
}

static size_t items_of (const struct passage_result *result)
{
    size_t count = 0;
    for (size_t i = 0; i < result->elements->client_count; i++)
        count += result->clients[i].decision ? result->clients[i].decision->item_count + 1 : 0;
    return count;
}

/* One client, with the consents under which it went. */
static json_t *client_of (const struct consent_answer *answer, struct marks *marks)
{
    json_t *consents = json_array ();
    add_mark (marks, "subject", answer->subject_ref);
    for (size_t i = 0; i < answer->item_count; i++) {
        const char *consent = answer->items[i].consent_id;
        size_t before = marks->count;
        if (*consent)
            add_mark (marks, "consent", consent);
        if (marks->count > before)
            json_array_append_new (consents, json_string (consent));
    }
    return json_pack ("{s:s, s:I, s:o}", "subject", answer->subject_ref, "decision", (json_int_t)answer->decision,
                      "consents", consents);
}

void went_put (struct ledger *ledger, const struct passage *passage, const char *file)
{
    const struct passage_result *result = passage_result (passage);
    const struct passage_order *order = passage_order (passage);
    struct marks marks = {.list = allocate ((result->clients ? items_of (result) : 0) + 1, sizeof *marks.list)};
    json_t *clients = json_array ();
    for (size_t i = 0; result->clients && i < result->elements->client_count; i++) {
        if (result->clients[i].decision)
            json_array_append_new (clients, client_of (result->clients[i].decision, &marks));
    }
    json_t *record = json_pack ("{s:o, s:s, s:s, s:s, s:I, s:o}", "file", name_json (file), "provider",
                                order->provider, "recipient", order->recipient, "purpose", order->purpose, "at",
                                (json_int_t)spool_now (), "clients", clients);
    uint8_t key[LEDGER_KEY];
    attempt_random (key, sizeof key);
    ledger_put (ledger, LEDGER_WENT, key, record, marks.list);
    json_decref (record);
    free (marks.list);
}

/* ---------------------------------------------------------------------------------------------- notices */

struct listing {
    json_t *list;
    const struct ledger_mark *mark;
};

static bool is_of (const json_t *client, const struct ledger_mark *mark)
{
    if (strcmp (mark->kind, "subject") == 0)
        return strcmp (json_string_value (json_object_get (client, "subject")), mark->text) == 0;
    size_t index;
    json_t *consent;
    json_array_foreach (json_object_get (client, "consents"), index, consent)
    {
        if (strcmp (json_string_value (consent), mark->text) == 0)
            return true;
    }
    return false;
}

/* Of each record what concerns the mark. */
static int list_one (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    struct listing *self = context;
    char file[FOLDERS_NAME];
    size_t index;
    json_t *client;
    name_of_json (json_object_get (record, "file"), file);
    json_array_foreach (json_object_get (record, "clients"), index, client)
    {
        if (!is_of (client, self->mark))
            continue;
        json_array_append_new (self->list,
                               json_pack ("{s:o, s:O, s:O, s:O, s:o, s:O}", "file", document_string (file),
                                          "decision", json_object_get (client, "decision"), "recipient",
                                          json_object_get (record, "recipient"), "purpose",
                                          json_object_get (record, "purpose"), "sent_at",
                                          document_time (json_integer_value (json_object_get (record, "at"))),
                                          "subject", json_object_get (client, "subject")));
    }
    return 0;
}

int went_list (struct ledger *ledger, const struct ledger_mark *mark, json_t **list_p)
{
    struct listing listing = {json_array (), mark};
    int r = ledger_find (ledger, LEDGER_WENT, mark, list_one, &listing);
    *list_p = listing.list;
    return r;
}

static int note_key (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)record;
    char text[ID_TEXT];
    consent_hex (key, LEDGER_KEY, text);
    json_array_append_new (context, json_string (text));
    return 0;
}

int went_forget (struct ledger *ledger, const char *subject_ref)
{
    json_t *keys = json_array (), *text;
    const struct ledger_mark mark = {"subject", subject_ref};
    uint8_t key[LEDGER_KEY];
    size_t index;
    int r = ledger_find (ledger, LEDGER_WENT, &mark, note_key, keys);
    json_array_foreach (keys, index, text)
    {
        consent_unhex (json_string_value (text), key);
        ledger_delete (ledger, LEDGER_WENT, key);
    }
    json_decref (keys);
    return r;
}
