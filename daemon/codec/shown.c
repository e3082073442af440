#include "shown.h"
#include <string.h>
#include "envelope.pb-c.h"

/* Names in the order of the protocol. `manager_consulted`, `signer`, `by`, `file` and the like are opaque
   references, which cannot hold a BSN. */
static const struct {
    const ProtobufCMessageDescriptor *message;
    const char *fields; /* separated by spaces */
} shown[] = {
    {&consentd__request__descriptor,
     "version idempotency_key at_least_revision at_least_epoch user listing whoami check grant refuse revoke "
     "consent_show consent_list subject_set subject_show "
     "subscribe acknowledge status party_add party_list party_remove audit_list events_lag "
     "clock_confirm clock_reset ask waiting_list defer restrict_data lift_restriction "
     "obligation_done obligation_defer obligation_list due_list decision_show party_apply "
     "events_skip"},
    /* Decisions */
    {&consentd__check_request__descriptor,
     "provider recipient purpose items user case_ref mode all_or_nothing written_request urgent_reasons "
     "under_secrecy manager_consulted"},
    {&consentd__item__descriptor, "category origin"},
    {&consentd__written_request__descriptor, "by evidence given_at"},
    {&consentd__evidence__descriptor, "reference sha256"},
    {&consentd__urgent_reasons__descriptor, "reason triage"}, /* a code of the pack */
    {&consentd__triage__descriptor, "manager_consulted serious_situation urgent_support inform inform_by"},
    {&consentd__decision_show_request__descriptor, "number statements after"},
    /* Statements */
    {&consentd__grant_request__descriptor,
     "scope form evidence notice signatures valid_from valid_until one_time user answers under_secrecy"},
    {&consentd__refuse_request__descriptor, "scope signatures user answers"},
    {&consentd__ask_request__descriptor, "scope valid_from valid_until one_time user under_secrecy"},
    {&consentd__scope__descriptor, "providers recipients categories purpose origins case_ref"},
    {&consentd__notice__descriptor, "id version language given_at"},
    {&consentd__signature__descriptor, "signer given_at"},
    {&consentd__revoke_request__descriptor,
     "consent_id providers recipients categories withdrawn_by withdrawn_at user"},
    {&consentd__defer_request__descriptor, "consent_id user"},
    {&consentd__waiting_list_request__descriptor, "after limit"},
    {&consentd__consent_show_request__descriptor, "consent_id"},
    {&consentd__consent_list_request__descriptor, "after limit"},
    /* Subjects: shows that something was changed, and nothing about the person */
    {&consentd__subject_set_request__descriptor, "user whole expected advise"},
    {&consentd__restrict_request__descriptor, "whole categories user"},
    {&consentd__lift_request__descriptor, "whole categories user"},
    /* Obligations */
    {&consentd__obligation_done_request__descriptor, "decision kind done_at user file manager_consulted"},
    {&consentd__obligation_defer_request__descriptor, "decision kind until user"},
    {&consentd__obligation_list_request__descriptor, "after limit"},
    {&consentd__due_list_request__descriptor, "until after limit"},
    /* Events, and what operators do */
    {&consentd__subscribe_request__descriptor, "from credit"},
    {&consentd__acknowledge_request__descriptor, "number credit"},
    {&consentd__party_add_request__descriptor, "party"},
    {&consentd__party_apply_request__descriptor, "parties trial table"},
    {&consentd__party__descriptor,
     "id kind role secrecy agreement_from agreement_until agreement_reference active "
     "keys agb gemeentecode oin limits unfit"},
    {&consentd__party_key__descriptor, "name public_key since until"},
    {&consentd__party_limits__descriptor,
     "requests_per_second requests_burst log_per_second log_burst connections subjects_per_hour"},
    {&consentd__party_list_request__descriptor, "after id"},
    {&consentd__party_remove_request__descriptor, "id"},
    {&consentd__audit_list_request__descriptor, "after limit raw last since"},
    {&consentd__events_skip_request__descriptor, "party number user"},
    {&consentd__clock_confirm_request__descriptor, "user"},
    {&consentd__clock_reset_request__descriptor, "user"},

    /* Answers. The log keeps no answers of verbs that only read */
    {&consentd__reply__descriptor,
     "version idempotency_key status refusals field message epoch revision time replayed revoked_since "
     "retry_after_ms check consent_recorded revoke subject_show status_report party_list events_lag restriction "
     "obligation party_apply"},
    {&consentd__refusal__descriptor, "code rule details"},
    {&consentd__check_reply__descriptor, "verdict items permitted denied obligations evaluated_at until decision "
                                         "subject_ref policy duties asked"},
    {&consentd__item_verdict__descriptor,
     "category origin verdict ground consent_id statute reasons urgent_reason against_will"},
    {&consentd__reason__descriptor, "code rule details"},
    {&consentd__duty__descriptor, "decision kind due holder deferrable subject_ref recipient purpose ground basis "
                                  "made_at done_at done_by deferred_at report"},
    {&consentd__duty_report__descriptor, "file manager_consulted"},
    {&consentd__obligation_reply__descriptor, "duty"},
    {&consentd__consent_recorded_reply__descriptor, "consent_id superseded subject_ref"},
    {&consentd__revoke_reply__descriptor, "already still_covered_by informed still_covering"},
    {&consentd__still_covering__descriptor, "consent_id case_ref origins"},
    {&consentd__subject_show_reply__descriptor, "subject_ref known version ended restored"},
    {&consentd__restriction_reply__descriptor, "already restrictions informed subject_ref"},
    {&consentd__restriction__descriptor, "category since recorded_by next_order"},
    {&consentd__status_reply__descriptor,
     "server started_at policy policy_hash consents subjects audit_entries store_used store_size store_reserve "
     "parties turns requests last_reload clock_stopped kept_time wall_time policy_directory alarms "
     "messages_cut_off turned_away dropped listen_requests listen_events listen_operators unfit store_state "
     "store_operators store_operators_taken store_withdrawals store_withdrawals_taken store_refused "
     "failed_commits"},
    {&consentd__alarm__descriptor, "kind party time"},
    {&consentd__party_list_reply__descriptor, "parties more table"},
    {&consentd__party_apply_reply__descriptor, "changes table"},
    {&consentd__party_change__descriptor, "id change what"},
    {&consentd__events_lag_reply__descriptor, "parties"},
    {&consentd__party_lag__descriptor, "party newest acknowledged oldest_waiting subscribed damaged"},
};

static bool has_word (const char *words, const char *word)
{
    size_t size = strlen (word);
    for (const char *found = words; (found = strstr (found, word)) != NULL; found += size)
        if ((found == words || found[-1] == ' ') && (found[size] == ' ' || found[size] == '\0'))
            return true;
    return false;
}

bool shown_in_log (const ProtobufCMessageDescriptor *message, const char *field)
{
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (shown[i].message == message)
            return has_word (shown[i].fields, field);
    return false;
}
