#include "consent_letter.h"
#include <errno.h>
#include <libgen.h>
#include <string.h>
#include <unistd.h>
#include "help.h"
#include "letter/letter_consent.h"
#include "letter/letter_setting.h"

enum { WORDS = 9 };

/* The words with which consentctl would be asked for it. */
static int parse (const struct consent_letter *self, const char *id, struct options *options)
{
    const char *given[][2] = {
        {"--out", self->file}, {"--policy", self->pack}, {"--to-file", self->to_file}, {"--for", self->reader}};
    const char *words[WORDS] = {id};
    size_t count = 1, used;
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (given[i][1]) {
            words[count++] = given[i][0];
            words[count++] = given[i][1];
        }
    return options_parse (options, command_find ((const char *[]){"letter", "consent"}, 2, &used), words, count);
}

/* The words that the letter will need are there. */
static int try_words (struct letter_setting *setting, const Consentd__Scope *scope)
{
    struct letter_values *values =
        letter_values_new (setting->ctl->arena, letter_form_find ("toestemming")->fields);
    letter_add_organisations (setting, values, "verstrekkers",
                              (struct letter_codes){scope->providers, scope->n_providers});
    letter_add_organisations (setting, values, "ontvangers",
                              (struct letter_codes){scope->recipients, scope->n_recipients});
    return setting->error ? setting->error
                          : letter_begin (setting, letter_form_find ("toestemming"), "", "subject", &values);
}

static int try_file (struct ctl *ctl, const char *file)
{
    const char *directory = dirname (arena_strdup (ctl->arena, file));
    if (access (file, F_OK) == 0)
        return ctl_fail (EX_CANTCREAT, "%s: is there already: a letter is a new file", file);
    return access (directory, W_OK) == 0 ? 0
                                         : ctl_fail (EX_CANTCREAT, "cannot make %s: %s", file, strerror (errno));
}

int consent_letter_try (const struct consent_letter *self, struct ctl *ctl, const Consentd__Scope *scope)
{
    struct options options;
    struct letter_setting setting;
    if (!self->file)
        return 0;
    int error = parse (self, "0", &options);
    if (!error)
        error = try_file (ctl, self->file);
    if (error)
        return error;
    error = letter_setting_open (&setting, ctl, &options);
    if (!error)
        error = try_words (&setting, scope);
    letter_setting_close (&setting);
    return error;
}

int consent_letter_make (const struct consent_letter *self, struct ctl *ctl, const char *id)
{
    struct options options;
    int error = parse (self, id, &options);
    if (!error)
        error = run_letter_consent (ctl, &options);
    if (error)
        ctl_fail (0, "it is recorded; 'consentctl letter consent %s' makes its letter", id);
    return error;
}
