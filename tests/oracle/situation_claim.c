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

struct situation_claim_kind {
    const char *name;
    enum asked_by by;   /* written request */
    int given;          /* written request: day */
    const char *reason; /* urgent reasons */
    bool incomplete, without_secrecy, without_manager, unknown;
};

static const struct situation_claim_kind claims[] = {
    {.name = "none"},
    {.name = "written-request-by-all-who-must", .by = ALL_WHO_MUST, .given = -1},
    {.name = "written-request-given-before", .by = ALL_WHO_MUST, .given = -40},
    {.name = "written-request-by-others", .by = OTHERS, .given = -1},
    {.name = "vitaal-belang", .reason = "vitaal-belang"},
    {.name = "veiligheid-derden", .reason = "veiligheid-derden"},
    {.name = "volksgezondheid", .reason = "volksgezondheid"},
    {.name = "bemoeizorg", .reason = "bemoeizorg"},
    {.name = "vitaal-belang-incomplete", .reason = "vitaal-belang", .incomplete = true},
    {.name = "volksgezondheid-incomplete", .reason = "volksgezondheid", .incomplete = true},
    {.name = "vitaal-belang-without-secrecy", .reason = "vitaal-belang", .without_secrecy = true},
    {.name = "vitaal-belang-without-manager", .reason = "vitaal-belang", .without_manager = true},
    {.name = "unknown-reason", .reason = "nieuwsgierigheid", .unknown = true},
};

const struct situation_claim_kind *situation_claim_named (const char *name)
{
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++)
        if (strcmp (claims[i].name, name) == 0)
            return &claims[i];
    return NULL;
}

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

static void decide_triage (const struct policy *policy, bool secrecy, const struct situation_claim_kind *kind,
                           size_t turn, struct triage *triage)
{
    complete (triage, policy, turn);
    set_secrecy (triage, secrecy || turn % 3 == 0 ? "reason" : "");
    if (kind->incomplete || (kind->unknown && turn % 5 < 2))
        spoil (triage, policy, turn);
    if (kind->without_secrecy)
        spoil_secrecy (triage, turn);
    if (kind->without_manager)
        triage->manager_consulted = empty (turn);
}

void situation_claim (const struct situation *self, const struct policy *policy, bool secrecy,
                      const struct situation_claim_kind *kind, size_t turn, struct situation_claim *claim)
{
    struct claim *made = &claim->claim;
    *made = (struct claim){.kind = CLAIM_NONE, .reason = CODE_NONE, .triage = empty_triage};
    if (kind->by != NOBODY) {
        made->kind = CLAIM_WRITTEN_REQUEST;
        made->given_at = situation_day (kind->given);
        ask_in_writing (self, kind->by, turn, claim);
    } else if (kind->reason != NULL) {
        made->kind = CLAIM_URGENT_REASONS;
        made->reason = policy_urgent_reason (policy, kind->reason);
        decide_triage (policy, secrecy, kind, turn, &made->triage);
    }
}
