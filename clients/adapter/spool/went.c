#include "went.h"

#include <stdio.h>
#include <stdlib.h>
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

static size_t count_of (const struct passage_result *result, const struct passage_facts *facts)
{
    size_t count = 2;
    for (size_t i = 0; result->clients && i < result->elements->client_count; i++)
        count += result->clients[i].decision ? result->clients[i].decision->item_count + 1 : 0;
    for (size_t i = 0; facts->references[i]; i++)
        count++;
    return count;
}

/* One client, with the consents under which it went. */
static json_t *client_of (const struct consent_answer *answer, const char *bsn, struct marks *marks)
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
    return json_pack ("{s:s, s:s, s:I, s:o}", "subject", answer->subject_ref, "bsn", bsn ? bsn : "", "decision",
                      (json_int_t)answer->decision, "consents", consents);
}

/* What identifies a message, or a request in it, between two parties. Caller owns it. */
static char *between (const char *from, const char *to, const char *root, const char *text)
{
    char *made;
    if (asprintf (&made, "%s\n%s\n%s\n%s", from, to, root, text) < 0)
        abort ();
    return made;
}

/* By its identification, and by the references in it. */
static void mark_facts (const struct passage_facts *facts, struct marks *marks, char **texts)
{
    size_t count = 0;
    if (*facts->identification) {
        texts[count] = between (facts->provider, facts->recipient, facts->root, facts->identification);
        add_mark (marks, "message", texts[count++]);
    }
    for (size_t i = 0; facts->references[i]; i++) {
        texts[count] = between (facts->provider, facts->recipient, "", facts->references[i]);
        add_mark (marks, "reference", texts[count++]);
    }
}

static json_t *record_of (struct passage *passage, const char *file, struct marks *marks)
{
    const struct passage_result *result = passage_result (passage);
    const struct passage_facts *facts = passage_facts (passage);
    json_t *clients = json_array ();
    for (size_t i = 0; result->clients && i < result->elements->client_count; i++) {
        if (result->clients[i].decision)
            json_array_append_new (
                clients, client_of (result->clients[i].decision, result->elements->clients[i].bsn, marks));
    }
    return json_pack ("{s:o, s:s, s:s, s:s, s:I, s:o}", "file", name_json (file), "provider", facts->provider,
                      "recipient", facts->recipient, "purpose", facts->purpose, "at", (json_int_t)spool_now (),
                      "clients", clients);
}

void went_put (struct ledger *ledger, struct passage *passage, const char *file)
{
    const struct passage_facts *facts = passage_facts (passage);
    size_t room = count_of (passage_result (passage), facts);
    struct marks marks = {.list = allocate (room, sizeof *marks.list)};
    char **texts = allocate (room, sizeof *texts);
    json_t *record = record_of (passage, file, &marks);
    uint8_t key[LEDGER_KEY];
    mark_facts (facts, &marks, texts);
    attempt_random (key, sizeof key);
    ledger_put (ledger, LEDGER_WENT, key, record, marks.list);
    json_decref (record);
    for (size_t i = 0; i < room; i++)
        free (texts[i]);
    free (texts);
    free (marks.list);
}

/* ------------------------------------------------------------------------------------- what went before */

static int note_one (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    json_array_extend (context, json_object_get (record, "clients"));
    return 1;
}

/* Whether there is one, from the passage's recipient to its provider; and its clients. */
static bool find (struct ledger *ledger, const struct passage *passage, struct ledger_mark mark, json_t *clients)
{
    const char *from = passage_recipient (passage), *to = passage_order (passage)->provider;
    const char *end = strchr (mark.text, '\n');
    if (!ledger || !from || !to || !end)
        return false;
    char *root = strndup (mark.text, (size_t)(end - mark.text));
    char *text = between (from, to, root ? root : "", end + 1);
    const struct ledger_mark found = {mark.kind, text};
    bool is_found = root && ledger_find (ledger, LEDGER_WENT, &found, note_one, clients) == 1;
    free (root);
    free (text);
    return is_found;
}

static bool is_one_of (const json_t *clients, const char *bsn)
{
    size_t index;
    json_t *client;
    json_array_foreach (clients, index, client)
    {
        if (strcmp (json_string_value (json_object_get (client, "bsn")), bsn) == 0)
            return true;
    }
    return false;
}

/* A return gives back what its receiver sent: it is about nobody else. It is not checked, so this is all that
   keeps somebody else's data from going along with a known identification. */
static bool is_about (const struct elements *elements, const json_t *clients)
{
    for (const struct element *element = elements->root; element; element = element_next (element)) {
        if (elements->mapping->subject && element->rule == elements->mapping->subject && element->value &&
            !is_one_of (clients, element->value))
            return false;
    }
    return true;
}

bool went_knows (struct ledger *ledger, const struct passage *passage, const struct passage_need *need)
{
    json_t *clients = json_array ();
    bool is_known = false;
    for (size_t i = 0; !is_known && need->identifications[i]; i++) {
        for (size_t j = 0; !is_known && need->roots[j]; j++) {
            char *text;
            if (asprintf (&text, "%s\n%s", need->roots[j], need->identifications[i]) < 0)
                abort ();
            is_known = find (ledger, passage, (struct ledger_mark){"message", text}, clients);
            free (text);
        }
    }
    is_known = is_known && is_about (passage_result (passage)->elements, clients);
    json_decref (clients);
    return is_known;
}

/* All of them are about the same subject. */
static bool one_subject (const json_t *clients, char bsn[WENT_BSN])
{
    size_t index;
    json_t *client;
    *bsn = 0;
    json_array_foreach (clients, index, client)
    {
        const char *of = json_string_value (json_object_get (client, "bsn"));
        if (!of || strlen (of) >= WENT_BSN || (*bsn && strcmp (of, bsn) != 0))
            return false;
        strcpy (bsn, of);
    }
    return *bsn;
}

bool went_subject (struct ledger *ledger, const struct passage *passage, const char *const *references,
                   char bsn[WENT_BSN])
{
    json_t *clients = json_array ();
    bool is_known = references[0];
    for (size_t i = 0; is_known && references[i]; i++) {
        char *text;
        if (asprintf (&text, "\n%s", references[i]) < 0)
            abort ();
        is_known = find (ledger, passage, (struct ledger_mark){"reference", text}, clients);
        free (text);
    }
    is_known = is_known && one_subject (clients, bsn);
    json_decref (clients);
    return is_known;
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

json_t *went_entry (const json_t *record, const json_t *client)
{
    char file[FOLDERS_NAME];
    name_of_json (json_object_get (record, "file"), file);
    return json_pack ("{s:o, s:O, s:O, s:O, s:o, s:O}", "file", document_string (file), "decision",
                      json_object_get (client, "decision"), "recipient", json_object_get (record, "recipient"),
                      "purpose", json_object_get (record, "purpose"), "sent_at",
                      document_time (json_integer_value (json_object_get (record, "at"))), "subject",
                      json_object_get (client, "subject"));
}

/* Of each record what concerns the mark. */
static int list_one (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    struct listing *self = context;
    size_t index;
    json_t *client;
    json_array_foreach (json_object_get (record, "clients"), index, client)
    {
        if (is_of (client, self->mark))
            json_array_append_new (self->list, went_entry (record, client));
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
