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

/* Where texts are put, and in which language they are. */
struct texts {
    struct arena *arena;
    enum language language;
};

/* A section: the number of its things in a pack, and the thing at an index. */
struct section {
    const char *title[LANGUAGES];
    const char *names[PROPERTIES][LANGUAGES];
    size_t (*count) (const struct policy *policy);
    struct thing (*thing) (const struct texts *texts, const struct policy *policy, size_t index);
};

#define SAY(english, dutch) in_language (texts->language, english, dutch)

static const char *yes_no (const struct texts *texts, bool yes)
{
    return yes ? SAY ("yes", "ja") : SAY ("no", "nee");
}

static const char *carries_text (const struct texts *texts, enum carries carries)
{
    return carries == CARRIES_ALL      ? SAY ("all", "alle")
           : carries == CARRIES_HEALTH ? SAY ("health", "gezondheid")
                                       : SAY ("none", "geen");
}

static const char *or_none (const struct texts *texts, const char *names)
{
    return *names ? names : SAY ("none", "geen");
}

static const char *days_text (const struct texts *texts, unsigned days)
{
    return arena_printf (texts->arena, SAY ("%u days", "%u dagen"), days);
}

/* Party kinds */

static size_t count_kinds (const struct policy *policy)
{
    return policy->kind_count;
}

static struct thing kind_at (const struct texts *texts, const struct policy *policy, size_t index)
{
    const char *const secrecies[] = {[SECRECY_NONE] = SAY ("none", "geen"),
                                     [SECRECY_OFFICIAL] = SAY ("official", "ambtsgeheim"),
                                     [SECRECY_PROFESSIONAL] = SAY ("professional", "beroepsgeheim")};
    const struct policy_kind *kind = &policy->kinds[index];
    return (struct thing){
        kind->entry.code,
        {secrecies[kind->secrecy], yes_no (texts, kind->third_party), yes_no (texts, kind->needs_agreement)}};
}

/* Categories */

static size_t count_categories (const struct policy *policy)
{
    return policy->category_count;
}

static struct thing category_at (const struct texts *texts, const struct policy *policy, size_t index)
{
    const char *const specials[] = {[SPECIAL_NO] = SAY ("no", "nee"),
                                    [SPECIAL_HEALTH] = SAY ("health", "gezondheid"),
                                    [SPECIAL_OTHER] = SAY ("other", "anders")};
    const char *const facts[] = {[FACT_NONE] = SAY ("none", "geen"),
                                 [FACT_BIRTH_DATE] = SAY ("birth date", "geboortedatum"),
                                 [FACT_REPRESENTATIVES] = SAY ("representatives", "vertegenwoordigers")};
    const struct policy_category *category = &policy->categories[index];
    return (struct thing){
        category->entry.code,
        {specials[category->special],
         category->area ? arena_strndup (texts->arena, &category->area, 1) : SAY ("none", "geen"),
         yes_no (texts, category->existence_only), facts[category->fact]}};
}

/* Purposes */

static size_t count_purposes (const struct policy *policy)
{
    return policy->purpose_count;
}

static struct thing purpose_at (const struct texts *texts, const struct policy *policy, size_t index)
{
    const struct policy_purpose *purpose = &policy->purposes[index];
    return (struct thing){
        purpose->entry.code,
        {arena_printf (texts->arena, SAY ("%u months", "%u maanden"), purpose->longest_months),
         or_none (texts, policy_diff_names (texts->arena, policy->purposes, policy->purpose_count,
                                            sizeof *policy->purposes, &purpose->serves)),
         yes_no (texts, purpose->record_in_plan), yes_no (texts, purpose->manager_first),
         yes_no (texts, purpose->inform_always)}};
}

/* Origins */

static size_t count_origins (const struct policy *policy)
{
    return policy->origin_count;
}

static struct thing origin_at (const struct texts *texts, const struct policy *policy, size_t index)
{
    (void)texts;
    return (struct thing){policy->origins[index].entry.code, {NULL}};
}

/* Statutes */

static size_t count_statutes (const struct policy *policy)
{
    return policy->statute_count;
}

static struct thing statute_at (const struct texts *texts, const struct policy *policy, size_t index)
{
    const struct policy_statute *statute = &policy->statutes[index];
    const char *origins =
        statute->all_origins
            ? SAY ("all", "alle")
            : or_none (texts, policy_diff_names (texts->arena, policy->origins, policy->origin_count,
                                                 sizeof *policy->origins, &statute->origins));
    return (struct thing){statute->entry.code,
                          {origins, carries_text (texts, statute->carries),
                           yes_no (texts, statute->breaks_secrecy), yes_no (texts, statute->passes_restriction),
                           yes_no (texts, statute->inform_deferrable)}};
}

/* Urgent reasons */

static size_t count_urgent_reasons (const struct policy *policy)
{
    return policy->urgent_reason_count;
}

static struct thing urgent_reason_at (const struct texts *texts, const struct policy *policy, size_t index)
{
    const struct policy_urgent_reason *reason = &policy->urgent_reasons[index];
    return (struct thing){reason->entry.code,
                          {carries_text (texts, reason->carries), yes_no (texts, reason->passes_restriction)}};
}

/* Representatives */

static size_t count_representatives (const struct policy *policy)
{
    return policy->representative_count;
}

static struct thing representative_at (const struct texts *texts, const struct policy *policy, size_t index)
{
    return (struct thing){policy->representatives[index].entry.code,
                          {yes_no (texts, policy->representatives[index].counts)}};
}

/* Notices */

static size_t count_notices (const struct policy *policy)
{
    return policy->notice_count;
}

static struct thing notice_at (const struct texts *texts, const struct policy *policy, size_t index)
{
    const struct policy_notice *notice = &policy->notices[index];
    return (struct thing){arena_printf (texts->arena, SAY ("%s, version %s, %s", "%s, versie %s, %s"), notice->id,
                                        notice->version, notice->language),
                          {NULL}};
}

/* Retention */

static size_t count_retentions (const struct policy *policy)
{
    return policy->retention_count;
}

static struct thing retention_at (const struct texts *texts, const struct policy *policy, size_t index)
{
    const struct policy_retention *one = &policy->retentions[index];
    const char *period = one->until_majority ? SAY ("until majority", "tot de meerderjarigheid")
                         : one->longest_record
                             ? SAY ("longest record", "het langste dossier")
                             : arena_printf (texts->arena, SAY ("%u years from %s", "%u jaar vanaf %s"),
                                             one->years, counts_from_words[one->counts_from]);
    return (struct thing){one->code, {one->held_by, one->law, period}};
}

/* Ages: a band of one pack may overlap several of the other. So they are compared at every age at which either
   changes. */

static const char *signers_at (const struct texts *texts, const struct policy *policy, unsigned age)
{
    const struct policy_age_band *band = &policy->ages[0];
    for (size_t i = 0; i < policy->age_count; i++)
        if (policy->ages[i].from <= age)
            band = &policy->ages[i];
    return band->subject && band->representatives
               ? SAY ("subject and representatives", "betrokkene en vertegenwoordigers")
           : band->subject ? SAY ("subject", "betrokkene")
                           : SAY ("representatives", "vertegenwoordigers");
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

static const char *grounds_text (const struct texts *texts, const struct policy *policy)
{
    const char *const grounds[] = {[POLICY_CONSENT] = SAY ("consent", "toestemming"),
                                   [POLICY_STATUTE] = SAY ("statute", "wet"),
                                   [POLICY_WITHOUT_CONSENT] = SAY ("without consent", "zonder toestemming")};
    return arena_printf (texts->arena, "%s, %s, %s", grounds[policy->grounds[0]], grounds[policy->grounds[1]],
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

static const char *setting_text (const struct texts *texts, const struct policy *policy, enum setting setting)
{
    switch (setting) {
    case SETTING_GROUNDS:
        return grounds_text (texts, policy);
    case SETTING_NOT_THE_GROUND:
        return policy->refuse_consent_not_the_ground ? SAY ("refused", "geweigerd")
                                                     : SAY ("accepted with a warning", "met een waarschuwing");
    case SETTING_SPECIAL_RECIPIENTS:
        return or_none (texts, policy_diff_names (texts->arena, policy->kinds, policy->kind_count,
                                                  sizeof *policy->kinds, &policy->special_recipients));
    case SETTING_REPRESENTATIVES:
        return policy->any_representative ? SAY ("any one of them", "een van hen") : SAY ("all of them", "allen");
    case SETTING_WITHDRAWS_FROM:
        return arena_printf (texts->arena, "%u", policy->withdraws_from);
    case SETTING_NOTICES:
        return policy->notice_count > 0 ? SAY ("those listed", "die in de lijst") : SAY ("any", "elke");
    case SETTING_INFORM:
        return days_text (texts, policy->due.inform_days);
    case SETTING_REQUEST:
        return days_text (texts, policy->due.request_days);
    case SETTING_EXTENSION:
        return policy->due.extension_months > 0
                   ? arena_printf (texts->arena, SAY ("%u months", "%u maanden"), policy->due.extension_months)
                   : SAY ("not at all", "niet");
    case SETTING_OBJECTION:
    case SETTINGS:
        break;
    }
    return days_text (texts, policy->due.objection_days);
}

static struct thing setting_at (const struct texts *texts, const struct policy *policy, size_t index)
{
    const char *const names[SETTINGS] = {
        [SETTING_GROUNDS] = SAY ("order of the grounds", "volgorde van de gronden"),
        [SETTING_NOT_THE_GROUND] =
            SAY ("consent for what a statute carries", "toestemming voor wat een wet draagt"),
        [SETTING_SPECIAL_RECIPIENTS] = SAY ("special categories flow to", "bijzondere gegevens gaan naar"),
        [SETTING_REPRESENTATIVES] = SAY ("representatives who sign", "vertegenwoordigers die tekenen"),
        [SETTING_WITHDRAWS_FROM] = SAY ("the subject withdraws from", "de betrokkene trekt in vanaf"),
        [SETTING_NOTICES] = SAY ("notices that will do", "informatie die volstaat"),
        [SETTING_INFORM] = SAY ("informed within", "ingelicht binnen"),
        [SETTING_REQUEST] = SAY ("requests due in", "op verzoeken beslist in"),
        [SETTING_EXTENSION] = SAY ("requests put off by", "verzoeken uitgesteld met"),
        [SETTING_OBJECTION] = SAY ("objections due in", "bezwaar binnen"),
    };
    return (struct thing){names[index], {setting_text (texts, policy, (enum setting)index)}};
}

static const struct section sections[] = {
    {{"Party kinds", "Soorten partijen"},
     {{"secrecy", "geheim"}, {"third party", "derde"}, {"needs agreement", "overeenkomst nodig"}},
     count_kinds,
     kind_at},
    {{"Categories", "Gegevens"},
     {{"special", "bijzonder"}, {"area", "gebied"}, {"existence only", "alleen dat"}, {"fact", "feit"}},
     count_categories,
     category_at},
    {{"Purposes", "Doelen"},
     {{"longest", "hoogstens"},
      {"serves", "dient ook"},
      {"recorded in plan", "in het plan"},
      {"manager first", "leidinggevende eerst"},
      {"informed always", "altijd inlichten"}},
     count_purposes,
     purpose_at},
    {{"Origins", "Herkomsten"}, {{NULL, NULL}}, count_origins, origin_at},
    {{"Statutes", "Wetten"},
     {{"origins", "herkomsten"},
      {"carries special", "draagt bijzondere"},
      {"breaks secrecy", "doorbreekt beroepsgeheim"},
      {"passes a restriction", "ondanks afscherming"},
      {"informing may wait", "inlichten mag wachten"}},
     count_statutes,
     statute_at},
    {{"Urgent reasons", "Dringende redenen"},
     {{"carries special", "draagt bijzondere"}, {"passes a restriction", "ondanks afscherming"}},
     count_urgent_reasons,
     urgent_reason_at},
    {{"Representatives", "Vertegenwoordigers"}, {{"counts", "telt"}}, count_representatives, representative_at},
    {{"Notices", "Informatie aan de betrokkene"}, {{NULL, NULL}}, count_notices, notice_at},
    {{"Retention", "Bewaren"},
     {{"held by", "bij"}, {"law", "wet"}, {"period", "termijn"}},
     count_retentions,
     retention_at},
    {{"Settings", "Instellingen"}, {{"", ""}}, count_settings, setting_at},
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

static bool find_thing (const struct texts *texts, const struct section *section, const struct policy *policy,
                        const char *name, struct thing *found)
{
    for (size_t i = 0; i < section->count (policy); i++) {
        *found = section->thing (texts, policy, i);
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
        .section = section->title[diff->language], .code = thing->code, .sort = gone ? DIFF_GONE : DIFF_NEW};
    size_t i = 0;
    do {
        change.property = section->names[i][diff->language];
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
                 (struct diff_change){section->title[diff->language], before->code,
                                      section->names[i][diff->language], before->property[i], after->property[i],
                                      DIFF_CHANGED});
}

static void compare_section (struct arena *arena, struct policy_diff *diff, const struct section *section)
{
    const struct texts texts = {arena, diff->language};
    struct thing other;
    for (size_t i = 0; i < section->count (diff->before); i++) {
        struct thing before = section->thing (&texts, diff->before, i);
        if (find_thing (&texts, section, diff->after, before.code, &other))
            compare_things (arena, diff, section, &before, &other);
        else
            add_thing (arena, diff, section, &before, true);
    }
    for (size_t i = 0; i < section->count (diff->after); i++) {
        struct thing after = section->thing (&texts, diff->after, i);
        if (!find_thing (&texts, section, diff->before, after.code, &other))
            add_thing (arena, diff, section, &after, false);
    }
}

static unsigned earliest (unsigned a, unsigned b)
{
    return a == 0 ? b : b == 0 ? a : a < b ? a : b;
}

static void compare_ages (struct arena *arena, struct policy_diff *diff)
{
    const struct texts all = {arena, diff->language}, *texts = &all;
    unsigned from = 0;
    do {
        unsigned until = earliest (next_age (diff->before, from), next_age (diff->after, from));
        const char *before = signers_at (texts, diff->before, from),
                   *after = signers_at (texts, diff->after, from);
        const char *ages = until ? arena_printf (arena, SAY ("%u to %u", "%u tot %u"), from, until)
                                 : arena_printf (arena, SAY ("from %u", "vanaf %u"), from);
        if (strcmp (before, after) != 0)
            add (arena, diff,
                 (struct diff_change){SAY ("Who signs", "Wie tekent"), ages, "", before, after, DIFF_CHANGED});
        from = until;
    } while (from != 0);
}

void policy_diff_terms (struct arena *arena, struct policy_diff *diff)
{
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        compare_section (arena, diff, &sections[i]);
    compare_ages (arena, diff);
}
