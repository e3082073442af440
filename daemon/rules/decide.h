/* The disclosure check: rules C3 to C9 and the verdict. Pure: the same facts give the same decision. */
#pragma once
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
    struct text_set by;   /* written request: who asked: "subject" or representatives' references */
    moment given_at;      /* written request: when they did */
    code reason;          /* urgent reasons: of the pack; CODE_NONE: not the pack's */
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
    bool manager_consulted; /* a manager is named (C15) */
    bool no_manager;        /* or it is said why none could be consulted */
    bool under_secrecy;     /* the professional who acts is bound by secrecy, whatever the provider is (G7) */
    struct claim claim;
};

/* Who hears the answer (C9). */
struct listener {
    const char *party; /* id of the caller */
    bool explain;      /* its role hears every reason */
};

struct decide_facts {
    const struct policy *policy;
    const struct subject *subject;
    const struct statement *statements; /* every one of the subject, prepared, in the order of recording */
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
    bool against_will;         /* of a permit: over a refusal that stands (C15) */
    bool against_will_heard;   /* and the caller may hear of that refusal (C9) */
    bool manager_missing;      /* of a denial: that is what TRIAGE_INCOMPLETE is about (C15) */
    struct rule_codes reasons; /* all, for the log and for who may explain */
    struct rule_codes heard;   /* what the caller hears (C9) */
};

struct decision {
    enum verdict verdict;
    struct item_decision items[DECIDE_ITEMS];
    size_t item_count;
    triage_parts triage_missing; /* where C8 gives TRIAGE_INCOMPLETE: the same for every item */
    bool manager_asked;          /* an ADVISE of which a DISCLOSE would want a manager (C15) */
    bool one_time;               /* a one-time consent is used up by this disclosure */
    moment until;                /* first known moment at which it would differ; MOMENT_NEVER: none known */
    size_t work;                 /* that it took: about so many statements were weighed for an item each */
};

/* Fills what follows from the records alone (lapses_at, superseded_from): once when the statements of a subject
   are read or changed, and before anything below. They must be resolved, and in the order of recording. */
void decide_prepare (const struct policy *policy, const struct subject *subject, struct statement *statements,
                     size_t count);

/* The statements are prepared. */
void decide (const struct decide_facts *facts, const struct check *check, struct decision *decision);
/* The same, telling `trace` every step on the way, item by item. */
struct trace;
void decide_told (const struct decide_facts *facts, const struct check *check, struct trace *trace,
                  struct decision *decision);

/* The state of a statement at facts->now, as shown to people. The last two are those of a request for a consent
   (G1), which is no statement: nothing here gives them. */
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
/* The same as this party sees it: what is left of the items of which it is provider or recipient, since what
   others lost of it is not the party's to know (V2). NULL: of the whole. */
enum statement_state decide_state_for (const struct decide_facts *facts, size_t index, const char *party);

/* Items between some parties: a flag for each provider, recipient and category, in this order of nesting. At most
   32 of each are looked at: a statement names no more (G2). */
struct decide_grid {
    struct text_set providers, recipients, categories;
    const bool *flags;
    code purpose;
};

/* Says of each statement whether it is a consent in force at facts->now for any item of the grid: granted, valid,
   not withdrawn for it, not used, lapsed, superseded or shut out. For V2. */
void decide_in_force (const struct decide_facts *facts, const struct decide_grid *grid, bool *in_force);
