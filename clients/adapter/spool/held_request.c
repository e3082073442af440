/* The consent that a held message lacks is asked for, once. */
#include <stdio.h>
#include <string.h>
#include "call.h"
#include "held.h"

enum { CATEGORIES_MAX = 32, ORIGINS_MAX = 8 };

static const int64_t ASKED_FOR =
    84 * (int64_t)86400000; /* twelve weeks: within what any purpose of our packs admits */

struct lack {
    char *categories[CATEGORIES_MAX], *origins[ORIGINS_MAX];
    size_t category_count, origin_count;
};

/* Whether a consent would cure it, and the subject has not said no. */
static bool is_for_consent (const char *code)
{
    static const char *const codes[] = {
        "NO_CONSENT",
        "PROVIDER_NOT_CONSENTED",
        "RECIPIENT_NOT_CONSENTED",
        "CATEGORY_NOT_CONSENTED",
        "WRONG_PURPOSE",
        "ORIGIN_NOT_CONSENTED",
        "EXPIRED",
        "USED_UP",
        "REPRESENTATION_LAPSED",
        "OTHER_CASE",
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (strcmp (codes[i], code) == 0)
            return true;
    }
    return false;
}

static void add (char **list, size_t *count, size_t most, const char *text)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp (list[i], text) == 0)
            return;
    }
    if (*count < most && *text)
        list[(*count)++] = (char *)(uintptr_t)text;
}

static bool has_no (const struct consent_item_answer *item)
{
    for (size_t i = 0; i < item->reason_count; i++) {
        if (strcmp (item->reasons[i].code, "REFUSED") == 0 || strcmp (item->reasons[i].code, "REVOKED") == 0)
            return true;
    }
    return false;
}

static void find_lack (const struct consent_answer *advice, struct lack *lack)
{
    for (size_t i = 0; i < advice->item_count; i++) {
        const struct consent_item_answer *item = &advice->items[i];
        bool curable = false;
        for (size_t j = 0; item->verdict != CONSENT_PERMIT && j < item->reason_count; j++)
            curable = curable || is_for_consent (item->reasons[j].code);
        if (!curable || has_no (item))
            continue;
        add (lack->categories, &lack->category_count, CATEGORIES_MAX, item->category);
        add (lack->origins, &lack->origin_count, ORIGINS_MAX, item->origin);
    }
}

/* All by which two requests are the same, as a text. Caller owns it. */
static char *text_of (const struct passage *passage, const char *subject_ref, const struct lack *lack)
{
    const struct passage_order *order = passage_order (passage);
    json_t *list =
        json_pack ("[s, s, s, s, s]", subject_ref, passage_provider (passage), passage_recipient (passage),
                   passage_purpose (passage), order->case_ref ? order->case_ref : "");
    for (size_t i = 0; i < lack->category_count; i++)
        json_array_append_new (list, json_string (lack->categories[i]));
    for (size_t i = 0; i < lack->origin_count; i++)
        json_array_append_new (list, json_string (lack->origins[i]));
    char *text = json_dumps (list, JSON_COMPACT);
    json_decref (list);
    if (!text)
        abort ();
    return text;
}

/* What the registry made of the request. Caller owns it. */
static json_t *note_of (const Consentd__Reply *reply)
{
    char id[CONSENT_ID_SIZE] = "";
    if (reply->status == CONSENTD__STATUS__OK && reply->body_case == CONSENTD__REPLY__BODY_CONSENT_RECORDED) {
        consent_hex (reply->consent_recorded->consent_id.data, reply->consent_recorded->consent_id.len, id);
        return json_pack ("{s:s, s:n}", "consent_id", id, "answer");
    }
    json_t *codes = json_array ();
    for (size_t i = 0; i < reply->n_refusals; i++)
        json_array_append_new (
            codes, json_string (consent_name (&consentd__code__descriptor, (int)reply->refusals[i]->code)));
    return json_pack ("{s:n, s:s, s:s, s:o}", "consent_id", "answer", "not-asked", "status",
                      consent_name (&consentd__status__descriptor, (int)reply->status), "codes", codes);
}

static bool must_be_one_time (const Consentd__Reply *reply)
{
    for (size_t i = 0; i < reply->n_refusals; i++) {
        if (reply->refusals[i]->code == CONSENTD__CODE__MUST_BE_ONE_TIME)
            return true;
    }
    return false;
}

struct asked {
    struct spool *spool;
    const struct item *item;
    const char *bsn, *text;
    const struct lack *lack;
    unsigned times; /* that it was asked for before */
};

static int call (const struct asked *self, bool one_time, Consentd__Reply **reply_p)
{
    static char motivation[] = "Een bericht kan niet naar de ontvanger zonder deze gegevens.";
    const struct passage_order *order = passage_order (self->item->passage);
    char *provider = (char *)(uintptr_t)passage_provider (self->item->passage),
         *recipient = (char *)(uintptr_t)passage_recipient (self->item->passage);
    uint8_t key[LEDGER_KEY];
    char kind[32];
    Consentd__Scope scope;
    Consentd__AskRequest body;
    Consentd__Request request;
    consentd__scope__init (&scope);
    consentd__ask_request__init (&body);
    consentd__request__init (&request);
    snprintf (kind, sizeof kind, "ask %u %d", self->times, one_time);
    ledger_key_of (self->spool->ledger, kind, self->text, key);
    scope.providers = &provider;
    scope.recipients = &recipient;
    scope.n_providers = scope.n_recipients = 1;
    scope.categories = (char **)(uintptr_t)self->lack->categories;
    scope.n_categories = self->lack->category_count;
    scope.origins = (char **)(uintptr_t)self->lack->origins;
    scope.n_origins = self->lack->origin_count;
    scope.purpose = (char *)(uintptr_t)passage_purpose (self->item->passage);
    scope.case_ref = (char *)(uintptr_t)(order->case_ref ? order->case_ref : "");
    body.bsn = (char *)(uintptr_t)self->bsn;
    body.scope = &scope;
    body.motivation = motivation;
    body.valid_until = spool_time (self->spool) + ASKED_FOR;
    body.one_time = one_time;
    body.user = (char *)(uintptr_t)order->user;
    request.idempotency_key = (ProtobufCBinaryData){sizeof key, key};
    request.body_case = CONSENTD__REQUEST__BODY_ASK;
    request.ask = &body;
    return consent_call (self->spool->calls, &request, reply_p);
}

/* Notes what was asked for, until that is answered. 0 or -errno. */
static int note_asked (const struct asked *self, const uint8_t key[LEDGER_KEY], const char *consent)
{
    const struct ledger_mark marks[] = {{"request", consent}, {NULL, NULL}};
    json_t *record = json_pack ("{s:s, s:I, s:I}", "consent_id", consent, "times", (json_int_t)self->times,
                                "until", (json_int_t)(spool_time (self->spool) + ASKED_FOR));
    ledger_begin (self->spool->ledger);
    ledger_put (self->spool->ledger, LEDGER_ASKED, key, record, marks);
    json_decref (record);
    return ledger_commit (self->spool->ledger);
}

/* Asks, unless that was asked for before and has no answer. NULL: there is no answer now. Caller owns the note. */
static json_t *ask (struct asked *self)
{
    uint8_t key[LEDGER_KEY];
    json_t *record = NULL, *note = NULL;
    ledger_key_of (self->spool->ledger, "asked", self->text, key);
    int r = ledger_get (self->spool->ledger, LEDGER_ASKED, key, &record);
    const char *before = json_string_value (json_object_get (record, "consent_id"));
    self->times = (unsigned)json_integer_value (json_object_get (record, "times"));
    if (before && json_integer_value (json_object_get (record, "until")) <= spool_time (self->spool))
        self->times++; /* nobody answered while it could be */
    else if (before)
        note = json_pack ("{s:s, s:n}", "consent_id", before, "answer");
    json_decref (record);
    if (note || r < 0)
        return note;
    Consentd__Reply *reply = NULL;
    int status = call (self, false, &reply);
    if (status == CONSENT_OK && must_be_one_time (reply)) {
        consentd__reply__free_unpacked (reply, NULL);
        status = call (self, true, &reply);
    }
    if (status != CONSENT_OK)
        return NULL;
    note = note_of (reply);
    consentd__reply__free_unpacked (reply, NULL);
    const char *consent = json_string_value (json_object_get (note, "consent_id"));
    if (!consent || note_asked (self, key, consent) == 0)
        return note;
    json_decref (note);
    return NULL;
}

/* A request that has its answer, and how often the same was asked for before it. */
struct answered {
    uint8_t key[LEDGER_KEY];
    json_int_t times;
};

static int note_key (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    struct answered *self = context;
    memcpy (self->key, key, LEDGER_KEY);
    self->times = json_integer_value (json_object_get (record, "times"));
    return 1;
}

int held_asked_no_more (struct spool *self, const char *consent_id)
{
    const struct ledger_mark mark = {"request", consent_id}, none[] = {{NULL, NULL}};
    struct answered answered;
    int r = ledger_find (self->ledger, LEDGER_ASKED, &mark, note_key, &answered);
    if (r != 1)
        return r;
    json_t *record = json_pack ("{s:I}", "times", answered.times + 1);
    ledger_begin (self->ledger);
    ledger_put (self->ledger, LEDGER_ASKED, answered.key, record, none);
    json_decref (record);
    return ledger_commit (self->ledger);
}

/* The first client of which something is lacking: one message asks for one consent at a time. */
static int request_for (struct spool *self, struct item *item)
{
    const struct passage_result *result = passage_result (item->passage);
    json_t *note = NULL;
    for (size_t i = 0; !note && result->clients && i < result->elements->client_count; i++) {
        struct lack lack = {.category_count = 0};
        const struct consent_answer *advice = result->clients[i].advice;
        if (advice)
            find_lack (advice, &lack);
        if (lack.category_count == 0)
            continue;
        char *text = text_of (item->passage, advice->subject_ref, &lack);
        struct asked asked = {self, item, result->elements->clients[i].bsn, text, &lack, 0};
        note = ask (&asked);
        free (text);
    }
    int r = note ? held_note_request (self, item->as, note) : 0;
    json_decref (note);
    return r;
}

/* A consent that was granted for it ended before it went: another message used it up, or it came too late. */
static bool has_ended (const struct consent_item_answer *item)
{
    static const char *const codes[] = {"USED_UP", "EXPIRED", "REPRESENTATION_LAPSED"};
    for (size_t i = 0; item->verdict != CONSENT_PERMIT && i < item->reason_count; i++) {
        for (size_t j = 0; j < sizeof codes / sizeof *codes; j++) {
            if (strcmp (item->reasons[i].code, codes[j]) == 0)
                return true;
        }
    }
    return false;
}

static bool any_has_ended (const struct passage_result *result)
{
    for (size_t i = 0; result->clients && i < result->elements->client_count; i++) {
        const struct consent_answer *advice = result->clients[i].advice;
        for (size_t j = 0; advice && j < advice->item_count; j++) {
            if (has_ended (&advice->items[j]))
                return true;
        }
    }
    return false;
}

/* Nothing was asked for it, or it could not be, or what was granted has ended. Who was granted a part of it does
   not ask for the rest: the subject has answered. */
static bool is_unasked (const struct item *item)
{
    const json_t *request = json_object_get (item->held, "request");
    if (!request || !json_is_string (json_object_get (request, "consent_id")))
        return true;
    const char *answer = json_string_value (json_object_get (request, "answer"));
    return answer && strcmp (answer, "granted") == 0 && any_has_ended (passage_result (item->passage));
}

int held_request (struct spool *self)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < self->now->count; i++) {
        struct item *item = &self->now->items[i];
        if (item->end == END_HELD && passage_result (item->passage)->code == PASSAGE_DENIED && is_unasked (item))
            r = request_for (self, item);
    }
    return r == 0 ? 0 : spool_say_unwritable (self, "held", r);
}
