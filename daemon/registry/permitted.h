/* What may flow about a subject, as it is told (proto/permits.proto): between two parties, and of all that a party
   may know of. Memory is the arena's; texts are those of the parties, the pack and the statements. */
#pragma once
#include "kept.h"
#include "rules/permits.h"
#include "turn.h"

/* What is told. */
struct permitted_wish {
    bool ahead;       /* also what is permitted only later, with its beginning */
    code category;    /* only this one; CODE_NONE: all */
    size_t most_work; /* rules/decide.h; when more was done the rest is left out. 0: however much it takes */
    size_t first;     /* of one question: where to go on; 0: at the beginning */
};

struct permitted_list {
    const struct permitted *items;
    size_t count;
    bool left_out; /* there was too much to look at, or to tell: nothing is told; of one question: */
    size_t next;   /* what comes from here on */
};

/* What may flow from the one to the other: first whatever the case, then for each case that a consent is bound to.
   Nothing, if nothing is permitted. The work is the turn's. */
struct permitted_list permitted_between (struct turn *turn, const struct decide_facts *facts,
                                         const struct permit_question *question,
                                         const struct permitted_wish *wish);

/* What may flow between this party and each other party that a statement of the subject names with it, in any
   state, to and from it, also later. C9: no party hears of others by this than its own part of the statements
   names, and no more than checks of its own would tell it. */
struct permitted_list permitted_of_party (struct turn *turn, const struct decide_facts *facts, const char *party);
