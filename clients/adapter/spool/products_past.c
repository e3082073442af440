/* What takes back, and what was before it: of what went, of what is held, and of what comes only now. */
#include "products_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "allocate.h"
#include "call.h"
#include "spool_parts.h"
#include "taken_back.h"
#include "went.h"

/* ------------------------------------------------------------------------------------- what has the same */

struct search {
    const struct products_of *of;
    enum ledger_table table;
    const char *id;
    char by[PRODUCTS_ID]; /* who takes back: what the same message took back before, counts as if it had not yet */
    json_t *found;        /* records by their keys */
};

static bool has_text (const json_t *record, const char *key, const char *text)
{
    const char *is = json_string_value (json_object_get (record, key));
    return is && text && strcmp (is, text) == 0;
}

/* It was told, or is to be, and nobody else took it back. */
static bool counts (const struct search *self, const json_t *product)
{
    const json_t *by = json_object_get (product, "taken_back");
    return has_text (product, "id", self->id) && !json_is_true (json_object_get (product, "takes_back")) &&
           (!by || json_is_false (by) || has_text (product, "taken_back", self->by));
}

/* One of these that counts, or NULL. With `mark` each is noted as taken back. */
static json_t *find_in (const struct search *self, json_t *products, bool mark)
{
    size_t index;
    json_t *product, *found = NULL;
    json_array_foreach (products, index, product)
    {
        if (!counts (self, product))
            continue;
        found = product;
        if (mark)
            json_object_set_new (product, "taken_back", json_string (self->by));
    }
    return found;
}

/* Of what is held the products are in one list, of what went by client. */
static json_t *find_product (const struct search *self, json_t *record, bool mark)
{
    size_t index;
    json_t *client, *found = find_in (self, json_object_get (record, "products"), mark);
    json_array_foreach (json_object_get (record, "clients"), index, client)
    {
        json_t *of_client = find_in (self, json_object_get (client, "products"), mark);
        found = found ? found : of_client;
    }
    return found;
}

/* One that is held may not know yet for whom it is: then it would be for the same, as all else is. */
static bool may_be_taken_back (const struct search *self, const json_t *record)
{
    bool is_for_same = has_text (record, "recipient", passage_recipient (self->of->passage));
    if (self->table == LEDGER_WENT)
        return is_for_same;
    return (is_for_same || has_text (record, "recipient", "")) &&
           json_integer_value (json_object_get (record, "came")) <= self->of->came;
}

static int note_record (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    struct search *self = context;
    char text[PRODUCTS_ID];
    consent_hex (key, LEDGER_KEY, text);
    if (may_be_taken_back (self, record) && find_product (self, record, false))
        json_object_set (self->found, text, record);
    return 0;
}

/* What is held is not taken back by itself. */
static void leave_out_itself (const struct search *self)
{
    char own[PRODUCTS_ID];
    uint8_t key[LEDGER_KEY];
    if (self->table != LEDGER_HELD || !self->of->held_as)
        return;
    ledger_key_of (self->of->ledger, "held", self->of->held_as, key);
    consent_hex (key, sizeof key, own);
    json_object_del (self->found, own);
}

/* The message as who takes back. */
static void by_of (const struct products_of *self, char by[PRODUCTS_ID])
{
    char digest[2 * PASSAGE_DIGEST + 1];
    uint8_t key[LEDGER_KEY];
    consent_hex (passage_message_digest (self->passage), PASSAGE_DIGEST, digest);
    ledger_key_of (self->ledger, "takes back", digest, key);
    consent_hex (key, sizeof key, by);
}

/* Finds the records in which the product is that this one takes back. 0 or -errno. To be ended with search_end. */
static int search (struct search *self)
{
    const struct ledger_mark mark = {PRODUCTS_MARK, self->id};
    by_of (self->of, self->by);
    self->found = json_object ();
    int r = ledger_find (self->of->ledger, self->table, &mark, note_record, self);
    leave_out_itself (self);
    return r;
}

static void search_end (struct search *self)
{
    json_decref (self->found);
    self->found = NULL;
}

/* ----------------------------------------------------------------------------------------------- telling */

/* Whether a held message may be disclosed at any moment, or was: it has one key in both tables. Of what was
   decided it is known where it ended. */
static bool is_any_under_way (const struct search *held)
{
    const char *text;
    json_t *unused, *intent;
    bool is_any = false;
    json_object_foreach (held->found, text, unused)
    {
        uint8_t key[LEDGER_KEY];
        consent_unhex (text, key);
        is_any |=
            ledger_get (held->of->ledger, LEDGER_UNDER_WAY, key, &intent) == 0 && !json_object_get (intent, "as");
        json_decref (intent);
    }
    return is_any;
}

static bool is_any_first (const struct search *held)
{
    const char *unused;
    json_t *record;
    json_object_foreach (held->found, unused, record)
    {
        if (json_is_true (json_object_get (find_product (held, record, false), "first")))
            return true;
    }
    return false;
}

/* 0, -EAGAIN or another -errno. */
static int judge (const struct products_of *self, const struct passage_product *product,
                  struct passage_product *told)
{
    char id[PRODUCTS_ID];
    struct search went = {.of = self, .table = LEDGER_WENT, .id = id};
    struct search held = {.of = self, .table = LEDGER_HELD, .id = id};
    products_id (self->ledger, self->passage, product, id);
    int r = search (&went), also = search (&held);
    r = r == 0 ? also : r;
    if (r == 0 && is_any_under_way (&held))
        r = -EAGAIN;
    told->went = json_object_size (went.found);
    told->held = json_object_size (held.found);
    told->is_taken_back = told->went == 0 && is_any_first (&held);
    search_end (&went);
    search_end (&held);
    return r;
}

/* Whether what it tells was taken back by what came before it and was written after. 0 or -errno. */
static int judge_told (const struct products_of *self, const struct passage_product *product,
                       struct passage_product *told)
{
    char id[PRODUCTS_ID], by[PRODUCTS_ID];
    products_id (self->ledger, self->passage, product, id);
    by_of (self, by);
    int r = taken_back_later (self->ledger,
                              &(struct taken_back){passage_recipient (self->passage), id, by, self->came});
    told->is_taken_back = r > 0;
    return r < 0 ? r : 0;
}

void products_tell (const struct products_of *self)
{
    size_t count;
    const struct passage_product *products = passage_products (self->passage, &count);
    struct passage_product *told = allocate (count, sizeof *told);
    int r = 0;
    for (size_t i = 0; r == 0 && i < count && self->ledger; i++) {
        if (products[i].is_taken_back)
            continue;
        if (products[i].takes_back)
            r = judge (self, &products[i], &told[i]);
        else if (!self->began)
            r = judge_told (self, &products[i], &told[i]);
    }
    if (r == 0)
        passage_tell_products (self->passage, told);
    else if (r == -EAGAIN)
        passage_tell_no_answer (self->passage, CONSENT_RETRY,
                                "what it takes back is under way; it is decided when that has its end");
    else
        passage_tell_no_answer (self->passage, r, "the ledger cannot be read");
    free (told);
}

/* ---------------------------------------------------------------------------------------- taking back */

static void take_back (const struct products_of *self, enum ledger_table table, const char *id)
{
    struct search of_all = {.of = self, .table = table, .id = id};
    json_t *record;
    const char *text;
    ledger_fail (self->ledger, search (&of_all));
    json_object_foreach (of_all.found, text, record)
    {
        uint8_t key[LEDGER_KEY];
        consent_unhex (text, key);
        find_product (&of_all, record, true);
        ledger_change (self->ledger, table, key, record);
        if (table == LEDGER_HELD && self->woken)
            json_object_set_new (self->woken, json_string_value (json_object_get (record, "name")), json_true ());
    }
    search_end (&of_all);
}

/* Whom a product is about, as the registry calls that subject: it was asked about this message, or about one that
   is held for the same. NULL: nobody knows. Borrowed, also from `held`. */
static const char *subject_of (const struct passage *passage, size_t client, const json_t *held)
{
    const struct consent_answer *answer =
        passage_result (passage)->clients ? passage_answer (passage, client) : NULL;
    const char *unused, *subject = NULL;
    json_t *record;
    json_object_foreach ((json_t *)(uintptr_t)held, unused, record)
    {
        const json_t *subjects = json_object_get (record, "subjects");
        if (json_array_size (subjects) == 1)
            subject = json_string_value (json_array_get (subjects, 0));
    }
    return answer ? answer->subject_ref : subject;
}

/* What was written before, and comes only now, is taken back too. */
static void remember (const struct products_of *self, const struct passage_product *product, const char *id)
{
    enum { NS = 1000000 };
    struct search held = {.of = self, .table = LEDGER_HELD, .id = id};
    int64_t now = went_moment (self->passage);
    ledger_fail (self->ledger, search (&held));
    const struct taken_back taken_back = {passage_recipient (self->passage), id, held.by,
                                          self->came == INT64_MAX ? spool_now () * NS : self->came};
    taken_back_put (self->ledger, &taken_back, subject_of (self->passage, product->client, held.found), now);
    search_end (&held);
}

void products_take_back (const struct products_of *self, bool goes)
{
    size_t count;
    const struct passage_product *products = passage_products (self->passage, &count);
    for (size_t i = 0; i < count; i++) {
        char id[PRODUCTS_ID];
        products_id (self->ledger, self->passage, &products[i], id);
        if (products[i].takes_back && products[i].is_judged)
            remember (self, &products[i], id);
        if (products[i].held > 0)
            take_back (self, LEDGER_HELD, id);
        if (goes && products[i].went > 0)
            take_back (self, LEDGER_WENT, id);
    }
}
