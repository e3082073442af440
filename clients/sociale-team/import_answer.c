#include "import_answer.h"
#include <stdio.h>
#include <sysexits.h>
#include "call.h"
#include "form_fields.h"
#include "import_statement.h"

/* Codes and rules, with what they name: parties, categories, references of representatives. */
static json_t *make_reasons (const Consentd__Reply *reply)
{
    json_t *reasons = json_array ();
    for (size_t i = 0; i < reply->n_refusals; i++) {
        const Consentd__Refusal *refusal = reply->refusals[i];
        json_t *details = json_array ();
        for (size_t j = 0; j < refusal->n_details; j++)
            json_array_append_new (details, json_string (refusal->details[j]));
        json_array_append_new (reasons, json_pack ("{s:s, s:s, s:o}", "code",
                                                   consent_name (&consentd__code__descriptor, (int)refusal->code),
                                                   "rule", refusal->rule, "details", details));
    }
    return reasons;
}

static int read_recorded (const Consentd__Reply *reply, struct import_line *line, const char **words)
{
    if (reply->body_case != CONSENTD__REPLY__BODY_CONSENT_RECORDED ||
        reply->consent_recorded->consent_id.len != 16) {
        *words = "the registry's answer cannot be understood";
        return EX_PROTOCOL;
    }
    line->outcome = IMPORT_ACCEPTED;
    line->was_known = reply->replayed;
    consent_hex (reply->consent_recorded->consent_id.data, 16, line->consent_id);
    if (reply->n_refusals > 0)
        line->reasons = make_reasons (reply);
    if (reply->revoked_since)
        snprintf (line->message, sizeof line->message, "it has ended since it was recorded");
    return 0;
}

static void read_invalid (const Consentd__Reply *reply, struct arena *arena, struct import_line *line)
{
    const char *path = form_path_of_registry (arena, reply->field);
    import_line_bad (line, path ? path : reply->field, reply->message);
}

int import_answer_read (const Consentd__Reply *reply, struct arena *arena, struct import_line *line,
                        const char **words)
{
    *words = reply->message;
    switch (reply->status) {
    case CONSENTD__STATUS__OK:
        return read_recorded (reply, line, words);
    case CONSENTD__STATUS__REJECTED:
        line->outcome = IMPORT_REFUSED;
        line->reasons = make_reasons (reply);
        return 0;
    case CONSENTD__STATUS__INVALID:
    case CONSENTD__STATUS__NOT_FOUND:
        read_invalid (reply, arena, line);
        return 0;
    case CONSENTD__STATUS__CONFLICT:
        line->outcome = IMPORT_UNKNOWN;
        snprintf (line->message, sizeof line->message,
                  "this was answered before, and that answer was erased with its subject");
        return 0;
    case CONSENTD__STATUS__FORBIDDEN:
        return EX_NOPERM;
    default:
        return EX_UNAVAILABLE;
    }
}
