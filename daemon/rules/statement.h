/* A statement of the subject: a consent or a refusal, with all that was recorded about it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "calendar.h"
#include "policy.h"

enum form { FORM_NONE, FORM_WRITTEN, FORM_DIGITAL, FORM_ORAL };

/* A set of party ids or codes, as text. It is sorted and has no doubles. */
struct text_set {
    const char **item;
    size_t count;
};

struct scope {
    struct text_set providers;  /* party ids */
    struct text_set recipients; /* party ids */
    struct text_set categories;
    struct text_set origins; /* empty: any origin */
    const char *purpose;
    const char *case_ref; /* "": not bound to a case */
    /* The same in codes of the pack in force; statement_resolve sets them. A code that this pack does not know
       matches nothing. `names_origins` stays true even if the pack knows none of the origins that were named. */
    code_set category_set, origin_set;
    code purpose_code;
    bool names_origins;
};

struct signature {
    const char *signer; /* "subject" or a representative's reference */
    moment given_at;
};

/* A part that was withdrawn (V2). An empty set means: all that the statement has. */
struct hearing;
struct withdrawal {
    struct text_set providers, recipients, categories;
    const char *withdrawn_by; /* "": nobody could withdraw (M8); nobody_reason says why */
    const char *nobody_reason;
    moment withdrawn_at;     /* when the subject withdrew, as the withdrawal itself says */
    moment recorded_at;      /* from when it counts (V3) */
    const char *recorded_by; /* party id */
    const char *user;
    uint64_t number; /* of the line of the log that recorded it: no decision with a lower number knew of it */
    /* V8, where it is shown: who has heard of it (kept.h). No rule looks at it, and it is never stored. */
    const struct hearing *heard_by;
    size_t heard_by_count;
    uint32_t unheard_left_out, heard_left_out;
};

struct statement {
    uint8_t id[16];
    uint64_t order; /* of recording; for who wins see statement_place () */
    bool refusal;
    struct scope scope;
    const char *motivation;
    enum form form;
    const char *evidence_reference; /* "": none */
    uint8_t evidence_sha256[32];
    bool has_evidence; /* true if both reference and hash are given */
    struct {
        const char *id, *version, *language; /* id "": none given */
        moment given_at;
    } notice;
    struct signature *signatures;
    size_t signature_count;
    moment valid_from, valid_until; /* [from, until); refusal: recorded_at, MOMENT_NEVER */
    bool one_time;
    bool under_secrecy; /* the professional who acts is bound by secrecy; for this statement so are all its
                           providers (G7) */
    moment recorded_at;
    uint64_t number;         /* of the line of the log that recorded it; 0: recorded before numbers were kept */
    const char *recorded_by; /* party id */
    const char *user;
    moment used_at;   /* of a one-time consent; 0: not used */
    uint64_t used_by; /* the decision that used it up */
    struct withdrawal *withdrawals;
    size_t withdrawal_count;
    /* KB 14: what was signed was recorded wrongly, and recorded anew as another consent. That takes the place of
       this one in the order of recording; this one counts for nothing, as if it had never been. */
    bool is_corrected;
    uint8_t corrected_by[16]; /* the other one */
    moment corrected_at;
    uint64_t corrected_in; /* the line of the log that did it: no decision with a lower number knew of it */
    /* And of that other one: */
    bool is_correction;
    uint8_t corrects[16];
    const char *correction_reason;
    uint64_t stands_for; /* the place in the order of recording that it takes; 0: its own */
    /* These follow from the subject's records, without the clock. decide_prepare sets them; they are never
       stored. */
    moment lapses_at;       /* M5, M10 */
    moment superseded_from; /* G10 */
    bool is_void;           /* G10: it ended before it began, so it supersedes nothing and lifts no refusal */
};

/* The texts of a statement that says nothing: no rule ever meets NULL. */
#define STATEMENT_SILENT                                                 \
    .motivation = "", .correction_reason = "", .evidence_reference = "", \
    .notice = {.id = "", .version = "", .language = ""}, .user = ""

/* G10: the place in the order of recording by which the latest wins. */
static inline uint64_t statement_place (const struct statement *self)
{
    return self->stands_for != 0 ? self->stands_for : self->order;
}

bool text_set_has (const struct text_set *set, const char *text);
/* Fills the codes of the scope from its text. */
void statement_resolve (struct statement *self, const struct policy *policy);
bool statement_names_party (const struct statement *self, const char *party);
/* The item of this provider, recipient and category is withdrawn at `now`. */
bool statement_is_withdrawn_for (const struct statement *self, const char *provider, const char *recipient,
                                 const char *category, moment now);
/* When the last item was withdrawn in which this party is provider or recipient. `party` NULL: the last of all
   items. `at`: the moment of that withdrawal; MOMENT_NEVER: an item is left at `now`. `number`: the line of the
   log that recorded that withdrawal; 0: it was not kept. */
struct recorded {
    moment at;
    uint64_t number;
};
struct recorded statement_wholly_withdrawn (const struct statement *self, const char *party, moment now);
/* `one` was before `other`: by the clock, or, if at the same moment, by the order of recording. */
bool recorded_before (struct recorded one, struct recorded other);
/* The moment from which a consent no longer serves this purpose. The pack has the purpose, and the consent serves
   it: it is its own purpose or a compatible one. It serves a compatible purpose no longer than that purpose's
   longest validity (C7). */
moment statement_ends_for (const struct policy *policy, const struct statement *consent, code purpose);
/* `later` covers origins, purpose and case of `earlier` (G10). */
bool statement_covers_circumstances (const struct policy *policy, const struct statement *later,
                                     const struct statement *earlier);
/* G10: the consent ended before it began. It was wholly withdrawn or has lapsed before its valid_from, or by a
   correction, of the subject or of itself, never counted. It supersedes nothing, and lifts no refusal. `lapses_at`
   must be set. */
bool statement_is_void (const struct statement *self);
/* The moment from which a later statement of `all` supersedes `all[index]` for good (G10). MOMENT_NEVER: none
   does. A refusal is never superseded. Neither is a consent that had ended by then: withdrawn, used up, expired or
   lapsed. `all` holds every statement of the subject, resolved, in the order of recording; lapses_at and is_void
   are set. */
moment statement_superseded_from (const struct policy *policy, const struct statement *all, size_t count,
                                  size_t index);
