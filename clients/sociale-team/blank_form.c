#include "blank_form.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ask.h"
#include "codec/document.h"
#include "form_parts.h"
#include "form_script.h"
#include "form_widgets.h"
#include "letter/letter_document.h"
#include "moments.h"

static const struct option options_of_form[] = {
    {"policy", "DIR", "the policy pack that it is made from (else the one in force, for an operator)", 0},
    {"purpose", "CODE", "a form for this purpose alone, with the data that are needed for it", 0},
    {"provider", "PARTY", "only this one may give (else each that brieven/gemeente.txt names)", OPTION_CODES},
    {"recipient", "PARTY", "only this one may get", OPTION_CODES},
    {"category", "CODE", "only this kind of data", OPTION_CODES},
    {"request", "ID", "a form for the answer to this request for consent: what it asked, and no more", 0},
    LETTER_FILE_OPTIONS,
    {NULL, NULL, NULL, 0},
};

/* "" where it ends at another moment than that of a day: who fills in the form says when. */
static const char *last_day (struct ctl *ctl, moment end)
{
    char text[MOMENT_TEXT];
    struct day day;
    return end && calendar_parse (moment_print_end (end, text), &day) ? arena_strdup (ctl->arena, text) : "";
}

/* Takes what a form is for from the request. The reply lends it. */
static int ask_request (struct ctl *ctl, const char *id, struct form_subject *subject, Consentd__Reply **reply_p)
{
    Consentd__ConsentShowRequest body;
    consentd__consent_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (CONSENT_SHOW, consent_show, &body);
    int error = ask_id (ctl, id, &body.consent_id);
    if (!error)
        error = ask (ctl, &request, CONSENTD__REPLY__BODY_CONSENT_SHOW, reply_p);
    if (error)
        return error;
    const Consentd__Consent *one = (*reply_p)->consent_show->consent;
    if (!one || !one->scope || one->state != CONSENTD__CONSENT__STATE__REQUESTED)
        return ctl_fail (EX_DATAERR, "this is no request that waits for an answer");
    subject->scope = one->scope;
    subject->asked_by = *one->asked_by ? one->asked_by : NULL;
    subject->request = ask_hex (ctl, &one->consent_id);
    subject->last_day = last_day (ctl, one->valid_until);
    subject->one_time = one->one_time;
    return 0;
}

static int find_purpose (const struct policy *policy, const char *name, struct form_subject *subject)
{
    code purpose = name && *name ? policy_purpose (policy, name) : CODE_NONE;
    if (!name || !*name)
        return 0;
    if (purpose == CODE_NONE)
        return ctl_fail (EX_DATAERR, "the pack %s has no such purpose", policy->id);
    subject->purpose = &policy->purposes[purpose];
    return form_purpose_admits_consent (policy, subject->purpose)
               ? 0
               : ctl_fail (EX_DATAERR, "nothing is given for this purpose on consent, by the pack %s", policy->id);
}

/* A form without what was asked for would be taken for one with it. */
static int check_categories (const struct policy *policy, const struct form_subject *subject)
{
    for (size_t i = 0; i < subject->scope->n_categories; i++)
        if (!form_category_admits_consent (policy, subject->purpose, subject->scope->categories[i]))
            return ctl_fail (EX_DATAERR, "category %zu is not given for this purpose on consent, by the pack %s",
                             i + 1, policy->id);
    return 0;
}

static int write_page (const struct options *options, const struct letter_document *document)
{
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    if (!out)
        abort ();
    letter_html_write_form (document, &form_script, out);
    if (fclose (out) != 0)
        abort ();
    int error = letter_file_write_text (options, text, size);
    free (text);
    return error;
}

static int write_pdf (const struct options *options, const struct letter_document *document)
{
    char *printed = NULL, *made = NULL;
    size_t size;
    int error = letter_file_make (document, FILE_PDF, &printed, &size);
    if (!error)
        error = form_widgets_add (document, (struct bytes){printed, size}, &made, &size);
    if (!error)
        error = letter_file_write_text (options, made, size);
    free (printed);
    free (made);
    return error;
}

static int write_out (const struct options *options, const struct letter_document *document)
{
    switch (letter_file_form_of (options)) {
    case FILE_HTML:
        return write_page (options, document);
    case FILE_PDF:
        return write_pdf (options, document);
    default:
        return letter_file_write (options, document);
    }
}

static int make (struct letter_setting *setting, const struct form_subject *subject)
{
    const struct letter_form *form = letter_form_find ("formulier");
    struct letter_values *values = letter_values_new (setting->ctl->arena, form->fields);
    struct letter_document document;
    const char *file = options_text (setting->options, "out");
    letter_set_flag (values, "scherm", letter_file_form_of (setting->options) == FILE_HTML);
    form_parts_fill (setting, subject, values);
    int error = letter_fill (setting, form, values, &document);
    if (!error && !(setting->ctl->json && !file))
        error = write_out (setting->options, &document);
    if (!error && setting->ctl->json)
        document_print (letter_json (form, file, &document));
    return error;
}

static void read_scope (struct ctl *ctl, const struct options *options, Consentd__Scope *scope)
{
    consentd__scope__init (scope);
    scope->providers = options_list (options, "provider", ctl->arena, &scope->n_providers);
    scope->recipients = options_list (options, "recipient", ctl->arena, &scope->n_recipients);
    scope->categories = options_list (options, "category", ctl->arena, &scope->n_categories);
    scope->purpose = options_field (options, "purpose");
}

static int run (struct ctl *ctl, const struct options *options)
{
    struct letter_setting setting;
    Consentd__Scope scope;
    Consentd__Reply *reply = NULL;
    struct form_subject subject = {.request = "", .last_day = "", .scope = &scope};
    const char *id = options_text (options, "request");
    read_scope (ctl, options, &scope);
    if (id && (*scope.purpose || scope.n_providers + scope.n_recipients + scope.n_categories > 0))
        return ctl_fail (EX_USAGE, "--request says all that the others would: give it alone");
    int error = letter_setting_open (&setting, ctl, options);
    if (!error && id)
        error = ask_request (ctl, id, &subject, &reply);
    if (!error)
        error = find_purpose (setting.policy, subject.scope->purpose, &subject);
    if (!error)
        error = check_categories (setting.policy, &subject);
    if (!error)
        error = make (&setting, &subject);
    letter_setting_close (&setting);
    if (reply)
        consentd__reply__free_unpacked (reply, NULL);
    return error;
}

static const char details[] =
    "The form has the purposes, the kinds of data and the organisations of the pack, by their labels; its words "
    "are\n"
    "the template brieven/formulier.txt. As .html it is filled in on a screen, without a server: it saves a file "
    "for\n"
    "'sociale-team consent'. As .pdf it is filled in in any viewer, or printed. docs/forms.md says more.";

const struct command blank_form_command = {
    "form", NULL, "make the empty consent form, from the policy pack", details, options_of_form, run,
};
