/* consentctl subject add | show */
#include <stdlib.h>
#include <string.h>
#include "ask.h"
#include "bsn.h"
#include "ctl.h"
#include "moments.h"
#include "restriction.h"
#include "table.h"

static const struct option add_options[] = {
    BSN_OPTION,
    {"birth-date", "DAY", "where it is not known the subject cannot consent", 0},
    {"death-date", "DAY", "where the subject has died: ends every consent", 0},
    {"representative", "REF:KIND:FROM[:UNTIL]",
     "who acts for the subject: an opaque reference (no name, no BSN), the kind\n"
     "(ouder-met-gezag, voogd, curator, mentor, gemachtigde, bewindvoerder),\n"
     "first and last day of authority",
     OPTION_REPEATED},
    {"refused", "REF:FROM:REASON", "from this day on a professional refuses this representative (M7)",
     OPTION_REPEATED},
    {"capable-from", "DAY", "from this day on the subject is capable", OPTION_REPEATED},
    {"not-capable-from", "DAY", "from this day on the subject is not capable (wilsonbekwaam)", OPTION_REPEATED},
    {NULL, NULL, NULL, 0},
};

static const struct option show_options[] = {
    BSN_OPTION,
    {NULL, NULL, NULL, 0},
};

/* Cuts "text:YYYY-MM-DD" at the last colon, in place. NULL, and nothing cut, if it does not end with a day. */
static char *cut_day (char *text)
{
    struct day day;
    char *colon = strrchr (text, ':');
    if (!colon || !calendar_parse (colon + 1, &day))
        return NULL;
    *colon = '\0';
    return colon + 1;
}

/* REF:KIND:FROM[:UNTIL], from its end: a reference may hold colons. */
static Consentd__Representative *read_representative (struct ctl *ctl, const char *text)
{
    Consentd__Representative *one = arena_alloc (ctl->arena, sizeof *one);
    consentd__representative__init (one);
    char *reference = arena_strdup (ctl->arena, text), *last = cut_day (reference), *from = cut_day (reference);
    char *colon = strrchr (reference, ':');
    if (!last || !colon || colon == reference)
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
    body->representatives = arena_array (ctl->arena, body->n_representatives + 1, sizeof *body->representatives);
    for (size_t i = 0; i < body->n_representatives; i++) {
        body->representatives[i] = read_representative (ctl, texts[i]);
        if (!body->representatives[i])
            return ctl_fail (EX_USAGE, "--representative: not REF:KIND:FROM[:UNTIL] with days as YYYY-MM-DD");
    }
    return 0;
}

/* REF:FROM:REASON: the reason begins after the first day between colons. */
static int read_refusal (struct ctl *ctl, const char *text, const Consentd__SubjectSetRequest *body)
{
    char *reference = arena_strdup (ctl->arena, text), *from = NULL, *reason = NULL;
    for (char *colon = strchr (reference, ':'); colon; colon = strchr (colon + 1, ':')) {
        struct day day;
        char *end = strchr (colon + 1, ':');
        char *word = end ? arena_strndup (ctl->arena, colon + 1, (size_t)(end - colon - 1)) : NULL;
        if (word && calendar_parse (word, &day)) {
            *colon = '\0';
            from = word;
            reason = end + 1;
            break;
        }
    }
    if (!from || !*reason)
        return ctl_fail (EX_USAGE, "--refused: not REF:FROM:REASON with the day as YYYY-MM-DD");
    for (size_t i = 0; i < body->n_representatives; i++) {
        if (strcmp (body->representatives[i]->reference, reference) != 0)
            continue;
        body->representatives[i]->refused_from = from;
        body->representatives[i]->refused_reason = reason;
        return 0;
    }
    return ctl_fail (EX_USAGE, "--refused names no --representative of this command");
}

static int compare_capabilities (const void *a, const void *b)
{
    const Consentd__Capability *const *one = a, *const *other = b;
    return strcmp ((*one)->from, (*other)->from);
}

/* In order of day, as the protocol wants them: days written so sort as text. */
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

static const char *describe_representative (struct ctl *ctl, const Consentd__Representative *one)
{
    char until[11];
    const char *last = day_before (one->until, until) && *until ? until : "open";
    const char *text = arena_printf (ctl->arena, "%s, %s, %s to %s", one->reference, one->kind, one->from, last);
    if (*one->refused_from)
        text = arena_printf (ctl->arena, "%s; refused from %s: %s", text, one->refused_from, one->refused_reason);
    return text;
}

static void print_subject (struct ctl *ctl, const Consentd__SubjectShowReply *subject)
{
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
        table_add_fact (&facts, "representative", describe_representative (ctl, subject->representatives[i]));
    for (size_t i = 0; i < subject->n_restrictions; i++)
        table_add_fact (&facts, "restricted", restriction_describe (ctl, subject->restrictions[i]));
    table_print (&facts, stdout);
}

static int ask_subject (struct ctl *ctl, Consentd__Request *request)
{
    Consentd__Reply *reply;
    int error = ask (ctl, request, CONSENTD__REPLY__BODY_SUBJECT_SHOW, &reply);
    if (error)
        return error;
    if (ctl->json)
        ask_print_json (reply);
    else
        print_subject (ctl, reply->subject_show);
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

static int run_add (struct ctl *ctl, const struct options *options)
{
    Consentd__SubjectSetRequest body;
    consentd__subject_set_request__init (&body);
    Consentd__Request request = ASK_REQUEST (SUBJECT_SET, subject_set, &body);
    size_t refused;
    char **refusals = options_list (options, "refused", ctl->arena, &refused);
    body.birth_date = options_field (options, "birth-date");
    body.death_date = options_field (options, "death-date");
    body.user = arena_strdup (ctl->arena, ctl->user);
    read_capabilities (ctl, options, &body);
    int error = read_representatives (ctl, options, &body);
    for (size_t i = 0; i < refused && !error; i++)
        error = read_refusal (ctl, refusals[i], &body);
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

const struct command subject_commands[] = {
    {"subject add", NULL, "record birth date, capability and representatives of a subject",
     BSN_DETAILS "\nWhat is given replaces all that was recorded of this subject before, but for restrictions.",
     add_options, run_add},
    {"subject show", NULL, "what is recorded of a subject", BSN_DETAILS, show_options, run_show},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
