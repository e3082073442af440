/* consentctl consent list | show | revoke */
#include "bsn.h"
#include "ctl.h"
#include "free_text.h"
#include "heard.h"
#include "listing.h"
#include "moments.h"
#include "scope.h"
#include "shown.h"

enum { PAGE = 32 };

static const struct option list_options[] = {
    BSN_OPTION,
    {NULL, NULL, NULL, 0},
};

static const struct option revoke_options[] = {
    {"provider", "PARTY", "only for this provider (else all of the consent's)", OPTION_CODES},
    {"recipient", "PARTY", "only for this recipient", OPTION_CODES},
    {"category", "CODE", "only this kind of data", OPTION_CODES},
    {"withdrawn-by", "WHO", "'subject', or the reference of a representative", 0},
    {"nobody-file", "FILE", "where nobody can exercise the rights: why the social team withdraws it", 0},
    {"nobody", "REASON", "--nobody-file FILE", OPTION_PERSONAL},
    {"withdrawn-at", "WHEN", "when it was said (else now); it counts from the recording on", 0},
    {NULL, NULL, NULL, 0},
};

static const char *state_name (const Consentd__Consent *consent)
{
    return consent_name (&consentd__consent__state__descriptor, (int)consent->state);
}

/* What is left of a consent of which a part was withdrawn is as valid as one that is whole; it is not the same. */
static const char *state_words (struct ctl *ctl, const Consentd__Consent *one)
{
    bool partly = one->n_withdrawals > 0 && one->state == CONSENTD__CONSENT__STATE__GRANTED;
    return arena_printf (ctl->arena, "%s%s", state_name (one), partly ? " in part" : "");
}

static void add_row (struct ctl *ctl, struct table *table, const void *item, int64_t now)
{
    const Consentd__Consent *one = item;
    const Consentd__Scope *scope = one->scope;
    char until[MOMENT_TEXT], recorded[MOMENT_TEXT];
    (void)now;
    if (!scope)
        return;
    table_add (table, (const char *[]){ask_hex (ctl, &one->consent_id), state_words (ctl, one), scope->purpose,
                                       table_join (ctl->arena, scope->providers, scope->n_providers),
                                       table_join (ctl->arena, scope->recipients, scope->n_recipients),
                                       moment_print_end (one->valid_until, until),
                                       moment_print (one->recorded_at, recorded),
                                       table_join (ctl->arena, scope->categories, scope->n_categories)});
}

/* The next page begins after the last statement. */
static bool go_on (struct pages *pages, const Consentd__Reply *page)
{
    const Consentd__ConsentListReply *list = page->consent_list;
    if (list->n_consents == 0)
        return false;
    const ProtobufCBinaryData *last = &list->consents[list->n_consents - 1]->consent_id;
    pages->request->consent_list->after =
        (ProtobufCBinaryData){last->len, arena_memdup (pages->ctl->arena, last->data, last->len)};
    return true;
}

static const char *const headings[] = {"#ID",        "STATE",        "PURPOSE",    "PROVIDERS",
                                       "RECIPIENTS", "-VALID UNTIL", "--RECORDED", "CATEGORIES"};
static const struct listing statements = {
    .paging = {.body = CONSENTD__REPLY__BODY_CONSENT_LIST, .go_on = go_on},
    .headings = headings,
    .columns = 8,
    .nothing = "No statements of this subject.",
    .add_row = add_row,
};

static int run_list (struct ctl *ctl, const struct options *options)
{
    Consentd__ConsentListRequest body;
    consentd__consent_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (CONSENT_LIST, consent_list, &body);
    body.limit = PAGE;
    int error = bsn_ask (ctl, options, &body.bsn);
    return error ? error : listing_run (ctl, &request, &statements);
}

static const char *lower (struct ctl *ctl, const char *text)
{
    char *copy = arena_strdup (ctl->arena, text);
    for (char *c = copy; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 'a' - 'A' : *c);
    return copy;
}

static void add_form (struct ctl *ctl, struct table *facts, const Consentd__Consent *one)
{
    char when[MOMENT_TEXT];
    if (one->form != CONSENTD__FORM__FORM_UNSPECIFIED)
        table_add_fact (facts, "form", lower (ctl, consent_name (&consentd__form__descriptor, (int)one->form)));
    if (one->evidence) {
        table_add_fact (facts, "evidence", one->evidence->reference);
        table_add_fact (facts, "evidence SHA-256", ask_hex (ctl, &one->evidence->sha256));
    }
    if (one->notice && *one->notice->id)
        table_add_fact (facts, "notice",
                        arena_printf (ctl->arena, "%s, version %s, %s, given %s", one->notice->id,
                                      one->notice->version, one->notice->language,
                                      moment_print (one->notice->given_at, when)));
    for (size_t i = 0; i < one->n_signatures; i++)
        table_add_fact (facts, "signed",
                        arena_printf (ctl->arena, "%s, %s", one->signatures[i]->signer,
                                      moment_print (one->signatures[i]->given_at, when)));
}

static const char *part_or_all (struct ctl *ctl, char *const *texts, size_t count, const char *all)
{
    return count ? table_join (ctl->arena, texts, count) : all;
}

/* Whoever may not see who signed may not see who withdrew. */
static const char *withdrawer (struct ctl *ctl, const Consentd__Consent *consent, const Consentd__Withdrawal *one)
{
    if (consent->n_signatures == 0)
        return "";
    return arena_printf (ctl->arena, ", by %s",
                         *one->withdrawn_by ? one->withdrawn_by : "the social team (nobody else can)");
}

static void add_withdrawal (struct ctl *ctl, struct table *facts, const Consentd__Consent *consent,
                            const Consentd__Withdrawal *one)
{
    char when[MOMENT_TEXT];
    bool whole = one->n_providers + one->n_recipients + one->n_categories == 0;
    const char *part =
        whole ? "all of it"
              : arena_printf (ctl->arena, "%s > %s: %s",
                              part_or_all (ctl, one->providers, one->n_providers, "every provider"),
                              part_or_all (ctl, one->recipients, one->n_recipients, "every recipient"),
                              part_or_all (ctl, one->categories, one->n_categories, "every category"));
    table_add_fact (facts, "withdrawn",
                    arena_printf (ctl->arena, "%s%s, recorded %s by %s", part, withdrawer (ctl, consent, one),
                                  moment_print (one->recorded_at, when), one->recorded_by));
}

/* KB 14 */
static void add_correction (struct ctl *ctl, struct table *facts, const Consentd__Consent *one)
{
    char when[MOMENT_TEXT];
    if (one->corrects.len > 0) {
        table_add_fact (facts, "corrects", ask_hex (ctl, &one->corrects));
        table_add_fact (facts, "what was wrong", one->correction_reason);
    }
    if (one->corrected_by.len > 0)
        table_add_fact (facts, "recorded wrongly",
                        arena_printf (ctl->arena, "corrected %s by %s", moment_print (one->corrected_at, when),
                                      ask_hex (ctl, &one->corrected_by)));
}

static void print_consent (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__Consent *one = reply->consent_show->consent;
    char when[MOMENT_TEXT];
    if (!one)
        return;
    struct table facts = table_start (ctl->arena, NULL, 2);
    table_add_fact (&facts, "id", ask_hex (ctl, &one->consent_id));
    table_add_fact (&facts, "state", state_words (ctl, one));
    table_add_fact (&facts, "subject", ask_hex (ctl, &one->subject_ref));
    if (one->scope)
        scope_print (ctl, &facts, one->scope);
    table_add_fact (&facts, "motivation", one->motivation);
    add_form (ctl, &facts, one);
    table_add_fact (&facts, "valid from", one->valid_from ? moment_print (one->valid_from, when) : "");
    table_add_fact (&facts, "valid until", moment_print_end (one->valid_until, when));
    table_add_fact (&facts, "one-time", one->one_time ? "yes" : "");
    table_add_fact (&facts, "under secrecy", one->under_secrecy ? "yes" : "");
    if (one->used_at)
        table_add_fact (&facts, "used", moment_print (one->used_at, when));
    if (*one->asked_by)
        table_add_fact (&facts, "asked",
                        arena_printf (ctl->arena, "%s by %s", moment_print (one->asked_at, when), one->asked_by));
    if (one->recorded_at)
        table_add_fact (
            &facts, "recorded",
            arena_printf (ctl->arena, "%s by %s", moment_print (one->recorded_at, when), one->recorded_by));
    for (size_t i = 0; i < one->n_withdrawals; i++)
        add_withdrawal (ctl, &facts, one, one->withdrawals[i]);
    add_correction (ctl, &facts, one);
    table_print (&facts, stdout);
    heard_print (ctl, one);
}

int run_consent_show (struct ctl *ctl, const struct options *options)
{
    Consentd__ConsentShowRequest body;
    consentd__consent_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (CONSENT_SHOW, consent_show, &body);
    int error = ask_id (ctl, options->arguments[0], &body.consent_id);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_CONSENT_SHOW, print_consent);
}

static int read_revocation (struct ctl *ctl, const struct options *options, Consentd__RevokeRequest *body)
{
    const char *when = options_text (options, "withdrawn-at");
    moment at = 0;
    if (options_has (options, "withdrawn-by") == options_has (options, "nobody-file"))
        return ctl_fail (EX_USAGE, "consent revoke needs either --withdrawn-by WHO or --nobody-file FILE");
    if (when && !moment_parse (when, &at))
        return ctl_fail (EX_USAGE, "--withdrawn-at: %s", moment_fault (when));
    body->providers = options_list (options, "provider", ctl->arena, &body->n_providers);
    body->recipients = options_list (options, "recipient", ctl->arena, &body->n_recipients);
    body->categories = options_list (options, "category", ctl->arena, &body->n_categories);
    body->withdrawn_by = options_field (options, "withdrawn-by");
    body->withdrawn_at = at;
    body->user = arena_strdup (ctl->arena, ctl->user);
    int error = ask_id (ctl, options->arguments[0], &body->consent_id);
    return error ? error : free_text_read_if_given (ctl, options, "nobody-file", "Reason: ", &body->nobody_reason);
}

static void print_still_covering (struct ctl *ctl, const Consentd__StillCovering *one)
{
    printf ("Consent %s still covers part of it", ask_hex (ctl, &one->consent_id));
    if (one->case_ref[0] != '\0')
        printf (", for case %s", table_clean (ctl->arena, one->case_ref));
    if (one->n_origins > 0)
        printf (", from %s", table_clean (ctl->arena, table_join (ctl->arena, one->origins, one->n_origins)));
    puts (".");
}

static void print_revocation (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__RevokeReply *revoke = reply->revoke;
    puts (revoke->already ? "It was withdrawn already." : "Withdrawn: every check from now on knows it.");
    if (revoke->n_informed)
        printf ("Told: %s.\n",
                table_clean (ctl->arena, table_join (ctl->arena, revoke->informed, revoke->n_informed)));
    for (size_t i = 0; i < revoke->n_still_covering; i++)
        print_still_covering (ctl, revoke->still_covering[i]);
}

static int run_revoke (struct ctl *ctl, const struct options *options)
{
    Consentd__RevokeRequest body;
    consentd__revoke_request__init (&body);
    Consentd__Request request = ASK_REQUEST (REVOKE, revoke, &body);
    int error = read_revocation (ctl, options, &body);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_REVOKE, print_revocation);
}

const struct command consent_commands[] = {
    {"consent list", NULL, "every consent and refusal of a subject", BSN_DETAILS, list_options, run_list},
    {"consent show", "ID", "one consent or refusal, whole",
     "Of a withdrawal each system (consumer) that was told: by when it has heard, or since when it has not.", NULL,
     run_consent_show},
    {"consent revoke", "ID", "pass on that the subject withdrew, wholly or in part",
     "Withdrawing twice is no error. Parts are the given providers x recipients x categories.", revoke_options,
     run_revoke},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
