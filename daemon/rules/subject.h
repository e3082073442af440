/* A subject (betrokkene) as the rules see it: age, capability, representatives. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "calendar.h"

struct representative {
    const char *reference;   /* opaque, the municipality's own */
    const char *kind;        /* code of the pack as recorded */
    struct day from;         /* first day with authority */
    struct day until;        /* first day without; month 0: open */
    struct day refused_from; /* M7; month 0: not refused */
    const char *refused_reason;
};

struct capability { /* from this day on (M4) */
    struct day from;
    bool capable;
};

struct subject {
    bool known;       /* has a record; else judged as one without statements (C2) */
    struct day birth; /* month 0: not known */
    struct day death; /* month 0: alive (M10) */
    struct representative *representatives;
    size_t representative_count;
    struct capability *capabilities; /* in order of day; before the first: capable */
    size_t capability_count;
    bool restricted;      /* C5, KB 14: all of the subject's data */
    moment restricted_at; /* a consent recorded later passes */
};
