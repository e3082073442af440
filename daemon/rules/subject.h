/* A subject (betrokkene) as the rules see it: age, capability, representatives. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "calendar.h"

/* The moment of recording is kept for each day. It tells a change of today from a correction (M5, see
   authority.h). 0: recorded before these moments were kept; then the day is taken for a correction. */
struct representative {
    const char *reference;   /* opaque, the municipality's own */
    const char *kind;        /* code of the pack as recorded */
    struct day from;         /* first day with authority */
    struct day until;        /* first day without; month 0: open */
    struct day refused_from; /* M7; month 0: not refused */
    const char *refused_reason;
    moment from_recorded, until_recorded, refused_recorded;
};

struct capability { /* from this day on (M4) */
    struct day from;
    bool capable;
    moment recorded;
};

struct care_end {    /* T1: what periods of retention may count from; no rule about consents looks at it */
    const char *law; /* origin: code of the pack as recorded */
    struct day day;  /* on which the care under it ended */
};

struct restriction {      /* afscherming */
    const char *category; /* code of the pack as recorded; "": all data of the subject */
    moment since;         /* recorded */
    uint64_t next_order;  /* of the first statement recorded after it; 0: not known */
    const char *reason;
    const char *recorded_by; /* party id */
    const char *user;
    uint64_t request; /* of the subject, on which it was done (R2): its number; 0: on none */
};

/* Legal hold: nothing of the subject is erased or destroyed while one stands (R7, T2). It is for something outside
   the registry, such as a case before the court, and ends only when it is lifted. */
struct hold {
    const char *reference; /* of what it is for: opaque, the municipality's own; one hold for each */
    moment since;          /* recorded */
    const char *reason;
    const char *recorded_by; /* party id */
    const char *user;
};

struct subject {
    bool known;       /* has a record; else the subject is judged as one without statements (C2) */
    struct day birth; /* month 0: not known */
    struct day death; /* month 0: alive (M10) */
    moment death_recorded;
    struct representative *representatives;
    size_t representative_count;
    struct capability *capabilities; /* in order of day; before the first day the subject is capable */
    size_t capability_count;
    struct restriction *restrictions; /* C5, KB 14: those that hold */
    size_t restriction_count;
    struct hold *holds;
    size_t hold_count;
    struct care_end *care_ended; /* by law, none twice */
    size_t care_ended_count;
};

/* Nothing of the subject may be erased or destroyed. */
static inline bool subject_is_held (const struct subject *self)
{
    return self->hold_count > 0;
}

/* C5: a restriction that holds covers this category. Then *passed_from is set to a place in the order of
   recording: a consent recorded from that place on passes every such restriction, whatever the clock said.
   UINT64_MAX: no consent passes, because the place of one of the restrictions is not known. */
bool subject_is_restricted (const struct subject *self, const char *category, uint64_t *passed_from);
