/* The table by which a request is read: its envelope, and the verb of each body. */
#include "body_fields.h"
#include "envelope.pb-c.h"
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
