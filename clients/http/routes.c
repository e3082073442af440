#include "routes.h"

#include <string.h>
#include "body.h"
#include "search.h"

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

/* --- Paths --------------------------------------------------------------------------------------------- */

static void evaluation (consent_t *registry, const struct call *call, const json_t *body, struct reply *reply)
{
    evaluate_one (&(struct door){registry, ask}, body, call->key, reply);
}

static void evaluations (consent_t *registry, const struct call *call, const json_t *body, struct reply *reply)
{
    evaluate_many (&(struct door){registry, ask}, body, call->key, reply);
}

static void subject (consent_t *registry, const struct call *call, const json_t *body, struct reply *reply)
{
    (void)call;
    search_subject (registry, body, reply);
}

static void resource (consent_t *registry, const struct call *call, const json_t *body, struct reply *reply)
{
    (void)call;
    search_resource (registry, body, reply);
}

static void action (consent_t *registry, const struct call *call, const json_t *body, struct reply *reply)
{
    (void)call;
    search_action (registry, body, reply);
}

static const struct route routes[] = {
    {"/access/v1/evaluation", "access_evaluation_endpoint", evaluation},
    {"/access/v1/evaluations", "access_evaluations_endpoint", evaluations},
    {"/access/v1/search/subject", "search_subject_endpoint", subject},
    {"/access/v1/search/resource", "search_resource_endpoint", resource},
    {"/access/v1/search/action", "search_action_endpoint", action},
    {"/.well-known/authzen-configuration", NULL, NULL},
};

const struct route *route_of (const char *path)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp (path, routes[i].path) == 0)
            return &routes[i];
    return NULL;
}

const char *route_method (const struct route *self)
{
    return self->answer ? "POST" : "GET";
}

/* What there is, and where: the metadata of AuthZEN. */
static void describe (const struct call *call, struct reply *reply)
{
    json_t *body = json_pack ("{s:s}", "policy_decision_point", call->bridge->url);
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (routes[i].endpoint)
            json_object_set_new (body, routes[i].endpoint,
                                 json_sprintf ("%s%s", call->bridge->url, routes[i].path));
    *reply = (struct reply){200, body};
}

/* By a connection of the caller's own party. */
static void ask_registry (const struct route *self, const struct call *call, const json_t *body,
                          struct reply *reply)
{
    consent_t *registry = pool_take (call->pool, call->party);
    if (!registry) {
        *reply = (struct reply){503, json_string ("this party asks more at once than the bridge passes on")};
        return;
    }
    self->answer (registry, call, body, reply);
    pool_give (call->pool, call->party, registry);
}

void route_answer (const struct route *self, const struct call *call, struct reply *reply)
{
    const char *why = NULL;
    json_t *body = self->answer ? body_read (call->body, call->size, &why) : NULL;
    if (!self->answer)
        describe (call, reply);
    else if (!body)
        *reply = (struct reply){400, json_string (why)};
    else
        ask_registry (self, call, body, reply);
    json_decref (body);
}
