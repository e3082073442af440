/* The disclosure check: rules C3 to C9 and the verdict. Pure: the same facts give the same decision. */
#pragma once
#include <stddef.h>
#include "codes.h"
#include "party.h"
#include "statement.h"
#include "subject.h"
#include "triage.h"

enum { DECIDE_ITEMS = 64 };

enum check_mode { MODE_ADVISE = 1, MODE_DISCLOSE = 2 };
enum verdict { VERDICT_PERMIT = 1, VERDICT_PARTIAL = 2, VERDICT_DENY = 3 };

struct check_item {
    code category;
    code origin; /* CODE_NONE: not known */
};

/* A ground without consent that the request claims (C8). */
enum claim_kind { CLAIM_NONE, CLAIM_WRITTEN_REQUEST, CLAIM_URGENT_REASONS };

struct claim {
    enum claim_kind kind;
    struct text_set by;   /* written request: who asked: "subject", or references of representatives */
    moment given_at;      /* written request: when they did */
    code reason;          /* urgent reasons: a code of the pack; CODE_NONE: the pack does not have it */
    struct triage triage; /* urgent reasons: no text is NULL */
};

/* A check that passed C1 and C2. */
struct check {
    const struct party *provider, *recipient;
    code purpose;
    struct check_item items[DECIDE_ITEMS];
    size_t item_count;    /* 1-64 */
    const char *case_ref; /* "": none */
    enum check_mode mode;
    bool all_or_nothing;
    bool withheld;          /* it is of a batch that discloses all or nothing, and of this one nothing */
    bool manager_consulted; /* a manager is named (C15) */
    bool no_manager;        /* or a reason is given why no manager could be consulted */
    bool under_secrecy;     /* the professional who acts is bound by secrecy, whatever the provider is (G7) */
    struct claim claim;
};

/* Who hears the answer (C9). */
struct listener {
    const char *party; /* the caller's id */
    bool explain;      /* its role hears every reason */
};

struct decide_facts {
    const struct policy *policy;
    const struct subject *subject;
    const struct statement *statements; /* all statements of the subject, prepared, in the order of recording */
    size_t statement_count;
    moment now;
    struct listener listener;
};

struct item_decision {
    bool permit;
    enum policy_ground ground; /* of a permit */
    size_t consent;            /* index in statements, where the ground is consent */
    code statute;              /* where the ground is statute */
    code urgent_reason;        /* where it is without consent; CODE_NONE: a written request */
    bool against_will;         /* of a permit: a refusal stands against it (C15) */
    bool against_will_heard;   /* and the caller may hear of that refusal (C9) */
    bool manager_missing;      /* of a denial: TRIAGE_INCOMPLETE is given because no manager is named (C15) */
    struct rule_codes reasons; /* all reasons, for the log and for roles that may explain */
    struct rule_codes heard;   /* the reasons that the caller hears (C9) */
};

struct decision {
    enum verdict verdict;
    size_t item_count;
    triage_parts triage_missing; /* where C8 gives TRIAGE_INCOMPLETE: what is missing, the same for every item */
    bool manager_asked;          /* this is an ADVISE, and a DISCLOSE would need a manager (C15) */
    bool one_time;               /* a one-time consent is used up by this disclosure */
    moment until; /* first known moment at which the answer would differ; MOMENT_NEVER: none known */
    size_t work;  /* the work done: about how many times a statement was weighed for an item */
    struct item_decision items[DECIDE_ITEMS];
};

/* The bytes of a decision about so many items. The items behind them are not looked at, and need not be there. */
static inline size_t decision_size (size_t item_count)
{
    return offsetof (struct decision, items) + item_count * sizeof (struct item_decision);
}

/* Fills what follows from the records alone (lapses_at, superseded_from, is_void). To be called once, when the
   statements of a subject are read or changed, and before any function below. The statements must be resolved, and
   in the order of recording. */
void decide_prepare (const struct policy *policy, const struct subject *subject, struct statement *statements,
                     size_t count);

/* Decides the check. The statements are prepared. */
void decide (const struct decide_facts *facts, const struct check *check, struct decision *decision);
/* The same, and tells `trace` every step, item by item. */
struct trace;
void decide_told (const struct decide_facts *facts, const struct check *check, struct trace *trace,
                  struct decision *decision);

/* The state of a statement at facts->now, as people see it. The last two states belong to a request for a consent
   (G1), which is not a statement: no function here returns them. */
enum statement_state {
    STATE_GRANTED = 1,
    STATE_REFUSAL,
    STATE_REVOKED,
    STATE_EXPIRED,
    STATE_USED_UP,
    STATE_SUPERSEDED,
    STATE_LAPSED,
    STATE_REQUESTED,
    STATE_DEFERRED,
};
enum statement_state decide_state (const struct decide_facts *facts, size_t index);
/* The same, as one party sees it: it looks only at the items of which the party is provider or recipient. What
   others lost of the statement is not the party's to know (V2). `party` NULL: the state of the whole statement. */
enum statement_state decide_state_for (const struct decide_facts *facts, size_t index, const char *party);

/* Items between some parties: one flag for each provider, recipient and category, nested in this order. At most 32
   of each are looked at, because a statement names no more (G2). */
struct decide_grid {
    struct text_set providers, recipients, categories;
    const bool *flags;
    code purpose;
};

/* V2: says of each statement whether it is a consent in force at facts->now for any item of the grid. In force
   means: granted, valid, not withdrawn for the item, and not used, lapsed, superseded or shut out. */
void decide_in_force (const struct decide_facts *facts, const struct decide_grid *grid, bool *in_force);
