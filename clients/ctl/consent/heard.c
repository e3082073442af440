#include "heard.h"
#include <inttypes.h>
#include "ask.h"
#include "moments.h"
#include "table.h"

/* Whether it has heard, and by when. */
static const char *when_heard (struct ctl *ctl, const Consentd__Hearing *one)
{
    char when[MOMENT_TEXT];
    if (one->unknown)
        return "not known";
    if (!one->heard)
        return one->dropped ? "no: it was dropped" : "not yet";
    return one->heard_at ? arena_strdup (ctl->arena, moment_print (one->heard_at, when))
                         : "yes; when was not kept";
}

static const char *state_now (struct ctl *ctl, const Consentd__Hearing *one)
{
    char when[MOMENT_TEXT];
    if (one->forgotten_at)
        return arena_printf (ctl->arena, "forgotten %s", moment_print (one->forgotten_at, when));
    if (!*one->consumer)
        return one->unknown ? "" : "no system listened";
    return one->listens ? "listens" : "is away";
}

static void print_left_out (const Consentd__Withdrawal *one)
{
    if (one->unheard_left_out + one->heard_left_out > 0)
        printf ("Left out, for want of room: %" PRIu32 " that have not heard, %" PRIu32 " that have.\n",
                one->unheard_left_out, one->heard_left_out);
}

static void print_withdrawal (struct ctl *ctl, const Consentd__Withdrawal *withdrawal)
{
    static const char *const headings[] = {"PARTY", "CONSUMER", "HEARD", "WAITS SINCE", "NOW"};
    struct table table = table_start (ctl->arena, headings, 5);
    char when[MOMENT_TEXT];
    for (size_t i = 0; i < withdrawal->n_heard_by; i++) {
        const Consentd__Hearing *one = withdrawal->heard_by[i];
        const char *since = one->heard || one->unknown ? "" : moment_print (one->since, when);
        table_add (&table, (const char *[]){one->party, one->consumer, when_heard (ctl, one), since,
                                            state_now (ctl, one)});
    }
    printf ("\nWho has heard of the withdrawal of %s:\n", moment_print (withdrawal->recorded_at, when));
    table_print (&table, stdout);
    print_left_out (withdrawal);
}

void heard_print (struct ctl *ctl, const Consentd__Consent *consent)
{
    for (size_t i = consent->n_withdrawals; i-- > 0;) {
        const Consentd__Withdrawal *one = consent->withdrawals[i];
        if (one->n_heard_by > 0 || one->unheard_left_out + one->heard_left_out > 0)
            print_withdrawal (ctl, one);
    }
}
