#include "evaluate.h"

#include <gnutls/crypto.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "answer.h"
#include "call.h"
#include "question.h"
#include "words.h"

/* --- Keys ---------------------------------------------------------------------------------------------- */

void evaluate_key (const char *key, size_t index, char *made)
{
    char text[256];
    uint8_t digest[32];
    int size = snprintf (text, sizeof text, "consent-http/%zu/%s", index, key);
    if (size < 0 || (size_t)size >= sizeof text ||
        gnutls_hash_fast (GNUTLS_DIG_SHA256, text, (size_t)size, digest) != 0)
        abort (); /* a key is at most 128 characters, and SHA-256 is always there */
    consent_hex (digest, 16, made);
}

/* A disclosure is recorded once, however often it is asked: so it has a key of the caller's. */
static bool judge_key (const struct consent_question *asked, const char *key, const char *where,
                       struct refusal *refusal)
{
    return asked->mode == CONSENT_ADVISE || key ||
           refuse (refusal, 400, "%sIdempotency-Key: a header that is needed where wijze is \"DISCLOSE\"", where);
}

/* --- One ----------------------------------------------------------------------------------------------- */

static void reply_refusal (struct reply *reply, const struct refusal *refusal)
{
    *reply = (struct reply){refusal->status, json_string (refusal->text)};
}

/* Asks one question by itself. */
static struct consent_answer *ask_one (const struct door *door, const struct consent_question *asked,
                                       const char *key, size_t index)
{
    struct consent_answer *answer = NULL;
    char made[CONSENT_ID_SIZE];
    if (key)
        evaluate_key (key, index, made);
    door->ask (door->context, asked, 1, key ? made : NULL, &answer);
    return answer;
}

static bool read_whole (struct question *question, const json_t *body, const char *key, struct refusal *refusal)
{
    struct tuple own;
    const struct question_source source = {.own = &own, .where = ""};
    return tuple_read (&own, body, "", refusal) && words_judge_around (body, "", refusal) &&
           question_read (question, &source, refusal) && judge_key (&question->asked, key, "", refusal);
}

void evaluate_one (const struct door *door, const json_t *body, const char *key, struct reply *reply)
{
    struct question question;
    struct refusal refusal = {.status = 0};
    if (!read_whole (&question, body, key, &refusal)) {
        reply_refusal (reply, &refusal);
        return;
    }
    struct consent_answer *answer = ask_one (door, &question.asked, key, 0);
    if (answer->status == CONSENT_OK)
        *reply = (struct reply){200, answer_document (&question.asked, answer)};
    else {
        answer_refuse (&refusal, answer->status, answer->field, answer->message, "");
        reply_refusal (reply, &refusal);
    }
    consent_answer_destroy (&answer);
}

/* --- Many ---------------------------------------------------------------------------------------------- */

enum semantic { EXECUTE_ALL, DENY_ON_FIRST_DENY, PERMIT_ON_FIRST_PERMIT };

/* One of the evaluations of a request. */
struct evaluation {
    struct question question;
    struct refusal refusal; /* with a status: it is not asked */
};

struct evaluations {
    const struct door *door;
    const char *key;
    enum semantic semantic;
    struct evaluation *each;
    size_t count;
    struct refusal refusal; /* of the whole */
    json_t *decisions;
};

static bool read_semantic (struct evaluations *self, const json_t *body)
{
    static const char *const names[] = {"execute_all", "deny_on_first_deny", "permit_on_first_permit"};
    const json_t *options = json_object_get (body, "options");
    const json_t *semantic = json_object_get (options, "evaluations_semantic");
    if (options && !json_is_object (options))
        return refuse (&self->refusal, 400, "options: it is not an object");
    if (!semantic)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (json_is_string (semantic) && strcmp (json_string_value (semantic), names[i]) == 0) {
            self->semantic = (enum semantic)i;
            return true;
        }
    return refuse (&self->refusal, 400,
                   "options.evaluations_semantic: it is \"execute_all\", \"deny_on_first_deny\" or "
                   "\"permit_on_first_permit\"");
}

/* Reads one. What is wrong with it is its own. */
static void read_evaluation (struct evaluations *self, size_t index, const json_t *json,
                             const struct tuple *defaults)
{
    struct evaluation *one = &self->each[index];
    struct tuple own;
    char where[48];
    snprintf (where, sizeof where, "evaluations[%zu].", index);
    const struct question_source source = {&own, defaults, where};
    if (!json_is_object (json)) {
        refuse (&one->refusal, 400, "evaluations[%zu]: it is not an object", index);
        return;
    }
    (void)(tuple_read (&own, json, where, &one->refusal) && words_judge_around (json, where, &one->refusal) &&
           question_read (&one->question, &source, &one->refusal) &&
           judge_key (&one->question.asked, self->key, where, &one->refusal));
}

static bool read_all (struct evaluations *self, const json_t *body, const json_t *list)
{
    struct tuple defaults;
    if (!read_semantic (self, body) || !tuple_read (&defaults, body, "", &self->refusal) ||
        !words_judge_around (body, "", &self->refusal) || !tuple_judge (&defaults, "", &self->refusal))
        return false;
    self->count = json_array_size (list);
    if (self->count > EVALUATIONS_MAX)
        return refuse (&self->refusal, 400, "evaluations: there are more than %d", EVALUATIONS_MAX);
    self->each = calloc (self->count, sizeof *self->each);
    if (!self->each)
        abort ();
    for (size_t i = 0; i < self->count; i++)
        read_evaluation (self, i, json_array_get (list, i), &defaults);
    return true;
}

/* Adds what came of one to the decisions. False: it is a matter of all of them. */
static bool decide (struct evaluations *self, size_t index, const struct consent_answer *answer,
                    bool *is_permitted)
{
    struct evaluation *one = &self->each[index];
    char where[48];
    snprintf (where, sizeof where, "evaluations[%zu].", index);
    *is_permitted = false;
    if (answer && answer_concerns_all (answer->status))
        return answer_refuse (&self->refusal, answer->status, answer->field, answer->message, "");
    if (answer && answer->status != CONSENT_OK)
        answer_refuse (&one->refusal, answer->status, answer->field, answer->message, where);
    if (!answer && one->refusal.status == 0)
        refuse (&one->refusal, 503, "%s: it has no answer", where);
    if (one->refusal.status == 0)
        *is_permitted = answer_permits (&one->question.asked, answer);
    json_array_append_new (self->decisions, one->refusal.status ? answer_error (&one->refusal)
                                                                : answer_document (&one->question.asked, answer));
    return true;
}

/* All that can be asked, in one message. */
static void ask_together (struct evaluations *self)
{
    struct consent_question *questions = calloc (self->count, sizeof *questions);
    struct consent_answer **answers = calloc (self->count, sizeof (struct consent_answer *));
    char made[CONSENT_ID_SIZE];
    size_t asked = 0, next = 0;
    bool goes_on = true, is_permitted;
    if (!questions || !answers)
        abort ();
    for (size_t i = 0; i < self->count; i++)
        if (self->each[i].refusal.status == 0)
            questions[asked++] = self->each[i].question.asked;
    if (self->key)
        evaluate_key (self->key, EVALUATIONS_MAX, made);
    int result = asked > 0
                     ? self->door->ask (self->door->context, questions, asked, self->key ? made : NULL, answers)
                     : CONSENT_OK;
    if (result != CONSENT_OK && result != CONSENT_INVALID)
        goes_on = answer_refuse (&self->refusal, result, "", "", "");
    for (size_t i = 0; i < self->count && goes_on; i++)
        goes_on = decide (self, i, self->each[i].refusal.status == 0 ? answers[next++] : NULL, &is_permitted);
    for (size_t i = 0; i < asked; i++)
        consent_answer_destroy (&answers[i]);
    free (answers);
    free (questions);
}

/* One after the other, up to the one that ends it: what is behind that is not asked, and nothing of it recorded.
 */
static void ask_in_turn (struct evaluations *self)
{
    bool is_over = false, is_permitted;
    for (size_t i = 0; i < self->count && !is_over; i++) {
        struct consent_answer *answer = self->each[i].refusal.status
                                            ? NULL
                                            : ask_one (self->door, &self->each[i].question.asked, self->key, i);
        is_over =
            !decide (self, i, answer, &is_permitted) || is_permitted == (self->semantic == PERMIT_ON_FIRST_PERMIT);
        consent_answer_destroy (&answer);
    }
}

void evaluate_many (const struct door *door, const json_t *body, const char *key, struct reply *reply)
{
    const json_t *list = json_object_get (body, "evaluations");
    struct evaluations all = {.door = door, .key = key};
    if (!list || (json_is_array (list) && json_array_size (list) == 0)) {
        evaluate_one (door, body, key, reply);
        return;
    }
    all.decisions = json_array ();
    if (!json_is_array (list))
        refuse (&all.refusal, 400, "evaluations: it is not a list");
    else if (read_all (&all, body, list)) {
        if (all.semantic == EXECUTE_ALL)
            ask_together (&all);
        else
            ask_in_turn (&all);
    }
    if (all.refusal.status)
        reply_refusal (reply, &all.refusal);
    else
        *reply = (struct reply){200, json_pack ("{s:O}", "evaluations", all.decisions)};
    json_decref (all.decisions);
    free (all.each);
}
