#include "subject_form.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "ctl.h"
#include "free_text.h"
#include "moments.h"

/* Cuts "text:YYYY-MM-DD" at the last colon, in place. NULL, with nothing cut, if it does not end with a day. */
static char *cut_day (char *text)
{
    struct day day;
    char *colon = strrchr (text, ':');
    if (!colon || !calendar_parse (colon + 1, &day))
        return NULL;
    *colon = '\0';
    return colon + 1;
}

/* Reads REF:KIND:FROM[:UNTIL] from its end, because a reference may hold colons. */
static Consentd__Representative *read_representative (struct ctl *ctl, const char *text)
{
    Consentd__Representative *one = arena_alloc (ctl->arena, sizeof *one);
    consentd__representative__init (one);
    char *reference = arena_strdup (ctl->arena, text), *last = cut_day (reference), *from = cut_day (reference);
    char *colon = strrchr (reference, ':');
    if (!last || !colon || colon == reference || calendar_is_no_day (colon))
        return NULL;
    *colon = '\0';
    one->reference = reference;
    one->kind = colon + 1;
    one->from = from ? from : last;
    if (from) {
        char until[11];
        day_after (last, until);
        one->until = arena_strdup (ctl->arena, until);
    }
    return one;
}

static int read_representatives (struct ctl *ctl, const struct options *options, Consentd__SubjectSetRequest *body)
{
    char **texts = options_list (options, "representative", ctl->arena, &body->n_representatives);
    /* Each option of the command may name another representative. */
    body->representatives = arena_array (ctl->arena, OPTIONS_GIVEN, sizeof *body->representatives);
    for (size_t i = 0; i < body->n_representatives; i++) {
        body->representatives[i] = read_representative (ctl, texts[i]);
        if (!body->representatives[i])
            return ctl_fail (EX_USAGE, "--representative: %s",
                             day_fault_or (texts[i], "not REF:KIND:FROM[:UNTIL] with days as YYYY-MM-DD"));
    }
    return 0;
}

/* The entry with this reference, or a new one. It holds only what is put in: the other facts of a registered
   representative stay as they are. */
static Consentd__Representative *entry_of (struct ctl *ctl, Consentd__SubjectSetRequest *body, char *reference)
{
    for (size_t i = 0; i < body->n_representatives; i++)
        if (strcmp (body->representatives[i]->reference, reference) == 0)
            return body->representatives[i];
    Consentd__Representative *one = arena_alloc (ctl->arena, sizeof *one);
    consentd__representative__init (one);
    one->reference = reference;
    body->representatives[body->n_representatives++] = one;
    return one;
}

/* Reads REF:FROM:FILE. FILE holds the reason; its name begins after the first day between colons. */
static int read_refusal (struct ctl *ctl, const char *text, Consentd__SubjectSetRequest *body)
{
    char *reference = arena_strdup (ctl->arena, text), *from = NULL, *reason = NULL;
    const char *file = NULL;
    for (char *colon = strchr (reference, ':'); colon; colon = strchr (colon + 1, ':')) {
        struct day day;
        char *end = strchr (colon + 1, ':');
        char *word = end ? arena_strndup (ctl->arena, colon + 1, (size_t)(end - colon - 1)) : NULL;
        if (word && calendar_is_no_day (word))
            return ctl_fail (EX_USAGE, "--refused-file: %s", day_fault (word));
        if (word && calendar_parse (word, &day)) {
            *colon = '\0';
            from = word;
            file = end + 1;
            break;
        }
    }
    if (!from || !*file)
        return ctl_fail (EX_USAGE, "--refused-file: not REF:FROM:FILE with the day as YYYY-MM-DD");
    int error = free_text_read_file (ctl, file, &reason);
    if (error)
        return error;
    Consentd__Representative *one = entry_of (ctl, body, reference);
    one->refused_from = from;
    one->refused_reason = reason;
    return 0;
}

static int compare_capabilities (const void *a, const void *b)
{
    const Consentd__Capability *const *one = a, *const *other = b;
    return strcmp ((*one)->from, (*other)->from);
}

/* Reads capabilities in the order of days, as the protocol wants them. Days in this form sort as text. */
static void read_capabilities (struct ctl *ctl, const struct options *options, Consentd__SubjectSetRequest *body)
{
    size_t capable_count, incapable_count;
    char **capable = options_list (options, "capable-from", ctl->arena, &capable_count);
    char **incapable = options_list (options, "not-capable-from", ctl->arena, &incapable_count);
    body->n_capabilities = capable_count + incapable_count;
    body->capabilities = arena_array (ctl->arena, body->n_capabilities + 1, sizeof *body->capabilities);
    for (size_t i = 0; i < body->n_capabilities; i++) {
        Consentd__Capability *one = arena_alloc (ctl->arena, sizeof *one);
        consentd__capability__init (one);
        one->capable = i < capable_count;
        one->from = i < capable_count ? capable[i] : incapable[i - capable_count];
        body->capabilities[i] = one;
    }
    qsort (body->capabilities, body->n_capabilities, sizeof *body->capabilities, compare_capabilities);
}

/* Reads LAW:DAY. Whether there is such a law, or such a day, the registry says. */
static int read_care_ended (struct ctl *ctl, const struct options *options, Consentd__SubjectSetRequest *body)
{
    char **texts = options_list (options, "care-ended", ctl->arena, &body->n_care_ended);
    body->care_ended = arena_array (ctl->arena, body->n_care_ended + 1, sizeof *body->care_ended);
    for (size_t i = 0; i < body->n_care_ended; i++) {
        Consentd__CareEnd *one = arena_alloc (ctl->arena, sizeof *one);
        consentd__care_end__init (one);
        one->law = arena_strdup (ctl->arena, texts[i]);
        one->day = cut_day (one->law);
        if (!one->day || !*one->law)
            return ctl_fail (EX_USAGE, "--care-ended: %s",
                             day_fault_or (texts[i], "not LAW:DAY with the day as YYYY-MM-DD"));
        body->care_ended[i] = one;
    }
    return 0;
}

/* Reads REF:DAY, the last day of authority. */
static int read_ends (struct ctl *ctl, const struct options *options, Consentd__SubjectSetRequest *body)
{
    size_t count;
    char **texts = options_list (options, "authority-until", ctl->arena, &count);
    for (size_t i = 0; i < count; i++) {
        char *reference = arena_strdup (ctl->arena, texts[i]), *last = cut_day (reference), until[11];
        if (!last || !*reference)
            return ctl_fail (EX_USAGE, "--authority-until: %s",
                             day_fault_or (texts[i], "not REF:DAY with the day as YYYY-MM-DD"));
        day_after (last, until);
        entry_of (ctl, body, reference)->until = arena_strdup (ctl->arena, until);
    }
    return 0;
}

static void read_removals (struct ctl *ctl, const struct options *options, Consentd__SubjectSetRequest *body)
{
    Consentd__SubjectRemoval *removal = arena_alloc (ctl->arena, sizeof *removal);
    consentd__subject_removal__init (removal);
    removal->birth_date = options_has (options, "remove-birth-date");
    removal->death_date = options_has (options, "remove-death-date");
    removal->representatives =
        options_list (options, "remove-representative", ctl->arena, &removal->n_representatives);
    removal->untils = options_list (options, "remove-authority-until", ctl->arena, &removal->n_untils);
    removal->refusals = options_list (options, "remove-refused", ctl->arena, &removal->n_refusals);
    removal->capabilities = options_list (options, "remove-capability", ctl->arena, &removal->n_capabilities);
    removal->care_ended = options_list (options, "remove-care-ended", ctl->arena, &removal->n_care_ended);
    if (removal->birth_date || removal->death_date || removal->n_representatives || removal->n_untils ||
        removal->n_refusals || removal->n_capabilities || removal->n_care_ended)
        body->remove = removal;
}

int subject_form_read (struct ctl *ctl, const struct options *options, Consentd__SubjectSetRequest *body)
{
    size_t count;
    char **refusals = options_list (options, "refused-file", ctl->arena, &count);
    body->user = arena_strdup (ctl->arena, ctl->user);
    read_capabilities (ctl, options, body);
    int error = read_representatives (ctl, options, body);
    if (!error)
        error = read_care_ended (ctl, options, body);
    if (!error)
        error = free_text_read_if_given (ctl, options, "birth-date-file",
                                         "Birth date (YYYY-MM-DD): ", &body->birth_date);
    if (!error)
        error =
            free_text_read_if_given (ctl, options, "death-date-file", "Died on (YYYY-MM-DD): ", &body->death_date);
    for (size_t i = 0; i < count && !error; i++)
        error = read_refusal (ctl, refusals[i], body);
    return error;
}

int subject_form_read_change (struct ctl *ctl, const struct options *options, Consentd__SubjectSetRequest *body)
{
    unsigned long number = 0;
    int error = options_number (options, "request", 1, ULONG_MAX, &number);
    body->request = number;
    if (!error)
        error = subject_form_read (ctl, options, body);
    if (!error)
        error = read_ends (ctl, options, body);
    read_removals (ctl, options, body);
    return error;
}
