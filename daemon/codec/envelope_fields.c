/* The envelopes: of a request, with the verb of each body, and of an answer. */
#include "body_fields.h"
#include "envelope.pb-c.h"
#include "reply.h"
#include "request.h"

#define BODY_OF_LIST(NAME, name) {PART (#name, &name##_asked), .sort = VERB_##NAME, .in_log = true},

static const struct field envelope[] = {
    {NUMBER32 (request, version), .in_log = true},
    {FIXED_IF (request, idempotency_key, has_key), .in_log = true},
    {NUMBER (request, at_least_revision), .in_log = true},
    {FIXED_IF (request, at_least_epoch, has_epoch), .in_log = true},
    {TEXT (request, envelope_user), .also = "user", .sort = SYNTAX_REFERENCE, .in_log = true},
    {BYTES (request, listing), .in_log = true},
    VERB_LIST (BODY_OF_LIST)};
static const struct fields envelope_fields = {FIELDS_OF (request, envelope)};
struct message request_message = {.fields = &envelope_fields, .descriptor = &consentd__request__descriptor};

static const struct field refusal[] = {
    {CHOICE (grant_refusal, code, 0, UINT32_MAX), .in_log = true},
    {TEXT (grant_refusal, rule), .in_log = true},
    {TEXTS (grant_refusal, details), .in_log = true},
};
static const struct fields refusal_fields = {FIELDS_OF (grant_refusal, refusal)};

#define ANSWER_OF_LIST(NAME, name) \
    {ONE_OF (#name, enveloped, from, body, REPLY_##NAME, &name##_told), .in_log = true},

static const struct field reply_field[] = {
    {FIXED_IF (reply, idempotency_key, has_key), .in_log = true},
    {CHOICE (reply, status, 0, UINT32_MAX), .in_log = true},
    {LIST (reply, refusals, refusal_count, &refusal_fields), .in_log = true},
    {TEXT (reply, field), .in_log = true},
    {TEXT (reply, message), .in_log = true},
    {FIXED (reply, epoch), .in_log = true},
    {NUMBER (reply, revision), .in_log = true},
    {MOMENT (reply, time), .in_log = true},
    {FLAG (reply, replayed), .in_log = true},
    {FLAG (reply, revoked_since), .in_log = true},
    {NUMBER32 (reply, retry_after), .also = "retry_after_ms", .in_log = true},
    {BYTES (reply, listing)}};
static const struct fields reply_fields = {FIELDS_OF (reply, reply_field)};
static const struct field enveloped[] = {{NUMBER32 (enveloped, version), .in_log = true},
                                         {GROUP_AT (enveloped, reply, &reply_fields)},
                                         ANSWER_LIST (ANSWER_OF_LIST)};
static const struct fields enveloped_fields = {FIELDS_OF (enveloped, enveloped)};
struct message enveloped_message = {&enveloped_fields, &consentd__reply__descriptor};
