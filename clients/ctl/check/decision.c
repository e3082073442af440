#include "decision.h"

#include <string.h>
#include "arena_unpack.h"
#include "past_facts.h"
#include "rules/policy.h"
#include "unconst.h"

/* --- Fetching ------------------------------------------------------------------------------------------ */

/* Moves the reply into the arena, so that nobody has to free it. */
static const Consentd__DecisionShowReply *keep (struct arena *arena, Consentd__Reply *reply)
{
    size_t size = consentd__decision_show_reply__get_packed_size (reply->decision_show);
    uint8_t *packed = arena_alloc (arena, size + 1);
    consentd__decision_show_reply__pack (reply->decision_show, packed);
    consentd__reply__free_unpacked (reply, NULL);
    return arena_unpack (arena, &consentd__decision_show_reply__descriptor, packed, size);
}

static void append_statements (struct past_decision *self, struct arena *arena,
                               const Consentd__DecisionShowReply *page)
{
    size_t count = self->statement_count + page->n_statements;
    Consentd__Consent **all = arena_array (arena, count + 1, sizeof *all);
    if (self->statement_count > 0)
        memcpy (all, self->statements, self->statement_count * sizeof *all);
    for (size_t i = 0; i < page->n_statements; i++)
        all[self->statement_count + i] = page->statements[i];
    self->statements = all;
    self->statement_count = count;
}

/* The next page begins after the last statement. */
static bool go_on (struct pages *pages, const Consentd__Reply *page)
{
    const Consentd__DecisionShowReply *shown = page->decision_show;
    if (shown->n_statements > 0)
        pages->request->decision_show->after = shown->statements[shown->n_statements - 1]->order;
    return shown->n_statements > 0;
}

static int fetch (struct pages *pages, struct arena *arena, const Consentd__DecisionShowReply **shown)
{
    Consentd__Reply *reply;
    int error = pages_next (pages, &reply);
    if (error)
        return error;
    *shown = keep (arena, reply);
    return *shown ? 0 : ctl_fail (EX_SOFTWARE, "the answer cannot be read");
}

int past_decision_fetch (struct ctl *ctl, struct arena *arena, uint64_t number, struct past_decision *self)
{
    static const struct paging paging = {.body = CONSENTD__REPLY__BODY_DECISION_SHOW, .go_on = go_on};
    Consentd__DecisionShowRequest body;
    consentd__decision_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (DECISION_SHOW, decision_show, &body);
    struct pages pages = pages_start (ctl, &request, &paging);
    body.number = number;
    memset (self, 0, sizeof *self);
    int error = fetch (&pages, arena, &self->shown);
    if (error)
        return error;
    if (!self->shown->check || !self->shown->reply)
        return ctl_fail (EX_DATAERR, "decision %llu is not whole in the log", (unsigned long long)number);
    self->has_facts = self->shown->subject != NULL;
    self->was_erased = !self->has_facts && self->shown->policy_hash.len > 0;
    body.statements = true;
    pages.more = self->has_facts; /* its statements come in pages of their own */
    while (pages.more) {
        const Consentd__DecisionShowReply *page;
        error = fetch (&pages, arena, &page);
        if (error)
            return error;
        append_statements (self, arena, page);
    }
    return 0;
}

static bool stay (struct pages *pages, const Consentd__Reply *page)
{
    (void)pages;
    (void)page;
    return true;
}

void past_run_start (struct past_run *self, struct ctl *ctl, moment since)
{
    static const struct paging paging = {.body = CONSENTD__REPLY__BODY_DECISION_SHOW, .go_on = stay};
    *self = (struct past_run){.more = true};
    consentd__decision_show_request__init (&self->body);
    self->request = (Consentd__Request)ASK_REQUEST (DECISION_SHOW, decision_show, &self->body);
    self->pages = pages_start (ctl, &self->request, &paging);
    self->body.run = true;
    self->body.since = since;
}

/* The statements of a decision of a run: the pages between it and the next decision. */
static int fetch_statements (struct past_run *self, struct arena *arena, struct past_decision *decision)
{
    self->body.statements = true;
    self->body.after = 0;
    for (bool more = true; more;) {
        const Consentd__DecisionShowReply *page;
        int error = fetch (&self->pages, arena, &page);
        if (error)
            return error;
        append_statements (decision, arena, page);
        more = page->more && page->n_statements > 0;
        if (more)
            self->body.after = page->statements[page->n_statements - 1]->order;
        self->more = page->goes_on;
    }
    self->body.statements = false;
    self->body.after = 0;
    return 0;
}

int past_run_next (struct past_run *self, struct arena *arena, struct past_decision *decision)
{
    const Consentd__DecisionShowReply *shown;
    memset (decision, 0, sizeof *decision);
    int error = fetch (&self->pages, arena, &shown);
    if (error)
        return error;
    self->more = shown->goes_on;
    self->body.behind = self->at = shown->behind;
    self->newest = shown->newest;
    self->unreadable += shown->unreadable;
    if (shown->number == 0)
        return 0;
    decision->shown = shown;
    decision->has_facts = shown->subject != NULL;
    decision->was_erased = !decision->has_facts;
    return decision->has_facts ? fetch_statements (self, arena, decision) : 0;
}

/* --- Facts --------------------------------------------------------------------------------------------- */

static struct text_set set_of (char **texts, size_t count)
{
    return (struct text_set){unconst (texts), count};
}

static struct day day_of (const char *text)
{
    struct day day = {0, 0, 0};
    if (*text && !calendar_parse (text, &day))
        day.month = 0;
    return day;
}

static moment start_of (const char *day)
{
    return *day ? calendar_start (day_of (day)) : MOMENT_NEVER;
}

static void make_party (const Consentd__DecisionParty *from, const struct policy *policy, struct party *to)
{
    static const char *const names[] = {"none", "official", "professional"};
    to->id = from->id;
    to->kind = policy_kind (policy, from->kind);
    to->active = from->active;
    to->agreement_from = start_of (from->agreement_from);
    to->agreement_until = start_of (from->agreement_until);
    to->secrecy = to->kind != CODE_NONE ? policy->kinds[to->kind].secrecy : SECRECY_NONE;
    for (unsigned i = SECRECY_OFFICIAL; i <= SECRECY_PROFESSIONAL; i++)
        if (strcmp (from->secrecy, names[i]) == 0 && i > to->secrecy)
            to->secrecy = (enum secrecy)i;
}

/* --- The check ----------------------------------------------------------------------------------------- */

static struct triage make_triage (const Consentd__Triage *from)
{
    if (!from)
        return (struct triage){"", "", "", "", "", "", false, false, INFORM_UNSAID, 0, "", "", "", "", ""};
    return (struct triage){
        .necessity = from->necessity,
        .subsidiarity = from->subsidiarity,
        .proportionality = from->proportionality,
        .purpose_limitation = from->purpose_limitation,
        .objections = from->objections,
        .manager_consulted = from->manager_consulted,
        .serious_situation = from->serious_situation,
        .urgent_support = from->urgent_support,
        .inform = (enum inform_when)from->inform,
        .inform_by = from->inform_by,
        .inform_why = from->inform_why,
        .consent_sought = from->consent_sought,
        .no_other_way = from->no_other_way,
        .serious_harm = from->serious_harm,
        .conflict_of_duties = from->conflict_of_duties,
    };
}

static struct claim make_claim (const Consentd__CheckRequest *asked, const struct policy *policy)
{
    struct claim claim = {.kind = CLAIM_NONE};
    if (asked->written_request) {
        claim.kind = CLAIM_WRITTEN_REQUEST;
        claim.by = set_of (asked->written_request->by, asked->written_request->n_by);
        claim.given_at = asked->written_request->given_at;
    } else if (asked->urgent_reasons) {
        claim.kind = CLAIM_URGENT_REASONS;
        claim.reason = policy_urgent_reason (policy, asked->urgent_reasons->reason);
        claim.triage = make_triage (asked->urgent_reasons->triage);
    }
    return claim;
}

/* It was withheld because of another check of its batch: by what it asked itself all of it would have been
   permitted, or some. */
static bool is_withheld (const Consentd__DecisionShowReply *shown)
{
    size_t withheld = 0, denied = 0;
    for (size_t i = 0; shown->reply && i < shown->reply->n_items; i++) {
        const Consentd__ItemVerdict *item = shown->reply->items[i];
        bool all_or_nothing = item->n_reasons == 1 && item->reasons[0]->code == CONSENTD__CODE__ALL_OR_NOTHING;
        withheld += all_or_nothing;
        denied += item->verdict == CONSENTD__VERDICT__DENY && !all_or_nothing;
    }
    return withheld > 0 && !(shown->check->all_or_nothing && denied > 0);
}

static const char *make_check (const Consentd__CheckRequest *asked, const struct policy *policy,
                               struct arena *arena, struct check *check)
{
    check->purpose = policy_purpose (policy, asked->purpose);
    if (check->purpose == CODE_NONE)
        return arena_printf (arena, "purpose %s", asked->purpose);
    for (size_t i = 0; i < asked->n_items && i < DECIDE_ITEMS; i++) {
        const Consentd__Item *item = asked->items[i];
        check->items[i].category = policy_category (policy, item->category);
        check->items[i].origin = *item->origin ? policy_origin (policy, item->origin) : CODE_NONE;
        if (check->items[i].category == CODE_NONE)
            return arena_printf (arena, "category %s", item->category);
        if (*item->origin && check->items[i].origin == CODE_NONE)
            return arena_printf (arena, "origin %s", item->origin);
        check->item_count = i + 1;
    }
    check->case_ref = asked->case_ref;
    check->mode = (enum check_mode)asked->mode;
    check->all_or_nothing = asked->all_or_nothing;
    check->under_secrecy = asked->under_secrecy;
    check->manager_consulted = asked->manager_consulted[0] != '\0';
    check->no_manager = asked->no_manager[0] != '\0';
    check->claim = make_claim (asked, policy);
    return NULL;
}

const char *past_decision_under (const struct past_decision *self, const struct policy *policy,
                                 struct arena *arena, struct inquiry_again *again)
{
    const Consentd__DecisionShowReply *shown = self->shown;
    memset (again, 0, sizeof *again);
    if (!shown->provider || !shown->recipient)
        return "the parties as they were then";
    make_party (shown->provider, policy, &again->provider);
    make_party (shown->recipient, policy, &again->recipient);
    if (again->provider.kind == CODE_NONE)
        return arena_printf (arena, "party kind %s", shown->provider->kind);
    if (again->recipient.kind == CODE_NONE)
        return arena_printf (arena, "party kind %s", shown->recipient->kind);
    const char *unknown = make_check (shown->check, policy, arena, &again->check);
    if (unknown)
        return unknown;
    again->check.withheld = is_withheld (shown);
    again->check.provider = &again->provider;
    again->check.recipient = &again->recipient;
    if (!past_subject (shown->subject, arena, &again->subject))
        return "the subject as it was then";
    struct statement *statements = arena_array (arena, self->statement_count, sizeof *statements);
    for (size_t i = 0; i < self->statement_count; i++)
        if (!past_statement (self->statements[i], policy, arena, &statements[i]))
            return "a statement as it was then";
    decide_prepare (policy, &again->subject, statements, self->statement_count);
    again->facts = (struct decide_facts){.policy = policy,
                                         .subject = &again->subject,
                                         .statements = statements,
                                         .statement_count = self->statement_count,
                                         .now = shown->time,
                                         .listener = {shown->asked_by, true}};
    return NULL;
}

/* --- What was decided on items ---------------------------------------------------------------------------- */

static const char *hex (struct arena *arena, const uint8_t *id)
{
    char *text = arena_alloc (arena, 33);
    consent_hex (id, 16, text);
    return text;
}

static const char *ground_then (const Consentd__ItemVerdict *item, struct arena *arena)
{
    switch (item->ground) {
    case CONSENTD__GROUND__CONSENT:
        return arena_printf (arena, "PERMIT consent %s",
                             item->consent_id.len == 16 ? hex (arena, item->consent_id.data) : "");
    case CONSENTD__GROUND__STATUTE:
        return arena_printf (arena, "PERMIT statute %s", item->statute);
    case CONSENTD__GROUND__WRITTEN_REQUEST:
        return "PERMIT written request";
    case CONSENTD__GROUND__URGENT_REASONS:
        return arena_printf (arena, "PERMIT urgent reason %s", item->urgent_reason);
    default:
        return "PERMIT";
    }
}

const char *past_decision_item (const struct past_decision *self, size_t index, struct arena *arena)
{
    const Consentd__DecisionShowReply *shown = self->shown;
    if (index >= shown->reply->n_items)
        return "";
    const Consentd__ItemVerdict *item = shown->reply->items[index];
    if (item->verdict == CONSENTD__VERDICT__PERMIT)
        return ground_then (item, arena);
    const char *text = "DENY";
    bool all = index < shown->n_all_reasons;
    size_t count = all ? shown->all_reasons[index]->n_codes : item->n_reasons;
    for (size_t i = 0; i < count; i++) {
        Consentd__Code one = all ? shown->all_reasons[index]->codes[i] : item->reasons[i]->code;
        text = arena_printf (arena, "%s%s %s", text, i ? "," : "", rule_code_name ((enum rule_code)one));
    }
    return text;
}

static const char *ground_now (const struct inquiry_again *again, const struct item_decision *item,
                               struct arena *arena)
{
    const struct policy *policy = again->facts.policy;
    switch (item->ground) {
    case POLICY_CONSENT:
        return arena_printf (arena, "PERMIT consent %s", hex (arena, again->facts.statements[item->consent].id));
    case POLICY_STATUTE:
        return arena_printf (arena, "PERMIT statute %s", policy->statutes[item->statute].entry.code);
    case POLICY_WITHOUT_CONSENT:
        if (again->check.claim.kind == CLAIM_WRITTEN_REQUEST)
            return "PERMIT written request";
        return arena_printf (arena, "PERMIT urgent reason %s",
                             policy->urgent_reasons[again->check.claim.reason].entry.code);
    case POLICY_GROUNDS:
        break;
    }
    return "PERMIT";
}

const char *inquiry_again_item (const struct inquiry_again *again, const struct decision *decision, size_t index,
                                struct arena *arena)
{
    const struct item_decision *item = &decision->items[index];
    if (item->permit)
        return ground_now (again, item, arena);
    const char *text = "DENY";
    for (size_t i = 0; i < item->reasons.count; i++)
        text = arena_printf (arena, "%s%s %s", text, i ? "," : "",
                             rule_code_name ((enum rule_code)item->reasons.code[i]));
    return text;
}
