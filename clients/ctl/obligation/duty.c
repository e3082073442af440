#include "duty.h"

#include <string.h>
#include <strings.h>
#include "moments.h"

static const struct {
    Consentd__Obligation kind;
    const char *name, *words;
} kinds[] = {
    {CONSENTD__OBLIGATION__INFORM_SUBJECT, "inform-subject", "inform the subject"},
    {CONSENTD__OBLIGATION__INFORM_REPRESENTATIVE, "inform-representative", "inform the representatives"},
    {CONSENTD__OBLIGATION__INFORM_YOUTH, "inform-youth", "inform the youth"},
    {CONSENTD__OBLIGATION__RECORD_IN_PLAN, "record-in-plan", "record in the plan"},
    {CONSENTD__OBLIGATION__RECORD_AGAINST_WILL, "record-against-will", "report why against the will"},
    {CONSENTD__OBLIGATION__INFORM_OF_SOURCE, "inform-of-source", "tell the subject the source"},
    {CONSENTD__OBLIGATION__RECTIFY_DATA, "rectify-data", "correct what was received"},
    {CONSENTD__OBLIGATION__ERASE_DATA, "erase-data", "erase what was received"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

const char *duty_words (Consentd__Obligation kind)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].words;
    return "an obligation that this program is too old to name";
}

bool duty_parse_kind (const char *text, Consentd__Obligation *kind)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcasecmp (text, kinds[i].name) == 0 ||
            strcmp (text, consent_name (&consentd__obligation__descriptor, (int)kinds[i].kind)) == 0) {
            *kind = kinds[i].kind;
            return true;
        }
    return false;
}

const char *duty_state (struct ctl *ctl, const Consentd__Duty *duty, int64_t now)
{
    char when[MOMENT_TEXT];
    if (duty->done_at && *duty->letter)
        return arena_printf (ctl->arena, "done %s by %s, letter %s", moment_print (duty->done_at, when), duty->done_by,
                             duty->letter);
    if (duty->done_at && *duty->done_by)
        return arena_printf (ctl->arena, "done %s by %s", moment_print (duty->done_at, when), duty->done_by);
    if (duty->done_at)
        return arena_printf (ctl->arena, "done %s", moment_print (duty->done_at, when));
    if (duty->due <= now)
        return "overdue";
    return duty->deferred_at ? "put off" : "open";
}

const char *duty_ground (struct ctl *ctl, const Consentd__Duty *duty)
{
    switch (duty->ground) {
    case CONSENTD__GROUND__CONSENT:
        return "consent";
    case CONSENTD__GROUND__STATUTE:
        return arena_printf (ctl->arena, "statute %s", duty->basis);
    case CONSENTD__GROUND__WRITTEN_REQUEST:
        return "written request";
    case CONSENTD__GROUND__URGENT_REASONS:
        return arena_printf (ctl->arena, "urgent reason %s", duty->basis);
    default:
        return "";
    }
}
