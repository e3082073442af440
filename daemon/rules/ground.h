/* What decide.c and the grounds share: the check that is judged, and one item of it. Internal to the rules.

   Each ground has its own file, with one function that judges an item: C6 in statute_ground.c, C7 in
   consent_ground.c, C8 in without_consent_ground.c. */
#pragma once
#include "decide.h"
#include "trace.h"

/* A statement that may matter for this check, with those facts about it that are the same for every moment and
   every item. It is collected if it names provider, recipient and purpose. It is also collected if it names only
   two of the three and may be a near miss, or (a refusal) end one. */
struct bearing {
    const struct statement *statement;
    size_t index;                      /* in facts->statements */
    bool provider, recipient, purpose; /* the statement names it; for the purpose: it serves it */
    bool same_case;
    bool heard;             /* C9: the statement names the caller, or the caller hears all */
    moment ends;            /* exclusive; before valid_until where it serves a compatible purpose (C7) */
    moment lapses_at;       /* M5, M10 */
    moment superseded_from; /* G10 */
};

/* What the pack says about an item before any ground is tried (C4). */
struct need {
    const struct policy_flow *flow; /* the first in the pack's order that carries the item; NULL: none */
    enum rule_code missing;         /* the code of C4, where there is no flow */
};

struct inquiry {
    const struct decide_facts *facts;
    const struct check *check;
    const struct bearing *bearings;
    size_t bearing_count;
    struct need needs[DECIDE_ITEMS]; /* one for each item of the check */
};

/* What the claim of the request is worth at one moment. It is the same for every item (C8). */
struct claimed {
    bool by_signers;      /* written request: those who asked are those who must consent at that moment */
    triage_parts missing; /* urgent reasons: what is missing of the triage decision */
};

/* One item at one moment, with the gates that it failed. */
struct question {
    const struct inquiry *inquiry;
    code category, origin;
    const struct policy_flow *flow;
    const struct trace *trace; /* NULL: nobody asked for the steps */
    moment now;
    bool agreement_missing; /* C3 failed: only a ground that needs no agreement holds */
    bool restricted;        /* C5 failed: only a ground that passes a restriction holds */
    uint64_t passed_from;   /* where restricted: consents from this place in the order of recording on pass it */
    struct claimed claimed;
};

/* A ground that holds fills `ground`, and `consent`, `statute` or `urgent_reason`. A ground that fails adds its
   reasons to `reasons`, and to `heard` those that the caller may hear. A ground that is not tried changes
   nothing. */
enum ground_outcome { GROUND_HOLDS, GROUND_FAILS, GROUND_NOT_TRIED };

/* G7: the provider is bound by professional secrecy, or the professional who acts is. */
static inline bool ground_is_bound_by_secrecy (const struct check *check)
{
    return check->under_secrecy || check->provider->secrecy == SECRECY_PROFESSIONAL;
}

/* C6: statute. */
enum ground_outcome statute_ground_judge (const struct question *question, struct item_decision *decision);

/* C7: consent. Fills `bearings` (room for facts->statement_count) in the order of recording, and returns how many
   there are. They borrow the facts. */
size_t consent_ground_collect (const struct decide_facts *facts, const struct check *check,
                               struct bearing *bearings);
enum ground_outcome consent_ground_judge (const struct question *question, struct item_decision *decision);
/* The first moment after `after` at which a consent may begin or cease to hold; MOMENT_NEVER: none known. */
moment consent_ground_next (const struct inquiry *inquiry, moment after);

/* C15: the refusal that stands against an item which is permitted on this ground. NULL: the item is not against
   the subject's will. */
const struct bearing *consent_ground_refusal (const struct question *question,
                                              const struct item_decision *decision);

/* C8: without consent. */
struct claimed without_consent_ground_claimed (const struct inquiry *inquiry, moment now);
enum ground_outcome without_consent_ground_judge (const struct question *question, struct item_decision *decision);
/* The first moment after `after` at which the claim may begin or cease to hold. MOMENT_NEVER: none known. */
moment without_consent_ground_next (const struct inquiry *inquiry, moment after);
