#include "simulated_requests.h"

Consentd__Request *simulation_waiting_list (struct simulation *self, const char *bsn,
                                            const Consentd__WaitingListReply *before, unsigned limit)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_WAITING_LIST);
    Consentd__WaitingListRequest *list = request->waiting_list;
    list->bsn = arena_strdup (self->arena, bsn);
    list->limit = limit;
    if (before != NULL)
        list->after = before->next;
    return request;
}

const Consentd__WaitingListReply *simulation_waiting_page (struct simulation *self, const char *bsn,
                                                           const Consentd__WaitingListReply *before,
                                                           unsigned limit)
{
    Consentd__Reply *reply = simulation_ask (self, "kernteam", simulation_waiting_list (self, bsn, before, limit));
    assert_string_equal (simulation_said (self, reply), "OK");
    assert_int_equal (reply->body_case, CONSENTD__REPLY__BODY_WAITING_LIST);
    assert_int_equal (reply->waiting_list->next.len, reply->waiting_list->more ? 24 : 0);
    return reply->waiting_list;
}

size_t simulation_waiting (struct simulation *self, const char *bsn)
{
    size_t count = 0;
    const Consentd__WaitingListReply *list = NULL;
    do {
        list = simulation_waiting_page (self, bsn, list, 32);
        count += list->n_requests;
    } while (list->more);
    return count;
}

static Consentd__Reply *show_reply (struct simulation *self, const char *party, const uint8_t *consent)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show->consent_id = (ProtobufCBinaryData){16, arena_memdup (self->arena, consent, 16)};
    return simulation_ask (self, party, request);
}

const Consentd__Consent *simulation_shown (struct simulation *self, const char *party, const uint8_t *consent)
{
    Consentd__Reply *reply = show_reply (self, party, consent);
    assert_string_equal (simulation_said (self, reply), "OK");
    return reply->consent_show->consent;
}

const char *simulation_unseen (struct simulation *self, const char *party, const uint8_t *consent)
{
    return simulation_said (self, show_reply (self, party, consent));
}
