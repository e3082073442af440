/* The envelopes: of a request, with the verb of each body, and of an answer. */
#include "body_fields.h"
#include "envelope.pb-c.h"
#include "reply.h"
#include "request.h"

#define BODY_OF_LIST(NAME, name) {PART (#name, &name##_asked), .sort = VERB_##NAME},

static const struct field envelope[] = {{NUMBER32 (request, version)},
                                        {FIXED_IF (request, idempotency_key, has_key)},
                                        {NUMBER (request, at_least_revision)},
                                        {FIXED_IF (request, at_least_epoch, has_epoch)},
                                        {TEXT (request, envelope_user), .also = "user", .sort = SYNTAX_REFERENCE},
                                        {BYTES (request, listing)},
                                        VERB_LIST (BODY_OF_LIST)};
static const struct fields envelope_fields = {FIELDS_OF (request, envelope)};
struct message request_message = {.fields = &envelope_fields, .descriptor = &consentd__request__descriptor};

static const struct field refusal[] = {
    {CHOICE (grant_refusal, code, 0, UINT32_MAX)},
    {TEXT (grant_refusal, rule)},
    {TEXTS (grant_refusal, details)},
};
static const struct fields refusal_fields = {FIELDS_OF (grant_refusal, refusal)};

#define ANSWER_OF_LIST(NAME, name) {ONE_OF (#name, enveloped, from, body, REPLY_##NAME, &name##_told)},

static const struct field reply_field[] = {{FIXED_IF (reply, idempotency_key, has_key)},
                                           {CHOICE (reply, status, 0, UINT32_MAX)},
                                           {LIST (reply, refusals, refusal_count, &refusal_fields)},
                                           {TEXT (reply, field)},
                                           {TEXT (reply, message)},
                                           {FIXED (reply, epoch)},
                                           {NUMBER (reply, revision)},
                                           {MOMENT (reply, time)},
                                           {FLAG (reply, replayed)},
                                           {FLAG (reply, revoked_since)},
                                           {NUMBER32 (reply, retry_after), .also = "retry_after_ms"},
                                           {BYTES (reply, listing)}};
static const struct fields reply_fields = {FIELDS_OF (reply, reply_field)};
static const struct field enveloped[] = {
    {NUMBER32 (enveloped, version)}, {GROUP_AT (enveloped, reply, &reply_fields)}, ANSWER_LIST (ANSWER_OF_LIST)};
static const struct fields enveloped_fields = {FIELDS_OF (enveloped, enveloped)};
struct message enveloped_message = {&enveloped_fields, &consentd__reply__descriptor};
