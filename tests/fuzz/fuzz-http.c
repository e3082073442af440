/* libFuzzer: any bytes as the body of a request of HTTP. What is asked of the registry is a whole question, and a
   disclosure only with a key; of a registry that permits nothing nothing becomes true; and no text of an error
   quotes whom it is about. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "body.h"
#include "check.h"
#include "connection.h"
#include "evaluate.h"
#include "question.h"
#include "search.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static struct consent nobody; /* a connection that is never opened */
static const char key[] = "8e03978e-40d5-43e8-bc93-6894a57f9324";

static void must (bool it)
{
    if (!it)
        abort ();
}

/* --- The registry -------------------------------------------------------------------------------------- */

/* One that fails, in each way in turn. */
struct registry {
    size_t asked;
    bool has_key;
    char bsn[32]; /* of the last question */
};

static void must_be_whole (const struct consent_question *question, bool has_key)
{
    must (*question->bsn && *question->provider && *question->recipient && *question->purpose && *question->user);
    must (question->item_count >= 1 && question->item_count <= QUESTION_ITEMS);
    for (size_t i = 0; i < question->item_count; i++)
        must (*question->items[i].category && question->items[i].origin);
    must (question->mode == CONSENT_ADVISE || (question->mode == CONSENT_DISCLOSE && has_key));
    must (!question->written_request || !question->urgent_reasons);
    must (!question->urgent_reasons || *question->urgent_reasons->reason);
    must (!question->written_request ||
          (question->written_request->by[0] && question->written_request->evidence_sha256 &&
           *question->written_request->evidence_reference));
}

static int ask (void *context, const struct consent_question *questions, size_t count, const char *made,
                struct consent_answer **answers)
{
    static const int ways[] = {CONSENT_INVALID,     CONSENT_TIMEOUT,   CONSENT_FORBIDDEN, CONSENT_CONFLICT,
                               CONSENT_UNAVAILABLE, CONSENT_BAD_REPLY, CONSENT_NOT_FOUND, -EIO};
    struct registry *self = context;
    int way = ways[self->asked++ % (sizeof ways / sizeof *ways)];
    must (count >= 1 && count <= EVALUATIONS_MAX && (made != NULL) == self->has_key);
    must (!made || strlen (made) == CONSENT_ID_SIZE - 1);
    for (size_t i = 0; i < count; i++) {
        must_be_whole (&questions[i], self->has_key);
        answers[i] = check_failed (&nobody, way);
    }
    strncpy (self->bsn, questions[count - 1].bsn, sizeof self->bsn - 1);
    return way;
}

/* --- Replies ------------------------------------------------------------------------------------------- */

static void must_not_be_true (const json_t *decision)
{
    must (json_is_false (json_object_get (decision, "decision")));
}

static void must_be_reply (const struct reply *reply, const struct registry *registry)
{
    const json_t *list = json_object_get (reply->body, "evaluations"), *one;
    size_t index;
    if (reply->status == 200 && list)
        json_array_foreach (list, index, one) must_not_be_true (one);
    else
        must (reply->status >= 400 && reply->status < 600 && json_is_string (reply->body));
    char *text = json_dumps (reply->body, JSON_ENCODE_ANY);
    must (text != NULL);
    if (strlen (registry->bsn) >= 8 && strspn (registry->bsn, "0123456789") == strlen (registry->bsn))
        must (!strstr (text, registry->bsn));
    free (text);
    json_decref (reply->body);
}

static void try_evaluations (const json_t *body, bool has_key)
{
    struct registry registry = {.has_key = has_key};
    const struct door door = {&registry, ask};
    struct reply reply;
    evaluate_one (&door, body, has_key ? key : NULL, &reply);
    must (registry.asked <= 1);
    must_be_reply (&reply, &registry);
    evaluate_many (&door, body, has_key ? key : NULL, &reply);
    must_be_reply (&reply, &registry);
}

static void try_search (const json_t *body, enum search_for what)
{
    struct search search;
    struct refusal refusal = {.status = 0};
    bool is_read = search_read (&search, what, body, &refusal);
    must (is_read == (refusal.status == 0) && (is_read || (refusal.status == 400 && *refusal.text)));
    if (is_read && !search.is_nothing)
        must (*search.bsn && (*search.provider || what == SEARCH_RESOURCE) && search.case_ref && search.user &&
              (*search.recipient || what == SEARCH_SUBJECT) && (*search.category || what == SEARCH_RESOURCE) &&
              (*search.purpose || what == SEARCH_ACTION));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *why = "";
    json_t *body = body_read ((const char *)data, size, &why);
    if (!body) {
        must (*why);
        return 0;
    }
    must (json_is_object (body));
    try_evaluations (body, false);
    try_evaluations (body, true);
    for (int what = SEARCH_SUBJECT; what <= SEARCH_ACTION; what++)
        try_search (body, (enum search_for)what);
    json_decref (body);
    return 0;
}
