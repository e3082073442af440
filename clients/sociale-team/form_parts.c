#include "form_parts.h"
#include <string.h>
#include "form_fields.h"
#include "letter/letter_document.h"
#include "letter/letter_words.h"

enum { SIGNATURES = 3 };

struct parts {
    struct letter_setting *setting;
    const struct form_subject *subject;
    struct letter_values *values;
};

/* --- What the pack admits ------------------------------------------------------------------------------ */

bool form_purpose_admits_consent (const struct policy *policy, const struct policy_purpose *purpose)
{
    for (size_t i = 0; i < policy->flow_count; i++)
        if (!policy->flows[i].no_consent && &policy->purposes[policy->flows[i].purpose] == purpose)
            return true;
    return false;
}

/* The categories that a flow of the purpose, or of any, carries on consent. */
static code_set categories_of (const struct policy *policy, const struct policy_purpose *purpose)
{
    code_set all = {{0}};
    for (size_t i = 0; i < policy->flow_count; i++) {
        const struct policy_flow *flow = &policy->flows[i];
        if (!flow->no_consent && (!purpose || &policy->purposes[flow->purpose] == purpose))
            code_set_add_all (&all, &flow->categories);
    }
    return all;
}

bool form_category_admits_consent (const struct policy *policy, const struct policy_purpose *purpose,
                                   const char *name)
{
    const code_set carried = categories_of (policy, purpose);
    return code_set_has (&carried, policy_category (policy, name));
}

static bool is_among (const char *name, char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (list[i], name) == 0)
            return true;
    return count == 0; /* nothing is named: all there are */
}

/* --- Places -------------------------------------------------------------------------------------------- */

static struct letter_document *begin (struct parts *self)
{
    struct letter_document *part = arena_alloc (self->setting->ctl->arena, sizeof *part);
    *part = letter_document_start (self->setting->ctl->arena);
    return part;
}

static void add_blank (struct letter_document *part, enum letter_input input, const char *name, bool needed)
{
    letter_add_blank (part, &(struct letter_place){input, name, form_label (name), "", needed});
}

static void begin_choice (struct letter_document *part, enum letter_input input, const char *name, bool needed)
{
    letter_begin_choice (part, &(struct letter_place){input, name, form_label (name), "", needed});
}

static void add_row (struct letter_document *part, const char *value, const char *label)
{
    letter_add_row (part, (const char *[]){value, label});
}

static void set (struct parts *self, const char *field, const struct letter_document *part)
{
    letter_set_part (self->values, field, part);
}

static void fill_who (struct parts *self)
{
    struct letter_document *part = begin (self);
    add_blank (part, LETTER_LINE, "bsn", true);
    set (self, "over-wie", part);
}

static void fill_purpose (struct parts *self)
{
    const struct policy *policy = self->setting->policy;
    const struct policy_purpose *only = self->subject->purpose;
    struct letter_document *part = begin (self);
    letter_begin_choice (
        part, &(struct letter_place){LETTER_ONE, "doel", form_label ("doel"), only ? only->entry.code : "", true});
    for (size_t i = 0; i < policy->purpose_count; i++) {
        const struct policy_purpose *one = &policy->purposes[i];
        if (only ? one == only : form_purpose_admits_consent (policy, one))
            add_row (part, one->entry.code, one->entry.label_nl);
    }
    set (self, "waarvoor", part);
    if (only)
        letter_set (self->values, "langste",
                    only->longest_months == 1
                        ? "1 maand"
                        : arena_printf (self->setting->ctl->arena, "%u maanden", only->longest_months));
}

/* Those that are named; where none is, all that the letters of the pack have a name for. */
static void fill_parties (struct parts *self, const char *field, char *const *list, size_t count)
{
    const struct letter_sender *sender = &self->setting->folder.sender;
    struct letter_document *part = begin (self);
    begin_choice (part, LETTER_MANY, field, true);
    for (size_t i = 0; i < count; i++)
        add_row (part, list[i], letter_organisation (self->setting, list[i]));
    for (size_t i = 0; count == 0 && i < sender->organisation_count; i++)
        add_row (part, sender->organisations[i].name, sender->organisations[i].text);
    set (self, field, part);
}

static void fill_categories (struct parts *self, const char *field, bool special)
{
    const struct policy *policy = self->setting->policy;
    const Consentd__Scope *scope = self->subject->scope;
    code_set carried = categories_of (policy, self->subject->purpose);
    struct letter_document *part = begin (self);
    begin_choice (part, LETTER_MANY, "gegevens", !special);
    for (size_t i = 0; i < policy->category_count; i++) {
        const struct policy_category *one = &policy->categories[i];
        if (code_set_has (&carried, (code)i) && (one->special != SPECIAL_NO) == special &&
            is_among (one->entry.code, scope->categories, scope->n_categories))
            add_row (part, one->entry.code, one->entry.label_nl);
    }
    if (part->first->first)
        set (self, field, part);
}

static void fill_how_long (struct parts *self)
{
    struct letter_document *part = begin (self);
    add_blank (part, LETTER_DAY, "geldig_vanaf", false);
    letter_add_blank (part,
                      &(struct letter_place){LETTER_DAY, "geldig_tot_en_met", form_label ("geldig_tot_en_met"),
                                             self->subject->last_day, false});
    add_blank (part, LETTER_NUMBER, "geldig_maanden", false);
    letter_begin_choice (part, &(struct letter_place){LETTER_YES, "eenmalig", form_label ("eenmalig"),
                                                      self->subject->one_time ? "ja" : "", false});
    add_row (part, "ja", "Alleen voor één keer. Na die keer mag het niet meer.");
    set (self, "hoe-lang", part);
}

static void fill_answer (struct parts *self)
{
    struct letter_document *part = begin (self);
    begin_choice (part, LETTER_ONE, "toestemming", true);
    add_row (part, "ja", "Ja, dit mag.");
    add_row (part, "nee", "Nee, dit mag niet.");
    set (self, "antwoord", part);
}

static void fill_signatures (struct parts *self)
{
    struct arena *arena = self->setting->ctl->arena;
    struct letter_document *part = begin (self);
    for (unsigned i = 1; i <= SIGNATURES; i++) {
        const char *who = arena_printf (arena, "ondertekening.%u.door", i);
        const char *when = arena_printf (arena, "ondertekening.%u.op", i);
        if (i == 1) {
            letter_begin_choice (part, &(struct letter_place){LETTER_ONE, who, "Ik teken zelf", "", true});
            add_row (part, "betrokkene", "Ik teken zelf: het gaat over mij.");
        } else {
            letter_add_blank (part, &(struct letter_place){LETTER_LINE, who,
                                                           "Vertegenwoordiger (het team vult het kenmerk in)", "",
                                                           false});
        }
        letter_add_blank (part, &(struct letter_place){LETTER_DAY, when, "Datum", "", i == 1});
        letter_add_blank (part, &(struct letter_place){LETTER_SIGN, "", "Handtekening", "", false});
    }
    set (self, "tekenen", part);
}

static void fill_origins (struct parts *self, struct letter_document *part)
{
    const struct policy *policy = self->setting->policy;
    const Consentd__Scope *scope = self->subject->scope;
    letter_add_paragraph (
        part, arena_printf (self->setting->ctl->arena, "%s (anders: van overal)", form_label ("herkomst")));
    begin_choice (part, LETTER_MANY, "herkomst", false);
    for (size_t i = 0; i < policy->origin_count; i++)
        if (is_among (policy->origins[i].entry.code, scope->origins, scope->n_origins))
            add_row (part, policy->origins[i].entry.code, policy->origins[i].entry.label_nl);
}

/* How it was told, and what proves it. */
static void fill_proof (struct letter_document *part)
{
    letter_add_paragraph (part, form_label ("vorm"));
    begin_choice (part, LETTER_ONE, "vorm", true);
    add_row (part, "schriftelijk", "Op papier, met een handtekening");
    add_row (part, "digitaal", "Digitaal, met een handtekening");
    add_row (part, "mondeling", "In een gesprek");
    add_blank (part, LETTER_LINE, "bewijs.kenmerk", false);
    add_blank (part, LETTER_LINE, "bewijs.sha256", false);
    add_blank (part, LETTER_LINE, "voorlichting.folder", true);
    add_blank (part, LETTER_LINE, "voorlichting.versie", true);
    add_blank (part, LETTER_LINE, "voorlichting.taal", true);
    add_blank (part, LETTER_DAY, "voorlichting.verstrekt_op", true);
    begin_choice (part, LETTER_YES, "beroepsgeheim", false);
    add_row (part, "ja", "Wie de gegevens geeft, heeft een beroepsgeheim.");
}

static void add_fixed (struct letter_document *part, const char *name, const char *value)
{
    letter_add_blank (part, &(struct letter_place){LETTER_FIXED, name, form_label (name), value, false});
}

static void fill_team (struct parts *self)
{
    const Consentd__Scope *scope = self->subject->scope;
    struct letter_document *part = begin (self);
    add_blank (part, LETTER_FREE, "motivering", true);
    if (*scope->case_ref)
        add_fixed (part, "zaak", scope->case_ref);
    else
        add_blank (part, LETTER_LINE, "zaak", false);
    fill_origins (self, part);
    fill_proof (part);
    add_blank (part, LETTER_LINE, "medewerker", true);
    if (*self->subject->request)
        add_fixed (part, "verzoek", self->subject->request);
    else
        add_blank (part, LETTER_LINE, "verzoek", false);
    add_fixed (part, "formulier", "toestemming/1");
    set (self, "team", part);
}

void form_parts_fill (struct letter_setting *setting, const struct form_subject *subject,
                      struct letter_values *values)
{
    struct parts self = {setting, subject, values};
    const Consentd__Scope *scope = subject->scope;
    letter_sender_tell (&setting->folder.sender, values);
    if (subject->asked_by)
        letter_set (values, "gevraagd-door", letter_organisation (setting, subject->asked_by));
    fill_who (&self);
    fill_purpose (&self);
    fill_parties (&self, "verstrekkers", scope->providers, scope->n_providers);
    fill_parties (&self, "ontvangers", scope->recipients, scope->n_recipients);
    fill_categories (&self, "gegevens", false);
    fill_categories (&self, "gevoelig", true);
    fill_how_long (&self);
    fill_answer (&self);
    fill_signatures (&self);
    fill_team (&self);
}
