/* Which codes and parties a party can name in its requests: what the pack in force has for its kind, and who takes
   part. What the pack has a flow for can be asked; whether it is permitted is for a check to say. */
#include <string.h>
#include "permission.h"
#include "rules/policy.h"
#include "verbs.h"

enum {
    SIZE_A_PAGE = 40 * 1024, /* bytes of what is listed, about */
    SIZE_OF_TERM = 32,       /* besides its texts */
    WORK_OF_CATEGORY = 1,    /* to see whether a flow carries it between two kinds, about (rules/decide.h) */
};

/* What flows have, seen from one side. The kinds are those of the other side. */
struct reach {
    code_set purposes, categories, kinds;
    bool any, urgent; /* there is a flow; one admits urgent reasons */
};

struct vocabulary {
    struct turn *turn;
    const struct caller *caller;
    bool sees_all; /* what others can name, too */
    bool is_whole; /* and what is in no flow */
    struct reach provides, receives, all;
};

/* A term that has its place in the vocabulary. */
struct place {
    enum term_sort sort;
    size_t index;
};

/* --- What flows have for the caller -------------------------------------------------------------------- */

/* Adds what the flow carries from this kind to that. False: it carries nothing. */
static bool reach_add (struct reach *self, const struct policy *policy, const struct policy_flow *flow,
                       code provider, code recipient)
{
    bool carries = false;
    for (size_t i = 0; i < policy->category_count; i++) {
        if (!policy_flow_carries (policy, flow, provider, recipient, (code)i))
            continue;
        code_set_add (&self->categories, (code)i);
        carries = true;
    }
    if (!carries)
        return false;
    code_set_add (&self->purposes, flow->purpose);
    self->any = true;
    self->urgent = self->urgent || flow->urgent_reasons;
    return true;
}

static void reach_add_all (struct reach *self, const struct policy_flow *flow)
{
    code_set_add (&self->purposes, flow->purpose);
    code_set_add_all (&self->categories, &flow->categories);
    code_set_add_all (&self->kinds, &flow->providers);
    code_set_add_all (&self->kinds, &flow->recipients);
    self->any = true;
    self->urgent = self->urgent || flow->urgent_reasons;
}

static void look_at_flow (struct vocabulary *self, const struct policy_flow *flow)
{
    const struct policy *policy = self->turn->policy;
    code own = self->caller->party->party.kind;
    bool provides = code_set_has (&flow->providers, own), receives = code_set_has (&flow->recipients, own);
    reach_add_all (&self->all, flow);
    for (size_t i = 0; i < policy->kind_count && (provides || receives); i++) {
        code other = (code)i;
        if (provides && reach_add (&self->provides, policy, flow, own, other))
            code_set_add (&self->provides.kinds, other);
        if (receives && reach_add (&self->receives, policy, flow, other, own))
            code_set_add (&self->receives.kinds, other);
        self->turn->work += WORK_OF_CATEGORY * policy->category_count;
    }
}

static struct vocabulary look (struct turn *turn, const struct caller *caller, code purpose)
{
    const uint32_t sees_all =
        PERMISSION_CHECK_FOR_OTHERS | PERMISSION_GRANT | PERMISSION_EXPLAIN | PERMISSION_ADMIN;
    struct vocabulary self = {.turn = turn, .caller = caller};
    self.sees_all = (caller->party->permissions & sees_all) != 0;
    self.is_whole = self.sees_all && purpose == CODE_NONE;
    for (size_t i = 0; i < turn->policy->flow_count; i++)
        if (purpose == CODE_NONE || turn->policy->flows[i].purpose == purpose)
            look_at_flow (&self, &turn->policy->flows[i]);
    return self;
}

static bool reach_has (const struct reach *self, enum term_sort sort, code one)
{
    switch (sort) {
    case TERM_PURPOSE:
        return code_set_has (&self->purposes, one);
    case TERM_CATEGORY:
        return code_set_has (&self->categories, one);
    case TERM_ORIGIN:
        return self->any;
    case TERM_URGENT_REASON:
        return self->urgent;
    case TERM_KIND:
    case TERM_PARTY:
        return code_set_has (&self->kinds, one);
    case TERM_ANY:
        break;
    }
    return false;
}

/* --- The terms in their order -------------------------------------------------------------------------- */

/* NULL past the last. */
static const struct policy_entry *entry_at (const struct policy *policy, struct place at)
{
#define ENTRY_OF(list, list_count) return at.index < policy->list_count ? &policy->list[at.index].entry : NULL
    switch (at.sort) {
    case TERM_PURPOSE:
        ENTRY_OF (purposes, purpose_count);
    case TERM_CATEGORY:
        ENTRY_OF (categories, category_count);
    case TERM_ORIGIN:
        ENTRY_OF (origins, origin_count);
    case TERM_URGENT_REASON:
        ENTRY_OF (urgent_reasons, urgent_reason_count);
    case TERM_KIND:
        ENTRY_OF (kinds, kind_count);
    case TERM_PARTY:
    case TERM_ANY:
        break;
    }
#undef ENTRY_OF
    return NULL;
}

/* Operators see whom they must correct, too. A party asks nothing of itself. */
static bool party_is_told (const struct vocabulary *self, const struct party_entry *entry)
{
    if ((self->caller->party->permissions & PERMISSION_ADMIN) != 0 && self->is_whole)
        return entry->party.active;
    return verb_takes_part (entry) && (self->sees_all || entry != self->caller->party);
}

/* Sets the term at this place. False: there is none. *told: it is one for the caller. */
static bool term_at (const struct vocabulary *self, struct place at, struct shown_term *term, bool *told)
{
    const struct policy *policy = self->turn->policy;
    const struct party_entry *party = at.sort == TERM_PARTY ? parties_at (self->turn->parties, at.index) : NULL;
    code one = party != NULL ? party->party.kind : (code)at.index;
    static const struct policy_entry none = {"", "", "", ""};
    const struct policy_entry *entry = entry_at (policy, at);
    if (party != NULL)
        entry = one == CODE_NONE ? &none : &policy->kinds[one].entry;
    if (entry == NULL)
        return false;
    *term = (struct shown_term){.sort = at.sort,
                                .code = entry->code,
                                .kind = "",
                                .label_nl = entry->label_nl,
                                .label_en = entry->label_en};
    term->provides = reach_has (&self->provides, at.sort, one);
    term->receives = reach_has (&self->receives, at.sort, one);
    term->special = at.sort == TERM_CATEGORY && policy->categories[one].special != SPECIAL_NO;
    if (party != NULL) {
        term->code = party->text.id;
        term->kind = party->text.kind;
    }
    *told = self->is_whole || term->provides || term->receives ||
            (self->sees_all && reach_has (&self->all, at.sort, one));
    *told = *told && (party == NULL || party_is_told (self, party));
    return true;
}

/* --- Pages --------------------------------------------------------------------------------------------- */

static struct bytes cursor_of (const struct vocabulary *self, const struct shown_term *term)
{
    const char *text = arena_printf (self->turn->arena, "%d %s", (int)term->sort, term->code);
    return (struct bytes){text, strlen (text)};
}

static bool is_cursor (const struct vocabulary *self, struct bytes cursor, const struct shown_term *term)
{
    struct bytes own = cursor_of (self, term);
    return own.size == cursor.size && memcmp (own.data, cursor.data, own.size) == 0;
}

/* Where a page ends. */
struct page_made {
    struct shown_term *terms;
    size_t count, size;
    bool begun; /* past the cursor */
    bool more;
};

/* Takes the term, if the page has come to its beginning and has room. */
static void take (const struct vocabulary *self, const struct page *asked, struct page_made *page,
                  const struct shown_term *term)
{
    size_t size = SIZE_OF_TERM + strlen (term->code) + strlen (term->label_nl) + strlen (term->label_en) +
                  strlen (term->kind);
    if (!page->begun) {
        page->begun = is_cursor (self, asked->after.bytes, term);
        return;
    }
    page->more = page->count == asked->limit || (page->count > 0 && page->size + size > SIZE_A_PAGE);
    if (page->more)
        return;
    page->terms[page->count++] = *term;
    page->size += size;
}

static void list (const struct vocabulary *self, const struct request *request, struct page_made *page)
{
    enum term_sort only = request->as.vocabulary.sort;
    struct shown_term term;
    bool told;
    for (int sort = TERM_PURPOSE; sort <= TERM_PARTY && !page->more; sort++) {
        struct place at = {(enum term_sort)sort, 0};
        if (only != TERM_ANY && only != at.sort)
            continue;
        for (; !page->more && term_at (self, at, &term, &told); at.index++)
            if (told)
                take (self, &request->page, page, &term);
        self->turn->work += at.index;
    }
}

int verb_vocabulary (struct turn *turn, const struct caller *caller, const struct request *request,
                     struct handling *handling)
{
    const char *purpose_name = request->as.vocabulary.purpose;
    struct bytes after = request->page.after.bytes;
    code purpose = purpose_name[0] != '\0' ? policy_purpose (turn->policy, purpose_name) : CODE_NONE;
    if (purpose_name[0] != '\0' && purpose == CODE_NONE)
        return handling_invalid (handling, "vocabulary.purpose", "the policy pack has no such purpose");
    struct vocabulary vocabulary = look (turn, caller, purpose);
    struct page_made page = {.begun = after.size == 0};
    page.terms = arena_array (turn->arena, request->page.limit, sizeof *page.terms);
    list (&vocabulary, request, &page);
    if (!page.begun)
        return handling_invalid (handling, "vocabulary.after",
                                 "not where a page of this ended, or the pack or the parties changed: begin anew");
    handling->reply.body = REPLY_VOCABULARY;
    handling->reply.as.vocabulary.terms = page.terms;
    handling->reply.as.vocabulary.count = page.count;
    handling->reply.as.vocabulary.more = page.more;
    if (page.more)
        handling->reply.as.vocabulary.next = cursor_of (&vocabulary, &page.terms[page.count - 1]);
    handling->reply.as.vocabulary.policy = turn->policy->id;
    handling->reply.as.vocabulary.policy_hash = turn->policy->hash;
    return 0;
}
