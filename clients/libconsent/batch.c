/* Many checks in one message. Each answer is judged as if it had come alone. */
#include "check.h"

#include "allocate.h"
#include "identifier.h"
#include "unconst.h"

/* Takes a text out of a message that is taken apart. */
static char *take_text (char **text)
{
    char *taken = *text;
    *text = unconst_text (protobuf_c_empty_string);
    return taken;
}

static ProtobufCBinaryData copy_bytes (ProtobufCBinaryData data)
{
    uint8_t *copy = allocate (data.len, 1);
    if (data.len)
        memcpy (copy, data.data, data.len);
    return (ProtobufCBinaryData){data.len, copy};
}

Consentd__Reply *check_reply_of (const ProtobufCBinaryData *epoch, Consentd__BatchAnswer *answer)
{
    Consentd__Reply *reply = allocate (1, sizeof *reply);
    consentd__reply__init (reply);
    reply->version = 1;
    reply->status = (Consentd__Status)answer->status;
    reply->field = take_text (&answer->field);
    reply->message = take_text (&answer->message);
    reply->epoch = copy_bytes (*epoch);
    reply->revision = answer->revision;
    reply->time = answer->time;
    reply->replayed = answer->replayed;
    reply->revoked_since = answer->revoked_since;
    if (answer->check) {
        reply->body_case = CONSENTD__REPLY__BODY_CHECK;
        reply->check = answer->check;
        answer->check = NULL;
    }
    return reply;
}

static int fits (consent_t *self, const Consentd__Reply *reply, size_t count)
{
    if (reply->status != CONSENTD__STATUS__OK)
        return connection_fail_reply (self, reply);
    if (reply->body_case != CONSENTD__REPLY__BODY_BATCH || reply->batch->n_answers != count ||
        reply->epoch.len != ID_BYTES)
        return connection_fail (self, CONSENT_BAD_REPLY, "the answer does not fit what was asked");
    return CONSENT_OK;
}

static int send_batch (consent_t *self, const struct consent_batch *asked, struct lent_check *lent,
                       Consentd__Reply **reply_p)
{
    Consentd__BatchRequest batch;
    Consentd__Request request;
    uint8_t key[ID_BYTES];
    consentd__batch_request__init (&batch);
    batch.all_or_nothing = asked->all_or_nothing;
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_BATCH;
    request.batch = &batch;
    if (asked->idempotency_key && !consent_unhex (asked->idempotency_key, key))
        return connection_fail (self, CONSENT_INVALID, "the idempotency key is not 32 hexadecimal digits");
    if (asked->idempotency_key)
        request.idempotency_key = (ProtobufCBinaryData){sizeof key, key};
    Consentd__CheckRequest **list = batch.checks = allocate (asked->count, sizeof *list);
    for (; batch.n_checks < asked->count; batch.n_checks++)
        list[batch.n_checks] = &lent[batch.n_checks].wire;
    int result = consent_call (self, &request, reply_p);
    free (list);
    return result ? result : fits (self, *reply_p, asked->count);
}

/* An answer from before the required revision is no answer, unless it is a recorded one (see call.c). */
static struct consent_answer *answer_at (consent_t *self, const Consentd__Reply *batch, size_t index,
                                         const Consentd__CheckRequest *asked)
{
    Consentd__BatchAnswer *answer = batch->batch->answers[index];
    if (answer->status == CONSENTD__STATUS__OK && !answer->replayed && answer->revision < self->required)
        return check_failed (
            self, connection_fail (self, CONSENT_BAD_REPLY, "the registry gave an answer that cannot be used"));
    return check_answer (self, check_reply_of (&batch->epoch, answer), asked);
}

/* A registry that does not know of all or nothing may have answered each by itself. Then nothing of it is
 * believed. */
static bool is_whole (const Consentd__BatchReply *batch)
{
    size_t recorded = 0, permitted = 0, denied = 0;
    for (size_t i = 0; i < batch->n_answers; i++) {
        const Consentd__BatchAnswer *answer = batch->answers[i];
        bool is_answered = answer->status == CONSENTD__STATUS__OK && answer->check;
        if (is_answered && answer->replayed)
            recorded++;
        else if (is_answered && answer->check->verdict == CONSENTD__VERDICT__PERMIT)
            permitted++;
        else if (!is_answered || answer->check->verdict == CONSENTD__VERDICT__DENY)
            denied++;
    }
    return recorded + permitted == batch->n_answers || recorded + denied == batch->n_answers;
}

static int ask_all (consent_t *self, const struct consent_batch *batch, struct lent_check *lent,
                    struct consent_answer **answers)
{
    Consentd__Reply *reply = NULL;
    int result = send_batch (self, batch, lent, &reply);
    if (!result && batch->all_or_nothing && !is_whole (reply->batch))
        result =
            connection_fail (self, CONSENT_BAD_REPLY, "the registry answered a part of what was all or nothing");
    for (size_t i = 0; i < batch->count; i++)
        answers[i] = result ? check_failed (self, result) : answer_at (self, reply, i, &lent[i].wire);
    if (reply)
        consentd__reply__free_unpacked (reply, NULL);
    return result;
}

int consent_check_together (consent_t *self, const struct consent_batch *batch, struct consent_answer **answers)
{
    const size_t most = batch->all_or_nothing ? CONSENT_TOGETHER_MAX : CONSENT_BATCH_MAX;
    struct lent_check *lent = allocate (most, sizeof *lent);
    size_t ready = 0;
    int result = CONSENT_OK;
    if (batch->count < 1 || batch->count > most)
        result = connection_fail (self, CONSENT_INVALID, "a batch is 1-%zu questions", most);
    while (!result && ready < batch->count)
        if (check_lend (&batch->questions[ready], &lent[ready]))
            ready++;
        else
            result = connection_fail (self, CONSENT_INVALID, "the request is larger than a message may be");
    if (!result)
        result = ask_all (self, batch, lent, answers);
    else
        for (size_t i = 0; i < batch->count; i++)
            answers[i] = check_failed (self, result);
    while (ready)
        check_return (&lent[--ready]);
    free (lent);
    return result;
}

int consent_check_batch (consent_t *self, const struct consent_question *questions, size_t count,
                         struct consent_answer **answers)
{
    struct consent_batch batch = {.questions = questions, .count = count};
    return consent_check_together (self, &batch, answers);
}
