/* The decisions of a registry since a moment, decided again under another pack, and counted by what changes. The
   registry gives the facts that it saw then; nothing in it changes but its log, which has one line of the run. */
#pragma once
#include <jansson.h>
#include "ctl.h"
#include "moments.h"
#include "people.h"
#include "rules/decide.h"

/* Which way an item goes. */
enum replay_way {
    REPLAY_DENIED_NOW,
    REPLAY_PERMITTED_NOW,
    REPLAY_OTHER_GROUND,
    REPLAY_OTHER_REASONS,
    REPLAY_NOT_KNOWN, /* the pack does not know something of the check, which is then refused: it permits nothing
                       */
    REPLAY_WAYS
};

enum { REPLAY_SHOWN = 5 };

/* Decisions in which the same items changed alike. */
struct replay_group {
    const char *key; /* first, by which it is found */
    const char *provider, *recipient, *purpose, *items, *then, *now;
    enum replay_way way;
    uint64_t decisions, first[REPLAY_SHOWN], newest; /* the first of their numbers, and the last */
    struct people people;
};

struct replay {
    struct ctl *ctl;
    const struct policy *before; /* the decisions are taken as this pack makes them; NULL: as they were made */
    const struct policy *after;
    json_t *differences; /* an array to which each item that changed is added; NULL: nobody wants it */

    uint64_t decisions, items, of[REPLAY_WAYS]; /* items, but decisions that are NOT_KNOWN */
    uint64_t left_out;   /* decisions whose subject was erased since, or that cannot be read */
    uint64_t unreadable; /* lines of which nobody can tell whether they are decisions */
    struct people people, people_of[REPLAY_WAYS]; /* of whom the registry knows */
    struct replay_group **groups;                 /* by way, the most decisions first */
    size_t group_count;

    struct arena *arena, *one; /* of the run, and of one decision */
    void *index;
};

/* Decides everything since then. 0, or an exit code with its line printed. In both cases the caller clears it. */
int replay_run (struct replay *self, moment since);
void replay_clear (struct replay *self);
/* How much changed; 0: everything comes out the same. */
uint64_t replay_differing (const struct replay *self);
