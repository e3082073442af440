/* A decision of the log, with the facts that it was made on. It can be explained, or made again under another
   pack. */
#pragma once
#include "pages.h"
#include "rules/decide.h"

/* The decision as the registry showed it. Memory is the arena's. */
struct past_decision {
    const Consentd__DecisionShowReply *shown;
    Consentd__Consent **statements; /* as they were then; none without facts */
    size_t statement_count;
    bool has_facts;  /* this key may explain, so the facts came too; but: */
    bool was_erased; /* the subject was erased since, so there are none */
};

/* Fetches decision `number` into `arena`. 0, or an exit code with its line printed. */
int past_decision_fetch (struct ctl *ctl, struct arena *arena, uint64_t number, struct past_decision *self);

/* The decisions of a registry since a moment, one after the other: one listing, and so one line of its log. */
struct past_run {
    struct pages pages;
    Consentd__Request request;
    Consentd__DecisionShowRequest body;
    bool more;           /* there may be a next one */
    uint64_t at, newest; /* the line that was looked at last, and the last of the run */
    uint64_t unreadable; /* lines of which nobody can tell whether they are decisions */
};

/* Starts before the first. It stays where it is in memory. */
void past_run_start (struct past_run *self, struct ctl *ctl, moment since);
/* Fetches the next one into `arena`. 0, with decision->shown NULL if none was found in what was looked at, or
   shown->check NULL if it cannot be read; or an exit code with its line printed. */
int past_run_next (struct past_run *self, struct arena *arena, struct past_decision *decision);

/* The same check, ready to be decided under a pack. */
struct inquiry_again {
    struct decide_facts facts;
    struct check check;
    struct party provider, recipient;
    struct subject subject;
};

/* Makes the check ready. All memory is the arena's, the decision's or the pack's. NULL, or what this pack does not
   know: "category voorziening-dat". */
const char *past_decision_under (const struct past_decision *self, const struct policy *policy,
                                 struct arena *arena, struct inquiry_again *again);

/* What was decided on an item, then and now, as one line: "PERMIT consent 3f...", "DENY NO_CONSENT". The
   arena's. */
const char *past_decision_item (const struct past_decision *self, size_t item, struct arena *arena);
const char *inquiry_again_item (const struct inquiry_again *again, const struct decision *decision, size_t item,
                                struct arena *arena);
