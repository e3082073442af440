/* consentctl letter request: that it came, that the answer comes later, and what was decided. */
#include "letter_request.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "ask.h"
#include "letter_kept.h"
#include "letter_setting.h"
#include "letter_words.h"

/* What is asked, in plain Dutch. */
static const char *kind_words (Consentd__RightsKind kind)
{
    static const struct {
        Consentd__RightsKind kind;
        const char *words;
    } kinds[] = {
        {CONSENTD__RIGHTS_KIND__RIGHTS_ACCESS, "inzage in gegevens"},
        {CONSENTD__RIGHTS_KIND__RIGHTS_RECTIFICATION, "verbetering van gegevens"},
        {CONSENTD__RIGHTS_KIND__RIGHTS_COMPLETION, "aanvulling van gegevens"},
        {CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE, "verwijdering van gegevens"},
        {CONSENTD__RIGHTS_KIND__RIGHTS_RESTRICTION, "afscherming van gegevens"},
        {CONSENTD__RIGHTS_KIND__RIGHTS_OBJECTION, "een ander besluit (bezwaar)"},
        {CONSENTD__RIGHTS_KIND__RIGHTS_OPPOSITION, "stoppen met het gebruik van gegevens (verzet)"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind)
            return kinds[i].words;
    return "iets dat dit programma niet kent";
}

/* --- The letters --------------------------------------------------------------------------------------- */

static void fill_receipt (struct letter_setting *setting, struct letter_values *values,
                          const Consentd__RightsRequest *one)
{
    struct arena *arena = setting->ctl->arena;
    letter_set (values, "antwoord-uiterlijk",
                letter_last_day (arena, one->due_before ? one->due_before : one->due));
    letter_set_flag (values, "te-laat", one->late);
}

static void fill_extension (struct letter_setting *setting, struct letter_values *values,
                            const Consentd__RightsRequest *one)
{
    struct arena *arena = setting->ctl->arena;
    letter_set (values, "eerst-uiterlijk", letter_last_day (arena, one->due_before));
    letter_set (values, "antwoord-uiterlijk", letter_last_day (arena, one->due));
    letter_set (values, "reden", one->extension_reason);
}

static void fill_granted (struct letter_setting *setting, struct letter_values *values,
                          const Consentd__RightsRequest *one)
{
    struct arena *arena = setting->ctl->arena;
    letter_set (values, "besloten-op", letter_day_of_text (arena, one->announced));
    letter_set (values, "toelichting", one->reason);
    letter_tell_kept (setting, values, one);
}

static void fill_refused (struct letter_setting *setting, struct letter_values *values,
                          const Consentd__RightsRequest *one)
{
    struct arena *arena = setting->ctl->arena;
    letter_set (values, "besloten-op", letter_day_of_text (arena, one->announced));
    letter_set (values, "redenen", one->reason);
    letter_set (values, "artikel", letter_article (setting, one->article));
    letter_set (values, "bezwaar-uiterlijk",
                one->objection_until ? letter_last_day (arena, one->objection_until) : "");
}

static void fill_in_part (struct letter_setting *setting, struct letter_values *values,
                          const Consentd__RightsRequest *one)
{
    fill_refused (setting, values, one);
    letter_tell_kept (setting, values, one);
}

struct request_letter {
    const char *form;
    bool may_leave_out; /* it has the field "weggelaten" */
    void (*fill) (struct letter_setting *setting, struct letter_values *values,
                  const Consentd__RightsRequest *one);
};

enum letter_about { RECEIPT, EXTENSION, GRANTED, IN_PART, REFUSED, NO_LETTER };

static const struct request_letter letters[] = {
    [RECEIPT] = {"verzoek-ontvangen", false, fill_receipt},
    [EXTENSION] = {"verzoek-verlengd", false, fill_extension},
    [GRANTED] = {"verzoek-toegewezen", true, fill_granted},
    [IN_PART] = {"verzoek-deels", true, fill_in_part},
    [REFUSED] = {"verzoek-afgewezen", true, fill_refused},
};

/* The newest that there is to say of it. */
static enum letter_about newest (const Consentd__RightsRequest *one)
{
    switch (one->state) {
    case CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED:
        return GRANTED;
    case CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED_IN_PART:
        return IN_PART;
    case CONSENTD__RIGHTS_STATE__RIGHTS_REFUSED:
        return REFUSED;
    case CONSENTD__RIGHTS_STATE__RIGHTS_WITHDRAWN:
        return NO_LETTER;
    default:
        return one->due_before ? EXTENSION : RECEIPT;
    }
}

/* What --about asks for. NO_LETTER, with the line printed: there is nothing to say of that. */
static enum letter_about choose (const struct options *options, const Consentd__RightsRequest *one)
{
    const char *about = options_text (options, "about");
    enum letter_about wanted = newest (one);
    if (about && strcmp (about, "receipt") == 0)
        wanted = RECEIPT;
    else if (about && strcmp (about, "extension") == 0)
        wanted = one->due_before ? EXTENSION : NO_LETTER;
    else if (about && wanted < GRANTED)
        wanted = NO_LETTER;
    if (wanted == NO_LETTER)
        ctl_fail (0, "there is nothing to say of request %" PRIu64 ": it was not %s", one->number,
                  !about                             ? "decided but withdrawn"
                  : strcmp (about, "extension") == 0 ? "put off"
                                                     : "decided");
    return wanted;
}

static int write_letter (struct letter_setting *setting, const Consentd__RightsRequest *one)
{
    struct arena *arena = setting->ctl->arena;
    enum letter_about about = choose (setting->options, one);
    if (about == NO_LETTER)
        return EX_DATAERR;
    const struct letter_form *form = letter_form_find (letters[about].form);
    const char *number = arena_printf (arena, "%" PRIu64, one->number);
    struct letter_values *values;
    int error = letter_begin (setting, form, number, one->by, &values);
    if (error)
        return error;
    letter_set (values, "nummer", number);
    letter_set (values, "soort", kind_words (one->kind));
    letter_set (values, "gevraagd", one->wish);
    letter_set (values, "ontvangen-op", letter_day_of_text (arena, one->received));
    letter_set_flag (values, "bezwaar", one->kind == CONSENTD__RIGHTS_KIND__RIGHTS_OBJECTION);
    letter_set_flag (values, "zienswijze", one->n_views > 0);
    if (letters[about].may_leave_out) /* what another said of it stands in no letter (M9, R6) */
        letter_set_flag (values, "weggelaten", one->n_views > 0);
    letters[about].fill (setting, values, one);
    return letter_finish (setting, form, values);
}

/* --- The command --------------------------------------------------------------------------------------- */

static int ask_request (struct letter_setting *setting, uint64_t number)
{
    Consentd__RightsShowRequest body;
    consentd__rights_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RIGHTS_SHOW, rights_show, &body);
    Consentd__Reply *reply;
    body.number = number;
    int error = ask (setting->ctl, &request, CONSENTD__REPLY__BODY_RIGHTS, &reply);
    if (error)
        return error;
    error = reply->rights->request ? write_letter (setting, reply->rights->request)
                                   : ctl_fail (EX_SOFTWARE, "the registry showed no request");
    consentd__reply__free_unpacked (reply, NULL);
    return error;
}

static bool is_about (const char *about)
{
    return !about || strcmp (about, "receipt") == 0 || strcmp (about, "extension") == 0 ||
           strcmp (about, "outcome") == 0;
}

int run_letter_request (struct ctl *ctl, const struct options *options)
{
    const char *text = options->arguments[0];
    char *end;
    errno = 0;
    uint64_t number = strtoull (text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno)
        return ctl_fail (EX_USAGE, "a request has a number: the one that was handed out");
    if (!is_about (options_text (options, "about")))
        return ctl_fail (EX_USAGE, "--about is receipt, extension or outcome");
    struct letter_setting setting;
    int error = letter_setting_open (&setting, ctl, options);
    if (!error)
        error = ask_request (&setting, number);
    letter_setting_close (&setting);
    return error;
}
