/* consentctl check */
#include <string.h>
#include "ask.h"
#include "bsn.h"
#include "check_batch.h"
#include "claim.h"
#include "ctl.h"
#include "obligation/duty.h"
#include "code_words.h"
#include "free_text.h"
#include "moments.h"
#include "consent/scope.h"
#include "table.h"

static const struct option check_options[] = {
    BSN_OPTION,
    {"provider", "PARTY", "who tells: the id of a party", OPTION_REQUIRED},
    {"recipient", "PARTY", "who is told: the id of a party", OPTION_REQUIRED},
    {"purpose", "CODE", "for which one purpose", OPTION_REQUIRED},
    {"item", "CATEGORY[:ORIGIN]", "which kind of data, and the law under which it was obtained",
     OPTION_REQUIRED | OPTION_CODES},
    {"case", "REF", "the case", 0},
    {"batch", "FILE",
     "many checks at once, each on a subject of its own: a JSON list, or an object a line,\n"
     "with bsn, provider, recipient, purpose, case and items (\"naw:wmo\"); the options\n"
     "above then say what a check leaves out, and none of them is required",
     OPTION_INSTEAD},
    CLAIM_OPTIONS,
    UNDER_SECRECY_OPTION,
    {"manager", "REF", "the manager who was consulted, where the purpose wants one first (escalatie)", 0},
    {"no-manager-file", "FILE", "else a file with why no manager could be consulted; '-': standard input", 0},
    {"disclose", NULL, "the disclosure is about to happen: record it (else only advice)", 0},
    {"all-or-nothing", NULL, "with --disclose: every item, or none", 0},
    {"together", NULL, "with --batch and --disclose: all of every check, or nothing of any", 0},
    {NULL, NULL, NULL, 0},
};

static int read_items (struct ctl *ctl, const struct options *options, Consentd__CheckRequest *body)
{
    char **texts = options_list (options, "item", ctl->arena, &body->n_items);
    body->items = arena_array (ctl->arena, body->n_items + 1, sizeof *body->items);
    int error = 0;
    for (size_t i = 0; i < body->n_items && !error; i++) {
        body->items[i] = arena_alloc (ctl->arena, sizeof **body->items);
        if (!check_item_read (ctl->arena, texts[i], body->items[i]))
            error = ctl_fail (EX_USAGE, "--item: not CATEGORY:ORIGIN; leave the colon out where the origin is not "
                                        "known");
    }
    return error;
}

/* A replayed answer may rest on a consent that has ended since. Then it permits nothing. */
static Consentd__Verdict verdict_now (const Consentd__Reply *reply)
{
    return reply->replayed && reply->revoked_since ? CONSENTD__VERDICT__DENY : reply->check->verdict;
}

static const char *verdict_name (Consentd__Verdict verdict)
{
    return consent_name (&consentd__verdict__descriptor, (int)verdict);
}

static const char *describe_ground (struct ctl *ctl, const Consentd__ItemVerdict *item)
{
    switch (item->ground) {
    case CONSENTD__GROUND__CONSENT:
        return arena_printf (ctl->arena, "consent %s", ask_hex (ctl, &item->consent_id));
    case CONSENTD__GROUND__STATUTE:
        return arena_printf (ctl->arena, "statute %s", item->statute);
    case CONSENTD__GROUND__WRITTEN_REQUEST:
        return "written request";
    case CONSENTD__GROUND__URGENT_REASONS:
        return arena_printf (ctl->arena, "urgent reason %s", item->urgent_reason);
    default:
        return "a ground that this program is too old to name";
    }
}

/* "TRIAGE_INCOMPLETE C8 (necessity, inform_by)". */
static const char *describe_reason (struct ctl *ctl, const Consentd__Reason *reason)
{
    const char *details = "";
    for (size_t i = 0; i < reason->n_details; i++)
        details = arena_printf (ctl->arena, "%s%s%s", details, i ? ", " : " (", reason->details[i]);
    return arena_printf (ctl->arena, "%s %s%s%s", consent_name (&consentd__code__descriptor, (int)reason->code),
                         reason->rule, details, *details ? ")" : "");
}

/* The ground of a permit, or all reasons of a denial. */
static const char *describe_why (struct ctl *ctl, const Consentd__ItemVerdict *item)
{
    if (item->verdict == CONSENTD__VERDICT__PERMIT && item->against_will)
        return arena_printf (ctl->arena, "%s, against the subject's will", describe_ground (ctl, item));
    if (item->verdict == CONSENTD__VERDICT__PERMIT)
        return describe_ground (ctl, item);
    const char *why = "";
    for (size_t i = 0; i < item->n_reasons; i++)
        why = arena_printf (ctl->arena, "%s%s%s", why, i ? ", " : "", describe_reason (ctl, item->reasons[i]));
    return why;
}

static void mark_codes (const Consentd__CheckReply *check, bool *seen, size_t size)
{
    for (size_t i = 0; i < check->n_items; i++)
        for (size_t j = 0; j < check->items[i]->n_reasons; j++)
            if ((unsigned)check->items[i]->reasons[j]->code < size)
                seen[check->items[i]->reasons[j]->code] = true;
}

/* Prints what each code means, once. */
static void print_legend (struct ctl *ctl, const Consentd__CheckReply *check)
{
    enum { CODES = 256 };
    bool seen[CODES] = {false};
    struct table legend = table_start (ctl->arena, NULL, 2);
    mark_codes (check, seen, CODES);
    for (int code = 0; code < CODES; code++)
        if (seen[code])
            table_add_fact (&legend, consent_name (&consentd__code__descriptor, code),
                            code_words_in_both (ctl->arena, code_words_of ((Consentd__Code)code)));
    if (legend.first)
        putchar ('\n');
    table_print (&legend, stdout);
}

/* Adds the duties, each with the last day for it. */
static void add_duties (struct ctl *ctl, struct table *facts, const Consentd__CheckReply *check)
{
    for (size_t i = 0; i < check->n_duties; i++) {
        const Consentd__Duty *duty = check->duties[i];
        char due[MOMENT_TEXT];
        const char *by = arena_printf (ctl->arena, ", by %s at the latest", moment_print_end (duty->due, due));
        table_add_fact (facts, "to do",
                        arena_printf (ctl->arena, "%s%s%s", duty_words (duty->kind),
                                      duty->done_at ? ": done before" : by,
                                      duty->deferrable ? " (may be put off, with a reason)" : ""));
    }
}

static void print_circumstances (struct ctl *ctl, const Consentd__CheckReply *check)
{
    const char *obligations = "";
    char until[MOMENT_TEXT];
    struct table facts = table_start (ctl->arena, NULL, 2);
    for (size_t i = 0; i < check->n_obligations; i++)
        obligations = arena_printf (ctl->arena, "%s%s%s", obligations, i ? ", " : "",
                                    consent_name (&consentd__obligation__descriptor, (int)check->obligations[i]));
    table_add_fact (&facts, "obligations", obligations);
    add_duties (ctl, &facts, check);
    if (check->n_asked > 0)
        table_add_fact (&facts, "needed to disclose", table_join (ctl->arena, check->asked, check->n_asked));
    if (check->until)
        table_add_fact (&facts, "stands until", moment_print (check->until, until));
    table_add_fact (&facts, "decision", table_number (ctl->arena, check->decision));
    table_add_fact (&facts, "policy", check->policy);
    putchar ('\n');
    table_print (&facts, stdout);
}

static void print_check (struct ctl *ctl, const Consentd__Reply *reply)
{
    static const char *const headings[] = {"CATEGORY", "ORIGIN", "VERDICT", "WHY"};
    const Consentd__CheckReply *check = reply->check;
    printf ("%s\n\n", verdict_name (verdict_now (reply)));
    struct table table = table_start (ctl->arena, headings, 4);
    for (size_t i = 0; i < check->n_items; i++) {
        const Consentd__ItemVerdict *item = check->items[i];
        table_add (&table, (const char *[]){item->category, item->origin, verdict_name (item->verdict),
                                            describe_why (ctl, item)});
    }
    table_print (&table, stdout);
    print_legend (ctl, check);
    print_circumstances (ctl, check);
    if (verdict_now (reply) != check->verdict)
        puts (
            "\nThis is the recorded answer to an earlier attempt; the consent has ended since: do not disclose.");
}

static int exit_code (Consentd__Verdict verdict)
{
    switch (verdict) {
    case CONSENTD__VERDICT__PERMIT:
        return 0;
    case CONSENTD__VERDICT__PARTIAL:
        return CTL_PARTLY;
    default:
        return CTL_NO;
    }
}

static int judge_batch_options (const struct options *options)
{
    bool is_batch = options_has (options, "batch");
    if (is_batch && options_has (options, "bsn-file"))
        return ctl_fail (EX_USAGE, "with --batch each check of the file has its own bsn: not --bsn-file");
    if (options_has (options, "together") && !(is_batch && options_has (options, "disclose")))
        return ctl_fail (EX_USAGE, "--together: only with --batch and --disclose");
    return 0;
}

static int run_check (struct ctl *ctl, const struct options *options)
{
    Consentd__CheckRequest body;
    consentd__check_request__init (&body);
    Consentd__Request request = ASK_REQUEST (CHECK, check, &body);
    Consentd__Reply *reply;
    body.provider = options_field (options, "provider");
    body.recipient = options_field (options, "recipient");
    body.purpose = options_field (options, "purpose");
    body.case_ref = options_field (options, "case");
    body.mode = options_has (options, "disclose") ? CONSENTD__MODE__DISCLOSE : CONSENTD__MODE__ADVISE;
    body.all_or_nothing = options_has (options, "all-or-nothing");
    body.under_secrecy = options_has (options, "under-secrecy");
    body.manager_consulted = options_field (options, "manager");
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = judge_batch_options (options);
    if (!error)
        error = read_items (ctl, options, &body);
    if (!error)
        error = claim_read (ctl, options, &body);
    if (!error)
        error = free_text_read_if_given (ctl, options, "no-manager-file", "Why no manager: ", &body.no_manager);
    if (error)
        return error;
    if (options_has (options, "batch"))
        return check_batch_run (ctl, options, &body);
    error = bsn_ask (ctl, options, &body.bsn);
    if (!error)
        error = ask (ctl, &request, CONSENTD__REPLY__BODY_CHECK, &reply);
    if (error)
        return error;
    if (ctl->json)
        ask_print_json (reply);
    else
        print_check (ctl, reply);
    error = exit_code (verdict_now (reply));
    consentd__reply__free_unpacked (reply, NULL);
    return error;
}

const struct command check_commands[] = {
    {"check", NULL, "may this be told, by whom, to whom, for which purpose?",
     BSN_DETAILS "\nExit code 0: every item is permitted; 1: none is; 2: some are. Of a batch: of all checks.",
     check_options, run_check},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
