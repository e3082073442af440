/* The differences besides the cells: what the cells rest on, and the settings of the pack. Each thing with a code
   becomes a list of properties as text. The lists of both packs are compared side by side. */
#include <string.h>
#include "arena.h"
#include "policy_diff.h"

enum { PROPERTIES = 6 };

/* A thing of a pack: its code, and its properties in a fixed order. */
struct thing {
    const char *code;
    const char *property[PROPERTIES]; /* NULL: no more */
};

/* A section: the number of its things in a pack, and the thing at an index. */
struct section {
    const char *title;
    const char *names[PROPERTIES];
    size_t (*count) (const struct policy *policy);
    struct thing (*thing) (struct arena *arena, const struct policy *policy, size_t index);
};

static const char *yes_no (bool yes)
{
    return yes ? "yes" : "no";
}

static const char *carries_text (enum carries carries)
{
    return carries == CARRIES_ALL ? "all" : carries == CARRIES_HEALTH ? "health" : "none";
}

static const char *days_text (struct arena *arena, unsigned days)
{
    return arena_printf (arena, "%u days", days);
}

/* Party kinds */

static size_t count_kinds (const struct policy *policy)
{
    return policy->kind_count;
}

static struct thing kind_at (struct arena *arena, const struct policy *policy, size_t index)
{
    static const char *const secrecies[] = {
        [SECRECY_NONE] = "none", [SECRECY_OFFICIAL] = "official", [SECRECY_PROFESSIONAL] = "professional"};
    const struct policy_kind *kind = &policy->kinds[index];
    (void)arena;
    return (struct thing){kind->entry.code,
                          {secrecies[kind->secrecy], yes_no (kind->third_party), yes_no (kind->needs_agreement)}};
}

/* Categories */

static size_t count_categories (const struct policy *policy)
{
    return policy->category_count;
}

static struct thing category_at (struct arena *arena, const struct policy *policy, size_t index)
{
    static const char *const specials[] = {
        [SPECIAL_NO] = "no", [SPECIAL_HEALTH] = "health", [SPECIAL_OTHER] = "other"};
    static const char *const facts[] = {
        [FACT_NONE] = "none", [FACT_BIRTH_DATE] = "birth date", [FACT_REPRESENTATIVES] = "representatives"};
    const struct policy_category *category = &policy->categories[index];
    return (struct thing){category->entry.code,
                          {specials[category->special],
                           category->area ? arena_strndup (arena, &category->area, 1) : "none",
                           yes_no (category->existence_only), facts[category->fact]}};
}

/* Purposes */

static size_t count_purposes (const struct policy *policy)
{
    return policy->purpose_count;
}

static struct thing purpose_at (struct arena *arena, const struct policy *policy, size_t index)
{
    const struct policy_purpose *purpose = &policy->purposes[index];
    return (struct thing){purpose->entry.code,
                          {arena_printf (arena, "%u months", purpose->longest_months),
                           policy_diff_names (arena, policy->purposes, policy->purpose_count,
                                              sizeof *policy->purposes, &purpose->serves),
                           yes_no (purpose->record_in_plan), yes_no (purpose->manager_first),
                           yes_no (purpose->inform_always)}};
}

/* Origins */

static size_t count_origins (const struct policy *policy)
{
    return policy->origin_count;
}

static struct thing origin_at (struct arena *arena, const struct policy *policy, size_t index)
{
    (void)arena;
    return (struct thing){policy->origins[index].entry.code, {NULL}};
}

/* Statutes */

static size_t count_statutes (const struct policy *policy)
{
    return policy->statute_count;
}

static struct thing statute_at (struct arena *arena, const struct policy *policy, size_t index)
{
    const struct policy_statute *statute = &policy->statutes[index];
    const char *origins = statute->all_origins ? "all"
                                               : policy_diff_names (arena, policy->origins, policy->origin_count,
                                                                    sizeof *policy->origins, &statute->origins);
    return (struct thing){statute->entry.code,
                          {origins, carries_text (statute->carries), yes_no (statute->breaks_secrecy),
                           yes_no (statute->passes_restriction), yes_no (statute->inform_deferrable)}};
}

/* Urgent reasons */

static size_t count_urgent_reasons (const struct policy *policy)
{
    return policy->urgent_reason_count;
}

static struct thing urgent_reason_at (struct arena *arena, const struct policy *policy, size_t index)
{
    const struct policy_urgent_reason *reason = &policy->urgent_reasons[index];
    (void)arena;
    return (struct thing){reason->entry.code,
                          {carries_text (reason->carries), yes_no (reason->passes_restriction)}};
}

/* Representatives */

static size_t count_representatives (const struct policy *policy)
{
    return policy->representative_count;
}

static struct thing representative_at (struct arena *arena, const struct policy *policy, size_t index)
{
    (void)arena;
    return (struct thing){policy->representatives[index].entry.code,
                          {yes_no (policy->representatives[index].counts)}};
}

/* Notices */

static size_t count_notices (const struct policy *policy)
{
    return policy->notice_count;
}

static struct thing notice_at (struct arena *arena, const struct policy *policy, size_t index)
{
    const struct policy_notice *notice = &policy->notices[index];
    return (struct thing){
        arena_printf (arena, "%s, version %s, %s", notice->id, notice->version, notice->language), {NULL}};
}

/* Retention */

static size_t count_retentions (const struct policy *policy)
{
    return policy->retention_count;
}

static struct thing retention_at (struct arena *arena, const struct policy *policy, size_t index)
{
    const struct policy_retention *one = &policy->retentions[index];
    const char *period = one->until_majority   ? "until majority"
                         : one->longest_record ? "longest record"
                                               : arena_printf (arena, "%u years from %s", one->years,
                                                               counts_from_words[one->counts_from]);
    return (struct thing){one->code, {one->held_by, one->law, period}};
}

/* Ages: a band of one pack may overlap several of the other. So they are compared at every age at which either
   changes. */

static const char *signers_at (const struct policy *policy, unsigned age)
{
    const struct policy_age_band *band = &policy->ages[0];
    for (size_t i = 0; i < policy->age_count; i++)
        if (policy->ages[i].from <= age)
            band = &policy->ages[i];
    return band->subject && band->representatives ? "subject and representatives"
           : band->subject                        ? "subject"
                                                  : "representatives";
}

/* The first age above `age` at which a band of the pack begins. 0: there is none. */
static unsigned next_age (const struct policy *policy, unsigned age)
{
    for (size_t i = 0; i < policy->age_count; i++)
        if (policy->ages[i].from > age)
            return policy->ages[i].from;
    return 0;
}

/* Settings */

static const char *grounds_text (struct arena *arena, const struct policy *policy)
{
    static const char *const grounds[] = {
        [POLICY_CONSENT] = "consent", [POLICY_STATUTE] = "statute", [POLICY_WITHOUT_CONSENT] = "without consent"};
    return arena_printf (arena, "%s, %s, %s", grounds[policy->grounds[0]], grounds[policy->grounds[1]],
                         grounds[policy->grounds[2]]);
}

enum setting {
    SETTING_GROUNDS,
    SETTING_NOT_THE_GROUND,
    SETTING_SPECIAL_RECIPIENTS,
    SETTING_REPRESENTATIVES,
    SETTING_WITHDRAWS_FROM,
    SETTING_NOTICES,
    SETTING_INFORM,
    SETTING_REQUEST,
    SETTING_EXTENSION,
    SETTING_OBJECTION,
    SETTINGS
};

static size_t count_settings (const struct policy *policy)
{
    (void)policy;
    return SETTINGS;
}

static const char *setting_text (struct arena *arena, const struct policy *policy, enum setting setting)
{
    switch (setting) {
    case SETTING_GROUNDS:
        return grounds_text (arena, policy);
    case SETTING_NOT_THE_GROUND:
        return policy->refuse_consent_not_the_ground ? "refused" : "accepted with a warning";
    case SETTING_SPECIAL_RECIPIENTS:
        return policy_diff_names (arena, policy->kinds, policy->kind_count, sizeof *policy->kinds,
                                  &policy->special_recipients);
    case SETTING_REPRESENTATIVES:
        return policy->any_representative ? "any one of them" : "all of them";
    case SETTING_WITHDRAWS_FROM:
        return arena_printf (arena, "%u", policy->withdraws_from);
    case SETTING_NOTICES:
        return policy->notice_count > 0 ? "those listed" : "any";
    case SETTING_INFORM:
        return days_text (arena, policy->due.inform_days);
    case SETTING_REQUEST:
        return days_text (arena, policy->due.request_days);
    case SETTING_EXTENSION:
        return policy->due.extension_months > 0 ? arena_printf (arena, "%u months", policy->due.extension_months)
                                                : "not at all";
    case SETTING_OBJECTION:
    case SETTINGS:
        break;
    }
    return days_text (arena, policy->due.objection_days);
}

static struct thing setting_at (struct arena *arena, const struct policy *policy, size_t index)
{
    static const char *const names[SETTINGS] = {
        [SETTING_GROUNDS] = "order of the grounds",
        [SETTING_NOT_THE_GROUND] = "consent for what a statute carries",
        [SETTING_SPECIAL_RECIPIENTS] = "special categories flow to",
        [SETTING_REPRESENTATIVES] = "representatives who sign",
        [SETTING_WITHDRAWS_FROM] = "the subject withdraws from",
        [SETTING_NOTICES] = "notices that will do",
        [SETTING_INFORM] = "informed within",
        [SETTING_REQUEST] = "requests due in",
        [SETTING_EXTENSION] = "requests put off by",
        [SETTING_OBJECTION] = "objections due in",
    };
    return (struct thing){names[index], {setting_text (arena, policy, (enum setting)index)}};
}

static const struct section sections[] = {
    {"Party kinds", {"secrecy", "third party", "needs agreement"}, count_kinds, kind_at},
    {"Categories", {"special", "area", "existence only", "fact"}, count_categories, category_at},
    {"Purposes",
     {"longest", "serves", "recorded in plan", "manager first", "informed always"},
     count_purposes,
     purpose_at},
    {"Origins", {NULL}, count_origins, origin_at},
    {"Statutes",
     {"origins", "carries special", "breaks secrecy", "passes a restriction", "informing may wait"},
     count_statutes,
     statute_at},
    {"Urgent reasons", {"carries special", "passes a restriction"}, count_urgent_reasons, urgent_reason_at},
    {"Representatives", {"counts"}, count_representatives, representative_at},
    {"Notices", {NULL}, count_notices, notice_at},
    {"Retention", {"held by", "law", "period"}, count_retentions, retention_at},
    {"Settings", {""}, count_settings, setting_at},
};

/* Comparing */

static void add (struct arena *arena, struct policy_diff *diff, struct diff_change change)
{
    enum { STEP = 64 };
    if (diff->change_count % STEP == 0) {
        struct diff_change *more = arena_array (arena, diff->change_count + STEP, sizeof *more);
        if (diff->change_count > 0)
            memcpy (more, diff->changes, diff->change_count * sizeof *more);
        diff->changes = more;
    }
    diff->changes[diff->change_count++] = change;
}

static bool find_thing (struct arena *arena, const struct section *section, const struct policy *policy,
                        const char *name, struct thing *found)
{
    for (size_t i = 0; i < section->count (policy); i++) {
        *found = section->thing (arena, policy, i);
        if (strcmp (found->code, name) == 0)
            return true;
    }
    return false;
}

/* Adds a thing that only one of the packs has, whole. A thing without properties is itself the change. */
static void add_thing (struct arena *arena, struct policy_diff *diff, const struct section *section,
                       const struct thing *thing, bool gone)
{
    struct diff_change change = {
        .section = section->title, .code = thing->code, .sort = gone ? DIFF_GONE : DIFF_NEW};
    size_t i = 0;
    do {
        change.property = section->names[i];
        *(gone ? &change.before : &change.after) = thing->property[i];
        add (arena, diff, change);
    } while (++i < PROPERTIES && thing->property[i] != NULL);
}

static void compare_things (struct arena *arena, struct policy_diff *diff, const struct section *section,
                            const struct thing *before, const struct thing *after)
{
    for (size_t i = 0; i < PROPERTIES && before->property[i] != NULL; i++)
        if (strcmp (before->property[i], after->property[i]) != 0)
            add (arena, diff,
                 (struct diff_change){section->title, before->code, section->names[i], before->property[i],
                                      after->property[i], DIFF_CHANGED});
}

static void compare_section (struct arena *arena, struct policy_diff *diff, const struct section *section)
{
    struct thing other;
    for (size_t i = 0; i < section->count (diff->before); i++) {
        struct thing before = section->thing (arena, diff->before, i);
        if (find_thing (arena, section, diff->after, before.code, &other))
            compare_things (arena, diff, section, &before, &other);
        else
            add_thing (arena, diff, section, &before, true);
    }
    for (size_t i = 0; i < section->count (diff->after); i++) {
        struct thing after = section->thing (arena, diff->after, i);
        if (!find_thing (arena, section, diff->before, after.code, &other))
            add_thing (arena, diff, section, &after, false);
    }
}

static unsigned earliest (unsigned a, unsigned b)
{
    return a == 0 ? b : b == 0 ? a : a < b ? a : b;
}

static void compare_ages (struct arena *arena, struct policy_diff *diff)
{
    unsigned from = 0;
    do {
        unsigned until = earliest (next_age (diff->before, from), next_age (diff->after, from));
        const char *before = signers_at (diff->before, from), *after = signers_at (diff->after, from);
        const char *ages =
            until ? arena_printf (arena, "%u to %u", from, until) : arena_printf (arena, "from %u", from);
        if (strcmp (before, after) != 0)
            add (arena, diff, (struct diff_change){"Who signs", ages, "", before, after, DIFF_CHANGED});
        from = until;
    } while (from != 0);
}

void policy_diff_terms (struct arena *arena, struct policy_diff *diff)
{
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        compare_section (arena, diff, &sections[i]);
    compare_ages (arena, diff);
}
