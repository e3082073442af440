#include "products_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "allocate.h"
#include "call.h"

/* Of a message that is not held against its sender yet, that is the spool's own party. */
const char *products_provider (const struct passage *passage)
{
    const char *provider = passage_provider (passage);
    return provider ? provider : passage_order (passage)->provider;
}

/* By what a product is known if this party sends it. */
static void id_as (const struct ledger *ledger, const struct passage *passage, const char *provider,
                   const struct passage_product *product, char id[PRODUCTS_ID])
{
    const struct elements *elements = passage_result (passage)->elements;
    const char *bsn = product->client < elements->client_count ? elements->clients[product->client].bsn : NULL;
    uint8_t hash[LEDGER_KEY];
    char *text;
    if (asprintf (&text, "%s\n%s\n%s\n%s", provider, elements->mapping->root->space->uri, bsn ? bsn : "",
                  product->key) < 0)
        abort ();
    ledger_key_of (ledger, PRODUCTS_MARK, text, hash);
    consent_hex (hash, sizeof hash, id);
    explicit_bzero (text, strlen (text));
    free (text);
}

void products_id (const struct ledger *ledger, const struct passage *passage,
                  const struct passage_product *product, char id[PRODUCTS_ID])
{
    id_as (ledger, passage, products_provider (passage), product, id);
}

json_t *products_held (struct ledger *ledger, const struct passage *passage)
{
    size_t count;
    const struct passage_product *products = passage_products (passage, &count);
    json_t *list = json_array ();
    for (size_t i = 0; i < count; i++) {
        char id[PRODUCTS_ID];
        products_id (ledger, passage, &products[i], id);
        json_array_append_new (list,
                               json_pack ("{s:s, s:b, s:b, s:b, s:I}", "id", id, "takes_back",
                                          products[i].takes_back, "first", products[i].is_first, "taken_back",
                                          products[i].is_taken_back, "held", (json_int_t)products[i].held));
    }
    return list;
}

json_t *products_of_client (const struct ledger *ledger, const struct passage *passage, size_t client)
{
    size_t count;
    const struct passage_product *products = passage_products (passage, &count);
    json_t *list = json_array ();
    for (size_t i = 0; i < count; i++) {
        char id[PRODUCTS_ID];
        if (products[i].client != client || products[i].element->outcome != ELEMENT_PASSED)
            continue;
        products_id (ledger, passage, &products[i], id);
        json_array_append_new (list, json_pack ("{s:s, s:b}", "id", id, "takes_back", products[i].takes_back));
    }
    return list;
}

static bool is_met (const struct passage_product *product, const json_t *other)
{
    return other && (product->takes_back || json_is_true (other));
}

bool products_meet (struct ledger *ledger, const struct passage *passage, const json_t *before, json_t *seen)
{
    size_t count;
    const struct passage_product *products = passage_products (passage, &count);
    bool meets = false;
    json_t *own = json_object ();
    for (size_t i = 0; i < count; i++) {
        char id[PRODUCTS_ID];
        products_id (ledger, passage, &products[i], id);
        const json_t *other = json_object_get (seen, id);
        meets |= is_met (&products[i], other) || is_met (&products[i], json_object_get (before, id));
        bool takes_back =
            products[i].takes_back || json_is_true (other) || json_is_true (json_object_get (own, id));
        json_object_set_new (own, id, json_boolean (takes_back));
    }
    json_object_update (seen, own);
    json_decref (own);
    return meets;
}

/* ---------------------------------------------------------------------------------------------- held before */

/* Products of what takes back are others than those of what is taken back, though they are the same. */
static void name_of_product (const char *id, bool takes_back, char name[PRODUCTS_ID + 1])
{
    snprintf (name, PRODUCTS_ID + 1, "%c%s", takes_back ? '-' : '+', id);
}

/* Caller owns it. */
static json_t *by_name (const json_t *products)
{
    json_t *named = json_object (), *kept;
    size_t index;
    json_array_foreach (products, index, kept)
    {
        char name[PRODUCTS_ID + 1];
        name_of_product (json_string_value (json_object_get (kept, "id")),
                         json_is_true (json_object_get (kept, "takes_back")), name);
        json_object_set (named, name, kept);
    }
    return named;
}

void products_recall (struct ledger *ledger, struct passage *passage, const json_t *held)
{
    size_t count;
    const struct passage_product *products = passage_products (passage, &count);
    struct passage_product *told = allocate (count, sizeof *told);
    json_t *named = by_name (json_object_get (held, "products"));
    const char *provider = json_string_value (json_object_get (held, "provider"));
    for (size_t i = 0; i < count; i++) {
        char id[PRODUCTS_ID], name[PRODUCTS_ID + 1];
        id_as (ledger, passage, provider ? provider : products_provider (passage), &products[i], id);
        name_of_product (id, products[i].takes_back, name);
        const json_t *kept = json_object_get (named, name);
        const json_t *by = json_object_get (kept, "taken_back");
        told[i].is_taken_back = by && !json_is_false (by);
        told[i].held = (size_t)json_integer_value (json_object_get (kept, "held"));
    }
    if (count > 0)
        passage_tell_products (passage, told);
    json_decref (named);
    free (told);
}
