/* consentctl consent grant | refuse */
#include <limits.h>
#include <string.h>
#include "ask.h"
#include "bsn.h"
#include "ctl.h"
#include "evidence.h"
#include "free_text.h"
#include "moments.h"
#include "recorded.h"
#include "scope.h"
#include "request_list.h"

/* clang-format off */
#define SIGNER_OPTION                                                                                           \
    {"signer", "WHO[:WHEN]", "'subject' or the reference of a representative, and when (else now)", OPTION_REPEATED}
#define ANSWERS_OPTION                                                                                          \
    {"answers", "ID", "the request that this answers: what is not given here is taken from it", 0}
/* clang-format on */

static const struct option grant_options[] = {
    BSN_OPTION,
    ANSWERS_OPTION,
    SCOPE_OPTIONS,
    MOTIVATION_OPTIONS,
    SIGNER_OPTION,
    {"form", "FORM", "written, digital (signed) or oral; required, but for a correction", 0,
     "written digital oral"},
    EVIDENCE_OPTIONS,
    {"notice", "ID:VERSION:LANG[:WHEN]", "which notice the subject was given, and when (else now)", 0},
    VALIDITY_OPTIONS,
    {"corrects", "ID", "the consent of which the scope was recorded wrongly: this is what was signed", 0},
    {"request", "NUMBER", "of a correction: the request of the subject on which it is done (rights open)", 0},
    {"reason-file", "FILE", "of a correction: file with what was wrong; '-': standard input", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option refuse_options[] = {
    BSN_OPTION, ANSWERS_OPTION, SCOPE_OPTIONS, MOTIVATION_OPTIONS, SIGNER_OPTION, {NULL, NULL, NULL, 0},
};

/* Cuts TEXT[:WHEN], also with a day that does not exist. */
static int cut_when (const char *option, char *text, moment *when)
{
    const char *rest = strchr (text, ':');
    if (moment_cut (text, when) || !rest || !calendar_is_no_day (rest))
        return 0;
    return ctl_fail (EX_USAGE, "--%s: %s", option, moment_fault (text));
}

static int read_signatures (struct ctl *ctl, const struct options *options, moment now,
                            Consentd__Signature ***all_p, size_t *count)
{
    char **texts = options_list (options, "signer", ctl->arena, count);
    Consentd__Signature **all = *all_p = arena_array (ctl->arena, *count + 1, sizeof *all);
    for (size_t i = 0; i < *count; i++) {
        all[i] = arena_alloc (ctl->arena, sizeof **all);
        consentd__signature__init (all[i]);
        all[i]->signer = arena_strdup (ctl->arena, texts[i]);
        moment when = now;
        int error = cut_when ("signer", all[i]->signer, &when);
        if (error)
            return error;
        all[i]->given_at = when;
    }
    return 0;
}

/* Reads ID:VERSION:LANG[:WHEN]. */
static int read_notice (struct ctl *ctl, const struct options *options, moment now, Consentd__Notice *notice)
{
    const char *text = options_text (options, "notice");
    if (!text)
        return 0;
    moment when = now;
    char *id = arena_strdup (ctl->arena, text);
    int error = cut_when ("notice", id, &when);
    if (error)
        return error;
    char *language = strrchr (id, ':');
    if (language)
        *language++ = '\0';
    char *version = language ? strrchr (id, ':') : NULL;
    if (!version)
        return ctl_fail (EX_USAGE, "--notice: not ID:VERSION:LANG[:WHEN]");
    *version++ = '\0';
    notice->id = id;
    notice->version = version;
    notice->language = language;
    notice->given_at = when;
    return 0;
}

static int read_form (const struct options *options, Consentd__Form *form)
{
    static const struct {
        const char *name;
        Consentd__Form form;
    } forms[] = {{"written", CONSENTD__FORM__WRITTEN},
                 {"digital", CONSENTD__FORM__DIGITAL},
                 {"oral", CONSENTD__FORM__ORAL}};
    const char *form_text = options_text (options, "form");
    if (!form_text && options_has (options, "corrects"))
        return 0; /* as it was */
    for (size_t i = 0; form_text && i < sizeof forms / sizeof *forms; i++) {
        if (strcmp (form_text, forms[i].name) == 0) {
            *form = forms[i].form;
            return 0;
        }
    }
    return ctl_fail (EX_USAGE, "--form: written, digital or oral");
}

/* The request that is answered. All members are empty if there is none. */
struct answered {
    ProtobufCBinaryData id;
    const Consentd__Waiting *asked; /* lent by the reply */
    Consentd__Reply *reply;         /* caller must free it */
};

static int find_request (struct ctl *ctl, const struct options *options, char *bsn, struct answered *self)
{
    const char *id = options_text (options, "answers");
    *self = (struct answered){.reply = NULL};
    if (!id)
        return 0;
    int error = ask_id (ctl, id, &self->id);
    return error ? error : request_find (ctl, bsn, &self->id, &self->reply, &self->asked);
}

/* Takes what was not given from the request. A first day that is past means: from now on. */
static void complete (Consentd__GrantRequest *body, const Consentd__Waiting *asked, moment now)
{
    scope_complete (body->scope, asked->scope);
    if (!*body->motivation)
        body->motivation = asked->motivation;
    if (!body->valid_from && asked->valid_from > now)
        body->valid_from = asked->valid_from;
    if (!body->valid_until)
        body->valid_until = asked->valid_until;
    body->one_time = body->one_time || asked->one_time;
    body->under_secrecy = body->under_secrecy || asked->under_secrecy;
}

/* The consent that is corrected. All members are empty if there is none. */
struct wrong {
    const Consentd__Consent *consent; /* lent by the reply */
    Consentd__Reply *reply;           /* caller must free it */
};

/* Reads on what request it is corrected, and why. The scope that was not given is as it was recorded. */
static int read_correction (struct ctl *ctl, const struct options *options, Consentd__GrantRequest *body,
                            struct wrong *wrong)
{
    Consentd__ConsentShowRequest show;
    consentd__consent_show_request__init (&show);
    Consentd__Request request = ASK_REQUEST (CONSENT_SHOW, consent_show, &show);
    unsigned long number = 0;
    *wrong = (struct wrong){.reply = NULL};
    int error = options_number (options, "request", 1, ULONG_MAX, &number);
    body->request = number;
    if (!error)
        error =
            free_text_read_if_given (ctl, options, "reason-file", "What was wrong: ", &body->correction_reason);
    if (error || !options_has (options, "corrects"))
        return error;
    error = ask_id (ctl, options_text (options, "corrects"), &body->corrects);
    show.consent_id = body->corrects;
    if (!error)
        error = ask (ctl, &request, CONSENTD__REPLY__BODY_CONSENT_SHOW, &wrong->reply);
    if (error)
        return error;
    wrong->consent = wrong->reply->consent_show->consent;
    if (wrong->consent && wrong->consent->scope)
        scope_complete (body->scope, wrong->consent->scope);
    return 0;
}

static bool may_lack_motivation (const struct options *options)
{
    return options_has (options, "answers") || options_has (options, "corrects");
}

static int run_grant (struct ctl *ctl, const struct options *options)
{
    Consentd__Scope scope;
    Consentd__Evidence evidence;
    consentd__evidence__init (&evidence);
    Consentd__Notice notice;
    consentd__notice__init (&notice);
    Consentd__GrantRequest body;
    consentd__grant_request__init (&body);
    Consentd__Request request = ASK_REQUEST (GRANT, grant, &body);
    moment now = ctl->now;
    struct answered answered;
    struct wrong wrong;
    scope_read (ctl, options, &scope);
    body.scope = &scope;
    body.one_time = options_has (options, "one-time");
    body.under_secrecy = options_has (options, "under-secrecy");
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = read_signatures (ctl, options, now, &body.signatures, &body.n_signatures);
    if (!error)
        error = read_form (options, &body.form);
    if (!error)
        error = evidence_read (ctl, options, &evidence, &body.evidence);
    if (!error)
        error = read_notice (ctl, options, now, &notice);
    if (!error)
        error = validity_read (options, &body.valid_from, &body.valid_until);
    if (!error)
        error = motivation_read (ctl, options, may_lack_motivation (options), &body.motivation);
    if (!error)
        error = bsn_ask (ctl, options, &body.bsn);
    if (!error)
        error = read_correction (ctl, options, &body, &wrong);
    if (!error)
        error = find_request (ctl, options, body.bsn, &answered);
    if (error)
        return error;
    body.answers = answered.id;
    if (answered.asked)
        complete (&body, answered.asked, now);
    body.notice = options_has (options, "notice") ? &notice : NULL;
    error = ask_recorded (ctl, &request, "Consent", NULL);
    consentd__reply__free_unpacked (answered.reply, NULL);
    consentd__reply__free_unpacked (wrong.reply, NULL);
    return error;
}

static int run_refuse (struct ctl *ctl, const struct options *options)
{
    Consentd__Scope scope;
    Consentd__RefuseRequest body;
    consentd__refuse_request__init (&body);
    Consentd__Request request = ASK_REQUEST (REFUSE, refuse, &body);
    struct answered answered;
    scope_read (ctl, options, &scope);
    body.scope = &scope;
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = read_signatures (ctl, options, ctl->now, &body.signatures, &body.n_signatures);
    if (!error)
        error = motivation_read (ctl, options, options_has (options, "answers"), &body.motivation);
    if (!error)
        error = bsn_ask (ctl, options, &body.bsn);
    if (!error)
        error = find_request (ctl, options, body.bsn, &answered);
    if (error)
        return error;
    body.answers = answered.id;
    if (answered.asked)
        scope_complete (&scope, answered.asked->scope);
    error = ask_recorded (ctl, &request, "Refusal", NULL);
    consentd__reply__free_unpacked (answered.reply, NULL);
    return error;
}

const struct command statement_commands[] = {
    {"consent grant", NULL, "record that the subject consents",
     BSN_DETAILS
     "\nThe registry judges whether the consent is specific, needed, informed, bounded and well signed. If "
     "not, it\nnames every rule that fails, and records nothing. Who must sign depends on the birth date: record "
     "that\nfirst, with 'consentctl subject add'.\n"
     "WHEN is a day or a moment, as 2026-11-21 or \"2026-11-21 20:04\" in Dutch time.\n"
     "With --answers, the parties, categories, purpose, validity and motivation that are not given are taken "
     "from\nthe request. Those that are given may be less than was asked, never more.\n"
     "With --corrects, what was recorded wrongly of what was signed is put right: the scope that is given takes "
     "the\n"
     "place of that consent's, and the rest is as it was signed. The two are kept beside each other, and the "
     "wrong\n"
     "one counts for nothing. Who agreed to something else signs for it: record a new consent.",
     grant_options, run_grant},
    {"consent refuse", NULL, "record that the subject said no", BSN_DETAILS, refuse_options, run_refuse},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
