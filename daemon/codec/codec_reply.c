#include "codec.h"

#include <errno.h>
#include <string.h>
#include "arena.h"
#include "codec_batch.h"
#include "codec_reply_body.h"
#include "envelope.pb-c.h"
#include "fields/joined.h"
#include "wire.h"

/* Numbers that are sent as they are. */
#define SAME(ours, theirs) _Static_assert((int)(ours) == (int)(theirs), #ours " has another number in proto/")

SAME (STATUS_OK, CONSENTD__STATUS__OK);
SAME (STATUS_REJECTED, CONSENTD__STATUS__REJECTED);
SAME (STATUS_FORBIDDEN, CONSENTD__STATUS__FORBIDDEN);
SAME (STATUS_INVALID, CONSENTD__STATUS__INVALID);
SAME (STATUS_NOT_FOUND, CONSENTD__STATUS__NOT_FOUND);
SAME (STATUS_CONFLICT, CONSENTD__STATUS__CONFLICT);
SAME (STATUS_RETRY, CONSENTD__STATUS__RETRY);
SAME (STATUS_UNAVAILABLE, CONSENTD__STATUS__UNAVAILABLE);

#define SAME_CODE(name, number, rule) SAME (name, CONSENTD__CODE__##name);
RULE_CODES (SAME_CODE)

SAME (VERDICT_PERMIT, CONSENTD__VERDICT__PERMIT);
SAME (VERDICT_PARTIAL, CONSENTD__VERDICT__PARTIAL);
SAME (VERDICT_DENY, CONSENTD__VERDICT__DENY);
SAME (OBLIGATION_KEEP_SECRET, CONSENTD__OBLIGATION__KEEP_SECRET);
SAME (OBLIGATION_ONE_TIME, CONSENTD__OBLIGATION__ONE_TIME);
SAME (OBLIGATION_INFORM_SUBJECT, CONSENTD__OBLIGATION__INFORM_SUBJECT);
SAME (OBLIGATION_INFORM_REPRESENTATIVE, CONSENTD__OBLIGATION__INFORM_REPRESENTATIVE);
SAME (OBLIGATION_INFORM_YOUTH, CONSENTD__OBLIGATION__INFORM_YOUTH);
SAME (OBLIGATION_RECORD_IN_PLAN, CONSENTD__OBLIGATION__RECORD_IN_PLAN);
SAME (OBLIGATION_RECORD_AGAINST_WILL, CONSENTD__OBLIGATION__RECORD_AGAINST_WILL);
SAME (OBLIGATION_INFORM_OF_SOURCE, CONSENTD__OBLIGATION__INFORM_OF_SOURCE);
SAME (DUE_CONSENT_ENDS, CONSENTD__DUE_KIND__CONSENT_ENDS);
SAME (DUE_CONSENT_LAPSES, CONSENTD__DUE_KIND__CONSENT_LAPSES);
SAME (DUE_OBLIGATION, CONSENTD__DUE_KIND__OBLIGATION_DUE);
SAME (DUTY_CONSENT, CONSENTD__GROUND__CONSENT);
SAME (DUTY_STATUTE, CONSENTD__GROUND__STATUTE);
SAME (DUTY_WRITTEN_REQUEST, CONSENTD__GROUND__WRITTEN_REQUEST);
SAME (DUTY_URGENT_REASONS, CONSENTD__GROUND__URGENT_REASONS);
SAME (STATE_GRANTED, CONSENTD__CONSENT__STATE__GRANTED);
SAME (STATE_REFUSAL, CONSENTD__CONSENT__STATE__REFUSAL);
SAME (STATE_REVOKED, CONSENTD__CONSENT__STATE__REVOKED);
SAME (STATE_EXPIRED, CONSENTD__CONSENT__STATE__EXPIRED);
SAME (STATE_USED_UP, CONSENTD__CONSENT__STATE__USED_UP);
SAME (STATE_SUPERSEDED, CONSENTD__CONSENT__STATE__SUPERSEDED);
SAME (STATE_LAPSED, CONSENTD__CONSENT__STATE__LAPSED);
SAME (STATE_REQUESTED, CONSENTD__CONSENT__STATE__REQUESTED);
SAME (STATE_DEFERRED, CONSENTD__CONSENT__STATE__DEFERRED);
SAME (EVENT_HEARTBEAT, CONSENTD__EVENT_KIND__HEARTBEAT);
SAME (EVENT_CONSENT_REVOKED, CONSENTD__EVENT_KIND__CONSENT_REVOKED);
SAME (EVENT_ENDED, CONSENTD__EVENT_KIND__ENDED);
SAME (EVENT_CONSENT_ANSWERED, CONSENTD__EVENT_KIND__CONSENT_ANSWERED);
SAME (ANSWER_GRANTED, CONSENTD__ANSWER__ANSWER_GRANTED);
SAME (ANSWER_REFUSED, CONSENTD__ANSWER__ANSWER_REFUSED);
SAME (ANSWER_DEFERRED, CONSENTD__ANSWER__ANSWER_DEFERRED);
SAME (EVENT_CONSENT_EXPIRED, CONSENTD__EVENT_KIND__CONSENT_EXPIRED);
SAME (EVENT_CONSENT_USED, CONSENTD__EVENT_KIND__CONSENT_USED);
SAME (EVENT_CONSENT_LAPSED, CONSENTD__EVENT_KIND__CONSENT_LAPSED);
SAME (EVENT_DATA_RESTRICTED, CONSENTD__EVENT_KIND__DATA_RESTRICTED);
SAME (EVENT_RESTRICTION_LIFTED, CONSENTD__EVENT_KIND__RESTRICTION_LIFTED);
SAME (EVENT_CONSENT_GRANTED, CONSENTD__EVENT_KIND__CONSENT_GRANTED);
SAME (EVENT_CONSENT_REFUSED, CONSENTD__EVENT_KIND__CONSENT_REFUSED);
SAME (EVENT_OBLIGATION_AROSE, CONSENTD__EVENT_KIND__OBLIGATION_AROSE);
SAME (EVENT_CONSENT_RESTORED, CONSENTD__EVENT_KIND__CONSENT_RESTORED);
SAME (EVENT_PASSED_OVER, CONSENTD__EVENT_KIND__EVENT_PASSED_OVER);
SAME (EVENT_REGISTRY_ALARM, CONSENTD__EVENT_KIND__REGISTRY_ALARM);

enum {
    VERSION = 1,
    FIELD_REPLAYED = 10,      /* of Reply */
    FIELD_REVOKED_SINCE = 11, /* of Reply */
    MARK_SIZE = 4,            /* bytes that both take on the wire */
};

/* Fails closed: what was decided is in the log. */
static struct reply without_room (const struct reply *reply)
{
    struct reply made = *reply;
    made.status = STATUS_UNAVAILABLE;
    made.refusal_count = 0;
    made.field = NULL;
    made.message = "The answer does not fit in one message.";
    made.listing.size = 0;
    made.body = REPLY_NONE;
    return made;
}

void codec_write_reply (const struct reply *reply, struct arena *arena, struct bytes *message)
{
    const struct enveloped whole = {VERSION, reply, reply->body, codec_make_body (reply, arena)};
    bool is_large = reply->body == REPLY_BATCH || reply->body == REPLY_BACKUP;
    size_t limit = is_large ? CODEC_LARGE_LIMIT : CODEC_MESSAGE_LIMIT;
    *message = fields_write (&enveloped_message, &whole, arena);
    if (message->size > limit - MARK_SIZE) { /* it may be marked as replayed later */
        const struct reply instead = without_room (reply);
        codec_write_reply (&instead, arena, message);
    }
}

void codec_begin (void)
{
    message_joined (&request_message);
    message_joined (&enveloped_message);
    message_joined (&batch_answer_in_reply);
    message_joined (&batch_answer_message);
}

/* The bytes of the recorded answer do not change: only its old marks are removed, and new ones are appended. */
int codec_mark_replayed (const void *data, size_t size, bool revoked_since, struct arena *arena,
                         struct bytes *message)
{
    uint8_t *marked = arena_alloc (arena, size + MARK_SIZE);
    size_t written = 0;
    struct wire_cursor cursor = wire_begin (data, size);
    struct wire_field field;
    int result;
    while ((result = wire_next (&cursor, &field)) == 0) {
        if (field.number == FIELD_REPLAYED || field.number == FIELD_REVOKED_SINCE)
            continue;
        size_t field_size = (size_t)(cursor.at - field.start);
        memcpy (marked + written, field.start, field_size);
        written += field_size;
    }
    if (result == WIRE_BAD)
        return -EBADMSG;
    marked[written++] = FIELD_REPLAYED << 3 | WIRE_VARINT;
    marked[written++] = true;
    if (revoked_since) {
        marked[written++] = FIELD_REVOKED_SINCE << 3 | WIRE_VARINT;
        marked[written++] = true;
    }
    *message = (struct bytes){marked, written};
    return 0;
}
