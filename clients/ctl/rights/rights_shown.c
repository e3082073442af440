#include "rights_shown.h"

#include <inttypes.h>
#include <stdio.h>
#include "moments.h"
#include "rights_words.h"
#include "table.h"

/* "": at no time. A fact without a text is left out. */
static const char *told (struct ctl *ctl, moment when)
{
    char text[MOMENT_TEXT];
    return when ? arena_strdup (ctl->arena, moment_print (when, text)) : "";
}

static const char *last_day (struct ctl *ctl, moment end)
{
    char text[MOMENT_TEXT];
    return end ? arena_strdup (ctl->arena, moment_print_end (end, text)) : "";
}

static void add_receipt (struct ctl *ctl, struct table *facts, const Consentd__RightsRequest *one)
{
    if (one->against)
        table_add_fact (facts, "against",
                        arena_printf (ctl->arena, "the decision on request %" PRIu64 "%s", one->against,
                                      one->late ? ", and late" : ""));
    table_add_fact (facts, "made by", one->by);
    table_add_fact (facts, "BSN", one->bsn);
    table_add_fact (facts, "wish", one->wish);
    table_add_fact (facts, "received",
                    arena_printf (ctl->arena, "%s, %s", one->received, rights_way_words (one->way)));
    table_add_fact (facts, "identity", rights_identity_words (one->identity));
    table_add_fact (facts, "evidence", one->evidence);
    table_add_fact (facts, "recorded",
                    arena_printf (ctl->arena, "%s by %s", told (ctl, one->opened_at), one->opened_by));
}

static void add_terms (struct ctl *ctl, struct table *facts, const Consentd__RightsRequest *one)
{
    table_add_fact (facts, "last day", last_day (ctl, one->due));
    if (one->due_before)
        table_add_fact (
            facts, "put off",
            arena_printf (ctl->arena, "from %s: %s", last_day (ctl, one->due_before), one->extension_reason));
    for (size_t i = 0; i < one->n_views; i++) {
        const Consentd__RightsView *view = one->views[i];
        table_add_fact (facts, "view of another",
                        arena_printf (ctl->arena, "%s (asked until %s): %s%s%s", view->note,
                                      last_day (ctl, view->until), rights_came_words (view->came),
                                      *view->came_note ? ": " : "", view->came_note));
    }
}

static void add_decision (struct ctl *ctl, struct table *facts, const Consentd__RightsRequest *one)
{
    table_add_fact (facts, "announced", one->announced);
    table_add_fact (facts, "reason", one->reason);
    table_add_fact (facts, "article", one->article);
    if (one->decided_at)
        table_add_fact (facts, "decided",
                        arena_printf (ctl->arena, "%s by %s", told (ctl, one->decided_at), one->decided_by));
    table_add_fact (facts, "erased", told (ctl, one->erased_at));
    table_add_fact (facts, "objection until", last_day (ctl, one->objection_until));
    for (size_t i = 0; i < one->n_followed; i++)
        table_add_fact (facts, "followed",
                        arena_printf (ctl->arena, "%s, line %" PRIu64 " of the log, %s", one->followed[i]->action,
                                      one->followed[i]->number, told (ctl, one->followed[i]->time)));
}

void rights_print (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__RightsRequest *one = reply->rights->request;
    struct table facts = table_start (ctl->arena, NULL, 2);
    if (!one)
        return;
    table_add_fact (&facts, "number", arena_printf (ctl->arena, "%" PRIu64, one->number));
    table_add_fact (&facts, "kind", rights_kind_word (one->kind));
    table_add_fact (&facts, "state", rights_state_words (ctl, one, reply->time));
    add_receipt (ctl, &facts, one);
    add_terms (ctl, &facts, one);
    add_decision (ctl, &facts, one);
    table_add_fact (&facts, "subject", ask_hex (ctl, &one->subject_ref));
    table_print (&facts, stdout);
}
