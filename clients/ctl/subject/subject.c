/* consentctl subject add | set | show */
#include <unistd.h>
#include "agree.h"
#include "ask.h"
#include "bsn.h"
#include "ctl.h"
#include "free_text.h"
#include "hold.h"
#include "moments.h"
#include "restriction.h"
#include "subject_change.h"
#include "subject_form.h"
#include "table.h"

static const struct option add_options[] = {
    BSN_OPTION,
    SUBJECT_FORM_OPTIONS,
    {NULL, NULL, NULL, 0},
};

static const struct option set_options[] = {
    BSN_OPTION, SUBJECT_FORM_OPTIONS, SUBJECT_CHANGE_OPTIONS, AGREE_OPTION, {NULL, NULL, NULL, 0},
};

static const struct option show_options[] = {
    BSN_OPTION,
    {NULL, NULL, NULL, 0},
};

static void print_subject (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__SubjectShowReply *subject = reply->subject_show;
    if (!subject->known) {
        puts ("The registry does not know this subject.");
        return;
    }
    struct table facts = table_start (ctl->arena, NULL, 2);
    table_add_fact (&facts, "subject", ask_hex (ctl, &subject->subject_ref));
    table_add_fact (&facts, "born", *subject->birth_date ? subject->birth_date : "not known");
    table_add_fact (&facts, "died", subject->death_date);
    for (size_t i = 0; i < subject->n_capabilities; i++)
        table_add_fact (&facts, subject->capabilities[i]->capable ? "capable from" : "not capable from",
                        subject->capabilities[i]->from);
    for (size_t i = 0; i < subject->n_representatives; i++)
        table_add_fact (&facts, "representative",
                        subject_describe_representative (ctl, subject->representatives[i]));
    for (size_t i = 0; i < subject->n_care_ended; i++)
        table_add_fact (
            &facts, "care ended",
            arena_printf (ctl->arena, "%s, %s", subject->care_ended[i]->law, subject->care_ended[i]->day));
    for (size_t i = 0; i < subject->n_restrictions; i++)
        table_add_fact (&facts, "restricted", restriction_describe (ctl, subject->restrictions[i]));
    for (size_t i = 0; i < subject->n_holds; i++)
        table_add_fact (&facts, "legal hold", hold_describe (ctl, subject->holds[i]));
    for (size_t i = 0; i < subject->n_informed; i++)
        table_add_fact (&facts, "told to correct it", subject->informed[i]);
    table_print (&facts, stdout);
}

static int ask_subject (struct ctl *ctl, Consentd__Request *request)
{
    return ask_and_tell (ctl, request, CONSENTD__REPLY__BODY_SUBJECT_SHOW, print_subject);
}

static int run_add (struct ctl *ctl, const struct options *options)
{
    Consentd__SubjectSetRequest body;
    consentd__subject_set_request__init (&body);
    Consentd__Request request = ASK_REQUEST (SUBJECT_SET, subject_set, &body);
    int error = subject_form_read (ctl, options, &body);
    if (!error && !options_has (options, "birth-date-file") && isatty (STDIN_FILENO))
        error = free_text_ask (ctl, "Birth date (YYYY-MM-DD; nothing where it is not known): ", &body.birth_date);
    if (!error)
        error = bsn_ask (ctl, options, &body.bsn);
    return error ? error : ask_subject (ctl, &request);
}

static int run_show (struct ctl *ctl, const struct options *options)
{
    Consentd__SubjectShowRequest body;
    consentd__subject_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (SUBJECT_SHOW, subject_show, &body);
    int error = bsn_ask (ctl, options, &body.bsn);
    return error ? error : ask_subject (ctl, &request);
}

/* The record as it is, and as the change would make it. */
struct views {
    Consentd__Reply *before, *after;
};

static void views_free (struct views *self)
{
    if (self->before)
        consentd__reply__free_unpacked (self->before, NULL);
    if (self->after)
        consentd__reply__free_unpacked (self->after, NULL);
}

/* Asks for both. The change then names the version that was shown. */
static int ask_views (struct ctl *ctl, Consentd__Request *request, struct views *views)
{
    Consentd__SubjectShowRequest show;
    consentd__subject_show_request__init (&show);
    Consentd__Request shown = ASK_REQUEST (SUBJECT_SHOW, subject_show, &show);
    Consentd__SubjectSetRequest *body = request->subject_set;
    show.bsn = body->bsn;
    int error = ask (ctl, &shown, CONSENTD__REPLY__BODY_SUBJECT_SHOW, &views->before);
    if (error)
        return error;
    body->expected = views->before->subject_show->version;
    body->advise = true;
    error = ask (ctl, request, CONSENTD__REPLY__BODY_SUBJECT_SHOW, &views->after);
    body->advise = false;
    return error;
}

static int run_set (struct ctl *ctl, const struct options *options)
{
    Consentd__SubjectSetRequest body;
    consentd__subject_set_request__init (&body);
    Consentd__Request request = ASK_REQUEST (SUBJECT_SET, subject_set, &body);
    struct views views = {NULL, NULL};
    int error = subject_form_read_change (ctl, options, &body);
    if (!error)
        error = bsn_ask (ctl, options, &body.bsn);
    if (!error)
        error = ask_views (ctl, &request, &views);
    if (!error && !subject_change_print (ctl, views.before->subject_show, views.after->subject_show,
                                         ctl->json ? stderr : stdout))
        fputs ("Nothing changes.\n", ctl->json ? stderr : stdout);
    else if (!error)
        error = agree (options);
    if (!error)
        error = ask_subject (ctl, &request);
    views_free (&views);
    return error;
}

const struct command subject_commands[] = {
    {"subject add", NULL, "record birth date, capability and representatives of a new subject",
     BSN_DETAILS "\nFor a subject who is known already, use 'consentctl subject set'.", add_options, run_add},
    {"subject set", NULL, "change what is recorded of a subject: only what is named",
     BSN_DETAILS
     "\nShows what changes, with the consents that end by it or stand again, and asks before it does so.\n"
     "A correction is judged as if it had always been known (M5); a change of today ends nothing before it\n"
     "is recorded.",
     set_options, run_set},
    {"subject show", NULL, "what is recorded of a subject", BSN_DETAILS, show_options, run_show},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
