#include "import_answer.h"
#include <stdio.h>
#include <sysexits.h>
#include "call.h"
#include "import_statement.h"
#include "registry_words.h"

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
        snprintf (line->message, sizeof line->message, "het is sinds de vastlegging geëindigd");
    return 0;
}

static void read_invalid (const Consentd__Request *request, const Consentd__Reply *reply, struct arena *arena,
                          struct import_line *line)
{
    const char *path = registry_words_path (arena, request, reply);
    import_line_bad (line, path ? path : reply->field, registry_words_dutch (reply->message));
}

int import_answer_read (const Consentd__Request *request, const Consentd__Reply *reply, struct arena *arena,
                        struct import_line *line, const char **words)
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
        read_invalid (request, reply, arena, line);
        return 0;
    case CONSENTD__STATUS__CONFLICT:
        line->outcome = IMPORT_UNKNOWN;
        snprintf (line->message, sizeof line->message,
                  "dit is eerder beantwoord, en dat antwoord is gewist met de gegevens van deze persoon");
        return 0;
    case CONSENTD__STATUS__FORBIDDEN:
        return EX_NOPERM;
    default:
        return EX_UNAVAILABLE;
    }
}

int import_answer_none (int status)
{
    switch (status) {
    case CONSENT_KEY_REFUSED:
        return EX_NOPERM;
    case CONSENT_BAD_REPLY:
        return EX_PROTOCOL;
    default:
        return status < 0 ? EX_OSERR : EX_UNAVAILABLE;
    }
}
