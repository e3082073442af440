#include "went.h"

#include <inttypes.h>
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

/* The record while it is written. */
struct writing {
    struct document_writer to;
    struct marks marks;
    int64_t at;
    json_t *products; /* of each client that went: their ids are among the marks */
};

static void put_consents (struct writing *self, const struct consent_answer *answer)
{
    document_open_list (&self->to, "consents");
    for (size_t i = 0; i < answer->item_count; i++) {
        const char *consent = answer->items[i].consent_id;
        size_t before = self->marks.count;
        if (*consent)
            add_mark (&self->marks, "consent", consent);
        if (self->marks.count > before)
            document_put_text (&self->to, NULL, consent);
    }
    document_close_list (&self->to);
}

/* One client, with the consents under which it went, and its products. */
static void put_client (struct writing *self, const struct consent_answer *answer, const char *bsn,
                        json_t *products)
{
    json_t *product;
    size_t index;
    json_array_append_new (self->products, products);
    json_array_foreach (products, index, product)
        add_mark (&self->marks, PRODUCTS_MARK, json_string_value (json_object_get (product, "id")));
    add_mark (&self->marks, "subject", answer->subject_ref);
    document_open_object (&self->to, NULL);
    document_put_text (&self->to, "subject", answer->subject_ref);
    document_put_text (&self->to, "bsn", bsn);
    document_put_number (&self->to, "decision", (int64_t)answer->decision);
    put_consents (self, answer);
    document_put_tree (&self->to, "products", products);
    document_close_object (&self->to);
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
        texts[count] = went_between (facts->provider, facts->recipient, facts->root, facts->references[i]);
        add_mark (marks, "reference", texts[count++]);
    }
}

static void put_clients (struct writing *self, const struct ledger *ledger, struct passage *passage)
{
    const struct passage_result *result = passage_result (passage);
    document_open_list (&self->to, "clients");
    for (size_t i = 0; i < result->elements->client_count; i++) {
        const struct consent_answer *answer = gone_by (passage, i);
        if (answer)
            put_client (self, answer, result->elements->clients[i].bsn, products_of_client (ledger, passage, i));
    }
    document_close_list (&self->to);
}

static void put_name (struct document_writer *to, const char *key, const char *file)
{
    char digits[2 * FOLDERS_NAME]; /* as name_json */
    consent_hex (file, strlen (file), digits);
    document_put_text (to, key, digits);
}

/* Caller owns it. */
static char *record_of (struct writing *self, const struct ledger *ledger, struct passage *passage,
                        const char *file)
{
    const struct passage_facts *facts = passage_facts (passage);
    document_begin (&self->to, 0);
    document_open_object (&self->to, NULL);
    put_name (&self->to, "file", file);
    document_put_text (&self->to, "provider", facts->provider);
    document_put_text (&self->to, "recipient", facts->recipient);
    document_put_text (&self->to, "purpose", facts->purpose);
    document_put_number (&self->to, "at", self->at);
    put_clients (self, ledger, passage);
    document_close_object (&self->to);
    return document_end (&self->to);
}

/* Of what goes, the decision that was recorded first; 0: nothing was asked. */
static uint64_t first_decision (struct passage *passage)
{
    uint64_t first = 0;
    for (size_t i = 0; i < passage_result (passage)->elements->client_count; i++) {
        const struct consent_answer *answer = gone_by (passage, i);
        if (answer && (first == 0 || answer->decision < first))
            first = answer->decision;
    }
    return first;
}

/* Records of decisions that lie together in the registry's log lie together in the ledger: a commit writes whole
   pages, and would write one for each record. Where among others they lie tells no more than they do. */
static void lie_beside_others (const struct ledger *ledger, uint64_t decision, uint8_t key[LEDGER_KEY])
{
    char text[24];
    uint8_t prefix[LEDGER_KEY];
    snprintf (text, sizeof text, "%" PRIu64, decision / WENT_BESIDE);
    ledger_key_of (ledger, "went beside", text, prefix);
    memcpy (key, prefix, WENT_PREFIX);
}

/* What went by the same decisions to the same place went once, however often it is run. */
static void key_of (const struct ledger *ledger, struct passage *passage, const char *file,
                    uint8_t key[LEDGER_KEY])
{
    const struct passage_facts *facts = passage_facts (passage);
    char digest[2 * PASSAGE_DIGEST + 1];
    struct document_writer to;
    consent_hex (passage_message_digest (passage), PASSAGE_DIGEST, digest);
    document_begin (&to, 0);
    document_open_list (&to, NULL);
    document_put_text (&to, NULL, facts->provider);
    document_put_text (&to, NULL, facts->recipient);
    put_name (&to, NULL, file);
    document_put_text (&to, NULL, digest);
    document_open_list (&to, NULL);
    for (size_t i = 0; i < passage_result (passage)->elements->client_count; i++) {
        if (gone_by (passage, i))
            document_put_number (&to, NULL, (int64_t)gone_by (passage, i)->decision);
    }
    document_close_list (&to);
    document_close_list (&to);
    char *text = document_end (&to);
    ledger_key_of (ledger, "went", text, key);
    free (text);
    lie_beside_others (ledger, first_decision (passage), key);
}

struct ledger_entry *went_seal (const struct ledger *ledger, struct passage *passage, const char *file)
{
    const struct passage_facts *facts = passage_facts (passage);
    size_t room = count_of (passage, facts);
    struct writing writing = {.marks.list = allocate (room, sizeof *writing.marks.list),
                              .products = json_array (),
                              .at = went_moment (passage)};
    char **texts = allocate (room, sizeof *texts), day[WENT_DAY];
    uint8_t key[LEDGER_KEY];
    char *record = record_of (&writing, ledger, passage, file);
    mark_facts (facts, &writing.marks, texts);
    add_mark (&writing.marks, WENT_DAY_MARK, went_day (writing.at, day));
    key_of (ledger, passage, file, key);
    struct ledger_entry *entry = ledger_seal_text (ledger, LEDGER_WENT, key, record, writing.marks.list);
    json_decref (writing.products);
    explicit_bzero (record, strlen (record)); /* there are BSNs in it */
    free (record);
    for (size_t i = 0; i < room; i++)
        free (texts[i]);
    free (texts);
    free (writing.marks.list);
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
