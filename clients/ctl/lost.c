#include "lost.h"

#include "call.h"

static bool is_disclosure (const Consentd__Request *request)
{
    if (request->body_case == CONSENTD__REQUEST__BODY_CHECK)
        return request->check->mode == CONSENTD__MODE__DISCLOSE;
    for (size_t i = 0; i < request->batch->n_checks; i++)
        if (request->batch->checks[i]->mode == CONSENTD__MODE__DISCLOSE)
            return true;
    return false;
}

bool lost_is_recording (const Consentd__Request *request)
{
    switch (request->body_case) {
    case CONSENTD__REQUEST__BODY_CHECK:
    case CONSENTD__REQUEST__BODY_BATCH:
        return is_disclosure (request);
    case CONSENTD__REQUEST__BODY_SUBJECT_SET:
        return !request->subject_set->advise;
    case CONSENTD__REQUEST__BODY_RIGHTS_ERASE:
        return !request->rights_erase->dry_run;
    case CONSENTD__REQUEST__BODY_PARTY_APPLY:
        return !request->party_apply->trial;
    case CONSENTD__REQUEST__BODY_WHOAMI:
    case CONSENTD__REQUEST__BODY_CONSENT_SHOW:
    case CONSENTD__REQUEST__BODY_CONSENT_LIST:
    case CONSENTD__REQUEST__BODY_SUBJECT_SHOW:
    case CONSENTD__REQUEST__BODY_STATUS:
    case CONSENTD__REQUEST__BODY_PARTY_LIST:
    case CONSENTD__REQUEST__BODY_AUDIT_LIST:
    case CONSENTD__REQUEST__BODY_EVENTS_LAG:
    case CONSENTD__REQUEST__BODY_EVENTS_CONSUMERS:
    case CONSENTD__REQUEST__BODY_BACKUP:
    case CONSENTD__REQUEST__BODY_WAITING_LIST:
    case CONSENTD__REQUEST__BODY_OBLIGATION_LIST:
    case CONSENTD__REQUEST__BODY_DUE_LIST:
    case CONSENTD__REQUEST__BODY_DECISION_SHOW:
    case CONSENTD__REQUEST__BODY_HOLD_SHOW:
    case CONSENTD__REQUEST__BODY_RETENTION_LIST:
    case CONSENTD__REQUEST__BODY_SNAPSHOT:
    case CONSENTD__REQUEST__BODY_RETENTION_RUN: /* whoever runs it again goes on */
        return false;
    default:
        return true;
    }
}

/* Where to see whether it was recorded. */
static const char *where_to_look (const Consentd__Request *request)
{
    switch (request->body_case) {
    case CONSENTD__REQUEST__BODY_GRANT:
    case CONSENTD__REQUEST__BODY_REFUSE:
        return "'consentctl consent list' shows what was recorded of the subject";
    case CONSENTD__REQUEST__BODY_REVOKE:
        return "'consentctl consent show ID' shows what was withdrawn of it";
    case CONSENTD__REQUEST__BODY_ASK:
        return "'consentctl request list' at the social team shows what waits";
    case CONSENTD__REQUEST__BODY_DEFER:
        return "'consentctl request show ID' shows how it stands";
    case CONSENTD__REQUEST__BODY_SUBJECT_SET:
    case CONSENTD__REQUEST__BODY_RESTRICT_DATA:
    case CONSENTD__REQUEST__BODY_LIFT_RESTRICTION:
    case CONSENTD__REQUEST__BODY_HOLD_SET:
    case CONSENTD__REQUEST__BODY_HOLD_LIFT:
        return "'consentctl subject show' shows what is recorded of the subject";
    case CONSENTD__REQUEST__BODY_OBLIGATION_DONE:
    case CONSENTD__REQUEST__BODY_OBLIGATION_DEFER:
        return "'consentctl obligation list' shows how it stands";
    case CONSENTD__REQUEST__BODY_CLOCK_CONFIRM:
    case CONSENTD__REQUEST__BODY_CLOCK_RESET:
        return "'consentctl status' shows whether decisions go on";
    case CONSENTD__REQUEST__BODY_CHECK:
    case CONSENTD__REQUEST__BODY_BATCH:
        return "nothing may be disclosed on it; 'consentctl audit list' shows what was recorded";
    default:
        return "'consentctl party list' and 'consentctl audit list' show what was recorded";
    }
}

void lost_explain_conflict (const Consentd__Request *request)
{
    ctl_fail (0, "what was asked first with this key was recorded: %s", where_to_look (request));
}

void lost_explain (struct ctl *ctl, const Consentd__Request *request, bool is_known)
{
    char key[2 * 16 + 1];
    consent_hex (request->idempotency_key.data, request->idempotency_key.len, key);
    if (!is_known)
        ctl_fail (0, "it is not known whether this was recorded: %s", where_to_look (request));
    ctl_fail (0, "the same command with --idempotency-key %s asks again, and does nothing twice", key);
    ctl->key_used = true;
}
