/* What a request claims without consent, and the triage decision that it brings. */
#include "situation.h"

#include <string.h>

static void complete (struct triage *triage, const struct policy *policy, size_t turn)
{
    triage->necessity = triage->subsidiarity = triage->proportionality = triage->purpose_limitation = "reason";
    triage->objections = "reason";
    triage->manager_consulted = "manager-1";
    triage->serious_situation = triage->urgent_support = true;
    triage->inform_why = "";
    triage->inform = turn % 2 == 0 ? INFORM_BEFORE : INFORM_AFTER;
    if (triage->inform == INFORM_AFTER) {
        triage->inform_by = turn % 4 == 1 ? situation_now () + 1 : situation_day ((int)policy->due.inform_days);
        triage->inform_why = "reason";
    }
}

static void break_inform (struct triage *triage, moment by, const char *why)
{
    triage->inform = INFORM_AFTER;
    triage->inform_by = by;
    triage->inform_why = why;
}

/* No motivation: nothing at all, or blanks. */
static const char *empty (size_t turn)
{
    return turn % 2 == 0 ? "" : " \t";
}

/* Takes away something that every provider's triage needs. */
static void spoil (struct triage *triage, const struct policy *policy, size_t turn)
{
    const char **texts[] = {&triage->necessity, &triage->subsidiarity, &triage->proportionality,
                            &triage->purpose_limitation, &triage->manager_consulted};
    enum { TEXTS = sizeof texts / sizeof *texts };
    size_t part = turn % (TEXTS + 7);
    if (part < TEXTS)
        *texts[part] = empty (turn / (TEXTS + 7));
    if (part == TEXTS)
        triage->serious_situation = false;
    if (part == TEXTS + 1)
        triage->urgent_support = false;
    if (part == TEXTS + 2)
        triage->inform = INFORM_UNSAID;
    if (part == TEXTS + 3)
        break_inform (triage, 0, "reason");
    if (part == TEXTS + 4)
        break_inform (triage, situation_now (), "reason");
    if (part == TEXTS + 5)
        break_inform (triage, situation_day ((int)policy->due.inform_days + 1), "reason");
    if (part == TEXTS + 6)
        break_inform (triage, situation_day (1), empty (turn / (TEXTS + 7)));
}

static void set_secrecy (struct triage *triage, const char *text)
{
    triage->consent_sought = triage->no_other_way = triage->serious_harm = triage->conflict_of_duties = text;
}

/* Takes away one of the four, or all. */
static void spoil_secrecy (struct triage *triage, size_t turn)
{
    const char **texts[] = {&triage->consent_sought, &triage->no_other_way, &triage->serious_harm,
                            &triage->conflict_of_duties};
    if (turn % 5 == 4)
        set_secrecy (triage, "");
    else
        *texts[turn % 5] = empty (turn / 5);
}

static const struct {
    const char *name;
    const char *reason; /* NULL: written request */
    bool one_who_must, incomplete, without_secrecy;
} claims[] = {
    {"written-request-by-one-who-must-consent", NULL, .one_who_must = true},
    {"written-request-by-somebody-else", NULL},
    {"vitaal-belang", "vitaal-belang"},
    {"veiligheid-derden", "veiligheid-derden"},
    {"volksgezondheid", "volksgezondheid"},
    {"bemoeizorg", "bemoeizorg"},
    {"vitaal-belang-incomplete", "vitaal-belang", .incomplete = true},
    {"volksgezondheid-incomplete", "volksgezondheid", .incomplete = true},
    {"vitaal-belang-without-secrecy", "vitaal-belang", .without_secrecy = true},
    {"unknown-reason", "nieuwsgierigheid"},
    {"unknown-reason-incomplete", "nieuwsgierigheid", .incomplete = true},
};

static const struct triage empty_triage = {"", "", "", "", "", "", false, false, INFORM_UNSAID, 0, "", "", "", "", ""};

bool situation_claim (const struct situation *self, const struct policy *policy, bool secrecy, const char *name,
                      size_t turn, struct claim *claim)
{
    *claim = (struct claim){.kind = CLAIM_NONE, .reason = CODE_NONE, .triage = empty_triage};
    if (strcmp (name, "none") == 0)
        return true;
    size_t i = 0;
    while (i < sizeof claims / sizeof *claims && strcmp (claims[i].name, name) != 0)
        i++;
    if (i == sizeof claims / sizeof *claims)
        return false;
    if (claims[i].reason == NULL) {
        claim->kind = CLAIM_WRITTEN_REQUEST;
        static const char *asking[1];
        asking[0] = claims[i].one_who_must ? self->one_who_must : self->somebody_else;
        claim->by = (struct text_set){asking, 1};
        return true;
    }
    claim->kind = CLAIM_URGENT_REASONS;
    claim->reason = policy_urgent_reason (policy, claims[i].reason);
    complete (&claim->triage, policy, turn);
    set_secrecy (&claim->triage, secrecy || turn % 3 == 0 ? "reason" : "");
    if (claims[i].incomplete)
        spoil (&claim->triage, policy, turn);
    if (claims[i].without_secrecy)
        spoil_secrecy (&claim->triage, turn);
    return true;
}
