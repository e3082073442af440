#include "codec_body.h"

#include <string.h>
#include "arena.h"

enum {
    CREDIT_LIMIT = 1024,
    RESTRICTED_CATEGORIES = 64,
    AUDIT_LINES_A_PAGE = 100,
    AUDIT_LINES_A_PAGE_DEFAULT = 50,
    HASH_SIZE = 32, /* SHA-256 */
    ASKING_IN_WRITING = 8,
};

_Static_assert(MODE_ADVISE == (int)CONSENTD__MODE__ADVISE, "the mode goes on as it came");
_Static_assert(MODE_DISCLOSE == (int)CONSENTD__MODE__DISCLOSE, "the mode goes on as it came");

/* C8: who asks in writing says so on paper, and without that there is no such request. */
static void read_written_request (struct syntax *syntax, const Consentd__WrittenRequest *wire, struct claim *claim)
{
    claim->kind = CLAIM_WRITTEN_REQUEST;
    if (wire->n_by < 1 || wire->n_by > ASKING_IN_WRITING)
        syntax_fault (syntax, "written_request.by", "Who asked in writing is required: 1-8 persons.");
    else
        syntax_set (syntax, SYNTAX_REFERENCE, "written_request.by[#]", wire->n_by, wire->by, &claim->by);
    claim->given_at = syntax_time (syntax, "written_request.given_at", wire->given_at);
    if (wire->given_at == 0)
        syntax_fault (syntax, "written_request.given_at", "When they asked is required.");
    if (!wire->evidence) {
        syntax_fault (syntax, "written_request.evidence", "The evidence of a written request is required.");
        return;
    }
    syntax_required (syntax, SYNTAX_REFERENCE, "written_request.evidence.reference", wire->evidence->reference);
    if (wire->evidence->sha256.len != HASH_SIZE)
        syntax_fault (syntax, "written_request.evidence.sha256",
                      "The SHA-256 of the evidence is required: 32 bytes.");
}

static const char *motivation (struct syntax *syntax, const char *field, const char *text)
{
    return syntax_optional (syntax, SYNTAX_MOTIVATION,
                            arena_printf (syntax->arena, "urgent_reasons.triage.%s", field), text);
}

/* What of it is missing the rules tell, all at once (TRIAGE_INCOMPLETE). */
static void read_triage (struct syntax *syntax, const Consentd__Triage *wire, struct triage *triage)
{
    triage->necessity = motivation (syntax, "necessity", wire->necessity);
    triage->subsidiarity = motivation (syntax, "subsidiarity", wire->subsidiarity);
    triage->proportionality = motivation (syntax, "proportionality", wire->proportionality);
    triage->purpose_limitation = motivation (syntax, "purpose_limitation", wire->purpose_limitation);
    triage->objections = motivation (syntax, "objections", wire->objections);
    triage->manager_consulted = syntax_optional (
        syntax, SYNTAX_REFERENCE, "urgent_reasons.triage.manager_consulted", wire->manager_consulted);
    triage->serious_situation = wire->serious_situation;
    triage->urgent_support = wire->urgent_support;
    triage->inform = (enum inform_when)wire->inform;
    triage->inform_by = syntax_time (syntax, "urgent_reasons.triage.inform_by", wire->inform_by);
    triage->inform_why = motivation (syntax, "inform_why", wire->inform_why);
    triage->consent_sought = motivation (syntax, "consent_sought", wire->consent_sought);
    triage->no_other_way = motivation (syntax, "no_other_way", wire->no_other_way);
    triage->serious_harm = motivation (syntax, "serious_harm", wire->serious_harm);
    triage->conflict_of_duties = motivation (syntax, "conflict_of_duties", wire->conflict_of_duties);
}

static void read_claim (struct syntax *syntax, const Consentd__CheckRequest *wire, struct check_request *check)
{
    check->claim = (struct claim){.kind = CLAIM_NONE, .reason = CODE_NONE};
    check->urgent_reason = "";
    if (wire->written_request)
        read_written_request (syntax, wire->written_request, &check->claim);
    if (!wire->urgent_reasons)
        return;
    if (wire->written_request)
        syntax_fault (syntax, "urgent_reasons", "A check claims one ground without consent at most.");
    check->claim.kind = CLAIM_URGENT_REASONS;
    check->urgent_reason =
        syntax_required (syntax, SYNTAX_CODE, "urgent_reasons.reason", wire->urgent_reasons->reason);
    Consentd__Triage none;
    consentd__triage__init (&none);
    read_triage (syntax, wire->urgent_reasons->triage ? wire->urgent_reasons->triage : &none,
                 &check->claim.triage);
}

static void read_check (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__CheckRequest *wire = envelope->check;
    struct check_request *check = &request->as.check;
    request->bsn = syntax_bsn (syntax, "bsn", wire->bsn);
    check->provider = syntax_required (syntax, SYNTAX_PARTY, "provider", wire->provider);
    check->recipient = syntax_required (syntax, SYNTAX_PARTY, "recipient", wire->recipient);
    if (strcmp (check->provider, check->recipient) == 0)
        syntax_fault (syntax, "recipient", "The recipient is not the provider.");
    check->purpose = syntax_required (syntax, SYNTAX_CODE, "purpose", wire->purpose);
    request->user = syntax_required (syntax, SYNTAX_REFERENCE, "user", wire->user);
    check->case_ref = syntax_optional (syntax, SYNTAX_REFERENCE, "case_ref", wire->case_ref);
    check->mode = (enum check_mode)wire->mode;
    request->is_trial = wire->mode == CONSENTD__MODE__ADVISE;
    if (wire->mode == CONSENTD__MODE__MODE_UNSPECIFIED)
        syntax_fault (syntax, "mode", "The mode is required: ADVISE or DISCLOSE.");
    check->all_or_nothing = wire->all_or_nothing;
    check->under_secrecy = wire->under_secrecy;
    check->manager_consulted =
        syntax_optional (syntax, SYNTAX_REFERENCE, "manager_consulted", wire->manager_consulted);
    check->no_manager = syntax_optional (syntax, SYNTAX_TEXT, "no_manager", wire->no_manager);
    if (wire->manager_consulted[0] != '\0' && wire->no_manager[0] != '\0')
        syntax_fault (syntax, "no_manager", "This is given only where no manager was consulted.");
    read_claim (syntax, wire, check);

    if (wire->n_items < 1 || wire->n_items > DECIDE_ITEMS) {
        syntax_fault (syntax, "items", "A check is about 1-64 items.");
        return;
    }
    check->item_count = wire->n_items;
    for (size_t i = 0; i < wire->n_items; i++) {
        syntax->index = i;
        const char *category =
            syntax_required (syntax, SYNTAX_CODE, "items[#].category", wire->items[i]->category);
        const char *origin = syntax_optional (syntax, SYNTAX_CODE, "items[#].origin", wire->items[i]->origin);
        for (size_t j = 0; j < i; j++)
            if (strcmp (check->items[j].category, category) == 0 && strcmp (check->items[j].origin, origin) == 0)
                syntax_fault (syntax, "items[#]", "This item is given twice.");
        check->items[i].category = category;
        check->items[i].origin = origin;
    }
}

static void check_restriction (struct syntax *syntax, size_t count, char **categories, struct request *request)
{
    struct restriction_request *asked = &request->as.restriction;
    request->bsn = syntax_bsn (syntax, "bsn", request->bsn);
    if (asked->whole == (count > 0))
        syntax_fault (syntax, "categories", "This is about the whole, or else about 1-64 categories.");
    if (count > RESTRICTED_CATEGORIES)
        syntax_fault (syntax, "categories", "This is about 1-64 categories.");
    syntax_set (syntax, SYNTAX_CODE, "categories[#]", count, categories, &asked->categories);
    syntax_required (syntax, SYNTAX_TEXT, "reason", asked->reason);
    syntax_required (syntax, SYNTAX_REFERENCE, "user", request->user);
}

static void read_restrict (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__RestrictRequest *wire = envelope->restrict_data;
    request->bsn = wire->bsn;
    request->user = wire->user;
    request->as.restriction = (struct restriction_request){.whole = wire->whole, .reason = wire->reason};
    check_restriction (syntax, wire->n_categories, wire->categories, request);
}

static void read_lift (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__LiftRequest *wire = envelope->lift_restriction;
    request->bsn = wire->bsn;
    request->user = wire->user;
    request->as.restriction = (struct restriction_request){.whole = wire->whole, .reason = wire->reason};
    check_restriction (syntax, wire->n_categories, wire->categories, request);
}

static void read_subscribe (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    request->as.subscribe.from = envelope->subscribe->from;
    request->as.subscribe.credit = syntax_number (syntax, "credit", envelope->subscribe->credit, 1, CREDIT_LIMIT);
}

static void read_acknowledge (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    request->as.acknowledge.number = envelope->acknowledge->number;
    request->as.acknowledge.credit =
        syntax_number (syntax, "credit", envelope->acknowledge->credit, 0, CREDIT_LIMIT);
}

static void read_audit_list (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__AuditListRequest *wire = envelope->audit_list;
    request->as.audit_list.after = wire->after;
    request->as.audit_list.last = wire->last;
    request->as.audit_list.since = syntax_time (syntax, "since", wire->since);
    if ((wire->after > 0) + (wire->last > 0) + (wire->since != 0) > 1)
        syntax_fault (syntax, wire->since != 0 ? "since" : "last", "A listing begins at one place.");
    uint32_t limit = wire->limit > 0 ? wire->limit : AUDIT_LINES_A_PAGE_DEFAULT;
    request->as.audit_list.limit = syntax_number (syntax, "limit", limit, 1, AUDIT_LINES_A_PAGE);
    if (wire->bsn[0] != '\0')
        request->bsn = syntax_bsn (syntax, "bsn", wire->bsn);
    request->as.audit_list.raw = wire->raw;
}

static void read_events_skip (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__EventsSkipRequest *body = envelope->events_skip;
    request->as.events_skip.party = syntax_required (syntax, SYNTAX_PARTY, "party", body->party);
    request->as.events_skip.number = body->number;
    request->as.events_skip.reason = syntax_required (syntax, SYNTAX_TEXT, "reason", body->reason);
    request->user = syntax_required (syntax, SYNTAX_REFERENCE, "user", body->user);
}

static void read_clock_confirm (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    request->user = syntax_required (syntax, SYNTAX_REFERENCE, "user", envelope->clock_confirm->user);
}

static void read_clock_reset (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    request->user = syntax_required (syntax, SYNTAX_REFERENCE, "user", envelope->clock_reset->user);
}

static void read_decision_show (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__DecisionShowRequest *wire = envelope->decision_show;
    if (wire->number == 0)
        syntax_fault (syntax, "number", "The number of the decision in the log is required.");
    request->as.decision_show.number = wire->number;
    request->as.decision_show.statements = wire->statements;
    request->as.decision_show.after = wire->after;
}

static const struct {
    enum verb verb;
    const char *name;
    void (*read) (struct syntax *syntax, const Consentd__Request *envelope, struct request *request);
} bodies[] = {
    [CONSENTD__REQUEST__BODY_WHOAMI] = {VERB_WHOAMI, "whoami", NULL},
    [CONSENTD__REQUEST__BODY_CHECK] = {VERB_CHECK, "check", read_check},
    [CONSENTD__REQUEST__BODY_GRANT] = {VERB_GRANT, "grant", codec_read_grant},
    [CONSENTD__REQUEST__BODY_REFUSE] = {VERB_REFUSE, "refuse", codec_read_refuse},
    [CONSENTD__REQUEST__BODY_REVOKE] = {VERB_REVOKE, "revoke", codec_read_revoke},
    [CONSENTD__REQUEST__BODY_CONSENT_SHOW] = {VERB_CONSENT_SHOW, "consent_show", codec_read_consent_show},
    [CONSENTD__REQUEST__BODY_CONSENT_LIST] = {VERB_CONSENT_LIST, "consent_list", codec_read_consent_list},
    [CONSENTD__REQUEST__BODY_SUBJECT_SET] = {VERB_SUBJECT_SET, "subject_set", codec_read_subject_set},
    [CONSENTD__REQUEST__BODY_SUBJECT_SHOW] = {VERB_SUBJECT_SHOW, "subject_show", codec_read_subject_show},
    [CONSENTD__REQUEST__BODY_RESTRICT_DATA] = {VERB_RESTRICT, "restrict_data", read_restrict},
    [CONSENTD__REQUEST__BODY_LIFT_RESTRICTION] = {VERB_LIFT_RESTRICTION, "lift_restriction", read_lift},
    [CONSENTD__REQUEST__BODY_SUBSCRIBE] = {VERB_SUBSCRIBE, "subscribe", read_subscribe},
    [CONSENTD__REQUEST__BODY_ACKNOWLEDGE] = {VERB_ACKNOWLEDGE, "acknowledge", read_acknowledge},
    [CONSENTD__REQUEST__BODY_STATUS] = {VERB_STATUS, "status", NULL},
    [CONSENTD__REQUEST__BODY_PARTY_ADD] = {VERB_PARTY_ADD, "party_add", codec_read_party_add},
    [CONSENTD__REQUEST__BODY_PARTY_LIST] = {VERB_PARTY_LIST, "party_list", codec_read_party_list},
    [CONSENTD__REQUEST__BODY_PARTY_REMOVE] = {VERB_PARTY_REMOVE, "party_remove", codec_read_party_remove},
    [CONSENTD__REQUEST__BODY_PARTY_APPLY] = {VERB_PARTY_APPLY, "party_apply", codec_read_party_apply},
    [CONSENTD__REQUEST__BODY_AUDIT_LIST] = {VERB_AUDIT_LIST, "audit_list", read_audit_list},
    [CONSENTD__REQUEST__BODY_EVENTS_LAG] = {VERB_EVENTS_LAG, "events_lag", NULL},
    [CONSENTD__REQUEST__BODY_EVENTS_SKIP] = {VERB_EVENTS_SKIP, "events_skip", read_events_skip},
    [CONSENTD__REQUEST__BODY_CLOCK_CONFIRM] = {VERB_CLOCK_CONFIRM, "clock_confirm", read_clock_confirm},
    [CONSENTD__REQUEST__BODY_CLOCK_RESET] = {VERB_CLOCK_RESET, "clock_reset", read_clock_reset},
    [CONSENTD__REQUEST__BODY_ASK] = {VERB_ASK, "ask", codec_read_ask},
    [CONSENTD__REQUEST__BODY_WAITING_LIST] = {VERB_WAITING_LIST, "waiting_list", codec_read_waiting_list},
    [CONSENTD__REQUEST__BODY_DEFER] = {VERB_DEFER, "defer", codec_read_defer},
    [CONSENTD__REQUEST__BODY_OBLIGATION_DONE] = {VERB_OBLIGATION_DONE, "obligation_done",
                                                 codec_read_obligation_done},
    [CONSENTD__REQUEST__BODY_OBLIGATION_DEFER] = {VERB_OBLIGATION_DEFER, "obligation_defer",
                                                  codec_read_obligation_defer},
    [CONSENTD__REQUEST__BODY_OBLIGATION_LIST] = {VERB_OBLIGATION_LIST, "obligation_list",
                                                 codec_read_obligation_list},
    [CONSENTD__REQUEST__BODY_DUE_LIST] = {VERB_DUE_LIST, "due_list", codec_read_due_list},
    [CONSENTD__REQUEST__BODY_DECISION_SHOW] = {VERB_DECISION_SHOW, "decision_show", read_decision_show},
};

enum verb codec_body_verb (uint32_t number)
{
    if (number == CONSENTD__REQUEST__BODY_BATCH)
        return VERB_BATCH;
    return number < sizeof bodies / sizeof *bodies ? bodies[number].verb : VERB_NONE;
}

void codec_read_body (struct syntax *syntax, const Consentd__Request *wire, struct request *request)
{
    size_t body = wire->body_case;
    if (body >= sizeof bodies / sizeof *bodies || bodies[body].verb == VERB_NONE) {
        syntax_fault (syntax, "body", "There is no request in this message.");
        return;
    }
    request->verb = bodies[body].verb;
    syntax->body = bodies[body].name;
    if (bodies[body].read)
        bodies[body].read (syntax, wire, request);
}
