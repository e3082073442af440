#include "register_row.h"

#include <string.h>
#include "arena.h"
#include "letter/letter_law.h"

const char *const register_headings[REGISTER_COLUMNS] = {
    [REGISTER_CONTROLLER] = "Verantwoordelijke",
    [REGISTER_CONTACT] = "Contact",
    [REGISTER_OFFICER] = "Functionaris gegevensbescherming",
    [REGISTER_CODE] = "Kenmerk",
    [REGISTER_NAME] = "Verwerking",
    [REGISTER_PURPOSE] = "Doel",
    [REGISTER_GROUNDS] = "Grondslagen",
    [REGISTER_SUBJECTS] = "Betrokkenen",
    [REGISTER_DATA] = "Gegevens",
    [REGISTER_SPECIAL] = "Bijzondere gegevens",
    [REGISTER_PROVIDERS] = "Verstrekkers",
    [REGISTER_RECIPIENTS] = "Ontvangers",
    [REGISTER_ABROAD] = "Doorgifte buiten de EU",
    [REGISTER_PERIODS] = "Bewaartermijnen",
    [REGISTER_MEASURES] = "Beveiliging",
    [REGISTER_SOURCE] = "Bron",
};

const char *register_join (struct arena *arena, const char *const *texts, size_t count, const char *between)
{
    const char *joined = "";
    for (size_t i = 0; i < count; i++)
        joined = arena_printf (arena, "%s%s%s", joined, i ? between : "", texts[i]);
    return joined;
}

/* Adds to a list in words. */
static void add (struct arena *arena, const char **list, const char *text)
{
    *list = **list ? arena_printf (arena, "%s; %s", *list, text) : text;
}

/* --- Parties ------------------------------------------------------------------------------------------- */

/* "Zorgaanbieder (Zorgaanbieder Horizon, zorgaanbieder-delta)": a kind, and the active parties of it. A party that
   the folder of letters has no name for is named by its id. */
static const char *kind_with_parties (const struct register_setting *self, size_t kind)
{
    const struct policy_entry *entry = &self->policy->kinds[kind].entry;
    const char *names = "";
    for (size_t i = 0; i < self->parties->n_parties; i++) {
        const Consentd__Party *party = self->parties->parties[i];
        if (!party->active || strcmp (party->kind, entry->code) != 0)
            continue;
        const char *name = letter_sender_organisation (self->sender, party->id);
        names = arena_printf (self->arena, "%s%s%s", names, *names ? ", " : "", name ? name : party->id);
    }
    return *names ? arena_printf (self->arena, "%s (%s)", entry->label_nl, names) : entry->label_nl;
}

static const char *kinds_of (const struct register_setting *self, const code_set *kinds)
{
    const char *list = "";
    for (size_t i = 0; i < self->policy->kind_count; i++)
        if (code_set_has (kinds, (code)i))
            add (self->arena, &list, kind_with_parties (self, i));
    return list;
}

/* --- Data ---------------------------------------------------------------------------------------------- */

/* A special category that none of the recipients may have is not carried (KB 9.2). */
static bool is_carried (const struct policy *policy, const struct policy_flow *flow, size_t category)
{
    for (size_t from = 0; from < policy->kind_count; from++)
        for (size_t to = 0; to < policy->kind_count; to++)
            if (policy_flow_carries (policy, flow, (code)from, (code)to, (code)category))
                return true;
    return false;
}

static const char *data_of (const struct register_setting *self, const struct policy_flow *flow, bool special)
{
    const char *list = "";
    for (size_t i = 0; i < self->policy->category_count; i++) {
        const struct policy_category *category = &self->policy->categories[i];
        if (is_carried (self->policy, flow, i) && (category->special != SPECIAL_NO || !special))
            add (self->arena, &list, category->entry.label_nl);
    }
    return special && !*list ? "geen" : list;
}

/* --- Grounds ------------------------------------------------------------------------------------------- */

static const char *urgent_reasons_of (const struct register_setting *self)
{
    const char *list = "";
    for (size_t i = 0; i < self->policy->urgent_reason_count; i++)
        list = arena_printf (self->arena, "%s%s%s", list, i ? ", " : "",
                             self->policy->urgent_reasons[i].entry.label_nl);
    return arena_printf (self->arena, "dringende redenen (%s)", list);
}

static const char *grounds_of (const struct register_setting *self, const struct policy_flow *flow)
{
    const char *list = "";
    if (!flow->no_consent)
        add (self->arena, &list, "toestemming (AVG 6.1.a, bij bijzondere gegevens AVG 9.2.a)");
    for (size_t i = 0; i < flow->statute_count; i++)
        add (self->arena, &list, self->policy->statutes[flow->statutes[i].statute].entry.label_nl);
    if (flow->written_request)
        add (self->arena, &list, "schriftelijk verzoek van de betrokkene");
    if (flow->urgent_reasons)
        add (self->arena, &list, urgent_reasons_of (self));
    return list;
}

/* --- Periods ------------------------------------------------------------------------------------------- */

/* A record of this law can come of the flow: by its default origin, or a statute that covers it. */
static bool has_origin (const struct policy *policy, const struct policy_flow *flow, code origin)
{
    for (size_t i = 0; i < flow->statute_count; i++) {
        const struct policy_statute *statute = &policy->statutes[flow->statutes[i].statute];
        if (statute->all_origins || code_set_has (&statute->origins, origin))
            return true;
    }
    return flow->default_origin == origin;
}

static bool is_held (const struct policy_flow *flow, code kind)
{
    return code_set_has (&flow->providers, kind) || code_set_has (&flow->recipients, kind);
}

static bool is_kept_so (const struct policy *policy, const struct policy_flow *flow,
                        const struct policy_retention *one)
{
    bool any_holder = strcmp (one->held_by, "any") == 0, any_law = strcmp (one->law, "any") == 0;
    if (one->longest_record)
        return !flow->no_consent;
    return (any_holder || is_held (flow, policy_kind (policy, one->held_by))) &&
           (any_law || has_origin (policy, flow, policy_origin (policy, one->law)));
}

/* After what the years run. */
static const char *const after[COUNTS_FROM] = {
    [COUNTS_FROM_RECEIPT] = "na de ontvangst",
    [COUNTS_FROM_LAST_CHANGE] = "na de laatste wijziging",
    [COUNTS_FROM_END_OF_CARE] = "na het einde van de zorg",
};

/* The article in the words of a Dutch reader; packs are written in English. */
static const char *article_of (const struct register_setting *self, const struct policy_retention *one)
{
    return strcmp (one->source, "own choice") == 0 ? "eigen keuze"
                                                   : letter_law_of_source (self->arena, one->source);
}

static const char *period_of (const struct register_setting *self, const struct policy_retention *one)
{
    const struct policy *policy = self->policy;
    if (one->longest_record)
        return "de toestemming zelf zo lang als het langste dossier waarvoor zij nodig was";
    const char *holder = strcmp (one->held_by, "any") == 0
                             ? "iedereen"
                             : policy->kinds[policy_kind (policy, one->held_by)].entry.label_nl;
    const char *law = strcmp (one->law, "any") == 0
                          ? "elk dossier"
                          : policy->origins[policy_origin (policy, one->law)].entry.label_nl;
    if (one->until_majority)
        return arena_printf (self->arena, "%s, %s: tot de meerderjarigheid (%s)", holder, law,
                             article_of (self, one));
    return arena_printf (self->arena, "%s, %s: %u jaar %s (%s)", holder, law, one->years, after[one->counts_from],
                         article_of (self, one));
}

static const char *periods_of (const struct register_setting *self, const struct policy_flow *flow)
{
    const char *list = "";
    for (size_t i = 0; i < self->policy->retention_count; i++)
        if (is_kept_so (self->policy, flow, &self->policy->retentions[i]))
            add (self->arena, &list, period_of (self, &self->policy->retentions[i]));
    return *list ? list : "het beleidspakket noemt geen termijn";
}

/* --- The row ------------------------------------------------------------------------------------------- */

static const char *measures_of (const struct register_setting *self)
{
    const char *list = "";
    for (size_t i = 0; i < self->sender->measure_count; i++)
        list = arena_printf (self->arena, "%s%s%s", list, i ? " " : "", self->sender->measures[i].text);
    return list;
}

void register_row (const struct register_setting *self, const struct policy_flow *flow,
                   const char *cells[REGISTER_COLUMNS])
{
    const struct letter_sender *sender = self->sender;
    cells[REGISTER_CONTROLLER] = sender->name;
    cells[REGISTER_CONTACT] = arena_printf (
        self->arena, "%s, %s, %s", register_join (self->arena, sender->address, sender->address_count, ", "),
        sender->telephone, sender->mail);
    cells[REGISTER_OFFICER] = arena_printf (self->arena, "%s, %s", sender->officer, sender->officer_mail);
    cells[REGISTER_CODE] = flow->entry.code;
    cells[REGISTER_NAME] = flow->entry.label_nl;
    cells[REGISTER_PURPOSE] = self->policy->purposes[flow->purpose].entry.label_nl;
    cells[REGISTER_GROUNDS] = grounds_of (self, flow);
    /* What no consent of the subject can carry is about others (KB 8.B). */
    cells[REGISTER_SUBJECTS] = flow->no_consent ? "personen uit het netwerk van de inwoner"
                                                : "inwoners die hulp of ondersteuning vragen of krijgen";
    cells[REGISTER_DATA] = data_of (self, flow, false);
    cells[REGISTER_SPECIAL] = data_of (self, flow, true);
    cells[REGISTER_PROVIDERS] = kinds_of (self, &flow->providers);
    cells[REGISTER_RECIPIENTS] = kinds_of (self, &flow->recipients);
    cells[REGISTER_ABROAD] = "geen";
    cells[REGISTER_PERIODS] = periods_of (self, flow);
    cells[REGISTER_MEASURES] = measures_of (self);
    cells[REGISTER_SOURCE] = flow->entry.source;
}
