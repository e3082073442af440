/* C10 and C15, in their order:
     on every permit                              KEEP_SECRET
     a one-time consent is used up                ONE_TIME
     the ground is not consent, or the pack says
     so of the purpose                            INFORM_SUBJECT, and beside it
       representatives exercise the rights          INFORM_REPRESENTATIVE
       the subject is 12 up to 16, and capable      INFORM_YOUTH
     the pack says so of the purpose, or the
     ground is urgent reasons                     RECORD_IN_PLAN
     it is against the subject's will             RECORD_AGAINST_WILL
     it comes to the controller from outside,
     and the ground is not consent                INFORM_OF_SOURCE, by the recipient
   Nobody is informed after the subject's death (M10). */
#include "obligations.h"
#include "represent.h"

enum { YOUTH_BEGINS = 12, YOUTH_ENDS = 16 };

/* One reason for a duty. It comes from a permitted item. */
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

/* Of the causes that are not done, the one that is due first counts. The duty can be deferred only if every cause
   can. */
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
        .holder_is_recipient = kind == OBLIGATION_INFORM_OF_SOURCE,
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
    if (represent_has_age (facts->subject, YOUTH_BEGINS, facts->now) &&
        !represent_has_age (facts->subject, YOUTH_ENDS, facts->now) &&
        represent_is_capable (facts->subject, facts->now))
        add (self, OBLIGATION_INFORM_YOUTH, cause);
}

/* KB 10.2: the recipient belongs to the controller, and the provider does not. */
static bool comes_from_outside (const struct policy *policy, const struct check *check)
{
    return policy->kinds[check->provider->kind].third_party && !policy->kinds[check->recipient->kind].third_party;
}

/* The causes of all items, by kind of duty. */
struct causes {
    struct merged inform, record, against_will, source;
};

/* The INFORM_ duties of one permitted item. The subject lives. */
static void add_informing_causes (const struct decide_facts *facts, const struct check *check,
                                  const struct cause *cause, struct informed informed, struct causes *causes)
{
    const struct policy *policy = facts->policy;
    bool of_statute = cause->ground == DUTY_STATUTE;
    struct cause informing_cause = informing (facts, check, cause);
    if (policy->purposes[check->purpose].inform_always ||
        (cause->ground != DUTY_CONSENT && !(of_statute && informed.of_statute)))
        merge (&causes->inform, &informing_cause);
    if (cause->ground == DUTY_CONSENT || informed.of_source || !comes_from_outside (policy, check))
        return;
    struct cause source = *cause;
    source.due = calendar_end_after_days (facts->now, 0); /* the latest moment: when the data are recorded */
    merge (&causes->source, &source);
}

/* The RECORD_ duties of one permitted item. */
static void add_recording_causes (const struct policy *policy, const struct check *check,
                                  const struct item_decision *item, struct cause cause, struct causes *causes)
{
    cause.deferrable = false; /* a statute lets only informing be deferred */
    if (cause.ground == DUTY_URGENT_REASONS || policy->purposes[check->purpose].record_in_plan)
        merge (&causes->record, &cause);
    if (item->against_will)
        merge (&causes->against_will, &cause);
}

static void add_causes (const struct decide_facts *facts, const struct causes *causes, struct obligations *self)
{
    if (causes->inform.any)
        add_informing (facts, &causes->inform.cause, self);
    if (causes->record.any)
        add (self, OBLIGATION_RECORD_IN_PLAN, &causes->record.cause);
    if (causes->against_will.any)
        add (self, OBLIGATION_RECORD_AGAINST_WILL, &causes->against_will.cause);
    if (causes->source.any)
        add (self, OBLIGATION_INFORM_OF_SOURCE, &causes->source.cause);
}

void obligations_find (const struct decide_facts *facts, const struct check *check,
                       const struct decision *decision, struct informed informed, struct obligations *self)
{
    struct causes causes = {.inform = {.any = false}};
    bool dead = represent_is_dead (facts->subject, facts->now); /* M10 */
    moment due = calendar_end_after_days (facts->now, facts->policy->due.inform_days);
    *self = (struct obligations){.one_time = decision->one_time};
    for (size_t i = 0; i < decision->item_count; i++) {
        const struct item_decision *item = &decision->items[i];
        if (!item->permit)
            continue;
        self->keep_secret = true;
        struct cause cause = cause_of (facts->policy, item, due);
        if (!dead)
            add_informing_causes (facts, check, &cause, informed, &causes);
        if (!dead && cause.ground == DUTY_STATUTE && !informed.of_statute)
            self->informs.of_statute = true;
        add_recording_causes (facts->policy, check, item, cause, &causes);
    }
    self->informs.of_source = causes.source.any;
    add_causes (facts, &causes, self);
}
