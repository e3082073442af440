/* consentctl due */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "ask.h"
#include "ctl.h"
#include "duty.h"
#include "moments.h"
#include "table.h"

enum { PAGE = 100 };

static const struct option due_options[] = {
    {"until", "WHEN", "up to and including this day (else 30 days on)", 0},
    {NULL, NULL, NULL, 0},
};

static const char *what_is_due (const Consentd__Due *due)
{
    switch (due->kind) {
    case CONSENTD__DUE_KIND__CONSENT_ENDS:
        return "consent ends";
    case CONSENTD__DUE_KIND__CONSENT_LAPSES:
        return due->birthday ? "consent lapses: a birthday" : "consent lapses";
    default:
        return due->duty ? duty_words (due->duty->kind) : "what this program is too old to name";
    }
}

static int by_moment (const void *a, const void *b)
{
    const Consentd__Due *one = *(Consentd__Due *const *)a, *other = *(Consentd__Due *const *)b;
    if (one->when != other->when)
        return one->when < other->when ? -1 : 1;
    return (int)one->kind - (int)other->kind;
}

static void print_due (struct ctl *ctl, Consentd__DueListReply *list, int64_t now)
{
    static const char *const headings[] = {"LAST DAY", "STATE", "WHAT", "WHO", "ABOUT", "SUBJECT"};
    if (list->n_entries == 0) {
        puts ("Nothing is due.");
        return;
    }
    qsort (list->entries, list->n_entries, sizeof *list->entries, by_moment);
    struct table table = table_start (ctl->arena, headings, 6);
    for (size_t i = 0; i < list->n_entries; i++) {
        const Consentd__Due *due = list->entries[i];
        const Consentd__Duty *duty = due->duty;
        char when[MOMENT_TEXT];
        const char *about =
            duty ? arena_printf (ctl->arena, "decision %" PRIu64 " to %s", duty->decision, duty->recipient)
                 : arena_printf (ctl->arena, "consent %s", ask_hex (ctl, &due->consent_id));
        table_add (&table, (const char *[]){moment_print_end (due->when, when),
                                            duty ? duty_state (ctl, duty, now) : "", what_is_due (due),
                                            duty ? duty->holder : "", about, ask_hex (ctl, &due->subject_ref)});
    }
    table_print (&table, stdout);
}

static int ask_page (struct ctl *ctl, struct ask_pages *pages, int64_t until, ProtobufCBinaryData after,
                     Consentd__Reply **reply_p)
{
    Consentd__DueListRequest body;
    consentd__due_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (DUE_LIST, due_list, &body);
    body.until = until;
    body.limit = PAGE;
    body.after = after;
    return ask_next (ctl, pages, &request, CONSENTD__REPLY__BODY_DUE_LIST, reply_p);
}

/* The next page is put behind the first, and its cursor in place of the first's. */
static void append_page (Consentd__DueListReply *all, Consentd__DueListReply *page)
{
    size_t count = all->n_entries + page->n_entries;
    Consentd__Due **entries = realloc (all->entries, (count + 1) * sizeof *entries);
    if (!entries)
        abort ();
    if (page->n_entries > 0)
        memcpy (entries + all->n_entries, page->entries, page->n_entries * sizeof *entries);
    all->entries = entries;
    all->n_entries = count;
    page->n_entries = 0;
    ProtobufCBinaryData next = all->next;
    all->next = page->next;
    page->next = next;
    all->more = page->more;
}

static int run_due (struct ctl *ctl, const struct options *options)
{
    const char *text = options_text (options, "until");
    moment until = 0;
    if (text && !moment_parse_end (text, &until))
        return ctl_fail (EX_USAGE, "--until: not a day, YYYY-MM-DD, nor a moment");
    struct ask_pages pages = {.size = 0};
    Consentd__Reply *all, *page;
    int error = ask_page (ctl, &pages, until, (ProtobufCBinaryData){0, NULL}, &all);
    if (error)
        return error;
    while (!error && all->due_list->more) {
        error = ask_page (ctl, &pages, until, all->due_list->next, &page);
        if (error)
            break;
        append_page (all->due_list, page->due_list);
        consentd__reply__free_unpacked (page, NULL);
    }
    if (!error && ctl->json)
        ask_print_json (all);
    else if (!error)
        print_due (ctl, all->due_list, all->time);
    consentd__reply__free_unpacked (all, NULL);
    return error;
}

const struct command due_commands[] = {
    {"due", NULL, "what is coming: consents that end or lapse, and obligations",
     "Consents are listed for whoever grants, explains or operates; any other party sees its own obligations.\n"
     "What is overdue is listed until it is reported done.",
     due_options, run_due},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
