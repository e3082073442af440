/* The policy pack in force: what differs between municipalities or years, and so is not in the engine (rules,
   section 9).

   Immutable once loaded. A code is a position in one of the lists here. All text belongs to the policy. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "code_set.h"

enum secrecy { SECRECY_NONE, SECRECY_OFFICIAL, SECRECY_PROFESSIONAL }; /* ordered: a party may raise its kind's */
enum special { SPECIAL_NO, SPECIAL_HEALTH, SPECIAL_OTHER };            /* bijzonder persoonsgegeven, KB 9.1 */
enum carries {
    CARRIES_NONE,
    CARRIES_HEALTH,
    CARRIES_ALL
}; /* which special categories a ground carries; ordered */
enum policy_ground { POLICY_CONSENT, POLICY_STATUTE, POLICY_WITHOUT_CONSENT, POLICY_GROUNDS };

/* What every entry of a pack has: its code, its labels, and the article it comes from. */
struct policy_entry {
    const char *code;
    const char *label_nl;
    const char *label_en;
    const char *source;
};

struct policy_kind { /* soort partij */
    struct policy_entry entry;
    enum secrecy secrecy;
    bool third_party;     /* not under the controller's authority, KB 1.j */
    bool needs_agreement; /* C3 */
};

/* What the registry itself holds of a subject, and may have passed on as a category (R4). */
enum policy_fact { FACT_NONE, FACT_BIRTH_DATE, FACT_REPRESENTATIVES };

struct policy_category { /* gegevenssoort */
    struct policy_entry entry;
    char area; /* A-F of KB 8, or 0 */
    enum special special;
    bool existence_only; /* dat-informatie, KB 7.2 */
    enum policy_fact fact;
};

struct policy_purpose { /* doel */
    struct policy_entry entry;
    code_set serves;         /* purposes that a consent for this one also serves, itself not among them */
    unsigned longest_months; /* G6 */
    bool record_in_plan;     /* C10: a disclosure for it is recorded in the plan */
    bool manager_first;      /* C15: no disclosure for it without a manager, or why there was none */
    bool inform_always;      /* C15: the subject is informed of each disclosure for it, on consent too */
};

struct policy_origin { /* herkomst */
    struct policy_entry entry;
};

struct policy_statute { /* wettelijke grondslag, C6 */
    struct policy_entry entry;
    code_set origins;
    bool all_origins;
    enum carries carries;
    bool breaks_secrecy;
    bool passes_restriction;
    bool inform_deferrable;
};

struct policy_urgent_reason { /* dringende en gewichtige reden, C8 */
    struct policy_entry entry;
    enum carries carries;
    bool passes_restriction;
};

/* A statute that a flow names. It may be limited to certain providers or recipients. */
struct policy_flow_statute {
    code statute;
    code_set by; /* provider kinds; empty: any of the flow */
    code_set to; /* recipient kinds; empty: any of the flow */
};

struct policy_flow { /* a row of KB article 8; consent carries it, unless no_consent */
    struct policy_entry entry;
    code_set providers;  /* kinds */
    code_set recipients; /* kinds */
    code purpose;
    code_set categories;
    code default_origin;
    struct policy_flow_statute *statutes;
    size_t statute_count;
    bool written_request; /* admits C8 */
    bool urgent_reasons;  /* admits C8 */
    bool one_time;        /* G7 */
    bool no_consent;      /* G3: about other persons, for whom the subject cannot consent */
};

struct policy_representative { /* soort vertegenwoordiger */
    struct policy_entry entry;
    bool counts; /* M6 */
};

/* Who must sign from this age on (M1-M3). The bands are ordered by age; the first has age 0. */
struct policy_age_band {
    unsigned from;
    bool subject;
    bool representatives;
};

struct policy_notice { /* G4 */
    const char *id, *version, *language;
};

/* What starts a period in years (T1). */
enum counts_from { COUNTS_FROM_RECEIPT, COUNTS_FROM_LAST_CHANGE, COUNTS_FROM_END_OF_CARE, COUNTS_FROM };
/* As retention.txt writes it: "receipt". */
extern const char *const counts_from_words[COUNTS_FROM];

struct policy_retention {                      /* bewaartermijn */
    const char *code, *held_by, *law, *source; /* held_by and law: codes of the pack or "any" */
    unsigned years;                            /* 0: the period is one of those below */
    enum counts_from counts_from;              /* of the years */
    bool until_majority;
    bool longest_record; /* the consent itself: kept as long as the longest record that it justified; `years` is
                            unused */
};

struct policy_due {            /* within which something must be done */
    unsigned inform_days;      /* C8, C10: informing afterwards */
    unsigned request_days;     /* R2: a request of the subject is decided */
    unsigned extension_months; /* R2: that may be put off once, by so many months; 0: it may not */
    unsigned objection_days;   /* R2: an objection is made to a refusal */
};

struct policy {
    const char *name, *version, *label_nl, *label_en, *source;
    const char *id;   /* "name/version" */
    uint8_t hash[32]; /* of the pack's files */
    const uint8_t
        *whole; /* the bytes of which that is the hash: all files (policy/policy_read.h); NULL: not hashed */
    size_t whole_size;
    struct policy_kind *kinds;
    size_t kind_count;
    struct policy_category *categories;
    size_t category_count;
    struct policy_purpose *purposes;
    size_t purpose_count;
    struct policy_origin *origins;
    size_t origin_count;
    struct policy_statute *statutes;
    size_t statute_count;
    struct policy_urgent_reason *urgent_reasons;
    size_t urgent_reason_count;
    struct policy_flow *flows;
    size_t flow_count;
    struct policy_representative *representatives;
    size_t representative_count;
    struct policy_notice *notices; /* empty: any notice will do */
    size_t notice_count;
    struct policy_retention *retentions;
    size_t retention_count;
    enum policy_ground grounds[POLICY_GROUNDS]; /* the order in which C6, C7, C8 are tried */
    code_set special_recipients;                /* kinds to whom special categories may flow, KB 9.2 */
    struct policy_age_band *ages;
    size_t age_count;
    bool any_representative;            /* one representative suffices; else all must sign (M6) */
    unsigned withdraws_from;            /* age from which the subject may withdraw (M8) */
    bool refuse_consent_not_the_ground; /* G9: refused; else accepted with the warning */
    struct policy_due due;
    struct policy_case *cases; /* the test cases that the pack carries: policy_cases.h */
    size_t case_count;
};

/* Position of a code, or CODE_NONE. */
code policy_kind (const struct policy *policy, const char *name);
code policy_category (const struct policy *policy, const char *name);
code policy_purpose (const struct policy *policy, const char *name);
code policy_origin (const struct policy *policy, const char *name);
code policy_representative (const struct policy *policy, const char *name);
code policy_urgent_reason (const struct policy *policy, const char *name);

/* The flow carries this category from this kind of provider to this kind of recipient. Its purpose is not looked
   at. A special category flows only to the kinds that may have it (KB 9.2). */
bool policy_flow_carries (const struct policy *policy, const struct policy_flow *flow, code provider_kind,
                          code recipient_kind, code category);
/* A consent for `consented` serves a disclosure for `asked`: the purposes are the same, or the pack declares them
   compatible. */
bool policy_purpose_serves (const struct policy *policy, code consented, code asked);
/* The category is special, and `carries` does not include it. */
bool policy_special_not_carried (const struct policy *policy, code category, enum carries carries);
