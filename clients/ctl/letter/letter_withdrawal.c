/* consentctl letter withdrawal: confirms what was withdrawn, and says who was told, and who has not read it yet.
 */
#include <inttypes.h>
#include <string.h>
#include "ask.h"
#include "letter_consent.h"
#include "letter_reader.h"
#include "letter_setting.h"
#include "letter_show.h"
#include "letter_words.h"

/* The items of a consent: provider x recipient x category. */
struct items {
    const Consentd__Scope *scope;
    bool *gone; /* withdrawn before */
};

/* What one withdrawal took of it. */
struct taken {
    bool *providers, *recipients, *categories; /* in the order of the scope */
};

static bool names (char *const *part, size_t count, const char *one)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (part[i], one) == 0)
            return true;
    return count == 0; /* all that the consent has */
}

/* Marks what this withdrawal takes, less what is gone; and that it is gone. As the registry does (V2, V4). */
static void take (const struct items *items, const Consentd__Withdrawal *one, const struct taken *taken)
{
    const Consentd__Scope *scope = items->scope;
    bool *gone = items->gone;
    for (size_t p = 0; p < scope->n_providers; p++)
        for (size_t r = 0; r < scope->n_recipients; r++)
            for (size_t c = 0; c < scope->n_categories; c++, gone++) {
                if (*gone || strcmp (scope->providers[p], scope->recipients[r]) == 0 ||
                    !names (one->providers, one->n_providers, scope->providers[p]) ||
                    !names (one->recipients, one->n_recipients, scope->recipients[r]) ||
                    !names (one->categories, one->n_categories, scope->categories[c]))
                    continue;
                *gone = taken->providers[p] = taken->recipients[r] = taken->categories[c] = true;
            }
}

struct telling {
    struct letter_setting *setting;
    struct letter_values *values; /* of this withdrawal */
    const Consentd__Withdrawal *one;
};

/* V8. The party; where it has several systems which of them. */
static const char *name_system (const struct telling *self, const Consentd__Hearing *one)
{
    const char *party = letter_organisation (self->setting, one->party);
    size_t count = 0;
    for (size_t i = 0; i < self->one->n_heard_by; i++)
        count += strcmp (self->one->heard_by[i]->party, one->party) == 0;
    return count < 2 ? party : arena_printf (self->setting->ctl->arena, "%s, systeem %s", party, one->consumer);
}

static void tell_more (const struct telling *self, const char *field, uint32_t count)
{
    if (count > 0)
        letter_add (self->values, field,
                    arena_printf (self->setting->ctl->arena, "nog %" PRIu32 " andere systemen", count));
}

static void tell_systems (const struct telling *self)
{
    for (size_t i = 0; i < self->one->n_heard_by; i++) {
        const Consentd__Hearing *one = self->one->heard_by[i];
        const char *field = one->unknown ? "bericht-aan" : one->heard ? "gelezen-door" : "nog-niet-gelezen-door";
        letter_add (self->values, field, name_system (self, one));
    }
    tell_more (self, "gelezen-door", self->one->heard_left_out);
    tell_more (self, "nog-niet-gelezen-door", self->one->unheard_left_out);
}

static void tell_party (const struct telling *self, const char *party)
{
    letter_add (self->values, "bericht-aan", letter_organisation (self->setting, party));
}

/* For whoever may not see who has heard. Each party once: a recipient that is a provider too was told as that. */
static void tell_parties (const struct telling *self, const Consentd__Scope *scope, const struct taken *taken)
{
    for (size_t i = 0; i < scope->n_providers; i++)
        if (taken->providers[i])
            tell_party (self, scope->providers[i]);
    for (size_t i = 0; i < scope->n_recipients; i++) {
        bool is_told = false;
        for (size_t j = 0; j < scope->n_providers; j++)
            is_told = is_told || (taken->providers[j] && strcmp (scope->providers[j], scope->recipients[i]) == 0);
        if (taken->recipients[i] && !is_told)
            tell_party (self, scope->recipients[i]);
    }
}

static void fill_part (const struct telling *self, const Consentd__Scope *scope, const struct taken *taken)
{
    for (size_t i = 0; i < scope->n_providers; i++)
        if (taken->providers[i])
            letter_add (self->values, "verstrekkers", letter_organisation (self->setting, scope->providers[i]));
    for (size_t i = 0; i < scope->n_recipients; i++)
        if (taken->recipients[i])
            letter_add (self->values, "ontvangers", letter_organisation (self->setting, scope->recipients[i]));
    for (size_t i = 0; i < scope->n_categories; i++)
        if (taken->categories[i])
            letter_add (self->values, "gegevens",
                        letter_label (self->setting, LETTER_CATEGORY, scope->categories[i]));
}

/* Whoever may not see who signed may not see who withdrew. */
static void fill_withdrawer (const struct telling *self, struct letter_values *letter,
                             const Consentd__Consent *consent, const Consentd__Withdrawal *one)
{
    const char *who = letter_reader_says (letter_reader (self->setting->options), one->withdrawn_by);
    letter_set_flag (self->values, "zonder-iemand", consent->n_signatures > 0 && !*one->withdrawn_by);
    if (*one->withdrawn_by && who)
        letter_set (self->values, "door", who);
    else if (*one->withdrawn_by)
        letter_set_flag (letter, "weggelaten", true);
}

static void fill_withdrawals (struct letter_setting *setting, struct letter_values *letter,
                              const Consentd__Consent *consent)
{
    struct arena *arena = setting->ctl->arena;
    const Consentd__Scope *scope = consent->scope;
    struct items items = {
        scope, arena_array (arena, scope->n_providers * scope->n_recipients * scope->n_categories, sizeof (bool))};
    for (size_t i = 0; i < consent->n_withdrawals; i++) {
        const Consentd__Withdrawal *one = consent->withdrawals[i];
        struct taken taken = {arena_array (arena, scope->n_providers, sizeof (bool)),
                              arena_array (arena, scope->n_recipients, sizeof (bool)),
                              arena_array (arena, scope->n_categories, sizeof (bool))};
        take (&items, one, &taken);
        struct telling telling = {setting, letter_add_group (letter, "intrekking"), one};
        letter_set (telling.values, "op", letter_day (arena, one->withdrawn_at));
        letter_set (telling.values, "vastgelegd-op", letter_moment (arena, one->recorded_at));
        fill_withdrawer (&telling, letter, consent, one);
        fill_part (&telling, scope, &taken);
        if (one->n_heard_by + one->heard_left_out + one->unheard_left_out > 0)
            tell_systems (&telling);
        else
            tell_parties (&telling, scope, &taken);
    }
}

static int write_letter (struct letter_setting *setting, const Consentd__Consent *one)
{
    const struct letter_form *form = letter_form_find ("intrekking");
    struct letter_values *values;
    if (one->n_withdrawals == 0)
        return ctl_fail (EX_DATAERR, "nothing of this consent was withdrawn");
    int error = letter_begin (setting, form, ask_hex (setting->ctl, &one->consent_id),
                              letter_reader (setting->options), &values);
    if (!error) {
        letter_set (values, "doel", letter_label (setting, LETTER_PURPOSE, one->scope->purpose));
        letter_set_flag (values, "geheel", one->state == CONSENTD__CONSENT__STATE__REVOKED);
        fill_withdrawals (setting, values, one);
        error = letter_finish (setting, form, values);
    }
    return error;
}

int run_letter_withdrawal (struct ctl *ctl, const struct options *options)
{
    return letter_show (ctl, options, write_letter);
}
