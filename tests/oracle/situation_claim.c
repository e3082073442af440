/* What a request claims without consent, and the triage decision that it brings. */
#include "situation.h"

#include <stdlib.h>
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

/* Takes away something that every provider's triage needs, and the check does not bring. */
static void spoil (struct triage *triage, const struct policy *policy, size_t turn)
{
    const char **texts[] = {&triage->necessity, &triage->subsidiarity, &triage->proportionality,
                            &triage->purpose_limitation, &triage->objections};
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

enum asked_by { NOBODY, ALL_WHO_MUST, OTHERS };

static const struct {
    const char *name;
    enum asked_by by;   /* written request */
    int given;          /* written request: day */
    const char *reason; /* urgent reasons */
    bool incomplete, without_secrecy, without_manager;
} claims[] = {
    {"written-request-by-all-who-must", ALL_WHO_MUST, -1, NULL, false, false, false},
    {"written-request-given-before", ALL_WHO_MUST, -40, NULL, false, false, false},
    {"written-request-by-others", OTHERS, -1, NULL, false, false, false},
    {.name = "vitaal-belang", .reason = "vitaal-belang"},
    {.name = "veiligheid-derden", .reason = "veiligheid-derden"},
    {.name = "volksgezondheid", .reason = "volksgezondheid"},
    {.name = "bemoeizorg", .reason = "bemoeizorg"},
    {.name = "vitaal-belang-incomplete", .reason = "vitaal-belang", .incomplete = true},
    {.name = "volksgezondheid-incomplete", .reason = "volksgezondheid", .incomplete = true},
    {.name = "vitaal-belang-without-secrecy", .reason = "vitaal-belang", .without_secrecy = true},
    {.name = "vitaal-belang-without-manager", .reason = "vitaal-belang", .without_manager = true},
    {.name = "unknown-reason", .reason = "nieuwsgierigheid"},
};

static int compare_names (const void *a, const void *b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static bool has (const struct text_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp (set->item[i], name) == 0)
            return true;
    return false;
}

/* Somebody whom the set has not, and who is known of this subject. */
static const char *another (const struct situation *self, const struct text_set *set, size_t turn)
{
    size_t count = self->subject.representative_count;
    for (size_t i = 0; i < count; i++)
        if (!has (set, self->representatives[(turn + i) % count].reference))
            return self->representatives[(turn + i) % count].reference;
    return "subject";
}

/* All but one of those who must, all of them and another, or somebody else altogether. */
static void ask_by_others (const struct situation *self, struct text_set *by, size_t turn)
{
    size_t left_out = turn / 3 % (by->count > 0 ? by->count : 1);
    const char *one = another (self, by, turn / 3);
    if (turn % 3 == 0 && by->count > 1) {
        by->item[left_out] = by->item[--by->count];
    } else if (turn % 3 == 1 && by->count > 0) {
        by->item[by->count++] = one;
    } else {
        by->item[0] = one;
        by->count = 1;
    }
}

static void ask_in_writing (const struct situation *self, enum asked_by asked_by, size_t turn,
                            struct situation_claim *claim)
{
    struct text_set *by = &claim->claim.by;
    *by = (struct text_set){claim->by, self->must.count};
    for (size_t i = 0; i < by->count; i++)
        by->item[i] = self->must.item[i];
    if (asked_by == OTHERS)
        ask_by_others (self, by, turn);
    else if (by->count == 0)
        by->item[by->count++] = "subject";
    qsort (by->item, by->count, sizeof *by->item, compare_names);
}

static const struct triage empty_triage = {.necessity = "",
                                           .subsidiarity = "",
                                           .proportionality = "",
                                           .purpose_limitation = "",
                                           .objections = "",
                                           .manager_consulted = "",
                                           .inform_why = "",
                                           .consent_sought = "",
                                           .no_other_way = "",
                                           .serious_harm = "",
                                           .conflict_of_duties = ""};

static void decide_triage (const struct policy *policy, bool secrecy, size_t i, size_t turn, struct triage *triage)
{
    complete (triage, policy, turn);
    set_secrecy (triage, secrecy || turn % 3 == 0 ? "reason" : "");
    if (claims[i].incomplete || (strcmp (claims[i].name, "unknown-reason") == 0 && turn % 5 < 2))
        spoil (triage, policy, turn);
    if (claims[i].without_secrecy)
        spoil_secrecy (triage, turn);
    if (claims[i].without_manager)
        triage->manager_consulted = empty (turn);
}

bool situation_claim (const struct situation *self, const struct policy *policy, bool secrecy, const char *name,
                      size_t turn, struct situation_claim *claim)
{
    struct claim *made = &claim->claim;
    *made = (struct claim){.kind = CLAIM_NONE, .reason = CODE_NONE, .triage = empty_triage};
    if (strcmp (name, "none") == 0)
        return true;
    size_t i = 0;
    while (i < sizeof claims / sizeof *claims && strcmp (claims[i].name, name) != 0)
        i++;
    if (i == sizeof claims / sizeof *claims)
        return false;
    if (claims[i].reason == NULL) {
        made->kind = CLAIM_WRITTEN_REQUEST;
        made->given_at = situation_day (claims[i].given);
        ask_in_writing (self, claims[i].by, turn, claim);
        return true;
    }
    made->kind = CLAIM_URGENT_REASONS;
    made->reason = policy_urgent_reason (policy, claims[i].reason);
    decide_triage (policy, secrecy, i, turn, &made->triage);
    return true;
}
