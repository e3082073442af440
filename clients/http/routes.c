#include "routes.h"

#include <string.h>
#include "body.h"

/* --- The door to the registry -------------------------------------------------------------------------- */

static int ask (void *context, const struct consent_question *questions, size_t count, const char *key,
                struct consent_answer **answers)
{
    consent_t *registry = context;
    if (count > 1) {
        const struct consent_batch batch = {.questions = questions, .count = count, .idempotency_key = key};
        return consent_check_together (registry, &batch, answers);
    }
    struct consent_question question = questions[0];
    question.idempotency_key = key;
    answers[0] = consent_check (registry, &question);
    return answers[0]->status;
}

/* A connection of the caller's own party. NULL with the reply: none is free. */
static consent_t *take (const struct call *call, struct reply *reply)
{
    consent_t *registry = pool_take (call->pool, call->party);
    if (!registry)
        *reply = (struct reply){503, json_string ("this party asks more at once than the bridge passes on")};
    return registry;
}

/* --- Paths --------------------------------------------------------------------------------------------- */

static void evaluation (const struct call *call, const json_t *body, struct reply *reply)
{
    const struct door door = {take (call, reply), ask};
    if (!door.context)
        return;
    evaluate_one (&door, body, call->key, reply);
    pool_give (call->pool, call->party, door.context);
}

static void evaluations (const struct call *call, const json_t *body, struct reply *reply)
{
    const struct door door = {take (call, reply), ask};
    if (!door.context)
        return;
    evaluate_many (&door, body, call->key, reply);
    pool_give (call->pool, call->party, door.context);
}

static const struct route routes[] = {
    {"/access/v1/evaluation", "POST", evaluation},
    {"/access/v1/evaluations", "POST", evaluations},
};

const struct route *route_of (const char *path)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp (path, routes[i].path) == 0)
            return &routes[i];
    return NULL;
}

void route_answer (const struct route *route, const struct call *call, struct reply *reply)
{
    const char *why = NULL;
    bool has_body = strcmp (route->method, "POST") == 0;
    json_t *body = has_body ? body_read (call->body, call->size, &why) : NULL;
    if (has_body && !body)
        *reply = (struct reply){400, json_string (why)};
    else
        route->answer (call, body, reply);
    json_decref (body);
}
