/* Everything that is held about one subject, as it was read page by page, and put in order for a letter. Pure: it
   knows neither files nor the registry.

   What happened often is counted together, so that a life of a hundred thousand disclosures takes little memory.
   Texts are interned: two are the same if their pointers are. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "envelope.pb-c.h"

struct arena;

/* A set of interned texts. */
struct overview_texts {
    const char **item;
    size_t count, room;
};

/* What came of a question about the subject's data. An answer may be two of them: some items yes, others no. */
enum overview_sort {
    OVERVIEW_DISCLOSED, /* they were passed on */
    OVERVIEW_ALLOWED,   /* somebody asked whether he might, and he might; nothing was passed on by that */
    OVERVIEW_DENIED,    /* somebody asked, and was refused */
    OVERVIEW_SORTS
};

/* All questions of one sort between the same parties for the same purpose. */
struct overview_group {
    enum overview_sort sort;
    const char *asker, *provider, *recipient; /* party ids */
    const char *purpose;                      /* a code */
    struct overview_texts what;               /* of all of them together: pairs of a kind of data and its origin */
    struct overview_texts why;                /* and why, or why not, in words */
    uint64_t count;
    int64_t first, last; /* moments */
    bool against_will;   /* of one or more of them */
    struct overview_group *next;
};

/* One question, or the part of it with this outcome. */
struct overview_row {
    const struct overview_group *group;
    uint64_t number; /* of the line of the log */
    int64_t time;
    const struct overview_texts *what;
    const char *why; /* in words */
    struct overview_row *next;
};

/* Whether it was heard. */
struct overview_hearing {
    const char *who; /* a party, or one of its systems */
    bool heard, unknown, dropped;
    int64_t heard_at; /* 0: not known */
};

/* A party that was told, and its systems, if there are more than one. */
struct overview_told {
    struct overview_hearing party;
    struct overview_hearing *systems;
    size_t system_count;
    uint32_t systems_left_out;
};

/* A change that parties were told of. */
struct overview_change {
    uint64_t number;
    int64_t time;
    const char *action, *consent; /* its id in hexadecimal digits; "": none */
    struct overview_told *told;
    size_t told_count;
    struct overview_change *next;
};

/* What else was done, by whom, and how often. */
struct overview_act {
    const char *party, *action, *result;
    uint64_t count;
    int64_t first, last;
    struct overview_act *next;
};

/* What a statute requires to be kept of somebody who was erased: lines of one kind, with one end and one reason.
 */
struct overview_remainder {
    const char *action;       /* of the lines: "check": a disclosure */
    struct overview_texts by; /* sources, as the pack has them; none: it belongs to what is kept by one */
    int64_t until;            /* 0: there is no end that is known */
    uint64_t count;
    struct overview_remainder *next;
};

/* Consents, requests for consent, obligations and requests under the rights are the registry's own messages. */
struct overview_kept {
    const Consentd__Consent **consents, **requests;
    const Consentd__Duty **obligations;
    const Consentd__RightsRequest **rights; /* requests under the rights (R2) */
    size_t consent_count, request_count, obligation_count, rights_count;
};

/* Which part is wanted (R1). */
struct overview_part {
    int64_t since, until; /* 0: no year was named */
    const char *case_ref; /* "": every case */
};

struct overview {
    struct arena *arena;
    struct overview_part part;
    const char *reader; /* "": the subject */
    bool is_known, left_out;
    const char *controller, *policy;
    int64_t made_at; /* when the first page was answered */
    uint64_t newest; /* the line of the log up to which it reaches */
    uint64_t looked_until, unreadable;
    const Consentd__SubjectShowReply *subject; /* NULL: no page was taken */
    struct overview_kept kept;
    struct overview_group *groups[OVERVIEW_SORTS];
    struct overview_row *rows, *last_row; /* of every group, in the order of time */
    size_t row_count;
    struct overview_change *changes, *last_change;
    struct overview_act *acts;
    struct overview_remainder *remainders;
    uint64_t lines;
    /* R5: the overview before this one, and the lines since that are not about an overview. 0: there was none. */
    int64_t previous_at;
    uint64_t since_previous;
    struct overview_index *index; /* of interned texts, labels and groups */
};

struct overview *overview_new (struct arena *arena, const struct overview_part *part, const char *reader);
/* Frees what is not the arena's. */
void overview_destroy (struct overview **self_p);
/* Takes a page, in the order in which they come. The reply must live as long as the overview, if it has a consent
   or an obligation or is the first: then true. Else nothing of it is kept. */
bool overview_take (struct overview *self, const Consentd__Reply *page);

/* The entry is of the part that is wanted. The overview has taken its page, or all before it in the page. */
bool overview_is_wanted (const struct overview *self, const Consentd__OverviewEntry *entry);

/* What a code means in the pack; the code itself, if the pack does not have it. Interned. */
const char *overview_label (const struct overview *self, Consentd__OverviewLabel__Kind kind, const char *code);
/* The obligation arose from a question of the part. */
bool overview_has_duty (const struct overview *self, const Consentd__Duty *duty);
/* From now on the party is called by this name. */
void overview_name_party (struct overview *self, const char *id, const char *name);
/* Its name, or NULL. */
const char *overview_party_name (const struct overview *self, const char *id);
/* The change that this line of the log recorded. NULL: nobody was told. */
const struct overview_change *overview_find_change (const struct overview *self, uint64_t number);
/* How many of that sort there are in all. */
uint64_t overview_count (const struct overview *self, enum overview_sort sort);
