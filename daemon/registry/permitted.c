#include "permitted.h"
#include <stdlib.h>
#include <string.h>
#include "parties/parties.h"
#include "subject_file.h"

enum {
    PARTY_WORK = 1 << 20,    /* of decisions about the permits of one party */
    PARTY_CATEGORIES = 1024, /* that are told of it, of one subject */
};

struct permit_list {
    struct permit items[CODE_LIMIT];
    size_t count;
};

/* How one permit is told. */
static struct permitted_category told (const struct decide_facts *facts, const struct permit *permit)
{
    const struct policy *policy = facts->policy;
    bool by_consent = permit->ground == POLICY_CONSENT;
    return (struct permitted_category){
        .category = policy->categories[permit->category].entry.code,
        .ground = by_consent ? DUTY_CONSENT : DUTY_STATUTE,
        .statute = by_consent ? NULL : policy->statutes[permit->statute].entry.code,
        .consent_id = by_consent ? facts->statements[permit->consent].id : NULL,
        .from = permit->from > facts->now ? permit->from : 0,
        .until = permit->until,
    };
}

static bool is_wanted (const struct decide_facts *facts, const struct permitted_wish *wish,
                       const struct permit *permit)
{
    return (wish->ahead || permit->from <= facts->now) &&
           (wish->category == CODE_NONE || wish->category == permit->category);
}

/* Keeps those that are wanted. */
static void keep_wanted (const struct decide_facts *facts, const struct permitted_wish *wish,
                         struct permit_list *permits)
{
    size_t kept = 0;
    for (size_t i = 0; i < permits->count; i++)
        if (is_wanted (facts, wish, &permits->items[i]))
            permits->items[kept++] = permits->items[i];
    permits->count = kept;
}

static struct permitted make_row (struct turn *turn, const struct decide_facts *facts,
                                  const struct permit_question *question, const struct permit_list *permits)
{
    struct permitted_category *categories = arena_array (turn->arena, permits->count, sizeof *categories);
    for (size_t i = 0; i < permits->count; i++)
        categories[i] = told (facts, &permits->items[i]);
    return (struct permitted){.provider = question->provider->id,
                              .recipient = question->recipient->id,
                              .purpose = facts->policy->purposes[question->purpose].entry.code,
                              .categories = categories,
                              .category_count = permits->count,
                              .case_ref = question->case_ref};
}

struct permitted_list permitted_between (struct turn *turn, const struct decide_facts *facts,
                                         const struct permit_question *question, const struct permitted_wish *wish)
{
    const char *cases[SUBJECT_FILE_STATEMENTS];
    size_t case_count = permits_cases (facts, question, cases), work = 0;
    struct permitted_list list = {.count = 0};
    struct permitted *rows = NULL;
    for (size_t i = wish->first; i <= case_count && !list.left_out; i++) {
        struct permit_question of_case = *question;
        struct permit_list permits;
        of_case.case_ref = i > 0 ? cases[i - 1] : "";
        permits.count = permits_find (facts, &of_case, permits.items, &work);
        keep_wanted (facts, wish, &permits);
        if (permits.count > 0 && rows == NULL) /* for most there are none: that takes no memory */
            rows = arena_array (turn->arena, 1 + case_count - i, sizeof *rows);
        if (permits.count > 0) {
            rows[list.count] = make_row (turn, facts, &of_case, &permits);
            rows[list.count++].index = i;
        }
        list.next = i + 1;
        list.left_out = i < case_count && wish->most_work > 0 && work > wish->most_work;
    }
    turn->work += work;
    list.items = rows;
    return list;
}

/* The other parties. */

static int compare_texts (const void *one, const void *other)
{
    return strcmp (*(const char *const *)one, *(const char *const *)other);
}

static void add_others (struct text_set *set, const struct text_set *named, const char *party)
{
    for (size_t i = 0; i < named->count; i++)
        if (strcmp (named->item[i], party) != 0)
            set->item[set->count++] = named->item[i];
}

/* V2: an item is between a provider and a recipient of one statement. */
static struct text_set others_of (struct turn *turn, const struct decide_facts *facts, const char *party)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < facts->statement_count; i++)
        most += facts->statements[i].scope.providers.count + facts->statements[i].scope.recipients.count;
    struct text_set set = {arena_array (turn->arena, most, sizeof *set.item), 0};
    for (size_t i = 0; i < facts->statement_count; i++) {
        const struct scope *scope = &facts->statements[i].scope;
        if (text_set_has (&scope->providers, party))
            add_others (&set, &scope->recipients, party);
        if (text_set_has (&scope->recipients, party))
            add_others (&set, &scope->providers, party);
    }
    qsort (set.item, set.count, sizeof *set.item, compare_texts);
    for (size_t i = 0; i < set.count; i++)
        if (count == 0 || strcmp (set.item[count - 1], set.item[i]) != 0)
            set.item[count++] = set.item[i];
    set.count = count;
    return set;
}

/* All that one party may know of. */
struct gathering {
    struct turn *turn;
    const struct decide_facts *facts;
    struct permitted *rows;
    size_t count, room, categories;
    uint64_t work_before;
};

static bool is_too_much (const struct gathering *self)
{
    return self->categories > PARTY_CATEGORIES || self->turn->work - self->work_before > PARTY_WORK;
}

static void add_rows (struct gathering *self, const struct permitted_list *list)
{
    if (self->room - self->count < list->count) {
        self->room = 2 * self->room + list->count;
        struct permitted *more = arena_array (self->turn->arena, self->room, sizeof *more);
        if (self->count > 0)
            memcpy (more, self->rows, self->count * sizeof *more);
        self->rows = more;
    }
    for (size_t i = 0; i < list->count; i++) {
        self->rows[self->count++] = list->items[i];
        self->categories += list->items[i].category_count;
    }
}

/* For all purposes. */
static void gather (struct gathering *self, const struct party *provider, const struct party *recipient)
{
    static const struct permitted_wish wish = {.ahead = true, .category = CODE_NONE, .most_work = PARTY_WORK};
    const struct policy *policy = self->facts->policy;
    for (size_t i = 0; i < policy->purpose_count && !is_too_much (self); i++) {
        struct permit_question question = {provider, recipient, (code)i, ""};
        if (!permits_are_possible (policy, provider->kind, recipient->kind, (code)i))
            continue;
        struct permitted_list list = permitted_between (self->turn, self->facts, &question, &wish);
        add_rows (self, &list);
    }
}

struct permitted_list permitted_of_party (struct turn *turn, const struct decide_facts *facts, const char *party)
{
    const struct party *own = parties_lookup (turn->parties, party);
    struct gathering all = {.turn = turn, .facts = facts, .work_before = turn->work};
    struct text_set others = others_of (turn, facts, party);
    for (size_t i = 0; i < others.count && own != NULL; i++) {
        const struct party *other = parties_lookup (turn->parties, others.item[i]);
        if (other == NULL)
            continue;
        gather (&all, own, other);
        gather (&all, other, own);
    }
    if (is_too_much (&all))
        return (struct permitted_list){.left_out = true};
    return (struct permitted_list){.items = all.rows, .count = all.count};
}
