#include "went.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "allocate.h"
#include "call.h"
#include "codec/document.h"
#include "codec/document_writer.h"
#include "products.h"
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

/* By which answer a client of the message went; NULL: it did not. Where it only would, that is the advice. */
static const struct consent_answer *gone_by (const struct passage *passage, size_t client)
{
    const struct passage_result *result = passage_result (passage);
    if (!result->clients)
        return NULL;
    if (!passage_order (passage)->advise_only)
        return result->clients[client].decision;
    return result->elements->clients[client].permitted ? result->clients[client].advice : NULL;
}

static size_t count_of (const struct passage *passage, const struct passage_facts *facts)
{
    const struct passage_result *result = passage_result (passage);
    size_t count;
    passage_products (passage, &count);
    count += 3; /* the message, its day, and none at the end */
    for (size_t i = 0; i < result->elements->client_count; i++)
        count += gone_by (passage, i) ? gone_by (passage, i)->item_count + 1 : 0;
    for (size_t i = 0; facts->references[i]; i++)
        count++;
    return count;
}

/* One client, with the consents under which it went, and its products, which the record has then. */
static json_t *client_of (const struct consent_answer *answer, const char *bsn, json_t *products,
                          struct marks *marks)
{
    json_t *consents = json_array (), *product;
    size_t index;
    json_array_foreach (products, index, product)
        add_mark (marks, PRODUCTS_MARK, json_string_value (json_object_get (product, "id")));
    add_mark (marks, "subject", answer->subject_ref);
    for (size_t i = 0; i < answer->item_count; i++) {
        const char *consent = answer->items[i].consent_id;
        size_t before = marks->count;
        if (*consent)
            add_mark (marks, "consent", consent);
        if (marks->count > before)
            json_array_append_new (consents, json_string (consent));
    }
    return json_pack ("{s:s, s:s, s:I, s:o, s:o}", "subject", answer->subject_ref, "bsn", bsn ? bsn : "",
                      "decision", (json_int_t)answer->decision, "consents", consents, "products", products);
}

/* By its identification, and by the references in it. */
static void mark_facts (const struct passage_facts *facts, struct marks *marks, char **texts)
{
    size_t count = 0;
    if (*facts->identification) {
        texts[count] = went_between (facts->provider, facts->recipient, facts->root, facts->identification);
        add_mark (marks, "message", texts[count++]);
    }
    for (size_t i = 0; facts->references[i]; i++) {
        texts[count] = went_between (facts->provider, facts->recipient, "", facts->references[i]);
        add_mark (marks, "reference", texts[count++]);
    }
}

static json_t *clients_of (const struct ledger *ledger, struct passage *passage, struct marks *marks)
{
    const struct passage_result *result = passage_result (passage);
    json_t *clients = json_array ();
    for (size_t i = 0; i < result->elements->client_count; i++) {
        const struct consent_answer *answer = gone_by (passage, i);
        if (answer)
            json_array_append_new (clients, client_of (answer, result->elements->clients[i].bsn,
                                                       products_of_client (ledger, passage, i), marks));
    }
    return clients;
}

/* What went by the same decisions to the same place went once, however often it is run. */
static void key_of (const struct ledger *ledger, const struct passage *passage, json_t *record,
                    uint8_t key[LEDGER_KEY])
{
    char digest[2 * PASSAGE_DIGEST + 1];
    struct document_writer writer;
    size_t index;
    json_t *client;
    consent_hex (passage_message_digest (passage), PASSAGE_DIGEST, digest);
    document_begin (&writer, 0);
    document_open_list (&writer, NULL);
    document_put_tree (&writer, NULL, json_object_get (record, "provider"));
    document_put_tree (&writer, NULL, json_object_get (record, "recipient"));
    document_put_tree (&writer, NULL, json_object_get (record, "file"));
    document_put_text (&writer, NULL, digest);
    document_open_list (&writer, NULL);
    json_array_foreach (json_object_get (record, "clients"), index, client)
        document_put_tree (&writer, NULL, json_object_get (client, "decision"));
    document_close_list (&writer);
    document_close_list (&writer);
    char *text = document_end (&writer);
    ledger_key_of (ledger, "went", text, key);
    free (text);
}

struct ledger_entry *went_seal (const struct ledger *ledger, struct passage *passage, const char *file)
{
    const struct passage_facts *facts = passage_facts (passage);
    size_t room = count_of (passage, facts);
    struct marks marks = {.list = allocate (room, sizeof *marks.list)};
    char **texts = allocate (room, sizeof *texts), day[WENT_DAY];
    int64_t at = went_moment (passage);
    json_t *clients = clients_of (ledger, passage, &marks);
    json_t *record = json_pack ("{s:o, s:s, s:s, s:s, s:I, s:o}", "file", name_json (file), "provider",
                                facts->provider, "recipient", facts->recipient, "purpose", facts->purpose, "at",
                                (json_int_t)at, "clients", clients);
    uint8_t key[LEDGER_KEY];
    mark_facts (facts, &marks, texts);
    add_mark (&marks, WENT_DAY_MARK, went_day (at, day));
    key_of (ledger, passage, record, key);
    struct ledger_entry *entry = ledger_seal (ledger, LEDGER_WENT, key, record, marks.list);
    json_decref (record);
    for (size_t i = 0; i < room; i++)
        free (texts[i]);
    free (texts);
    free (marks.list);
    return entry;
}

void went_put (struct ledger *ledger, struct passage *passage, const char *file)
{
    struct ledger_entry *entry = went_seal (ledger, passage, file);
    ledger_put_sealed (ledger, entry);
    ledger_entry_destroy (&entry);
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

/* How many products were told of a client, and how many of them a later message took back. */
static void count_products (const json_t *client, int *told, int *taken_back)
{
    size_t index;
    json_t *product;
    json_array_foreach (json_object_get (client, "products"), index, product)
    {
        *told += !json_is_true (json_object_get (product, "takes_back"));
        *taken_back += json_object_get (product, "taken_back") != NULL;
    }
}

json_t *went_entry (const json_t *record, const json_t *client)
{
    char file[FOLDERS_NAME];
    int told = 0, taken_back = 0;
    count_products (client, &told, &taken_back);
    name_of_json (json_object_get (record, "file"), file);
    return json_pack ("{s:o, s:O, s:O, s:O, s:o, s:O, s:i, s:i}", "file", document_string (file), "decision",
                      json_object_get (client, "decision"), "recipient", json_object_get (record, "recipient"),
                      "purpose", json_object_get (record, "purpose"), "sent_at",
                      document_time (json_integer_value (json_object_get (record, "at"))), "subject",
                      json_object_get (client, "subject"), "products", told, "taken_back", taken_back);
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

int went_forget (struct ledger *ledger, const char *subject_ref)
{
    return ledger_forget (ledger, LEDGER_WENT, &(struct ledger_mark){"subject", subject_ref});
}
