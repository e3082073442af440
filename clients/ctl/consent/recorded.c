#include "recorded.h"

#include "check/code_words.h"
#include "table.h"

/* Prints what the rules admit with a warning. */
static void print_warnings (struct ctl *ctl, const Consentd__Reply *reply)
{
    for (size_t i = 0; i < reply->n_refusals; i++)
        ctl_fail (
            0, "note: %s (%s): %s", consent_name (&consentd__code__descriptor, (int)reply->refusals[i]->code),
            table_clean (ctl->arena, reply->refusals[i]->rule), code_words_of (reply->refusals[i]->code)->english);
}

int ask_recorded (struct ctl *ctl, Consentd__Request *request, const char *what, const char *then)
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
        if (then)
            puts (then);
        print_warnings (ctl, reply);
    }
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}
