/* consentctl letter withdrawal: confirms what was withdrawn, and says who was told, and who has not read it yet.
 */
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

/* Who has stored which events; NULL: this key may not see that. */
static const Consentd__PartyLag *find_lag (const Consentd__EventsLagReply *lag, const char *party)
{
    for (size_t i = 0; i < lag->n_parties; i++)
        if (strcmp (lag->parties[i]->party, party) == 0)
            return lag->parties[i];
    return NULL;
}

/* Events are stored in their order: of what waits the oldest is known (V7). */
static bool has_read (const Consentd__PartyLag *lag, int64_t when)
{
    return lag && !lag->damaged && lag->newest > 0 && (lag->oldest_waiting == 0 || lag->oldest_waiting > when);
}

struct telling {
    struct letter_setting *setting;
    struct letter_values *values; /* of this withdrawal */
    const Consentd__EventsLagReply *lag;
    int64_t when;
};

static void tell_party (const struct telling *self, const char *party)
{
    const char *field = "bericht-aan";
    if (self->lag)
        field = has_read (find_lag (self->lag, party), self->when) ? "gelezen-door" : "nog-niet-gelezen-door";
    letter_add (self->values, field, letter_organisation (self->setting, party));
}

/* Each party once: a recipient that is a provider too was told as that. */
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
                              const Consentd__Consent *consent, const Consentd__EventsLagReply *lag)
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
        struct telling telling = {setting, letter_add_group (letter, "intrekking"), lag, one->recorded_at};
        letter_set (telling.values, "op", letter_day (arena, one->withdrawn_at));
        letter_set (telling.values, "vastgelegd-op", letter_moment (arena, one->recorded_at));
        fill_withdrawer (&telling, letter, consent, one);
        fill_part (&telling, scope, &taken);
        tell_parties (&telling, scope, &taken);
    }
}

/* Only operators see who has read what. For anyone else *reply_p is NULL. */
static int ask_lag (struct ctl *ctl, Consentd__Reply **reply_p)
{
    int error = 0;
    *reply_p = NULL;
    if (!ask_is_operator (ctl, &error))
        return error;
    Consentd__EventsLagRequest body;
    consentd__events_lag_request__init (&body);
    Consentd__Request request = ASK_REQUEST (EVENTS_LAG, events_lag, &body);
    return ask (ctl, &request, CONSENTD__REPLY__BODY_EVENTS_LAG, reply_p);
}

static int write_letter (struct letter_setting *setting, const Consentd__Consent *one)
{
    const struct letter_form *form = letter_form_find ("intrekking");
    struct letter_values *values;
    Consentd__Reply *lag = NULL;
    if (one->n_withdrawals == 0)
        return ctl_fail (EX_DATAERR, "nothing of this consent was withdrawn");
    int error = ask_lag (setting->ctl, &lag);
    if (!error)
        error = letter_begin (setting, form, ask_hex (setting->ctl, &one->consent_id),
                              letter_reader (setting->options), &values);
    if (!error) {
        letter_set (values, "doel", letter_label (setting, LETTER_PURPOSE, one->scope->purpose));
        letter_set_flag (values, "geheel", one->state == CONSENTD__CONSENT__STATE__REVOKED);
        fill_withdrawals (setting, values, one, lag ? lag->events_lag : NULL);
        error = letter_finish (setting, form, values);
    }
    if (lag)
        consentd__reply__free_unpacked (lag, NULL);
    return error;
}

int run_letter_withdrawal (struct ctl *ctl, const struct options *options)
{
    return letter_show (ctl, options, write_letter);
}
