#include "breach_letters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "input.h"
#include "letter/letter_document.h"
#include "letter/letter_words.h"
#include "tally.h"
#include "text/progress.h"

enum { INCIDENT_LIMIT = 64 << 10 };

/* --- What is asked --------------------------------------------------------------------------------------- */

static int read_options (struct breach_letters *self, const struct options *options)
{
    const char *who = options_text (options, "letters-to"), *form = options_text (options, "letter-format");
    self->are_wanted = options_has (options, "letters");
    if (!self->are_wanted && (who || form || options_has (options, "incident")))
        return ctl_fail (EX_USAGE, "--incident, --letters-to and --letter-format belong to --letters DIR");
    if (self->are_wanted && !options_has (options, "incident"))
        return ctl_fail (EX_USAGE, "letters tell what happened: give --incident FILE; see docs/letters.md");
    self->only_special = who && strcmp (who, "special") == 0;
    if (who && !self->only_special && strcmp (who, "all") != 0)
        return ctl_fail (EX_USAGE, "--letters-to is all or special");
    self->form = form ? letter_file_form (form) : FILE_TEXT;
    return self->form == FILE_FORMS ? ctl_fail (EX_USAGE, "--letter-format is text, html or pdf") : 0;
}

static int read_incident (struct breach_letters *self)
{
    struct ctl *ctl = self->setting.ctl;
    const char *file = options_text (self->setting.options, "incident");
    char *data = arena_alloc (ctl->arena, INCIDENT_LIMIT);
    ssize_t size = input_read_text (file, data, INCIDENT_LIMIT);
    struct policy_error error;
    if (size == -EFBIG)
        return ctl_fail (EX_DATAERR, "%s: larger than %d KiB", file, INCIDENT_LIMIT >> 10);
    if (size < 0)
        return ctl_fail (EX_NOINPUT, "cannot read %s: %s", file, input_problem (size));
    const struct policy_text text = {file, data, (size_t)size};
    if (incident_read (&self->incident, ctl->arena, &text, calendar_day (moment_now ()), &error) == 0)
        return 0;
    return error.line > 0 ? ctl_fail (EX_DATAERR, "%s:%u: %s", file, error.line, error.message)
                          : ctl_fail (EX_DATAERR, "%s: %s", file, error.message);
}

int breach_letters_open (struct breach_letters *self, struct ctl *ctl, const struct options *options,
                         struct policy *policy, const char *pack)
{
    *self = (struct breach_letters){.setting = {.ctl = ctl, .options = options, .policy = policy}};
    int error = read_options (self, options);
    if (error || !self->are_wanted)
        return error;
    error = read_incident (self);
    return error ? error : letter_setting_read (&self->setting, pack);
}

/* --- A letter -------------------------------------------------------------------------------------------- */

/* "3 mei 2026", or "van 3 mei 2026 tot en met 5 juni 2026". */
static const char *describe_time (struct arena *arena, json_t *person)
{
    const char *first = letter_day (arena, tally_number (person, "first"));
    const char *last = letter_day (arena, tally_number (person, "last"));
    return strcmp (first, last) == 0 ? first : arena_printf (arena, "van %s tot en met %s", first, last);
}

static void fill (struct breach_letters *self, struct letter_values *values, const struct breach *breach,
                  json_t *person)
{
    struct letter_setting *setting = &self->setting;
    const char *name;
    json_t *count;
    letter_set (values, "organisatie", letter_organisation (setting, breach->party));
    json_object_foreach (json_object_get (person, "categories"), name, count)
        letter_add (values, "gegevens", letter_label (setting, LETTER_CATEGORY, name));
    json_object_foreach (json_object_get (person, "providers"), name, count)
        letter_add (values, "verstrekkers", letter_organisation (setting, name));
    letter_set_flag (values, "bijzonder", breach_person_is_special (breach, person));
    letter_set (values, "gekregen", describe_time (setting->ctl->arena, person));
    incident_tell (&self->incident, values);
}

static int make_letter (struct breach_letters *self, const struct breach *breach, const char *subject,
                        json_t *person)
{
    static const char *const ends[FILE_FORMS] = {"txt", "html", "pdf"};
    const struct letter_form *form = letter_form_find ("datalek");
    struct ctl *ctl = self->setting.ctl;
    struct letter_values *values = letter_values_begin (&self->setting, form, subject, "subject");
    struct letter_document document;
    char *data;
    size_t size;
    fill (self, values, breach, person);
    int error = letter_fill (&self->setting, form, values, &document);
    if (!error)
        error = letter_file_make (&document, self->form, &data, &size);
    if (error)
        return error;
    error = new_directory_add (&self->directory, ctl,
                               arena_printf (ctl->arena, "%s.%s", subject, ends[self->form]), data, size);
    explicit_bzero (data, size);
    free (data);
    return error;
}

/* --- All of them ----------------------------------------------------------------------------------------- */

static void show_progress (size_t made)
{
    progress_show ("%zu letters", made);
}

int breach_letters_make (struct breach_letters *self, const struct breach *breach)
{
    struct ctl *ctl = self->setting.ctl;
    const char *subject;
    json_t *person;
    size_t made = 0;
    int error = self->are_wanted
                    ? new_directory_begin (&self->directory, ctl, options_text (self->setting.options, "letters"))
                    : 0;
    if (error || !self->are_wanted)
        return error;
    json_object_foreach (breach->people, subject, person)
    {
        if (error || (self->only_special && !breach_person_is_special (breach, person)))
            continue;
        struct arena_mark mark = arena_mark (ctl->arena); /* one letter at a time in memory */
        error = make_letter (self, breach, subject, person);
        arena_release (ctl->arena, mark);
        show_progress (++made);
    }
    progress_end ();
    return error;
}

int breach_letters_close (struct breach_letters *self, int error)
{
    if (!error && self->directory.draft)
        return new_directory_keep (&self->directory);
    new_directory_drop (&self->directory);
    return error;
}
