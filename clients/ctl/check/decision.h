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
