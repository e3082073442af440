/* The files of a pack that declare codes: origins, parties, categories, purposes, statutes, urgent reasons and
   representatives. Flows join these codes, and have a file of their own. */
#include <string.h>
#include "policy_parts.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

#define ENTRY_KEYS                              \
    {"nl", KEY_REQUIRED}, {"en", KEY_REQUIRED}, \
    {                                           \
        "source", KEY_REQUIRED                  \
    }

static bool is_yes (struct policy_reading *self, const struct policy_stanza *stanza, const char *key)
{
    return policy_field_yes (self, policy_stanza_field (stanza, key));
}

static enum carries read_carries (struct policy_reading *self, const struct policy_stanza *stanza)
{
    static const char *const words[] = {
        [CARRIES_NONE] = "none", [CARRIES_HEALTH] = "health", [CARRIES_ALL] = "all"};
    int carries =
        policy_field_choice (self, policy_stanza_field (stanza, "carries-special"), words, COUNT (words));
    return carries < 0 ? CARRIES_NONE : (enum carries)carries;
}

/* Groups */

static void read_group (struct policy_reading *self, const struct policy_stanza *stanza,
                        const struct policy_vocabulary *vocabulary, struct policy_group *group)
{
    for (size_t i = 0; i < vocabulary->count; i++) {
        const struct policy_entry *entry = (const void *)((const char *)vocabulary->list + i * vocabulary->stride);
        if (strcmp (entry->code, stanza->name) == 0)
            policy_fail (self, stanza->line, "\"%s\" is a %s already; a group needs a name of its own",
                         stanza->name, vocabulary->sort);
    }
    group->members = policy_field_codes (self, policy_stanza_field (stanza, "members"), vocabulary);
}

static void read_kind_group (struct policy_reading *self, const struct policy_stanza *stanza, void *entry)
{
    read_group (self, stanza, &self->kinds, entry);
}

static void read_category_group (struct policy_reading *self, const struct policy_stanza *stanza, void *entry)
{
    read_group (self, stanza, &self->categories, entry);
}

static struct policy_group *read_groups (struct policy_reading *self, const struct policy_document *document,
                                         struct policy_vocabulary *vocabulary,
                                         void (*read) (struct policy_reading *, const struct policy_stanza *,
                                                       void *))
{
    static const struct policy_key keys[] = {{"members", KEY_REQUIRED}};
    const struct policy_sort sort = {"group", sizeof (struct policy_group), keys, COUNT (keys), read};
    struct policy_vocabulary groups;
    size_t failures = self->failures;
    struct policy_group *list = policy_read_list (self, document, &sort, &groups);
    vocabulary->incomplete = vocabulary->incomplete || self->failures > failures;
    vocabulary->groups = list;
    vocabulary->group_count = groups.count;
    return list;
}

/* origins.txt */

static void read_origin (struct policy_reading *self, const struct policy_stanza *stanza, void *entry)
{
    struct policy_origin *origin = entry;
    policy_read_entry (self, stanza, &origin->entry);
}

void policy_read_origins (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"origin"};
    static const struct policy_key keys[] = {ENTRY_KEYS};
    static const struct policy_sort sort = {"origin", sizeof (struct policy_origin), keys, COUNT (keys),
                                            read_origin};
    policy_check_headings (self, document, sorts, COUNT (sorts), false);
    self->policy->origins = policy_read_list (self, document, &sort, &self->origins);
    self->policy->origin_count = self->origins.count;
}

/* parties.txt */

static void read_kind (struct policy_reading *self, const struct policy_stanza *stanza, void *entry)
{
    static const char *const secrecies[] = {
        [SECRECY_NONE] = "none", [SECRECY_OFFICIAL] = "official", [SECRECY_PROFESSIONAL] = "professional"};
    struct policy_kind *kind = entry;
    policy_read_entry (self, stanza, &kind->entry);
    int secrecy =
        policy_field_choice (self, policy_stanza_field (stanza, "secrecy"), secrecies, COUNT (secrecies));
    kind->secrecy = secrecy < 0 ? SECRECY_PROFESSIONAL : (enum secrecy)secrecy;
    kind->third_party = is_yes (self, stanza, "third-party");
    kind->needs_agreement = is_yes (self, stanza, "needs-agreement");
}

void policy_read_parties (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"kind", "group"};
    static const struct policy_key keys[] = {
        ENTRY_KEYS, {"secrecy", KEY_REQUIRED}, {"third-party", KEY_REQUIRED}, {"needs-agreement", KEY_REQUIRED}};
    static const struct policy_sort sort = {"kind", sizeof (struct policy_kind), keys, COUNT (keys), read_kind};
    policy_check_headings (self, document, sorts, COUNT (sorts), false);
    self->policy->kinds = policy_read_list (self, document, &sort, &self->kinds);
    self->policy->kind_count = self->kinds.count;
    self->kind_groups = read_groups (self, document, &self->kinds, read_kind_group);
}

/* categories.txt */

static void read_category (struct policy_reading *self, const struct policy_stanza *stanza, void *entry)
{
    static const char *const areas[] = {"none", "A", "B", "C", "D", "E", "F"};
    static const char *const specials[] = {
        [SPECIAL_NO] = "no", [SPECIAL_HEALTH] = "health", [SPECIAL_OTHER] = "other"};
    static const char *const facts[] = {"birth-date", "representatives"};
    struct policy_category *category = entry;
    policy_read_entry (self, stanza, &category->entry);
    int area = policy_field_choice (self, policy_stanza_field (stanza, "area"), areas, COUNT (areas));
    category->area = area > 0 ? areas[area][0] : '\0';
    int special = policy_field_choice (self, policy_stanza_field (stanza, "special"), specials, COUNT (specials));
    category->special = special < 0 ? SPECIAL_OTHER : (enum special)special;
    category->existence_only = is_yes (self, stanza, "existence-only");
    struct policy_field *fact = policy_stanza_field (stanza, "fact");
    if (fact != NULL)
        category->fact = (enum policy_fact) (1 + policy_field_choice (self, fact, facts, COUNT (facts)));
}

void policy_read_categories (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"category", "group"};
    static const struct policy_key keys[] = {ENTRY_KEYS,
                                             {"area", KEY_REQUIRED},
                                             {"special", KEY_REQUIRED},
                                             {"existence-only", KEY_OPTIONAL},
                                             {"fact", KEY_OPTIONAL}};
    static const struct policy_sort sort = {"category", sizeof (struct policy_category), keys, COUNT (keys),
                                            read_category};
    policy_check_headings (self, document, sorts, COUNT (sorts), false);
    self->policy->categories = policy_read_list (self, document, &sort, &self->categories);
    self->policy->category_count = self->categories.count;
    self->category_groups = read_groups (self, document, &self->categories, read_category_group);
}

/* purposes.txt */

static void read_purpose (struct policy_reading *self, const struct policy_stanza *stanza, void *entry)
{
    struct policy_purpose *purpose = entry;
    policy_read_entry (self, stanza, &purpose->entry);
    purpose->longest_months = policy_field_period (self, policy_stanza_field (stanza, "longest"), UNIT_MONTHS);
    policy_field_text (self, policy_stanza_field (stanza, "longest-source"));
    struct policy_field *serves = policy_stanza_field (stanza, "serves");
    purpose->serves = policy_field_codes (self, serves, &self->purposes);
    code own = (code)(purpose - (const struct policy_purpose *)self->purposes.list);
    if (serves != NULL && code_set_has (&purpose->serves, own))
        policy_fail (self, serves->line, "purpose \"%s\" serves itself; name only other purposes", stanza->name);
    purpose->record_in_plan = is_yes (self, stanza, "record-in-plan");
    purpose->manager_first = is_yes (self, stanza, "manager-first");
    purpose->inform_always = is_yes (self, stanza, "inform-always");
}

void policy_read_purposes (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"purpose"};
    static const struct policy_key keys[] = {ENTRY_KEYS,
                                             {"longest", KEY_REQUIRED},
                                             {"longest-source", KEY_REQUIRED},
                                             {"serves", KEY_OPTIONAL},
                                             {"record-in-plan", KEY_OPTIONAL},
                                             {"manager-first", KEY_OPTIONAL},
                                             {"inform-always", KEY_OPTIONAL}};
    static const struct policy_sort sort = {"purpose", sizeof (struct policy_purpose), keys, COUNT (keys),
                                            read_purpose};
    policy_check_headings (self, document, sorts, COUNT (sorts), false);
    self->policy->purposes = policy_read_list (self, document, &sort, &self->purposes);
    self->policy->purpose_count = self->purposes.count;
}

/* statutes.txt */

static void read_statute (struct policy_reading *self, const struct policy_stanza *stanza, void *entry)
{
    struct policy_statute *statute = entry;
    policy_read_entry (self, stanza, &statute->entry);
    struct policy_field *origins = policy_stanza_field (stanza, "origins");
    statute->all_origins = origins != NULL && strcmp (origins->value, "all") == 0;
    if (!statute->all_origins)
        statute->origins = policy_field_codes (self, origins, &self->origins);
    statute->carries = read_carries (self, stanza);
    statute->breaks_secrecy = is_yes (self, stanza, "breaks-secrecy");
    statute->passes_restriction = is_yes (self, stanza, "passes-restriction");
    statute->inform_deferrable = is_yes (self, stanza, "informing-deferrable");
}

void policy_read_statutes (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"statute"};
    static const struct policy_key keys[] = {ENTRY_KEYS,
                                             {"origins", KEY_REQUIRED},
                                             {"carries-special", KEY_REQUIRED},
                                             {"breaks-secrecy", KEY_REQUIRED},
                                             {"passes-restriction", KEY_REQUIRED},
                                             {"informing-deferrable", KEY_REQUIRED}};
    static const struct policy_sort sort = {"statute", sizeof (struct policy_statute), keys, COUNT (keys),
                                            read_statute};
    policy_check_headings (self, document, sorts, COUNT (sorts), true);
    self->policy->statutes = policy_read_list (self, document, &sort, &self->statutes);
    self->policy->statute_count = self->statutes.count;
}

/* urgent-reasons.txt */

static void read_urgent_reason (struct policy_reading *self, const struct policy_stanza *stanza, void *entry)
{
    struct policy_urgent_reason *reason = entry;
    policy_read_entry (self, stanza, &reason->entry);
    reason->carries = read_carries (self, stanza);
    reason->passes_restriction = is_yes (self, stanza, "passes-restriction");
}

void policy_read_urgent_reasons (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"reason"};
    static const struct policy_key keys[] = {
        ENTRY_KEYS, {"carries-special", KEY_REQUIRED}, {"passes-restriction", KEY_REQUIRED}};
    static const struct policy_sort sort = {"reason", sizeof (struct policy_urgent_reason), keys, COUNT (keys),
                                            read_urgent_reason};
    struct policy_vocabulary reasons;
    policy_check_headings (self, document, sorts, COUNT (sorts), true);
    self->policy->urgent_reasons = policy_read_list (self, document, &sort, &reasons);
    self->policy->urgent_reason_count = reasons.count;
    self->unsure_reasons = self->unsure;
}

/* representatives.txt */

static void read_representative (struct policy_reading *self, const struct policy_stanza *stanza, void *entry)
{
    struct policy_representative *representative = entry;
    policy_read_entry (self, stanza, &representative->entry);
    representative->counts = is_yes (self, stanza, "counts");
}

void policy_read_representatives (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"representative"};
    static const struct policy_key keys[] = {ENTRY_KEYS, {"counts", KEY_REQUIRED}};
    static const struct policy_sort sort = {"representative", sizeof (struct policy_representative), keys,
                                            COUNT (keys), read_representative};
    struct policy_vocabulary representatives;
    policy_check_headings (self, document, sorts, COUNT (sorts), false);
    self->policy->representatives = policy_read_list (self, document, &sort, &representatives);
    self->policy->representative_count = representatives.count;
    self->unsure_representatives = self->unsure;
}
