/* What the registry recorded for a key. */
#include "check.h"

#include "unconst.h"

static bool fits (const Consentd__Reply *reply)
{
    return reply->recorded->epoch.len == ID_BYTES && reply->recorded->n_answers >= 1 &&
           reply->recorded->n_answers <= CONSENT_TOGETHER_MAX;
}

/* Sends the question. CONSENT_OK: *reply_p is a reply that fits. */
static int ask (consent_t *self, const char *idempotency_key, const char *user, Consentd__Reply **reply_p)
{
    uint8_t key[ID_BYTES];
    Consentd__RecordedRequest recorded;
    Consentd__Request request;
    *reply_p = NULL;
    if (!consent_unhex (idempotency_key, key))
        return connection_fail (self, CONSENT_INVALID, "the idempotency key is not 32 hexadecimal digits");
    consentd__recorded_request__init (&recorded);
    consentd__request__init (&request);
    recorded.key = (ProtobufCBinaryData){sizeof key, key};
    request.user = unconst_text (user);
    request.body_case = CONSENTD__REQUEST__BODY_RECORDED;
    request.recorded = &recorded;
    int result = connection_ask (self, &request, CONSENTD__REPLY__BODY_RECORDED, reply_p);
    if (result || fits (*reply_p))
        return result;
    return connection_fail (self, CONSENT_BAD_REPLY, "the answer does not fit what was asked");
}

/* A recorded answer says that it is one: else it is not what was asked. */
static struct consent_answer *take (consent_t *self, const Consentd__RecordedReply *recorded, size_t index)
{
    Consentd__BatchAnswer *answer = recorded->answers[index];
    if (answer->status == CONSENTD__STATUS__OK && !answer->replayed)
        return check_failed (
            self, connection_fail (self, CONSENT_BAD_REPLY, "the registry gave an answer that cannot be used"));
    return check_answer (self, check_reply_of (&recorded->epoch, answer), NULL);
}

int consent_recorded (consent_t *self, const char *idempotency_key, const char *user,
                      struct consent_answer **answers, size_t *count)
{
    Consentd__Reply *reply;
    int result = ask (self, idempotency_key, user, &reply);
    *count = result ? 0 : reply->recorded->n_answers;
    for (size_t i = 0; i < *count; i++)
        answers[i] = take (self, reply->recorded, i);
    if (reply)
        consentd__reply__free_unpacked (reply, NULL);
    return result;
}
