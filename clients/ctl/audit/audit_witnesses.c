/* consentctl audit witnesses */
#include <inttypes.h>
#include <string.h>
#include "ask.h"
#include "ctl.h"
#include "moments.h"
#include "pages.h"
#include "table.h"

enum { PAGE = 100 };

static const struct paging witnesses_paging = {.body = CONSENTD__REPLY__BODY_LOG_WITNESSES};

/* The name in a verifier key. */
static const char *name_of (struct ctl *ctl, const char *key)
{
    return arena_strndup (ctl->arena, key, strcspn (key, "+"));
}

static void add_row (struct ctl *ctl, struct table *table, const Consentd__LogWitness *one, uint64_t newest)
{
    char said[MOMENT_TEXT], heard[MOMENT_TEXT];
    table_add (table,
               (const char *[]){one->party, name_of (ctl, one->key), table_number (ctl->arena, one->size),
                                table_number (ctl->arena, newest - one->size), moment_print (one->signed_at, said),
                                moment_print (one->heard_at, heard), one->watches ? "yes" : "no", one->key});
}

static void print_witnesses (struct ctl *ctl, const Consentd__LogWitnessesReply *list)
{
    static const char *const headings[] = {"PARTY",  "WITNESS", ">LINES",    ">BEHIND",
                                           "SIGNED", "HEARD",   "-WATCHING", "--KEY"};
    if (list->n_witnesses == 0) {
        puts ("No witness has signed yet.");
        return;
    }
    struct table table = table_start (ctl->arena, headings, 8);
    for (size_t i = 0; i < list->n_witnesses; i++)
        add_row (ctl, &table, list->witnesses[i], list->size);
    table_print (&table, stdout);
}

static int run_witnesses (struct ctl *ctl, const struct options *options)
{
    (void)options;
    Consentd__LogWitnessesRequest body;
    consentd__log_witnesses_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_WITNESSES, log_witnesses, &body);
    Consentd__Reply *all;
    body.limit = PAGE;
    int error = pages_all (ctl, &request, &witnesses_paging, &all);
    if (error)
        return error;
    if (ctl->json)
        ask_print_json (all);
    else
        print_witnesses (ctl, all->log_witnesses);
    consentd__reply__free_unpacked (all, NULL);
    return 0;
}

const struct command audit_witnesses_commands[] = {
    {"audit witnesses", NULL, "who has signed how much of the log, and when",
     "A party that listens verifies each checkpoint, and signs it with a key of its own (`consent-watch "
     "--help`).\n"
     "BEHIND are the lines that the newest checkpoint has more. With --witness KEY other commands ask for what a\n"
     "witness has signed.",
     NULL, run_witnesses},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
