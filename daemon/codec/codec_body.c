#include "codec_body.h"

#include <string.h>
#include "arena.h"
#include "codec_body_rights.h"
#include "envelope.pb-c.h"

enum {
    RESTRICTED_CATEGORIES = 64,
    ASKING_IN_WRITING = 8,
};

_Static_assert(MODE_ADVISE == (int)CONSENTD__MODE__ADVISE, "the mode goes on as it came");
_Static_assert(MODE_DISCLOSE == (int)CONSENTD__MODE__DISCLOSE, "the mode goes on as it came");
_Static_assert(FORM_NONE == (int)CONSENTD__FORM__FORM_UNSPECIFIED, "the form goes on as it came");
_Static_assert(FORM_WRITTEN == (int)CONSENTD__FORM__WRITTEN, "the form goes on as it came");
_Static_assert(FORM_DIGITAL == (int)CONSENTD__FORM__DIGITAL, "the form goes on as it came");
_Static_assert(FORM_ORAL == (int)CONSENTD__FORM__ORAL, "the form goes on as it came");

/* Checks */

/* C8: a written request needs the paper as its evidence. */
static void finish_written_request (struct syntax *syntax, struct check_request *check)
{
    struct claim *claim = &check->claim;
    claim->kind = CLAIM_WRITTEN_REQUEST;
    if (claim->by.count < 1 || claim->by.count > ASKING_IN_WRITING)
        syntax_fault (syntax, "written_request.by", "Who asked in writing is required: 1-8 persons.");
    syntax_make_set (&claim->by);
    if (claim->given_at == 0)
        syntax_fault (syntax, "written_request.given_at", "When they asked is required.");
    if (!check->has_evidence)
        syntax_fault (syntax, "written_request.evidence", "The evidence of a written request is required.");
    else if (!check->evidence.has_sha256)
        syntax_fault (syntax, "written_request.evidence.sha256",
                      "The SHA-256 of the evidence is required: 32 bytes.");
}

static void finish_claim (struct syntax *syntax, struct check_request *check)
{
    check->claim.kind = CLAIM_NONE;
    check->claim.reason = CODE_NONE; /* not looked up yet */
    if (check->in_writing)
        finish_written_request (syntax, check);
    if (check->is_urgent)
        check->claim.kind = CLAIM_URGENT_REASONS;
    if (check->is_urgent && check->in_writing)
        syntax_fault (syntax, "urgent_reasons", "A check claims one ground without consent at most.");
}

static void finish_items (struct syntax *syntax, const struct check_request *check)
{
    if (check->item_count < 1)
        syntax_fault (syntax, "items", "A check is about 1-64 items.");
    for (size_t i = 1; i < check->item_count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp (check->items[j].category, check->items[i].category) == 0 &&
                strcmp (check->items[j].origin, check->items[i].origin) == 0) {
                syntax->index = i;
                syntax_fault (syntax, "items[#]", "This item is given twice.");
            }
}

static void finish_check (struct syntax *syntax, struct request *request)
{
    struct check_request *check = &request->as.check;
    request->is_trial = check->mode == MODE_ADVISE;
    if (strcmp (check->provider, check->recipient) == 0)
        syntax_fault (syntax, "recipient", "The recipient is not the provider.");
    if (check->mode != MODE_ADVISE && check->mode != MODE_DISCLOSE)
        syntax_fault (syntax, "mode", "The mode is required: ADVISE or DISCLOSE.");
    if (check->manager_consulted[0] != '\0' && check->no_manager[0] != '\0')
        syntax_fault (syntax, "no_manager", "This is given only where no manager was consulted.");
    finish_claim (syntax, check);
    finish_items (syntax, check);
}

/* Consents */

static void finish_grant (struct syntax *syntax, struct request *request)
{
    const struct statement *statement = &request->as.statement.statement;
    bool has_reference = statement->evidence_reference[0] != '\0';
    if (has_reference && !statement->has_evidence)
        syntax_fault (syntax, "evidence.sha256", "The SHA-256 of the evidence is required: 32 bytes.");
    if (!has_reference && statement->has_evidence)
        syntax_fault (syntax, "evidence.reference", "Evidence has a reference.");
    bool corrects = statement->is_correction;
    if (corrects != (request->as.statement.request != 0))
        syntax_fault (syntax, "request",
                      "A consent is corrected on a request of the subject, and nothing else is.");
    if (corrects != (statement->correction_reason[0] != '\0'))
        syntax_fault (syntax, "correction_reason", "A correction says what was wrong, and nothing else does.");
    if (corrects && request->as.statement.has_answers)
        syntax_fault (syntax, "answers", "A correction answers no request for consent.");
}

static void finish_refuse (struct syntax *syntax, struct request *request)
{
    (void)syntax;
    request->as.statement.statement.refusal = true;
    request->as.statement.statement.valid_until = MOMENT_NEVER;
}

static void finish_revoke (struct syntax *syntax, struct request *request)
{
    const struct withdrawal *withdrawal = &request->as.revoke.withdrawal;
    bool by_somebody = withdrawal->withdrawn_by[0] != '\0', by_nobody = withdrawal->nobody_reason[0] != '\0';
    if (!by_somebody && !by_nobody)
        syntax_fault (syntax, "withdrawn_by", "This is required, unless nobody can exercise the rights.");
    if (by_somebody && by_nobody)
        syntax_fault (syntax, "nobody_reason", "This is given only where nobody withdrew.");
}

/* Subjects */

/* For a representative who is registered, an empty field changes nothing, so only what is given is judged here.
   The rules set the moments of recording. */
static void finish_representatives (struct syntax *syntax, struct representative *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct representative *one = &all[i];
        one->from_recorded = one->until_recorded = one->refused_recorded = 0;
        syntax->index = i;
        if (strcmp (one->reference, "subject") == 0)
            syntax_fault (syntax, "representatives[#].reference",
                          "The word 'subject' stands for the subject alone.");
        if (one->until.month > 0 && one->from.month > 0 && calendar_compare (one->until, one->from) <= 0)
            syntax_fault (syntax, "representatives[#].until", "This day is later than the first.");
        if (one->refused_from.month > 0 && one->refused_reason[0] == '\0')
            syntax_fault (syntax, "representatives[#].refused_reason", "Refusing a representative has a reason.");
        if (one->refused_from.month == 0 && one->refused_reason[0] != '\0')
            syntax_fault (syntax, "representatives[#].refused_from",
                          "A reason to refuse comes with its first day.");
        for (size_t j = 0; j < i; j++)
            if (strcmp (all[j].reference, one->reference) == 0)
                syntax_fault (syntax, "representatives[#].reference", "This reference is given twice.");
    }
}

static void finish_capabilities (struct syntax *syntax, struct capability *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        all[i].recorded = 0;
        syntax->index = i;
        if (i > 0 && calendar_compare (all[i].from, all[i - 1].from) <= 0)
            syntax_fault (syntax, "capabilities[#].from", "This day is later than that of the entry before.");
    }
}

static void finish_care_ended (struct syntax *syntax, const struct care_end *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        syntax->index = i;
        for (size_t j = 0; j < i; j++)
            if (strcmp (all[j].law, all[i].law) == 0)
                syntax_fault (syntax, "care_ended[#].law", "This law is given twice.");
    }
}

static void finish_removal (struct syntax *syntax, const struct subject_removal *remove,
                            struct subject_change *change)
{
    if (change->whole)
        syntax_fault (syntax, "remove", "Of a whole record nothing is taken away: it is what is named.");
    if (remove->birth_date && change->birth.month != 0)
        syntax_fault (syntax, "remove.birth_date", "This is set by the same request.");
    if (remove->death_date && change->death.month != 0)
        syntax_fault (syntax, "remove.death_date", "This is set by the same request.");
    change->no_birth = remove->birth_date;
    change->no_death = remove->death_date;
    change->no_representatives = remove->representatives.item;
    change->no_representative_count = remove->representatives.count;
    change->no_untils = remove->untils.item;
    change->no_until_count = remove->untils.count;
    change->no_refusals = remove->refusals.item;
    change->no_refusal_count = remove->refusals.count;
    change->no_capability_count = remove->capabilities.count;
    struct day *days = arena_array (syntax->arena, remove->capabilities.count, sizeof *days);
    for (size_t i = 0; i < remove->capabilities.count; i++)
        calendar_parse (remove->capabilities.item[i], &days[i]);
    change->no_capabilities = days;
    change->no_care_ended = remove->care_ended.item;
    change->no_care_ended_count = remove->care_ended.count;
}

static void finish_subject_set (struct syntax *syntax, struct request *request)
{
    struct subject_set_request *asked = &request->as.subject_set;
    struct subject_change *change = &asked->change;
    if (change->birth.month > 0 && change->death.month > 0 && calendar_compare (change->death, change->birth) < 0)
        syntax_fault (syntax, "death_date", "This day is not before the day of birth.");
    finish_representatives (syntax, asked->representatives, change->representative_count);
    finish_capabilities (syntax, asked->capabilities, change->capability_count);
    finish_care_ended (syntax, asked->care_ended, change->care_ended_count);
    change->representatives = asked->representatives;
    change->capabilities = asked->capabilities;
    change->care_ended = asked->care_ended;
    if (asked->has_removal)
        finish_removal (syntax, &asked->remove, change);
}

static void finish_restriction (struct syntax *syntax, struct request *request)
{
    struct restriction_request *asked = &request->as.restriction;
    if (asked->whole == (asked->categories.count > 0))
        syntax_fault (syntax, "categories", "This is about the whole, or else about 1-64 categories.");
    if (asked->categories.count > RESTRICTED_CATEGORIES)
        syntax_fault (syntax, "categories", "This is about 1-64 categories.");
    syntax_make_set (&asked->categories);
}

/* Obligations */

/* Only obligations that must be reported done can be named. */
static void finish_obligation (struct syntax *syntax, struct request *request)
{
    if (request->as.obligation.decision == 0)
        syntax_fault (syntax, "decision", "This is the number of a decision.");
    if (request->as.obligation.kind < OBLIGATION_INFORM_SUBJECT)
        syntax_fault (syntax, "kind", "This is an obligation to inform or to record.");
}

/* C15: a disclosure against the subject's will is reported with the reason, the file that has it, and the manager
   who was consulted. */
static void finish_obligation_done (struct syntax *syntax, struct request *request)
{
    const struct {
        const char *field, *text;
        enum syntax_sort sort;
    } parts[] = {{"reason", request->as.obligation.reason, SYNTAX_TEXT},
                 {"file", request->as.obligation.file, SYNTAX_REFERENCE},
                 {"manager_consulted", request->as.obligation.manager, SYNTAX_REFERENCE}};
    finish_obligation (syntax, request);
    bool reported = request->as.obligation.kind == OBLIGATION_RECORD_AGAINST_WILL;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (reported)
            syntax_required (syntax, parts[i].sort, parts[i].field, parts[i].text);
        else if (parts[i].text[0] != '\0')
            syntax_fault (syntax, parts[i].field, "This is reported of RECORD_AGAINST_WILL alone.");
    if (request->as.obligation.letter[0] != '\0' &&
        (reported || request->as.obligation.kind == OBLIGATION_RECORD_IN_PLAN ||
         request->as.obligation.kind >= OBLIGATIONS_OF_DISCLOSURE))
        syntax_fault (syntax, "letter", "A letter goes where somebody is to be informed.");
}

static void finish_obligation_defer (struct syntax *syntax, struct request *request)
{
    finish_obligation (syntax, request);
    if (request->as.obligation.kind >= OBLIGATIONS_OF_DISCLOSURE)
        syntax_fault (syntax, "kind", "This obligation is never put off.");
}

static void finish_obligation_list (struct syntax *syntax, struct request *request)
{
    struct bytes after = request->page.after.bytes;
    const uint8_t *duty = after.data;
    if (after.size > 0 && (after.size != DUTY_CURSOR_SIZE || duty[8] >= OBLIGATIONS))
        syntax_fault (syntax, "after", "This is `next` of the page before.");
}

/* Parties */

/* `path` is the party's place in the request. A party that is not active has no keys, whatever was sent. */
static void finish_party (struct syntax *syntax, const char *path, struct party_text *party)
{
    struct party_fault fault;
    if (!party->active)
        party->key_count = 0;
    if (!party_text_check (party, syntax->arena, &fault))
        syntax_fault (syntax, party_fault_field (path, &fault, syntax->arena), fault.message);
}

static void finish_party_add (struct syntax *syntax, struct request *request)
{
    struct party_change_request *change = &request->as.parties;
    if (!change->has_added) {
        syntax_fault (syntax, "party", "This is required.");
        return;
    }
    change->added.active = true;
    finish_party (syntax, "party", &change->added);
    change->parties = &change->added;
    change->count = 1;
}

static void finish_party_apply (struct syntax *syntax, struct request *request)
{
    struct party_change_request *change = &request->as.parties;
    if (change->count < 1 || change->count > PARTIES_A_REQUEST)
        syntax_fault (syntax, "parties", "These are 1-256 parties.");
    for (size_t i = 0; i < change->count && syntax->field == NULL; i++) {
        const char *path = arena_printf (syntax->arena, "parties[%zu]", i);
        finish_party (syntax, path, &change->parties[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp (change->parties[j].id, change->parties[i].id) == 0)
                syntax_fault (syntax, arena_printf (syntax->arena, "%s.id", path), "This party is named before.");
    }
}

static void finish_consent_show (struct syntax *syntax, struct request *request)
{
    const char *begins = request->as.consent_show.begins;
    size_t digits = strspn (begins, "0123456789abcdef");
    if (request->as.consent_show.has_id == (begins[0] != 0))
        syntax_fault (syntax, "consent_id", "Either the id or what it begins with is required, and not both.");
    if (begins[0] != 0 && (begins[digits] != 0 || digits < ID_BEGINS_LEAST || digits >= 2 * sizeof (struct id)))
        syntax_fault (syntax, "begins", "These are 8-31 lower-case hexadecimal digits.");
}

/* What operators look at */

static void finish_audit_list (struct syntax *syntax, struct request *request)
{
    enum { NAMES = 64 };
    const struct text_set *parties = &request->as.audit_list.parties, *actions = &request->as.audit_list.actions;
    bool since = request->page.since != 0, backwards = request->as.audit_list.backwards;
    moment until = request->as.audit_list.until;
    if ((request->page.after.order > 0) + (request->page.last > 0) + since > 1)
        syntax_fault (syntax, since ? "since" : "last", "A listing begins at one place.");
    if (parties->count > NAMES || actions->count > NAMES || request->as.audit_list.results.count > NAMES)
        syntax_fault (syntax,
                      parties->count > NAMES   ? "parties"
                      : actions->count > NAMES ? "actions"
                                               : "results",
                      "These are at most 64.");
    if (until != 0 && (until <= request->page.since || request->as.audit_list.follow))
        syntax_fault (syntax, "until", "This moment is later than `since`, and what follows the log has no end.");
    if (backwards && (request->bsn[0] != 0 || request->page.last > 0 || since || request->as.audit_list.follow))
        syntax_fault (syntax, "backwards", "This goes with none of bsn, last, since and follow.");
}

static void finish_decision_show (struct syntax *syntax, struct request *request)
{
    bool run = request->as.decision_show.run;
    if (run && request->as.decision_show.number != 0)
        syntax_fault (syntax, "number", "A run has no number: it goes from one decision to the next.");
    else if (!run && request->as.decision_show.number == 0)
        syntax_fault (syntax, "number", "The number of the decision in the log is required.");
    else if (!run && request->as.decision_show.since != 0)
        syntax_fault (syntax, "since", "Only a run begins at a moment.");
    else if (!run && request->page.after.line != 0)
        syntax_fault (syntax, "behind", "Only a run goes on behind a line.");
    else if (run && request->page.after.statements && request->page.after.line == 0)
        syntax_fault (syntax, "behind", "The number of the decision whose statements they are is required.");
}

static void finish_overview (struct syntax *syntax, struct request *request)
{
    struct bytes after = request->page.after.bytes;
    if (after.size > 0 && after.size != OVERVIEW_CURSOR_SIZE)
        syntax_fault (syntax, "after", "This is `next` of the page before.");
    if (request->as.overview.until != 0 && request->as.overview.until <= request->as.overview.since)
        syntax_fault (syntax, "until", "This moment is later than `since`.");
}

static void finish_receipt (struct syntax *syntax, struct request *request)
{
    if (request->as.receipt.has_consent == (request->as.receipt.decision != 0))
        syntax_fault (syntax, "consent_id", "Either a consent or a decision is required, and not both.");
}

/* Parties */

/* The name of an identifier, and how many digits it has. */
struct identifier {
    const char *name;
    size_t digits;
};

static void finish_party_identify (struct syntax *syntax, struct request *request)
{
    static const struct identifier identifiers[] = {{"agb", 8}, {"gemeentecode", 4}, {"oin", 20}};
    const struct identify_request *asked = &request->as.identify;
    const struct identifier *found = NULL;
    for (size_t i = 0; i < sizeof identifiers / sizeof *identifiers; i++)
        if (strcmp (asked->identifier, identifiers[i].name) == 0)
            found = &identifiers[i];
    bool by_value = asked->identifier[0] != '\0' || asked->value[0] != '\0';
    if (by_value == (asked->parties.count > 0) || asked->parties.count > IDENTIFY_PARTIES)
        syntax_fault (syntax, "parties", "Either 1-32 parties or an identifier is required, and not both.");
    if (by_value && found == NULL)
        syntax_fault (syntax, "identifier", "This is agb, gemeentecode or oin.");
    else if (by_value &&
             (strlen (asked->value) != found->digits || strspn (asked->value, "0123456789") != found->digits))
        syntax_fault (syntax, "value", "An agb is 8 digits, a gemeentecode 4, an oin 20.");
}

static void finish_recorded (struct syntax *syntax, struct request *request)
{
    if (!request->as.recorded.has_key)
        syntax_fault (syntax, "key", "The key of the check or the batch is required: 16 bytes.");
}

static void (*const finishers[VERBS]) (struct syntax *syntax, struct request *request) = {
    [VERB_CHECK] = finish_check,
    [VERB_GRANT] = finish_grant,
    [VERB_REFUSE] = finish_refuse,
    [VERB_REVOKE] = finish_revoke,
    [VERB_SUBJECT_SET] = finish_subject_set,
    [VERB_RESTRICT] = finish_restriction,
    [VERB_LIFT_RESTRICTION] = finish_restriction,
    [VERB_OBLIGATION_DONE] = finish_obligation_done,
    [VERB_OBLIGATION_DEFER] = finish_obligation_defer,
    [VERB_OBLIGATION_LIST] = finish_obligation_list,
    [VERB_RIGHTS_OPEN] = codec_finish_rights_open,
    [VERB_RIGHTS_EXTEND] = codec_finish_rights_number,
    [VERB_RIGHTS_HEAR] = codec_finish_rights_hear,
    [VERB_RIGHTS_DECIDE] = codec_finish_rights_decide,
    [VERB_RIGHTS_SHOW] = codec_finish_rights_number,
    [VERB_RIGHTS_LIST] = codec_finish_rights_list,
    [VERB_RIGHTS_ERASE] = codec_finish_rights_number,
    [VERB_PARTY_ADD] = finish_party_add,
    [VERB_PARTY_APPLY] = finish_party_apply,
    [VERB_CONSENT_SHOW] = finish_consent_show,
    [VERB_AUDIT_LIST] = finish_audit_list,
    [VERB_DECISION_SHOW] = finish_decision_show,
    [VERB_OVERVIEW] = finish_overview,
    [VERB_RECEIPT] = finish_receipt,
    [VERB_PARTY_IDENTIFY] = finish_party_identify,
    [VERB_RECORDED] = finish_recorded,
};

void codec_finish_body (struct syntax *syntax, struct request *request)
{
#define NAME_OF_LIST(NAME, name) [VERB_##NAME] = #name,
    static const char *const names[VERBS] = {VERB_LIST (NAME_OF_LIST)};
#undef NAME_OF_LIST
    syntax->body = names[request->verb];
    if (finishers[request->verb] != NULL)
        finishers[request->verb](syntax, request);
    syntax->body = NULL;
}
