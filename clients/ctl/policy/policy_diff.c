/* Which cells change. A cell is a provider kind, recipient kind, purpose and category. */
#include "policy_diff.h"

#include <stdlib.h>
#include <string.h>
#include "arena.h"

/* Codes of both packs */

static const char *name_at (const void *list, size_t stride, size_t index)
{
    const struct policy_entry *entry = (const void *)((const char *)list + index * stride);
    return entry->code;
}

static void add_code (struct diff_codes *codes, const char *name, code before, code after)
{
    codes->name[codes->count] = name;
    codes->before[codes->count] = before;
    codes->after[codes->count++] = after;
}

/* Entries of a pack: an array of structs that begin with a struct policy_entry. */
struct codes_of {
    const void *list;
    size_t count;
};

static struct diff_codes join_codes (struct arena *arena, struct codes_of a, struct codes_of b, size_t stride)
{
    size_t most = a.count + b.count;
    struct diff_codes codes = {.name = arena_array (arena, most, sizeof *codes.name),
                               .before = arena_array (arena, most, sizeof *codes.before),
                               .after = arena_array (arena, most, sizeof *codes.after)};
    for (size_t i = 0; i < a.count; i++)
        add_code (&codes, name_at (a.list, stride, i), (code)i, CODE_NONE);
    for (size_t j = 0; j < b.count; j++) {
        const char *name = name_at (b.list, stride, j);
        size_t i = 0;
        while (i < a.count && strcmp (codes.name[i], name) != 0)
            i++;
        if (i < a.count)
            codes.after[i] = (code)j;
        else
            add_code (&codes, name, CODE_NONE, (code)j);
    }
    return codes;
}

bool diff_set_has (const struct diff_set *set, size_t one)
{
    return (set->word[one / 64] >> (one % 64) & 1) != 0;
}

static void set_add (struct diff_set *set, size_t one)
{
    set->word[one / 64] |= UINT64_C (1) << (one % 64);
}

static bool same_set (const struct diff_set *a, const struct diff_set *b)
{
    return memcmp (a, b, sizeof *a) == 0;
}

static size_t size_of (const struct diff_set *set)
{
    size_t size = 0;
    for (size_t i = 0; i < DIFF_CODES; i++)
        size += diff_set_has (set, i);
    return size;
}

const char *policy_diff_names (struct arena *arena, const void *list, size_t count, size_t stride,
                               const code_set *set)
{
    const char *names = "";
    for (size_t i = 0; i < count; i++)
        if (code_set_has (set, (code)i))
            names = arena_printf (arena, "%s%s%s", names, *names ? ", " : "", name_at (list, stride, i));
    return names;
}

/* What a cell admits */

/* A cell as one of the packs has it. */
struct cell {
    const struct policy *policy;
    const struct policy_flow *flow;
    code provider, recipient, category;
    enum language language;
};

static struct cell find_cell (const struct policy *policy, code provider, code recipient, code purpose,
                              code category)
{
    struct cell cell = {policy, NULL, provider, recipient, category, ENGLISH};
    for (size_t i = 0; i < policy->flow_count && cell.flow == NULL; i++)
        if (policy->flows[i].purpose == purpose &&
            policy_flow_carries (policy, &policy->flows[i], provider, recipient, category))
            cell.flow = &policy->flows[i];
    return cell;
}

/* A statute of the flow that can be the ground of this cell: it is in scope, and carries the category. */
static bool statute_serves (const struct cell *cell, const struct policy_flow_statute *named)
{
    const struct policy_statute *statute = &cell->policy->statutes[named->statute];
    bool secret = cell->policy->kinds[cell->provider].secrecy == SECRECY_PROFESSIONAL;
    return (code_set_is_empty (&named->by) || code_set_has (&named->by, cell->provider)) &&
           (code_set_is_empty (&named->to) || code_set_has (&named->to, cell->recipient)) &&
           !policy_special_not_carried (cell->policy, cell->category, statute->carries) &&
           (!secret || statute->breaks_secrecy);
}

static const char *statute_text (struct arena *arena, const struct cell *cell,
                                 const struct policy_statute *statute)
{
    const struct policy *policy = cell->policy;
    enum language language = cell->language;
    const char *origins = statute->all_origins ? in_language (language, "any origin", "elke herkomst")
                                               : policy_diff_names (arena, policy->origins, policy->origin_count,
                                                                    sizeof *policy->origins, &statute->origins);
    return arena_printf (
        arena, "%s (%s%s%s)", statute->entry.code, origins,
        statute->breaks_secrecy ? in_language (language, "; breaks secrecy", "; doorbreekt beroepsgeheim") : "",
        statute->passes_restriction ? in_language (language, "; passes a restriction", "; ondanks afscherming")
                                    : "");
}

/* The urgent reasons that carry the cell's category. They are named only if the names tell something. */
static const char *urgent_text (struct arena *arena, const struct cell *cell, bool same_reasons)
{
    const struct policy *policy = cell->policy;
    code_set carrying = {0};
    bool all = true;
    for (size_t i = 0; i < policy->urgent_reason_count; i++)
        if (policy_special_not_carried (policy, cell->category, policy->urgent_reasons[i].carries))
            all = false;
        else
            code_set_add (&carrying, (code)i);
    if (code_set_is_empty (&carrying))
        return "";
    if (all && same_reasons)
        return in_language (cell->language, "; urgent reasons", "; dringende redenen");
    return arena_printf (arena, in_language (cell->language, "; urgent reasons (%s)", "; dringende redenen (%s)"),
                         policy_diff_names (arena, policy->urgent_reasons, policy->urgent_reason_count,
                                            sizeof *policy->urgent_reasons, &carrying));
}

/* Everything that a cell admits, as a text that is compared and shown. NULL: no flow has the cell. A consent is
   one-time if the flow says so, or if the provider is bound by professional secrecy (G7). */
static const char *admitted_text (struct arena *arena, const struct cell *cell, bool same_reasons)
{
    const struct policy_flow *flow = cell->flow;
    if (flow == NULL)
        return NULL;
    bool one_time = flow->one_time || cell->policy->kinds[cell->provider].secrecy == SECRECY_PROFESSIONAL;
    enum language language = cell->language;
    const char *text = flow->no_consent ? in_language (language, "no consent", "geen toestemming")
                       : one_time       ? in_language (language, "one-time consent", "eenmalige toestemming")
                                        : in_language (language, "consent", "toestemming");
    for (size_t i = 0; i < flow->statute_count; i++)
        if (statute_serves (cell, &flow->statutes[i]))
            text = arena_printf (arena, "%s; %s", text,
                                 statute_text (arena, cell, &cell->policy->statutes[flow->statutes[i].statute]));
    return arena_printf (
        arena, "%s%s%s", text,
        flow->written_request ? in_language (language, "; written request", "; schriftelijk verzoek") : "",
        flow->urgent_reasons ? urgent_text (arena, cell, same_reasons) : "");
}

static const char *origin_of (const struct cell *cell)
{
    return cell->flow ? cell->policy->origins[cell->flow->default_origin].entry.code : NULL;
}

static bool same_text (const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp (a, b) == 0);
}

/* Boxes */

struct boxes {
    struct diff_box *list;
    size_t count, room;
};

static bool change_alike (const struct diff_box *a, const struct diff_box *b)
{
    return a->purpose == b->purpose && a->before_flow == b->before_flow && a->after_flow == b->after_flow &&
           same_text (a->before, b->before) && same_text (a->after, b->after);
}

static void push (struct boxes *boxes, const struct diff_box *box)
{
    if (boxes->count == boxes->room) {
        boxes->room = boxes->room ? 2 * boxes->room : 32;
        boxes->list = realloc (boxes->list, boxes->room * sizeof *boxes->list);
        if (boxes->list == NULL)
            abort ();
    }
    boxes->list[boxes->count++] = *box;
}

/* Adds the category of a changing cell to the box of its provider and recipient. */
static void add_cell (struct boxes *pair, const struct diff_box *cell, size_t category)
{
    size_t i = 0;
    while (i < pair->count && !change_alike (&pair->list[i], cell))
        i++;
    if (i == pair->count)
        push (pair, cell);
    set_add (&pair->list[i].categories, category);
}

static void join_providers (struct boxes *boxes, const struct diff_box *pair, size_t provider)
{
    size_t i = 0;
    while (i < boxes->count &&
           !(change_alike (&boxes->list[i], pair) && same_set (&boxes->list[i].categories, &pair->categories)))
        i++;
    if (i == boxes->count)
        push (boxes, pair);
    set_add (&boxes->list[i].providers, provider);
}

static void join_recipients (struct boxes *boxes, const struct diff_box *column, size_t recipient)
{
    size_t i = 0;
    while (i < boxes->count && !(change_alike (&boxes->list[i], column) &&
                                 same_set (&boxes->list[i].categories, &column->categories) &&
                                 same_set (&boxes->list[i].providers, &column->providers)))
        i++;
    if (i == boxes->count)
        push (boxes, column);
    set_add (&boxes->list[i].recipients, recipient);
}

/* Collects the cells of one provider, recipient and purpose. */
struct gathering {
    struct arena *texts; /* of the cells that were looked at */
    struct arena *kept;
    struct policy_diff *diff;
    bool same_reasons; /* both packs have the same urgent reasons */
    struct boxes pair;
};

static void compare_cell (struct gathering *self, size_t provider, size_t recipient, size_t purpose,
                          size_t category)
{
    struct policy_diff *diff = self->diff;
    struct cell before = find_cell (diff->before, diff->kinds.before[provider], diff->kinds.before[recipient],
                                    diff->purposes.before[purpose], diff->categories.before[category]);
    struct cell after = find_cell (diff->after, diff->kinds.after[provider], diff->kinds.after[recipient],
                                   diff->purposes.after[purpose], diff->categories.after[category]);
    if (before.flow == NULL && after.flow == NULL)
        return;
    arena_reset (self->texts);
    before.language = after.language = diff->language;
    struct diff_box cell = {.purpose = purpose,
                            .before_flow = before.flow,
                            .after_flow = after.flow,
                            .before_origin = origin_of (&before),
                            .after_origin = origin_of (&after),
                            .before = admitted_text (self->texts, &before, self->same_reasons),
                            .after = admitted_text (self->texts, &after, self->same_reasons)};
    diff->cells++;
    if (same_text (cell.before, cell.after) && same_text (cell.before_origin, cell.after_origin))
        return;
    diff->opened += before.flow == NULL;
    diff->closed += after.flow == NULL;
    diff->changed += before.flow != NULL && after.flow != NULL;
    size_t known = self->pair.count;
    add_cell (&self->pair, &cell, category);
    if (self->pair.count > known) {
        struct diff_box *box = &self->pair.list[known];
        box->before = cell.before ? arena_strdup (self->kept, cell.before) : NULL;
        box->after = cell.after ? arena_strdup (self->kept, cell.after) : NULL;
    }
}

static bool joins (const struct policy *policy, code provider, code recipient, code purpose)
{
    for (size_t i = 0; i < policy->flow_count; i++)
        if (policy->flows[i].purpose == purpose && code_set_has (&policy->flows[i].providers, provider) &&
            code_set_has (&policy->flows[i].recipients, recipient))
            return true;
    return false;
}

static void compare_purpose (struct gathering *self, size_t purpose, struct boxes *boxes)
{
    const struct policy_diff *diff = self->diff;
    const struct diff_codes *kinds = &diff->kinds;
    for (size_t recipient = 0; recipient < kinds->count; recipient++) {
        struct boxes column = {0};
        for (size_t provider = 0; provider < kinds->count; provider++) {
            if (!joins (diff->before, kinds->before[provider], kinds->before[recipient],
                        diff->purposes.before[purpose]) &&
                !joins (diff->after, kinds->after[provider], kinds->after[recipient],
                        diff->purposes.after[purpose]))
                continue;
            self->pair.count = 0;
            for (size_t category = 0; category < diff->categories.count; category++)
                compare_cell (self, provider, recipient, purpose, category);
            for (size_t i = 0; i < self->pair.count; i++)
                join_providers (&column, &self->pair.list[i], provider);
        }
        for (size_t i = 0; i < column.count; i++)
            join_recipients (boxes, &column.list[i], recipient);
        free (column.list);
    }
}

static const char *heading_of (const struct diff_box *box)
{
    return (box->after_flow ? box->after_flow : box->before_flow)->entry.code;
}

/* In the order of the flow's code, A2 before A10. Within a flow the largest box comes first. */
static int compare_boxes (const void *a, const void *b)
{
    const struct diff_box *one = a, *other = b;
    int order = strverscmp (heading_of (one), heading_of (other));
    if (order == 0)
        order = (one->cells < other->cells) - (one->cells > other->cells);
    if (order == 0)
        order = memcmp (&one->providers, &other->providers, sizeof one->providers);
    return order ? order : memcmp (&one->recipients, &other->recipients, sizeof one->recipients);
}

static bool know_same_reasons (const struct policy *a, const struct policy *b)
{
    if (a->urgent_reason_count != b->urgent_reason_count)
        return false;
    for (size_t i = 0; i < a->urgent_reason_count; i++)
        if (strcmp (a->urgent_reasons[i].entry.code, b->urgent_reasons[i].entry.code) != 0)
            return false;
    return true;
}

static void compare_cells (struct arena *arena, struct policy_diff *diff)
{
    enum { TEXTS = 64 << 20 };
    struct boxes boxes = {0};
    struct gathering gathering = {.texts = arena_new (TEXTS),
                                  .kept = arena,
                                  .diff = diff,
                                  .same_reasons = know_same_reasons (diff->before, diff->after)};
    for (size_t purpose = 0; purpose < diff->purposes.count; purpose++)
        compare_purpose (&gathering, purpose, &boxes);
    for (size_t i = 0; i < boxes.count; i++)
        boxes.list[i].cells = size_of (&boxes.list[i].providers) * size_of (&boxes.list[i].recipients) *
                              size_of (&boxes.list[i].categories);
    if (boxes.count > 0) {
        qsort (boxes.list, boxes.count, sizeof *boxes.list, compare_boxes);
        diff->boxes = arena_memdup (arena, boxes.list, boxes.count * sizeof *boxes.list);
    }
    diff->box_count = boxes.count;
    free (boxes.list);
    free (gathering.pair.list);
    arena_destroy (&gathering.texts);
}

struct policy_diff *policy_diff_make (struct arena *arena, const struct policy *before, const struct policy *after,
                                      enum language language)
{
    struct policy_diff *diff = arena_alloc (arena, sizeof *diff);
    diff->before = before;
    diff->after = after;
    diff->language = language;
    diff->kinds = join_codes (arena, (struct codes_of){before->kinds, before->kind_count},
                              (struct codes_of){after->kinds, after->kind_count}, sizeof *before->kinds);
    diff->categories =
        join_codes (arena, (struct codes_of){before->categories, before->category_count},
                    (struct codes_of){after->categories, after->category_count}, sizeof *before->categories);
    diff->purposes =
        join_codes (arena, (struct codes_of){before->purposes, before->purpose_count},
                    (struct codes_of){after->purposes, after->purpose_count}, sizeof *before->purposes);
    compare_cells (arena, diff);
    policy_diff_terms (arena, diff);
    return diff;
}

bool policy_diff_is_ambiguous (const struct policy_diff *diff)
{
    return strcmp (diff->before->id, diff->after->id) == 0 &&
           memcmp (diff->before->hash, diff->after->hash, sizeof diff->before->hash) != 0;
}

bool policy_diff_is_empty (const struct policy_diff *diff)
{
    return diff->box_count == 0 && diff->change_count == 0;
}
