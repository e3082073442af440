/* consentctl letter consent: confirms what was agreed, or refused. */
#include "letter_consent.h"

#include <string.h>
#include "ask.h"
#include "letter_reader.h"
#include "letter_setting.h"
#include "letter_show.h"
#include "letter_words.h"

#define CODES(list)                  \
    (struct letter_codes)            \
    {                                \
        scope->list, scope->n_##list \
    }

static void fill_scope (struct letter_setting *setting, struct letter_values *values, const Consentd__Scope *scope)
{
    letter_add_organisations (setting, values, "verstrekkers", CODES (providers));
    letter_add_organisations (setting, values, "ontvangers", CODES (recipients));
    letter_add_labels (setting, values, "gegevens", LETTER_CATEGORY, CODES (categories));
    letter_add_labels (setting, values, "herkomst", LETTER_ORIGIN, CODES (origins));
    letter_set (values, "doel", letter_label (setting, LETTER_PURPOSE, scope->purpose));
    letter_set (values, "zaak", scope->case_ref);
}

static void fill_signatures (struct letter_setting *setting, struct letter_values *values, const char *reader,
                             const Consentd__Consent *one)
{
    for (size_t i = 0; i < one->n_signatures; i++) {
        const char *who = letter_reader_says (reader, one->signatures[i]->signer);
        const char *when = letter_day (setting->ctl->arena, one->signatures[i]->given_at);
        if (who)
            letter_add (values, "getekend", arena_printf (setting->ctl->arena, "%s, op %s", who, when));
        else
            letter_set_flag (values, "weggelaten", true);
    }
}

static bool has_special (const struct policy *policy, const Consentd__Scope *scope)
{
    for (size_t i = 0; i < scope->n_categories; i++) {
        code category = policy_category (policy, scope->categories[i]);
        if (category != CODE_NONE && policy->categories[category].special != SPECIAL_NO)
            return true;
    }
    return false;
}

static void fill_asker (struct letter_setting *setting, struct letter_values *values, const Consentd__Consent *one)
{
    if (*one->asked_by)
        letter_set (values, "gevraagd-door", letter_organisation (setting, one->asked_by));
}

static void fill_consent (struct letter_setting *setting, struct letter_values *values,
                          const Consentd__Consent *one)
{
    struct arena *arena = setting->ctl->arena;
    int64_t from = one->valid_from ? one->valid_from : one->recorded_at;
    letter_set (values, "vanaf", letter_day (arena, from));
    letter_set (values, "tot-en-met", letter_last_day (arena, one->valid_until));
    letter_set_flag (values, "eenmalig", one->one_time);
    if (one->used_at)
        letter_set (values, "gebruikt-op", letter_day (arena, one->used_at));
    letter_set_flag (values, "bijzonder", has_special (setting->policy, one->scope));
    letter_set_flag (values, "deels-ingetrokken", one->n_withdrawals > 0);
}

/* The letter that confirms it. NULL, with the exit code and its line printed: there is none. */
static const struct letter_form *form_of (const Consentd__Consent *one, int *error)
{
    switch (one->state) {
    case CONSENTD__CONSENT__STATE__GRANTED:
    case CONSENTD__CONSENT__STATE__USED_UP:
        return letter_form_find ("toestemming");
    case CONSENTD__CONSENT__STATE__REFUSAL:
        return letter_form_find ("weigering");
    case CONSENTD__CONSENT__STATE__REVOKED:
        *error = ctl_fail (EX_DATAERR, "this consent was withdrawn: see 'consentctl letter withdrawal'");
        return NULL;
    default:
        *error = ctl_fail (EX_DATAERR, "the state of this is %s: there is nothing to confirm",
                           consent_name (&consentd__consent__state__descriptor, (int)one->state));
        return NULL;
    }
}

static int write_letter (struct letter_setting *setting, const Consentd__Consent *one)
{
    int error = 0;
    struct letter_values *values;
    const char *reader = letter_reader (setting->options);
    const struct letter_form *form = form_of (one, &error);
    if (!form)
        return error;
    error = letter_begin (setting, form, ask_hex (setting->ctl, &one->consent_id), reader, &values);
    if (error)
        return error;
    fill_scope (setting, values, one->scope);
    fill_signatures (setting, values, reader, one);
    fill_asker (setting, values, one);
    if (one->state == CONSENTD__CONSENT__STATE__REFUSAL)
        letter_set (values, "vastgelegd-op", letter_day (setting->ctl->arena, one->recorded_at));
    else
        fill_consent (setting, values, one);
    return letter_finish (setting, form, values);
}

int run_letter_consent (struct ctl *ctl, const struct options *options)
{
    return letter_show (ctl, options, write_letter);
}
