#include "consent_reply.h"
#include "ask.h"
#include "check/code_words.h"
#include "form_fields.h"
#include "recording_key.h"
#include "registry_words.h"

/* Prints codes, rules and details. If it was recorded they are warnings. */
static void tell_refusals (const Consentd__Reply *reply, const char *word)
{
    for (size_t i = 0; i < reply->n_refusals; i++) {
        const Consentd__Refusal *refusal = reply->refusals[i];
        ctl_fail (0, "%s: %s (%s): %s", word, consent_name (&consentd__code__descriptor, (int)refusal->code),
                  refusal->rule, code_words_of (refusal->code)->dutch);
        for (size_t j = 0; j < refusal->n_details; j++)
            ctl_fail (0, "  %s", refusal->details[j]);
    }
}

/* A fault that only the registry sees. It names a field of the message, and never what it was. */
static int tell_fault (struct ctl *ctl, const Consentd__Request *request, const Consentd__Reply *reply)
{
    const char *path = registry_words_path (ctl->arena, request, reply);
    const char *field = path ? form_words_of_path (ctl->arena, path) : reply->field;
    return ctl_fail (EX_DATAERR, "%s%s%s", field, *field ? ": " : "", registry_words_dutch (reply->message));
}

int consent_reply_tell (struct ctl *ctl, const Consentd__Request *request, const Consentd__Reply *reply,
                        const char **id_p)
{
    switch (reply->status) {
    case CONSENTD__STATUS__OK:
        if (reply->body_case != CONSENTD__REPLY__BODY_CONSENT_RECORDED)
            return ctl_fail (EX_PROTOCOL, "the registry's answer cannot be understood");
        tell_refusals (reply, "let op");
        *id_p = ask_hex (ctl, &reply->consent_recorded->consent_id);
        return 0;
    case CONSENTD__STATUS__REJECTED:
        tell_refusals (reply, "niet vastgelegd");
        return EX_DATAERR;
    case CONSENTD__STATUS__FORBIDDEN:
        return ctl_fail (EX_NOPERM, "%s", *reply->message ? reply->message : status_words (reply->status));
    case CONSENTD__STATUS__INVALID:
    case CONSENTD__STATUS__NOT_FOUND:
    case CONSENTD__STATUS__CONFLICT:
        return tell_fault (ctl, request, reply);
    default:
        return ctl_fail (EX_UNAVAILABLE, "%s", status_words (reply->status));
    }
}

void consent_reply_tell_key (const Consentd__Request *request, bool is_known)
{
    char text[RECORDING_KEY_TEXT];
    consent_hex (request->idempotency_key.data, request->idempotency_key.len, text);
    if (!is_known)
        ctl_fail (0, "it is not known whether this was recorded: 'consentctl consent list' shows what was");
    ctl_fail (0, "the same command asks again, and does nothing twice, with --idempotency-key: %s", text);
}
