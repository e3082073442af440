/* C10, in its order:
     on every permit                              KEEP_SECRET
     a one-time consent is used up                ONE_TIME
     the ground is not consent                    INFORM_SUBJECT, and beside it
       representatives exercise the rights          INFORM_REPRESENTATIVE
       the subject does, and is under 16            INFORM_YOUTH
     the pack says so of the purpose, or the
     ground is urgent reasons                     RECORD_IN_PLAN
   Nobody is informed after the subject's death (M10). */
#include "obligations.h"
#include "represent.h"

enum { YOUTH_ENDS = 16 };

/* One reason for a duty: of a permitted item. */
struct cause {
    moment due;
    bool deferrable, done;
    enum duty_ground ground;
    const char *basis;
};

/* Several causes, merged. */
struct merged {
    struct cause cause;
    bool any;
};

/* What is due first counts, of what is still to be done; it can be put off only where all of it can. */
static void merge (struct merged *self, const struct cause *cause)
{
    bool deferrable = cause->deferrable && (!self->any || self->cause.deferrable);
    bool sooner = self->cause.done == cause->done ? cause->due < self->cause.due : self->cause.done;
    if (!self->any || sooner)
        self->cause = *cause;
    self->cause.deferrable = deferrable;
    self->any = true;
}

static struct cause cause_of (const struct policy *policy, const struct item_decision *item, moment due)
{
    struct cause cause = {.due = due, .ground = DUTY_CONSENT, .basis = ""};
    if (item->ground == POLICY_STATUTE) {
        const struct policy_statute *statute = &policy->statutes[item->statute];
        cause.ground = DUTY_STATUTE;
        cause.basis = statute->entry.code;
        cause.deferrable = statute->inform_deferrable;
    } else if (item->ground == POLICY_WITHOUT_CONSENT && item->urgent_reason == CODE_NONE) {
        cause.ground = DUTY_WRITTEN_REQUEST;
    } else if (item->ground == POLICY_WITHOUT_CONSENT) {
        cause.ground = DUTY_URGENT_REASONS;
        cause.basis = policy->urgent_reasons[item->urgent_reason].entry.code;
    }
    return cause;
}

/* HR 3.3: urgent reasons say themselves when the subject is informed. */
static struct cause informing (const struct decide_facts *facts, const struct check *check,
                               const struct cause *general)
{
    struct cause cause = *general;
    if (cause.ground != DUTY_URGENT_REASONS)
        return cause;
    cause.done = check->claim.triage.inform == INFORM_BEFORE;
    cause.due = cause.done ? facts->now : check->claim.triage.inform_by;
    return cause;
}

static void add (struct obligations *self, enum obligation kind, const struct cause *cause)
{
    self->duties[self->duty_count++] = (struct duty){
        .kind = kind,
        .due = cause->due,
        .deferrable = cause->deferrable,
        .done = cause->done,
        .ground = cause->ground,
        .basis = cause->basis,
    };
}

static void add_informing (const struct decide_facts *facts, const struct cause *cause, struct obligations *self)
{
    struct signers signers = represent_signers (facts->policy, facts->subject, facts->now);
    add (self, OBLIGATION_INFORM_SUBJECT, cause);
    if (signers.representatives)
        add (self, OBLIGATION_INFORM_REPRESENTATIVE, cause);
    if (signers.subject && !represent_has_age (facts->subject, YOUTH_ENDS, facts->now))
        add (self, OBLIGATION_INFORM_YOUTH, cause);
}

void obligations_find (const struct decide_facts *facts, const struct check *check,
                       const struct decision *decision, bool informed, struct obligations *self)
{
    struct merged inform = {.any = false}, record = {.any = false};
    bool dead = represent_is_dead (facts->subject, facts->now); /* M10 */
    moment due = calendar_end_after_days (facts->now, facts->policy->due.inform_days);
    *self = (struct obligations){.one_time = decision->one_time};
    for (size_t i = 0; i < decision->item_count; i++) {
        const struct item_decision *item = &decision->items[i];
        if (!item->permit)
            continue;
        self->keep_secret = true;
        struct cause cause = cause_of (facts->policy, item, due);
        bool of_statute = cause.ground == DUTY_STATUTE;
        if (cause.ground != DUTY_CONSENT && !(of_statute && informed) && !dead) {
            struct cause informed_by = informing (facts, check, &cause);
            merge (&inform, &informed_by);
            self->informs_of_statute = self->informs_of_statute || of_statute;
        }
        if (cause.ground == DUTY_URGENT_REASONS || facts->policy->purposes[check->purpose].record_in_plan) {
            cause.deferrable = false; /* a statute lets informing be put off, and nothing else */
            merge (&record, &cause);
        }
    }
    if (inform.any)
        add_informing (facts, &inform.cause, self);
    if (record.any)
        add (self, OBLIGATION_RECORD_IN_PLAN, &record.cause);
}
