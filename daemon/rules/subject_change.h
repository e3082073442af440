/* A change of what is recorded of a subject: only what it names. Pure. */
#pragma once
#include "subject.h"

struct arena;

enum { SUBJECT_REPRESENTATIVES = 8, SUBJECT_CAPABILITIES = 16 };

struct subject_change {
    bool whole; /* the record is then what is named and nothing else */
    /* Named where it is not empty. */
    struct day birth, death;
    /* Of one that is registered only what is not empty changes; of a new one kind and first day are needed. */
    const struct representative *representatives;
    size_t representative_count;           /* no reference twice */
    const struct capability *capabilities; /* each takes the place of the one of its day */
    size_t capability_count;               /* no day twice */
    /* Taken away: references, and days of capability. Not together with `whole`. */
    bool no_birth, no_death;
    const char *const *no_representatives, *const *no_untils, *const *no_refusals;
    size_t no_representative_count, no_until_count, no_refusal_count;
    const struct day *no_capabilities;
    size_t no_capability_count;
};

/* One change of one record. */
struct subject_edit {
    const struct subject *before; /* may be of one who is not known */
    const struct subject_change *change;
    moment now;
    struct arena *arena;
    struct subject after; /* made; borrows from both; restrictions stay as they are */
    /* Where it cannot be made: the field, as in proto/subject.proto, and what is wrong. */
    const char *field, *message;
};

/* False, with field and message, where the record would not hold together. What stays as it was keeps the moment
   of its recording; what is new or another is recorded now. */
bool subject_edit (struct subject_edit *self);
/* Birth, death, a representative or a change of capability: something is recorded. */
bool subject_has_facts (const struct subject *self);
/* The same facts, whenever they were recorded. */
bool subject_has_same_facts (const struct subject *one, const struct subject *other);
