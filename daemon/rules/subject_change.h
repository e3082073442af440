/* A change of what is recorded about a subject. It changes only what it names. Pure. */
#pragma once
#include "subject.h"

struct arena;

enum { SUBJECT_REPRESENTATIVES = 8, SUBJECT_CAPABILITIES = 16, SUBJECT_CARE_ENDS = 16 };

struct subject_change {
    bool whole; /* the new record holds what is named and nothing else */
    /* A day is named if it is not empty. */
    struct day birth, death;
    /* Of a representative who is registered, only those fields change that are not empty. A new one needs kind and
       first day. */
    const struct representative *representatives;
    size_t representative_count;           /* no reference twice */
    const struct capability *capabilities; /* each replaces the entry of its day */
    size_t capability_count;               /* no day twice */
    const struct care_end *care_ended;     /* each replaces the day of its law */
    size_t care_ended_count;               /* no law twice */
    /* What is removed: representatives by reference, capabilities by day, ends of care by law.
       Not together with `whole`. */
    bool no_birth, no_death;
    const char *const *no_representatives, *const *no_untils, *const *no_refusals;
    size_t no_representative_count, no_until_count, no_refusal_count;
    const struct day *no_capabilities;
    size_t no_capability_count;
    const char *const *no_care_ended;
    size_t no_care_ended_count;
};

/* One change of one record. */
struct subject_edit {
    const struct subject *before; /* may be a subject who is not known */
    const struct subject_change *change;
    moment now;
    struct arena *arena;
    struct subject after; /* the result; borrows from both; restrictions stay as they are */
    /* Where the change cannot be made: the field, named as in proto/subject.proto, and what is wrong. */
    const char *field, *message;
};

/* Makes the change. False, with field and message, where the new record would contradict itself. What does not
   change keeps the moment of its recording; what is new or different is recorded now. */
bool subject_edit (struct subject_edit *self);
/* Something is recorded: birth, death, a representative, a change of capability, or an end of care. */
bool subject_has_facts (const struct subject *self);
/* Both have the same facts. The moments of recording may differ. */
bool subject_has_same_facts (const struct subject *one, const struct subject *other);
