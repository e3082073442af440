#include "forge.h"

#include <string.h>
#include "unconst.h"

static Consentd__Reply reply_of (uint8_t *key, uint8_t epoch[16])
{
    Consentd__Reply reply;
    consentd__reply__init (&reply);
    memset (epoch, 7, 16);
    reply.version = 1;
    reply.status = CONSENTD__STATUS__OK;
    reply.epoch = (ProtobufCBinaryData){16, epoch};
    reply.revision = 1;
    if (key)
        reply.idempotency_key = (ProtobufCBinaryData){16, key};
    return reply;
}

bool forge_status (struct trial *self, const uint8_t key[16], Consentd__Status status, uint32_t retry_after)
{
    uint8_t epoch[16], own[16];
    memcpy (own, key, sizeof own);
    Consentd__Reply reply = reply_of (own, epoch);
    reply.status = status;
    reply.retry_after_ms = retry_after;
    return middle_tell (self->plan->middle, key, &reply);
}

void forge_busy (struct trial *self, const uint8_t key[16])
{
    uint8_t epoch[16], own[16];
    memcpy (own, key, sizeof own);
    Consentd__Reply reply = reply_of (own, epoch);
    reply.status = CONSENTD__STATUS__UNAVAILABLE;
    middle_tell (self->plan->middle, NULL, &reply);
}

void forge_removed (struct trial *self, const uint8_t key[16], bool is_stream)
{
    uint8_t epoch[16], own[16];
    memcpy (own, key, sizeof own);
    Consentd__Reply reply = reply_of (own, epoch);
    memset (epoch, 0, sizeof epoch);
    reply.status = CONSENTD__STATUS__FORBIDDEN;
    reply.revision = 0;
    middle_tell (self->plan->middle, is_stream ? NULL : key, &reply);
}

void forge_permit (struct trial *self, const uint8_t key[16], const uint8_t sent_to[16])
{
    uint8_t epoch[16], own[16];
    memcpy (own, key, sizeof own);
    Consentd__Reply reply = reply_of (own, epoch);
    Consentd__CheckReply check;
    Consentd__ItemVerdict item[2], *items[] = {&item[0], &item[1]};
    uint32_t permitted[] = {0, 1};
    consentd__check_reply__init (&check);
    for (size_t i = 0; i < 2; i++) {
        consentd__item_verdict__init (&item[i]);
        item[i].category = unconst_text (self->plan->asked.category[i]);
        item[i].origin = unconst_text (self->plan->asked.origin);
        item[i].verdict = CONSENTD__VERDICT__PERMIT;
    }
    check.verdict = CONSENTD__VERDICT__PERMIT;
    check.items = items;
    check.n_items = 2;
    check.permitted = permitted;
    check.n_permitted = 2;
    reply.body_case = CONSENTD__REPLY__BODY_CHECK;
    reply.check = &check;
    middle_tell (self->plan->middle, sent_to, &reply);
}

void forge_push (struct trial *self, const ProtobufCBinaryData *epoch, Consentd__EventKind kind, uint64_t number)
{
    uint8_t unused[16];
    Consentd__Reply reply = reply_of (NULL, unused);
    reply.epoch = *epoch;
    Consentd__EventPush push;
    consentd__event_push__init (&push);
    push.kind = kind;
    push.number = number;
    if (kind == CONSENTD__EVENT_KIND__EVENTS_DROPPED)
        push.first_dropped = number;
    reply.body_case = CONSENTD__REPLY__BODY_EVENT;
    reply.event = &push;
    middle_tell (self->plan->middle, NULL, &reply);
}
