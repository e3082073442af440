#include "codec_recorded.h"

#include <string.h>
#include "arena.h"
#include "body_fields.h"
#include "codec.h"
#include "envelope.pb-c.h"
#include "fields/raw.h"
#include "wire.h"

enum {
    VERSION_FIELD = 1, /* of Request */
    KEY_FIELD = 2,
    BSN_FIELD = 1, /* of CheckRequest */
    USER_FIELD = 6,
    PERMITTED_FIELD = 3, /* of CheckReply */
    REF_FIELD = 9,
    HEAD_SIZE = 2 * RAW_NUMBER_SIZE, /* the most bytes of a tag and a length */
};

/* Where bytes are put, one behind another. There is room. */
static uint8_t *put (uint8_t *to, const void *data, size_t size)
{
    if (size > 0)
        memcpy (to, data, size);
    return to + size;
}

static uint8_t *put_field (uint8_t *to, uint32_t number, const void *data, size_t size)
{
    to = raw_put_number (to, (uint64_t)number << 3 | RAW_LENGTH);
    return put (raw_put_number (to, size), data, size);
}

/* Copies a message without two of its fields. */
static uint8_t *put_without (uint8_t *to, struct bytes message, uint32_t one, uint32_t other)
{
    struct wire_cursor cursor = wire_begin (message.data, message.size);
    struct wire_field field;
    while (wire_next (&cursor, &field) == 0)
        if (field.number != one && field.number != other)
            to = put (to, field.start, (size_t)(cursor.at - field.start));
    return to;
}

struct bytes codec_keep_check (struct bytes message, struct arena *arena)
{
    uint8_t *kept = arena_alloc (arena, message.size + HEAD_SIZE), *to = kept;
    uint8_t *check = arena_alloc (arena, message.size);
    struct wire_cursor cursor = wire_begin (message.data, message.size);
    struct wire_field field;
    while (wire_next (&cursor, &field) == 0) {
        if (field.number == CONSENTD__REQUEST__BODY_CHECK) {
            uint8_t *end = put_without (check, (struct bytes){field.data, field.size}, BSN_FIELD, USER_FIELD);
            to = put_field (to, field.number, check, (size_t)(end - check));
        } else if (field.number != VERSION_FIELD && field.number != KEY_FIELD)
            to = put (to, field.start, (size_t)(cursor.at - field.start));
    }
    return (struct bytes){kept, (size_t)(to - kept)};
}

/* The request, with the parts that the line of the log says besides. */
static struct bytes restore_request (const struct codec_kept *kept, struct arena *arena)
{
    const struct reply *reply = &kept->reply;
    size_t user_size = strlen (kept->user), room = kept->asked.size + user_size + 4 * HEAD_SIZE;
    uint8_t *made = arena_alloc (arena, room + sizeof reply->idempotency_key), *to = made;
    struct wire_cursor cursor = wire_begin (kept->asked.data, kept->asked.size);
    struct wire_field field;
    to = raw_put_number (to, VERSION_FIELD << 3 | RAW_VARINT);
    to = raw_put_number (to, 1);
    to = put_field (to, KEY_FIELD, reply->idempotency_key, sizeof reply->idempotency_key);
    while (wire_next (&cursor, &field) == 0) {
        if (field.number == CONSENTD__REQUEST__BODY_CHECK) {
            uint8_t *check = arena_alloc (arena, field.size + user_size + HEAD_SIZE);
            uint8_t *end = put_field (put (check, field.data, field.size), USER_FIELD, kept->user, user_size);
            to = put_field (to, field.number, check, (size_t)(end - check));
        } else
            to = put (to, field.start, (size_t)(cursor.at - field.start));
    }
    return (struct bytes){made, (size_t)(to - made)};
}

/* The answer is about these items, and all that it refers to is there. */
static bool fits (const struct check_answer *answer, const struct check_request *asked)
{
    if (answer->item_count != asked->item_count)
        return false;
    for (size_t i = 0; i < answer->item_count; i++) {
        const struct answered_item *item = &answer->items[i];
        if (item->ground == 0 && answer->heard_count != answer->item_count)
            return false;
        if (item->ground == DUTY_CONSENT && item->consent >= answer->rested_count)
            return false;
    }
    return true;
}

int codec_restore_check (struct codec_kept *kept, struct arena *arena, struct bytes *request, struct bytes *reply)
{
    struct check_reply *check = &kept->reply.as.check;
    struct request *asked = arena_alloc (arena, sizeof *asked);
    *request = restore_request (kept, arena);
    uint8_t *copy = arena_memdup (arena, request->data, request->size);
    if (!fields_read (&request_message, arena, copy, request->size, asked) ||
        !fits (check->answer, &asked->as.check))
        return CODEC_INVALID;
    check->request = &asked->as.check;
    codec_write_reply (&kept->reply, arena, reply);
    return 0;
}

/* The body of this kind in the bytes of an answer. Size 0: it has none. */
static struct bytes body_of (struct bytes reply, uint32_t number)
{
    struct wire_cursor cursor = wire_begin (reply.data, reply.size);
    struct wire_field field;
    struct bytes body = {NULL, 0};
    while (wire_next (&cursor, &field) == 0)
        if (field.number == number && field.type == WIRE_LENGTH)
            body = (struct bytes){field.data, field.size};
    return body;
}

/* What was asked, as the log keeps it. NULL: it cannot be read. */
static struct request *read_asked (struct bytes from, struct arena *arena)
{
    struct request *asked = arena_alloc (arena, sizeof *asked);
    uint8_t *copy = arena_memdup (arena, from.data, from.size);
    return fields_read (&request_message, arena, copy, from.size, asked) ? asked : NULL;
}

uint64_t codec_read_request_number (struct bytes request, struct arena *arena)
{
    enum verb verb = codec_peek (request).verb;
    if (verb != VERB_RIGHTS_EXTEND && verb != VERB_RIGHTS_HEAR && verb != VERB_RIGHTS_DECIDE)
        return 0;
    const struct request *asked = read_asked (request, arena);
    return asked != NULL ? asked->as.rights.number : 0;
}

int codec_read_recorded (const struct recorded_check *recorded, struct arena *arena, struct shown_decision *shown)
{
    shown->answer = body_of (recorded->reply, CONSENTD__REPLY__BODY_CHECK);
    struct request *asked =
        codec_peek (recorded->request).verb == VERB_CHECK ? read_asked (recorded->request, arena) : NULL;
    if (asked == NULL)
        return CODEC_INVALID;
    asked->bsn = "";
    shown->asked = asked;
    return 0;
}

void codec_read_permitted (struct bytes answer, bool *permitted, size_t item_count)
{
    struct wire_cursor cursor = wire_begin (answer.data, answer.size);
    struct wire_field field;
    uint64_t place;
    memset (permitted, 0, item_count * sizeof *permitted);
    while (wire_next (&cursor, &field) == 0) {
        if (field.number != PERMITTED_FIELD || field.type != WIRE_LENGTH)
            continue;
        struct raw places = {field.data, field.data + field.size}; /* of a list of numbers: one behind another */
        while (raw_number (&places, &place) && place < item_count)
            permitted[place] = true;
    }
}

struct bytes codec_answer_without_ref (struct bytes answer, struct arena *arena)
{
    uint8_t *made = arena_alloc (arena, answer.size);
    const uint8_t *end = put_without (made, answer, REF_FIELD, REF_FIELD);
    return (struct bytes){made, (size_t)(end - made)};
}

enum { INFORMED_FIELD = 3, CONSENT_FIELD = 1 }; /* of RevokeReply and RestrictionReply; of ConsentRecordedReply */

static void take_informed (struct bytes body, struct arena *arena, struct text_set *informed)
{
    struct wire_cursor cursor = wire_begin (body.data, body.size);
    struct wire_field field;
    informed->item = arena_array (arena, body.size / 2, sizeof *informed->item); /* a tag and a length each */
    while (wire_next (&cursor, &field) == 0)
        if (field.number == INFORMED_FIELD && field.type == WIRE_LENGTH)
            informed->item[informed->count++] = arena_strndup (arena, (const char *)field.data, field.size);
}

void codec_read_change (struct bytes reply, struct arena *arena, struct recorded_change *change)
{
    struct bytes made = body_of (reply, CONSENTD__REPLY__BODY_CONSENT_RECORDED);
    struct bytes withdrawn = body_of (reply, CONSENTD__REPLY__BODY_REVOKE);
    struct bytes restricted = body_of (reply, CONSENTD__REPLY__BODY_RESTRICTION);
    struct wire_cursor cursor = wire_begin (made.data, made.size);
    struct wire_field field;
    *change = (struct recorded_change){.has_consent = false};
    while (wire_next (&cursor, &field) == 0)
        if (field.number == CONSENT_FIELD && field.size == sizeof change->consent) {
            memcpy (change->consent, field.data, sizeof change->consent);
            change->has_consent = true;
        }
    take_informed (withdrawn.size > 0 ? withdrawn : restricted, arena, &change->informed);
}
