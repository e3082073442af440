/* The tables of requests: of each body the members of struct request that it sets, and what is judged of them. */
#include "request_fields.h"

#include "envelope.pb-c.h"
#include "fields/tables.h"
#include "syntax.h"

enum {
    CONSENTS_A_PAGE = 32,
    CONSENTS_A_PAGE_DEFAULT = 16,
    ENTRIES_A_PAGE = 100,
    ENTRIES_A_PAGE_DEFAULT = 50,
    CREDIT_LIMIT = 1024,
};

/* What nearly every body has. */
#define OF_SUBJECT                                              \
    {                                                           \
        TEXT (request, bsn), .sort = SYNTAX_BSN, .needed = true \
    }
#define OF_SUBJECT_OR_ALL                       \
    {                                           \
        TEXT (request, bsn), .sort = SYNTAX_BSN \
    }
#define BY_USER                                                        \
    {                                                                  \
        TEXT (request, user), .sort = SYNTAX_REFERENCE, .needed = true \
    }
#define BY_USER_OR_NONE                                \
    {                                                  \
        TEXT (request, user), .sort = SYNTAX_REFERENCE \
    }

#define BODY(name) static const struct fields name##_body = {FIELDS_OF (request, name)}

/* Of bodies without fields. */
static const struct fields empty_body = {.size = sizeof (struct request)};

/* Checks */

static const struct field asked_item[] = {
    {TEXT (asked_item, category), .sort = SYNTAX_CODE, .needed = true},
    {TEXT (asked_item, origin), .sort = SYNTAX_CODE},
};
static const struct fields asked_item_fields = {FIELDS_OF (asked_item, asked_item)};

static const struct field written_evidence[] = {
    {TEXT (written_evidence, reference), .sort = SYNTAX_REFERENCE, .needed = true},
    {FIXED_IF (written_evidence, sha256, has_sha256), .sort = SYNTAX_HASH},
};
static const struct fields written_evidence_fields = {FIELDS_OF (written_evidence, written_evidence)};

static const struct field written_request[] = {
    {TEXTS (request, as.check.claim.by), .sort = SYNTAX_REFERENCE, .as_given = true},
    {MOMENT (request, as.check.claim.given_at)},
    {GROUP_IF (request, as.check.evidence, as.check.has_evidence, &written_evidence_fields)},
};
BODY (written_request);

#define TRIAGE_TEXT(member)                              \
    {                                                    \
        TEXT (triage, member), .sort = SYNTAX_MOTIVATION \
    }
static const struct field triage[] = {
    TRIAGE_TEXT (necessity),
    TRIAGE_TEXT (subsidiarity),
    TRIAGE_TEXT (proportionality),
    TRIAGE_TEXT (purpose_limitation),
    TRIAGE_TEXT (objections),
    {TEXT (triage, manager_consulted), .sort = SYNTAX_REFERENCE},
    {FLAG (triage, serious_situation)},
    {FLAG (triage, urgent_support)},
    {CHOICE (triage, inform, INFORM_UNSAID, INFORM_AFTER)},
    {MOMENT (triage, inform_by)},
    TRIAGE_TEXT (inform_why),
    TRIAGE_TEXT (consent_sought),
    TRIAGE_TEXT (no_other_way),
    TRIAGE_TEXT (serious_harm),
    TRIAGE_TEXT (conflict_of_duties),
};
static const struct fields triage_fields = {FIELDS_OF (triage, triage)};

/* What of the triage decision is missing the rules tell, all at once (TRIAGE_INCOMPLETE). */
static const struct field urgent_reasons[] = {
    {TEXT (request, as.check.urgent_reason), .also = "reason", .sort = SYNTAX_CODE, .needed = true},
    {GROUP (request, as.check.claim.triage, &triage_fields)},
};
BODY (urgent_reasons);

static const struct field check[] = {
    OF_SUBJECT,
    {TEXT (request, as.check.provider), .sort = SYNTAX_PARTY, .needed = true},
    {TEXT (request, as.check.recipient), .sort = SYNTAX_PARTY, .needed = true},
    {TEXT (request, as.check.purpose), .sort = SYNTAX_CODE, .needed = true},
    {LIST (request, as.check.items, as.check.item_count, &asked_item_fields)},
    BY_USER,
    {TEXT (request, as.check.case_ref), .sort = SYNTAX_REFERENCE},
    {CHOICE (request, as.check.mode, 0, MODE_DISCLOSE)},
    {FLAG (request, as.check.all_or_nothing)},
    {PART_IF ("written_request", request, as.check.in_writing, &written_request_body)},
    {PART_IF ("urgent_reasons", request, as.check.is_urgent, &urgent_reasons_body)},
    {FLAG (request, as.check.under_secrecy)},
    {TEXT (request, as.check.manager_consulted), .sort = SYNTAX_REFERENCE},
    {TEXT (request, as.check.no_manager), .sort = SYNTAX_TEXT},
};
BODY (check);

/* Consents */

static const struct field grant[] = {
    OF_SUBJECT,
    {GROUP (request, as.statement.statement, &statement_fields)},
    BY_USER,
    {FIXED_IF (request, as.statement.answers, as.statement.has_answers)},
};
BODY (grant);

static const struct field refuse[] = {
    OF_SUBJECT,
    {GROUP (request, as.statement.statement, &statement_fields)},
    BY_USER_OR_NONE,
    {FIXED_IF (request, as.statement.answers, as.statement.has_answers)},
};
BODY (refuse);

static const struct field revoke[] = {
    {FIXED (request, as.revoke.consent_id)},
    {GROUP (request, as.revoke.withdrawal, &withdrawal_fields)},
    BY_USER_OR_NONE,
};
BODY (revoke);

static const struct field defer[] = {
    {FIXED (request, as.defer.consent_id)},
    {TEXT (request, as.defer.reason), .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
};
BODY (defer);

static const struct field waiting_list[] = {
    OF_SUBJECT_OR_ALL,
    {FIXED_IF (request, as.waiting_list.after, as.waiting_list.has_after), .sort = SYNTAX_CURSOR},
    {NUMBER_IN (request, as.waiting_list.limit, 1, CONSENTS_A_PAGE, CONSENTS_A_PAGE_DEFAULT)},
};
BODY (waiting_list);

static const struct field consent_show[] = {
    {FIXED (request, as.consent_show.consent_id)},
};
BODY (consent_show);

static const struct field consent_list[] = {
    OF_SUBJECT,
    {FIXED_IF (request, as.consent_list.after, as.consent_list.has_after)},
    {NUMBER_IN (request, as.consent_list.limit, 1, CONSENTS_A_PAGE, CONSENTS_A_PAGE_DEFAULT)},
};
BODY (consent_list);

/* Subjects. When something was recorded, the registry says itself. */

static const struct field removal[] = {
    {FLAG (subject_removal, birth_date)},
    {FLAG (subject_removal, death_date)},
    {TEXTS (subject_removal, representatives), .sort = SYNTAX_REFERENCE},
    {TEXTS (subject_removal, untils), .sort = SYNTAX_REFERENCE},
    {TEXTS (subject_removal, refusals), .sort = SYNTAX_REFERENCE},
    {TEXTS (subject_removal, capabilities), .sort = SYNTAX_DAY, .as_given = true},
};
static const struct fields removal_fields = {FIELDS_OF (subject_removal, removal)};

static const struct field subject_set[] = {
    OF_SUBJECT,
    {DAY (request, as.subject_set.change.birth), .also = "birth_date"},
    {DAY (request, as.subject_set.change.death), .also = "death_date"},
    {LIST (request, as.subject_set.representatives, as.subject_set.change.representative_count,
           &representative_fields)},
    {LIST (request, as.subject_set.capabilities, as.subject_set.change.capability_count, &capability_fields)},
    BY_USER_OR_NONE,
    {GROUP_IF (request, as.subject_set.remove, as.subject_set.has_removal, &removal_fields)},
    {FLAG (request, as.subject_set.change.whole)},
    {FIXED_IF (request, as.subject_set.expected, as.subject_set.has_expected)},
    {FLAG (request, is_trial), .also = "advise"},
};
BODY (subject_set);

static const struct field subject_show[] = {OF_SUBJECT};
BODY (subject_show);

static const struct field restriction[] = {
    OF_SUBJECT,
    {FLAG (request, as.restriction.whole)},
    {TEXTS (request, as.restriction.categories), .sort = SYNTAX_CODE, .as_given = true},
    {TEXT (request, as.restriction.reason), .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
};
BODY (restriction);

/* Obligations */

static const struct field obligation_done[] = {
    {NUMBER (request, as.obligation.decision)},
    {CHOICE (request, as.obligation.kind, 0, OBLIGATIONS - 1)},
    {MOMENT (request, as.obligation.when), .also = "done_at"},
    BY_USER,
    {TEXT (request, as.obligation.reason), .sort = SYNTAX_TEXT},
    {TEXT (request, as.obligation.file), .sort = SYNTAX_REFERENCE},
    {TEXT (request, as.obligation.manager), .also = "manager_consulted", .sort = SYNTAX_REFERENCE},
};
BODY (obligation_done);

static const struct field obligation_defer[] = {
    {NUMBER (request, as.obligation.decision)},
    {CHOICE (request, as.obligation.kind, 0, OBLIGATIONS - 1)},
    {MOMENT (request, as.obligation.when), .also = "until"},
    {TEXT (request, as.obligation.reason), .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
    {TEXT (request, as.obligation.file)}, /* not given, and so "" */
    {TEXT (request, as.obligation.manager)},
};
BODY (obligation_defer);

static const struct field obligation_list[] = {
    OF_SUBJECT,
    {BYTES (request, as.obligation_list.cursor), .also = "after"},
    {NUMBER_IN (request, as.obligation_list.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT)},
};
BODY (obligation_list);

static const struct field due_list[] = {
    {MOMENT (request, as.due_list.until)},
    {BYTES (request, as.due_list.after)},
    {NUMBER_IN (request, as.due_list.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT)},
};
BODY (due_list);

/* Events */

static const struct field subscribe[] = {
    {NUMBER (request, as.subscribe.from)},
    {NUMBER_IN (request, as.subscribe.credit, 1, CREDIT_LIMIT, 0)},
};
BODY (subscribe);

static const struct field acknowledge[] = {
    {NUMBER (request, as.acknowledge.number)},
    {NUMBER_IN (request, as.acknowledge.credit, 0, CREDIT_LIMIT, 0)},
};
BODY (acknowledge);

static const struct field events_skip[] = {
    {TEXT (request, as.events_skip.party), .sort = SYNTAX_PARTY, .needed = true},
    {NUMBER (request, as.events_skip.number)},
    {TEXT (request, as.events_skip.reason), .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
};
BODY (events_skip);

/* Parties. What their texts must be says party_text.h. */

static const struct field asked_party[] = {
    {PART ("party_text", &party_text_fields)},
    {PASSED_OVER ("unfit")},
};
static const struct fields asked_party_fields = {FIELDS_OF (party_text, asked_party)};

static const struct field party_add[] = {
    {GROUP_IF (request, as.parties.added, as.parties.has_added, &asked_party_fields), .also = "party"},
};
BODY (party_add);

static const struct field party_apply[] = {
    {LIST (request, as.parties.parties, as.parties.count, &asked_party_fields)},
    {FLAG (request, is_trial), .also = "trial"},
    {FIXED_IF (request, as.parties.table, as.parties.has_table)},
};
BODY (party_apply);

static const struct field party_list[] = {
    {TEXT (request, as.party_list.after), .sort = SYNTAX_PARTY},
    {TEXT (request, as.party_list.id), .sort = SYNTAX_PARTY},
};
BODY (party_list);

static const struct field party_remove[] = {
    {TEXT (request, as.party_remove.id), .sort = SYNTAX_PARTY, .needed = true},
};
BODY (party_remove);

/* What operators look at */

static const struct field audit_list[] = {
    {NUMBER (request, as.audit_list.after)},
    {NUMBER_IN (request, as.audit_list.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT)},
    OF_SUBJECT_OR_ALL,
    {FLAG (request, as.audit_list.raw)},
    {NUMBER (request, as.audit_list.last)},
    {MOMENT (request, as.audit_list.since)},
};
BODY (audit_list);

static const struct field of_clock[] = {BY_USER};
BODY (of_clock);

static const struct field decision_show[] = {
    {NUMBER (request, as.decision_show.number)},
    {FLAG (request, as.decision_show.statements)},
    {NUMBER (request, as.decision_show.after)},
};
BODY (decision_show);

/* The envelope, and which body is for which verb. A batch is read check by check (codec_batch.h). */
static const struct field message[] = {
    {NUMBER32 (request, version)},
    {FIXED_IF (request, idempotency_key, has_key)},
    {NUMBER (request, at_least_revision)},
    {FIXED_IF (request, at_least_epoch, has_epoch)},
    {TEXT (request, envelope_user), .also = "user", .sort = SYNTAX_REFERENCE},
    {BYTES (request, listing)},
    {PASSED_OVER ("batch"), .sort = VERB_BATCH},
    {PART ("whoami", &empty_body), .sort = VERB_WHOAMI},
    {PART ("check", &check_body), .sort = VERB_CHECK},
    {PART ("grant", &grant_body), .sort = VERB_GRANT},
    {PART ("refuse", &refuse_body), .sort = VERB_REFUSE},
    {PART ("revoke", &revoke_body), .sort = VERB_REVOKE},
    {PART ("ask", &grant_body), .sort = VERB_ASK},
    {PART ("defer", &defer_body), .sort = VERB_DEFER},
    {PART ("waiting_list", &waiting_list_body), .sort = VERB_WAITING_LIST},
    {PART ("consent_show", &consent_show_body), .sort = VERB_CONSENT_SHOW},
    {PART ("consent_list", &consent_list_body), .sort = VERB_CONSENT_LIST},
    {PART ("subject_set", &subject_set_body), .sort = VERB_SUBJECT_SET},
    {PART ("subject_show", &subject_show_body), .sort = VERB_SUBJECT_SHOW},
    {PART ("restrict_data", &restriction_body), .sort = VERB_RESTRICT},
    {PART ("lift_restriction", &restriction_body), .sort = VERB_LIFT_RESTRICTION},
    {PART ("obligation_done", &obligation_done_body), .sort = VERB_OBLIGATION_DONE},
    {PART ("obligation_defer", &obligation_defer_body), .sort = VERB_OBLIGATION_DEFER},
    {PART ("obligation_list", &obligation_list_body), .sort = VERB_OBLIGATION_LIST},
    {PART ("due_list", &due_list_body), .sort = VERB_DUE_LIST},
    {PART ("subscribe", &subscribe_body), .sort = VERB_SUBSCRIBE},
    {PART ("acknowledge", &acknowledge_body), .sort = VERB_ACKNOWLEDGE},
    {PART ("events_lag", &empty_body), .sort = VERB_EVENTS_LAG},
    {PART ("events_skip", &events_skip_body), .sort = VERB_EVENTS_SKIP},
    {PART ("status", &empty_body), .sort = VERB_STATUS},
    {PART ("party_add", &party_add_body), .sort = VERB_PARTY_ADD},
    {PART ("party_apply", &party_apply_body), .sort = VERB_PARTY_APPLY},
    {PART ("party_list", &party_list_body), .sort = VERB_PARTY_LIST},
    {PART ("party_remove", &party_remove_body), .sort = VERB_PARTY_REMOVE},
    {PART ("audit_list", &audit_list_body), .sort = VERB_AUDIT_LIST},
    {PART ("clock_confirm", &of_clock_body), .sort = VERB_CLOCK_CONFIRM},
    {PART ("clock_reset", &of_clock_body), .sort = VERB_CLOCK_RESET},
    {PART ("decision_show", &decision_show_body), .sort = VERB_DECISION_SHOW},
};
BODY (message);
struct message request_message = {.fields = &message_body, .descriptor = &consentd__request__descriptor};
