/* What decide.c and its grounds share: the check being judged, and one item of it. Internal to the rules.

   A ground is a file of its own with one function that judges an item: C6 in statute_ground.c, C7 in
   consent_ground.c, C8 in without_consent_ground.c. */
#pragma once
#include "decide.h"
#include "trace.h"

/* A statement that may have a say in this check, and what of it stays the same as time goes on and whatever the
   item. It bears if it names provider, recipient and purpose, or but for one of them may be, or end, a near miss.
 */
struct bearing {
    const struct statement *statement;
    size_t index;                      /* in facts->statements */
    bool provider, recipient, purpose; /* named by it, the purpose as served */
    bool same_case;
    bool heard;             /* C9: the caller is named in it, or hears all */
    moment ends;            /* exclusive; sooner than valid_until where a compatible purpose is served (C7) */
    moment lapses_at;       /* M5, M10 */
    moment superseded_from; /* G10 */
};

/* What the pack says of an item, before any ground is tried (C4). */
struct need {
    const struct policy_flow *flow; /* the first in the pack's order that carries the item; NULL: none */
    enum rule_code missing;         /* of C4, where there is none */
};

struct inquiry {
    const struct decide_facts *facts;
    const struct check *check;
    const struct bearing *bearings;
    size_t bearing_count;
    struct need needs[DECIDE_ITEMS]; /* one for each item of the check */
};

/* What is claimed, at one moment: the same for every item (C8). */
struct claimed {
    bool by_signers;      /* written request: who asked are those who must consent then */
    triage_parts missing; /* urgent reasons: of the triage decision */
};

/* One item, at one moment, with the gates that it failed. */
struct question {
    const struct inquiry *inquiry;
    code category, origin;
    const struct policy_flow *flow;
    const struct trace *trace; /* NULL: nobody listens */
    moment now;
    bool agreement_missing; /* C3 failed: only what needs no agreement holds */
    bool restricted;        /* C5 failed: only what passes a restriction holds */
    uint64_t passed_from;   /* where it is: a consent from this place in the order of recording on passes */
    struct claimed claimed;
};

/* A ground that holds fills ground, and consent, statute or urgent_reason. One that fails adds its reasons, and
   those that the caller may hear. One that is not tried does nothing. */
enum ground_outcome { GROUND_HOLDS, GROUND_FAILS, GROUND_NOT_TRIED };

/* G7: who discloses is bound by professional secrecy, as a party or as the professional who acts. */
static inline bool is_bound_by_secrecy (const struct check *check)
{
    return check->under_secrecy || check->provider->secrecy == SECRECY_PROFESSIONAL;
}

/* C6. */
enum ground_outcome statute_ground_judge (const struct question *question, struct item_decision *decision);

/* C7. Fills `bearings` (room for facts->statement_count), in the order of recording, and returns how many there
   are. They borrow the facts. */
size_t consent_ground_collect (const struct decide_facts *facts, const struct check *check,
                               struct bearing *bearings);
enum ground_outcome consent_ground_judge (const struct question *question, struct item_decision *decision);
/* The first moment after `after` at which a consent may begin or cease to hold; MOMENT_NEVER: none known. */
moment consent_ground_next (const struct inquiry *inquiry, moment after);

/* C15: of an item that is permitted on this ground: the refusal that stands against it; NULL: it is not against
   the subject's will. */
const struct bearing *consent_ground_refusal (const struct question *question,
                                              const struct item_decision *decision);

/* C8. */
struct claimed without_consent_ground_claimed (const struct inquiry *inquiry, moment now);
enum ground_outcome without_consent_ground_judge (const struct question *question, struct item_decision *decision);
/* The first moment after `after` at which what is claimed may begin or cease to hold; MOMENT_NEVER: none known. */
moment without_consent_ground_next (const struct inquiry *inquiry, moment after);
