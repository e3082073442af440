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

static int send_batch (consent_t *self, struct lent_check *lent, size_t count, Consentd__Reply **reply_p)
{
    Consentd__CheckRequest *list[CONSENT_BATCH_MAX];
    Consentd__BatchRequest batch;
    consentd__batch_request__init (&batch);
    batch.n_checks = count;
    batch.checks = list;
    for (size_t i = 0; i < count; i++)
        list[i] = &lent[i].wire;
    Consentd__Request request;
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_BATCH;
    request.batch = &batch;
    int result = consent_call (self, &request, reply_p);
    if (result)
        return result;
    if ((*reply_p)->status != CONSENTD__STATUS__OK)
        return connection_fail_reply (self, *reply_p);
    if ((*reply_p)->body_case != CONSENTD__REPLY__BODY_BATCH || (*reply_p)->batch->n_answers != count ||
        (*reply_p)->epoch.len != ID_BYTES)
        return connection_fail (self, CONSENT_BAD_REPLY, "the answer does not fit what was asked");
    return CONSENT_OK;
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

static int ask_all (consent_t *self, struct lent_check *lent, size_t count, struct consent_answer **answers)
{
    Consentd__Reply *reply = NULL;
    int result = send_batch (self, lent, count, &reply);
    for (size_t i = 0; i < count; i++)
        answers[i] = result ? check_failed (self, result) : answer_at (self, reply, i, &lent[i].wire);
    if (reply)
        consentd__reply__free_unpacked (reply, NULL);
    return result;
}

int consent_check_batch (consent_t *self, const struct consent_question *questions, size_t count,
                         struct consent_answer **answers)
{
    struct lent_check lent[CONSENT_BATCH_MAX];
    size_t ready = 0;
    int result = CONSENT_OK;
    if (count < 1 || count > CONSENT_BATCH_MAX)
        result = connection_fail (self, CONSENT_INVALID, "a batch is 1-%d questions", CONSENT_BATCH_MAX);
    while (!result && ready < count)
        if (check_lend (&questions[ready], &lent[ready]))
            ready++;
        else
            result = connection_fail (self, CONSENT_INVALID, "the request is larger than a message may be");
    if (!result)
        result = ask_all (self, lent, count, answers);
    else
        for (size_t i = 0; i < count; i++)
            answers[i] = check_failed (self, result);
    while (ready)
        check_return (&lent[--ready]);
    return result;
}
