/* consentctl consent grant | refuse */
#include <string.h>
#include "ask.h"
#include "bsn.h"
#include "ctl.h"
#include "explain.h"
#include "moments.h"
#include "table.h"
#include "vault.h"

/* clang-format off */
#define SCOPE_OPTIONS                                                                                           \
    {"provider", "PARTY", "who may tell: the id of a party", OPTION_REPEATED},                                  \
    {"recipient", "PARTY", "who may be told: the id of a party", OPTION_REPEATED},                              \
    {"category", "CODE", "which kind of data", OPTION_REPEATED},                                                \
    {"purpose", "CODE", "for which one purpose", 0},                                                            \
    {"origin", "CODE", "only what was obtained under this law (else whatever the law)", OPTION_REPEATED},       \
    {"case", "REF", "only for this case", 0},                                                                   \
    {"motivation", "TEXT", "why this is needed; sealed, not shown to other parties", 0},                        \
    {"signer", "WHO[:WHEN]", "'subject' or the reference of a representative, and when (else now)", OPTION_REPEATED}
/* clang-format on */

static const struct option grant_options[] = {
    BSN_OPTION,
    SCOPE_OPTIONS,
    {"form", "FORM", "written, digital (signed) or oral", OPTION_REQUIRED},
    {"evidence-reference", "REF", "where the signed form lies", 0},
    {"evidence-file", "FILE", "the signed form itself: its SHA-256 is sent, the file stays here", 0},
    {"evidence-sha256", "HEX", "the same where the file is elsewhere", 0},
    {"notice", "ID:VERSION:LANG[:WHEN]", "which notice the subject was given, and when (else now)", 0},
    {"valid-from", "DAY", "first day, or moment (else now)", 0},
    {"valid-until", "DAY", "last day, which counts, or a moment", 0},
    {"one-time", NULL, "used up by the first disclosure", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option refuse_options[] = {
    BSN_OPTION,
    SCOPE_OPTIONS,
    {NULL, NULL, NULL, 0},
};

static void read_scope (struct ctl *ctl, const struct options *options, Consentd__Scope *scope)
{
    scope->providers = options_list (options, "provider", ctl->arena, &scope->n_providers);
    scope->recipients = options_list (options, "recipient", ctl->arena, &scope->n_recipients);
    scope->categories = options_list (options, "category", ctl->arena, &scope->n_categories);
    scope->origins = options_list (options, "origin", ctl->arena, &scope->n_origins);
    scope->purpose = options_field (options, "purpose");
    scope->case_ref = options_field (options, "case");
}

static Consentd__Signature **read_signatures (struct ctl *ctl, const struct options *options, moment now,
                                              size_t *count)
{
    char **texts = options_list (options, "signer", ctl->arena, count);
    Consentd__Signature **all = arena_array (ctl->arena, *count + 1, sizeof *all);
    for (size_t i = 0; i < *count; i++) {
        all[i] = arena_alloc (ctl->arena, sizeof **all);
        consentd__signature__init (all[i]);
        all[i]->signer = arena_strdup (ctl->arena, texts[i]);
        moment when = now;
        moment_cut (all[i]->signer, &when);
        all[i]->given_at = when;
    }
    return all;
}

/* ID:VERSION:LANG[:WHEN]. */
static int read_notice (struct ctl *ctl, const struct options *options, moment now, Consentd__Notice *notice)
{
    const char *text = options_text (options, "notice");
    if (!text)
        return 0;
    moment when = now;
    char *id = arena_strdup (ctl->arena, text);
    moment_cut (id, &when);
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
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp (options_text (options, "form"), forms[i].name) == 0) {
            *form = forms[i].form;
            return 0;
        }
    }
    return ctl_fail (EX_USAGE, "--form: written, digital or oral");
}

static int read_evidence (struct ctl *ctl, const struct options *options, Consentd__Evidence *evidence)
{
    const char *file = options_text (options, "evidence-file"), *hash = options_text (options, "evidence-sha256");
    evidence->reference = options_field (options, "evidence-reference");
    if (file && hash)
        return ctl_fail (EX_USAGE, "--evidence-file and --evidence-sha256 exclude each other");
    if (!file && !hash)
        return 0;
    evidence->sha256.len = VAULT_HASH_SIZE;
    evidence->sha256.data = arena_alloc (ctl->arena, VAULT_HASH_SIZE);
    if (file) {
        int error = vault_sha256_file (file, evidence->sha256.data);
        return error ? ctl_fail (EX_NOINPUT, "cannot read %s: %s", file, strerror (-error)) : 0;
    }
    /* Two identifiers long, and written the same way. */
    char half[2][33] = {{0}};
    if (strlen (hash) == 64) {
        memcpy (half[0], hash, 32);
        memcpy (half[1], hash + 32, 32);
    }
    if (!consent_unhex (half[0], evidence->sha256.data) || !consent_unhex (half[1], evidence->sha256.data + 16))
        return ctl_fail (EX_USAGE, "--evidence-sha256: not 64 hexadecimal digits");
    return 0;
}

static int read_validity (const struct options *options, Consentd__GrantRequest *body)
{
    const char *from = options_text (options, "valid-from"), *until = options_text (options, "valid-until");
    moment when = 0;
    if (from && !moment_parse (from, &when))
        return ctl_fail (EX_USAGE, "--valid-from: not a day, YYYY-MM-DD, nor a moment");
    body->valid_from = when;
    when = 0;
    if (until && !moment_parse_end (until, &when))
        return ctl_fail (EX_USAGE, "--valid-until: not a day, YYYY-MM-DD, nor a moment");
    body->valid_until = when;
    return 0;
}

/* What the rules let pass but wish to be known. */
static void print_warnings (struct ctl *ctl, const Consentd__Reply *reply)
{
    for (size_t i = 0; i < reply->n_refusals; i++)
        ctl_fail (
            0, "note: %s (%s): %s", consent_name (&consentd__code__descriptor, (int)reply->refusals[i]->code),
            table_clean (ctl->arena, reply->refusals[i]->rule), explain_code (reply->refusals[i]->code)->english);
}

static int ask_recorded (struct ctl *ctl, Consentd__Request *request, const char *what)
{
    Consentd__Reply *reply;
    int error = ask (ctl, request, CONSENTD__REPLY__BODY_CONSENT_RECORDED, &reply);
    if (error)
        return error;
    const Consentd__ConsentRecordedReply *recorded = reply->consent_recorded;
    if (ctl->json) {
        ask_print_json (reply);
    } else {
        printf ("%s %s is recorded.\n", what, ask_hex (ctl, &recorded->consent_id));
        for (size_t i = 0; i < recorded->n_superseded; i++)
            printf ("It replaces consent %s.\n", ask_hex (ctl, &recorded->superseded[i]));
        print_warnings (ctl, reply);
    }
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

static int run_grant (struct ctl *ctl, const struct options *options)
{
    Consentd__Scope scope;
    consentd__scope__init (&scope);
    Consentd__Evidence evidence;
    consentd__evidence__init (&evidence);
    Consentd__Notice notice;
    consentd__notice__init (&notice);
    Consentd__GrantRequest body;
    consentd__grant_request__init (&body);
    Consentd__Request request = ASK_REQUEST (GRANT, grant, &body);
    moment now = moment_now ();
    read_scope (ctl, options, &scope);
    body.scope = &scope;
    body.motivation = options_field (options, "motivation");
    body.signatures = read_signatures (ctl, options, now, &body.n_signatures);
    body.one_time = options_has (options, "one-time");
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = read_form (options, &body.form);
    if (!error)
        error = read_evidence (ctl, options, &evidence);
    if (!error)
        error = read_notice (ctl, options, now, &notice);
    if (!error)
        error = read_validity (options, &body);
    if (!error)
        error = bsn_ask (ctl, options, &body.bsn);
    if (error)
        return error;
    body.evidence = *evidence.reference || evidence.sha256.len ? &evidence : NULL;
    body.notice = options_has (options, "notice") ? &notice : NULL;
    return ask_recorded (ctl, &request, "Consent");
}

static int run_refuse (struct ctl *ctl, const struct options *options)
{
    Consentd__Scope scope;
    consentd__scope__init (&scope);
    Consentd__RefuseRequest body;
    consentd__refuse_request__init (&body);
    Consentd__Request request = ASK_REQUEST (REFUSE, refuse, &body);
    read_scope (ctl, options, &scope);
    body.scope = &scope;
    body.motivation = options_field (options, "motivation");
    body.signatures = read_signatures (ctl, options, moment_now (), &body.n_signatures);
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = bsn_ask (ctl, options, &body.bsn);
    return error ? error : ask_recorded (ctl, &request, "Refusal");
}

const struct command statement_commands[] = {
    {"consent grant", NULL, "record that the subject consents",
     BSN_DETAILS
     "\nWhat is specific, needed, informed, bounded and signed well enough is for the registry to judge: "
     "it names\nevery rule that fails, and records nothing then.\n"
     "WHEN is a day or a moment, as 2026-11-21 or \"2026-11-21 20:04\" in Dutch time.",
     grant_options, run_grant},
    {"consent refuse", NULL, "record that the subject said no", BSN_DETAILS, refuse_options, run_refuse},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
