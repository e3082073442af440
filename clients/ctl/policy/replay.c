#include "replay.h"

#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "check/decision.h"
#include "text/progress.h"

enum {
    DECISION_LIMIT = 64 << 20, /* bytes: 512 statements, each with its withdrawals */
    RUN_LIMIT = 256 << 20,     /* of the groups */
    STEP = 64,
};

/* --- Groups -------------------------------------------------------------------------------------------- */

/* A decision that is looked at again. */
struct again {
    const Consentd__DecisionShowReply *shown;
    const uint8_t *person; /* NULL: the registry did not know the subject */
    struct change {
        const char *item, *then, *now; /* item NULL: told with another */
        enum replay_way way;
    } changes[DECIDE_ITEMS];
    size_t count;
};

static int compare_keys (const void *a, const void *b)
{
    return strcmp (((const struct replay_group *)a)->key, ((const struct replay_group *)b)->key);
}

static void append_group (struct replay *self, struct replay_group *group)
{
    if (self->group_count % STEP == 0) {
        self->groups = realloc (self->groups, (self->group_count + STEP) * sizeof *self->groups);
        if (!self->groups)
            abort ();
    }
    self->groups[self->group_count++] = group;
}

/* The group of this change of these items, which is made if it is new. */
static struct replay_group *group_of (struct replay *self, const struct again *again, const struct change *change,
                                      const char *items)
{
    const Consentd__CheckRequest *check = again->shown->check;
    struct replay_group sought = {.key = arena_printf (self->one, "%s>%s %s %s|%s|%s", check->provider,
                                                       check->recipient, check->purpose, items, change->then,
                                                       change->now)};
    struct replay_group **found = tfind (&sought, &self->index, compare_keys);
    if (found)
        return *found;
    struct replay_group *group = arena_alloc (self->arena, sizeof *group);
    *group = (struct replay_group){.key = arena_strdup (self->arena, sought.key),
                                   .provider = arena_strdup (self->arena, check->provider),
                                   .recipient = arena_strdup (self->arena, check->recipient),
                                   .purpose = arena_strdup (self->arena, check->purpose),
                                   .items = arena_strdup (self->arena, items),
                                   .then = arena_strdup (self->arena, change->then),
                                   .now = arena_strdup (self->arena, change->now),
                                   .way = change->way};
    if (!tsearch (group, &self->index, compare_keys))
        abort ();
    append_group (self, group);
    return group;
}

/* Lists the items that changed as the one at `first` did, and takes them. */
static const char *take_alike (struct replay *self, struct again *again, size_t first)
{
    const struct change one = again->changes[first];
    const char *items = "";
    for (size_t i = first; i < again->count; i++) {
        struct change *other = &again->changes[i];
        if (!other->item || strcmp (other->then, one.then) != 0 || strcmp (other->now, one.now) != 0)
            continue;
        items = arena_printf (self->one, "%s%s%s", items, *items ? ", " : "", other->item);
        other->item = NULL;
    }
    return items;
}

static void count_groups (struct replay *self, struct again *again)
{
    for (size_t i = 0; i < again->count; i++) {
        if (!again->changes[i].item)
            continue;
        const char *items = take_alike (self, again, i);
        struct replay_group *group = group_of (self, again, &again->changes[i], items);
        if (group->decisions < REPLAY_SHOWN)
            group->first[group->decisions] = again->shown->number;
        group->decisions++;
        group->newest = again->shown->number;
        if (again->person)
            people_add (&group->people, again->person);
    }
}

/* --- One decision -------------------------------------------------------------------------------------- */

/* A group is about what changes, whoever's consent it is. */
static const char *without_consent_id (const char *text)
{
    static const char consent[] = "PERMIT consent";
    return strncmp (text, consent, sizeof consent - 1) == 0 ? consent : text;
}

static void tell_difference (struct replay *self, struct again *again, size_t index, const char *then,
                             const char *now)
{
    const Consentd__CheckRequest *check = again->shown->check;
    const Consentd__Item *item = check->items[index];
    if (self->differences)
        json_array_append_new (self->differences,
                               json_pack ("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "decision",
                                          (json_int_t)again->shown->number, "provider", check->provider,
                                          "recipient", check->recipient, "purpose", check->purpose, "category",
                                          item->category, "origin", item->origin, "then", then, "now", now));
}

static void note (struct replay *self, struct again *again, size_t index, struct change change)
{
    const Consentd__Item *item = again->shown->check->items[index];
    tell_difference (self, again, index, change.then, change.now);
    if (change.way != REPLAY_NOT_KNOWN) /* which counts decisions */
        self->of[change.way]++;
    if (again->person)
        people_add (&self->people_of[change.way], again->person);
    if (again->count == DECIDE_ITEMS)
        return;
    bool other_consent =
        strncmp (change.then, "PERMIT consent", 14) == 0 && strncmp (change.now, "PERMIT consent", 14) == 0;
    change.item = *item->origin ? arena_printf (self->one, "%s:%s", item->category, item->origin) : item->category;
    change.then = without_consent_id (change.then);
    change.now = other_consent ? "PERMIT another consent" : without_consent_id (change.now);
    again->changes[again->count++] = change;
}

static enum replay_way way_of (const char *then, bool permits)
{
    bool permitted = strncmp (then, "PERMIT", 6) == 0;
    return permitted && permits ? REPLAY_OTHER_GROUND
           : permitted          ? REPLAY_DENIED_NOW
           : permits            ? REPLAY_PERMITTED_NOW
                                : REPLAY_OTHER_REASONS;
}

/* A decision as a pack makes it. */
struct made {
    struct inquiry_again inquiry;
    struct decision decision;
    const char *unknown; /* what of the check the pack does not know; NULL: it was decided */
};

static struct made *make (struct replay *self, const struct past_decision *past, const struct policy *policy)
{
    struct made *made = arena_alloc (self->one, sizeof *made);
    made->unknown = past_decision_under (past, policy, self->one, &made->inquiry);
    if (!made->unknown)
        decide (&made->inquiry.facts, &made->inquiry.check, &made->decision);
    return made;
}

static const char *item_text (struct replay *self, const struct made *made, size_t index)
{
    return made->unknown ? arena_printf (self->one, "not known to this pack: %s", made->unknown)
                         : inquiry_again_item (&made->inquiry, &made->decision, index, self->one);
}

static void compare (struct replay *self, const struct past_decision *past, struct again *again)
{
    const struct made *before = self->before ? make (self, past, self->before) : NULL;
    const struct made *after = make (self, past, self->after);
    self->of[REPLAY_NOT_KNOWN] += after->unknown != NULL;
    for (size_t i = 0; i < again->shown->check->n_items; i++) {
        const char *then = before ? item_text (self, before, i) : past_decision_item (past, i, self->one);
        const char *now = item_text (self, after, i);
        self->items++;
        if (strcmp (then, now) == 0)
            continue;
        enum replay_way way = after->unknown ? REPLAY_NOT_KNOWN : way_of (then, after->decision.items[i].permit);
        note (self, again, i, (struct change){.then = then, .now = now, .way = way});
    }
}

static void decide_again (struct replay *self, const struct past_decision *past)
{
    struct again *again = arena_alloc (self->one, sizeof *again);
    const ProtobufCBinaryData *ref = &past->shown->subject->subject_ref;
    again->shown = past->shown;
    again->person = ref->len == PEOPLE_REF ? ref->data : NULL;
    again->count = 0;
    self->decisions++;
    if (again->person)
        people_add (&self->people, again->person);
    compare (self, past, again);
    count_groups (self, again);
}

/* --- All of them --------------------------------------------------------------------------------------- */

static int follow (struct replay *self, moment since)
{
    struct past_run run;
    past_run_start (&run, self->ctl, since);
    while (run.more) {
        struct past_decision past;
        arena_reset (self->one);
        int error = past_run_next (&run, self->one, &past);
        if (error)
            return error;
        if (past.shown && past.was_erased)
            self->left_out++;
        else if (past.shown && (!past.shown->check || !past.shown->reply))
            return ctl_fail (EX_DATAERR, "decision %" PRIu64 " is not whole in the log", past.shown->number);
        else if (past.shown)
            decide_again (self, &past);
        progress_show ("%" PRIu64 " of %" PRIu64 " lines, %" PRIu64 " decisions", run.at, run.newest,
                       self->decisions);
    }
    self->unreadable = run.unreadable;
    return 0;
}

static int compare_groups (const void *a, const void *b)
{
    const struct replay_group *one = *(struct replay_group *const *)a, *other = *(struct replay_group *const *)b;
    if (one->way != other->way)
        return one->way < other->way ? -1 : 1;
    if (one->decisions != other->decisions)
        return one->decisions > other->decisions ? -1 : 1;
    return strcmp (one->key, other->key);
}

int replay_run (struct replay *self, moment since)
{
    self->arena = arena_new (RUN_LIMIT);
    self->one = arena_new (DECISION_LIMIT);
    int error = follow (self, since);
    progress_end ();
    if (self->group_count > 0)
        qsort (self->groups, self->group_count, sizeof *self->groups, compare_groups);
    return error;
}

static void keep (void *group)
{
    (void)group; /* it is the arena's */
}

void replay_clear (struct replay *self)
{
    for (size_t i = 0; i < self->group_count; i++)
        people_clear (&self->groups[i]->people);
    for (size_t i = 0; i < REPLAY_WAYS; i++)
        people_clear (&self->people_of[i]);
    people_clear (&self->people);
    tdestroy (self->index, keep);
    free (self->groups);
    arena_destroy (&self->arena);
    arena_destroy (&self->one);
}

uint64_t replay_differing (const struct replay *self)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < REPLAY_WAYS; i++)
        sum += self->of[i];
    return sum;
}
