#include "rights_erase.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "agree.h"
#include "moments.h"
#include "table.h"
#include "text/progress.h"

enum { WAIT_MS = 100 };

const char rights_erase_details[] = "First it says what would be destroyed, what a statute requires to be kept, "
                                    "by which article and until when, and\n"
                                    "who is told to erase at his side; --dry-run does no more, also before the "
                                    "request is decided. Then it asks, and\n"
                                    "carries the erasure out: it cannot be undone.\n"
                                    "Make the letter of the outcome before (consentctl letter request NUMBER): "
                                    "after it the registry does not know\n"
                                    "any more who asked. What must be kept stands in the way of an erasure that "
                                    "was granted whole: decide it again, as\n"
                                    "in-part, with the reason and the article.";

const struct option rights_erase_options[] = {
    {"dry-run", NULL, "only say what would be done", 0},
    AGREE_OPTION,
    {NULL, NULL, NULL, 0},
};

/* --- Asking ---------------------------------------------------------------------------------------------- */

static void show_progress (const Consentd__RightsEraseReply *erasure)
{
    if (erasure->unfinished)
        progress_show ("%" PRIu64 " lines about the subject", erasure->lines);
    else
        progress_end ();
}

/* Where the registry looks through the lines of another subject, it is not asked all the time. */
static void wait_for_progress (const Consentd__RightsEraseReply *erasure, uint64_t *before)
{
    if (erasure->lines == *before)
        usleep (WAIT_MS * 1000);
    *before = erasure->lines;
}

/* Asks until all lines were looked at. Each time it is the same request, and nothing was done before the last. */
static int ask_erasure (struct ctl *ctl, uint64_t number, bool dry_run, Consentd__Reply **reply_p)
{
    Consentd__RightsEraseRequest body;
    consentd__rights_erase_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RIGHTS_ERASE, rights_erase, &body);
    body.number = number;
    body.dry_run = dry_run;
    body.user = arena_strdup (ctl->arena, ctl->user);
    for (uint64_t lines = 0;;) {
        int error = ask (ctl, &request, CONSENTD__REPLY__BODY_RIGHTS_ERASE, reply_p);
        if (error)
            return error;
        show_progress ((*reply_p)->rights_erase);
        if (!(*reply_p)->rights_erase->unfinished)
            return 0;
        wait_for_progress ((*reply_p)->rights_erase, &lines);
        consentd__reply__free_unpacked (*reply_p, NULL);
    }
}

int rights_try_erasure (struct ctl *ctl, uint64_t number, Consentd__Reply **reply_p)
{
    return ask_erasure (ctl, number, true, reply_p);
}

/* --- Telling --------------------------------------------------------------------------------------------- */

static const char *day_of (struct ctl *ctl, moment when)
{
    char text[MOMENT_TEXT];
    moment_print (when, text);
    text[when ? 10 : 1] = '\0';
    return arena_strdup (ctl->arena, text);
}

static const char *end_of (struct ctl *ctl, moment until)
{
    char text[MOMENT_TEXT];
    return until ? arena_strdup (ctl->arena, moment_print_end (until, text)) : "without end";
}

static void print_kept (struct ctl *ctl, const Consentd__RightsEraseReply *erasure)
{
    static const char *const headings[] = {"LAW", "HELD BY",    ">DISCLOSURES", "FROM",
                                           "TO",  "KEPT UNTIL", "-SOURCE"};
    struct table table = table_start (ctl->arena, headings, 7);
    for (size_t i = 0; i < erasure->n_kept; i++) {
        const Consentd__ErasureKept *kept = erasure->kept[i];
        table_add (&table, (const char *[]){kept->law, kept->holder, table_number (ctl->arena, kept->disclosures),
                                            day_of (ctl, kept->first), day_of (ctl, kept->last),
                                            end_of (ctl, kept->until), kept->source});
    }
    puts ("\nA statute requires that this is kept, and the consents that it rested on:");
    table_print (&table, stdout);
}

static void print_earlier (struct ctl *ctl, const Consentd__RightsEraseReply *erasure)
{
    moment until = erasure->earlier_until == MOMENT_NEVER ? 0 : erasure->earlier_until;
    if (erasure->earlier_until != 0)
        printf ("\nWhat had to be kept at an erasure before stays: %s%s.\n", until ? "until " : "",
                end_of (ctl, until));
}

static void print_plan (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__RightsEraseReply *erasure = reply->rights_erase;
    struct table facts = table_start (ctl->arena, NULL, 2);
    table_add_fact (&facts, "request", table_number (ctl->arena, erasure->number));
    table_add_fact (&facts, "consents, refusals", table_number (ctl->arena, erasure->statements));
    table_add_fact (&facts, "requests", table_number (ctl->arena, erasure->requests));
    table_add_fact (&facts, "lines of the log", table_number (ctl->arena, erasure->lines));
    if (erasure->unreadable > 0)
        table_add_fact (&facts, "of these unreadable", table_number (ctl->arena, erasure->unreadable));
    table_add_fact (&facts, "to erase too", table_join (ctl->arena, erasure->told, erasure->n_told));
    table_add_fact (&facts, "legal hold", table_join (ctl->arena, erasure->held, erasure->n_held));
    table_print (&facts, stdout);
    if (erasure->n_kept > 0)
        print_kept (ctl, erasure);
    print_earlier (ctl, erasure);
    putchar ('\n');
    table_print_text (
        ctl->arena,
        erasure->n_held > 0 ? "Nothing is destroyed as long as the legal hold is not lifted."
        : erasure->n_kept > 0 || erasure->earlier_until != 0
            ? "All else that is held of the subject is destroyed. Make the letter of the outcome before."
            : "All that is held of the subject is destroyed. Make the letter of the outcome before.",
        stdout);
}

static void print_done (struct ctl *ctl, const Consentd__Reply *reply)
{
    (void)ctl;
    printf ("request %" PRIu64 ": erased%s\n", reply->rights_erase->number,
            reply->rights_erase->n_kept > 0 || reply->rights_erase->earlier_until != 0 ? ", but for what is kept"
                                                                                       : "");
}

int run_rights_erase (struct ctl *ctl, const struct options *options)
{
    char *end;
    errno = 0;
    uint64_t number = strtoull (options->arguments[0], &end, 10);
    if (options->arguments[0][0] < '0' || options->arguments[0][0] > '9' || *end || errno)
        return ctl_fail (EX_USAGE, "NUMBER is a number");
    Consentd__Reply *reply;
    int error = rights_try_erasure (ctl, number, &reply);
    if (error || options_has (options, "dry-run"))
        return error ? error : ask_tell (ctl, reply, print_plan);
    if (!ctl->json)
        print_plan (ctl, reply);
    consentd__reply__free_unpacked (reply, NULL);
    error = agree (options);
    if (!error)
        error = ask_erasure (ctl, number, false, &reply);
    return error ? error : ask_tell (ctl, reply, print_done);
}
