/* The states of consents (G10) against a model that plays what happened in the order in which it did: random lives
   of a few consents of one scope, in so few moments that much falls together. The rules look back from a record;
   the model knows no record, only what was so when the next thing came. */
#include "fixture_policy.h"
#include "random_pick.h"

enum { CONSENTS = 5, MOMENTS = 8, ROUNDS = 40000, EVENTS = CONSENTS * 5 };

enum what { LAPSES, EXPIRES, IS_USED, IS_REVOKED, REPLACES };

struct happening {
    enum what what;
    moment when;
    uint64_t number; /* of the line; 0: of the clock, before all that is recorded in its moment */
    size_t of;
};

struct life {
    struct statement *all;
    size_t count;
    struct happening events[EVENTS];
    size_t event_count;
    enum statement_state states[CONSENTS];
    bool began_ended[CONSENTS]; /* before it began it had ended */
};

static void happen (struct life *life, enum what what, moment when, uint64_t number, size_t of)
{
    struct happening one = {what, when, number, of};
    size_t i = life->event_count++;
    for (; i > 0; i--) {
        const struct happening *before = &life->events[i - 1];
        if (before->when < when || (before->when == when && before->number < number) ||
            (before->when == when && before->number == number && before->what <= what))
            break;
        life->events[i] = *before;
    }
    life->events[i] = one;
}

/* One consent takes the place of others. */
static bool may_replace (const struct statement *later, const struct statement *earlier)
{
    return later->order > earlier->order && !(later->one_time && !earlier->one_time) &&
           !(earlier->under_secrecy && !later->under_secrecy);
}

static void end (struct life *life, size_t i, enum statement_state state, moment when)
{
    if (life->states[i] != STATE_GRANTED)
        return;
    life->states[i] = state;
    /* The lapse of one that begins with its recording may be from before. */
    if (when < life->all[i].valid_from && (state == STATE_LAPSED || state == STATE_REVOKED))
        life->began_ended[i] = true;
}

static void replace (struct life *life, size_t by)
{
    if (life->began_ended[by])
        return;
    for (size_t i = 0; i < life->count; i++)
        if (may_replace (&life->all[by], &life->all[i]))
            end (life, i, STATE_SUPERSEDED, 0);
}

static void play (struct life *life, moment now)
{
    static const enum statement_state ends[] = {STATE_LAPSED, STATE_EXPIRED, STATE_USED_UP, STATE_REVOKED};
    for (size_t i = 0; i < life->event_count && life->events[i].when <= now; i++) {
        const struct happening *one = &life->events[i];
        if (one->what == REPLACES)
            replace (life, one->of);
        else
            end (life, one->of, ends[one->what], one->when);
    }
}

/* Each of their moments from its recording on, in lines that follow each other. */
static void live (struct fixture *f, struct life *life)
{
    uint64_t number = 0;
    f->statement_count = 0;
    life->count = 2 + random_pick (CONSENTS - 1);
    life->event_count = 0;
    for (size_t i = 0; i < life->count; i++)
        fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    life->all = f->statements;
    size_t recorded = 0;
    for (moment now = 1; now <= MOMENTS; now++)
        for (unsigned acts = random_pick (4); acts > 0; acts--) {
            struct statement *one = &life->all[random_pick ((unsigned)life->count)];
            size_t of = (size_t)(one - life->all);
            if (recorded < life->count && (of >= recorded || random_pick (2) == 0)) {
                one = &life->all[of = recorded++];
                one->recorded_at = now;
                one->number = ++number;
                one->valid_from = now + (moment)random_pick (6) - 2;
                one->one_time = random_pick (3) == 0;
                one->under_secrecy = random_pick (4) == 0;
                one->lapses_at = random_pick (3) != 0   ? MOMENT_NEVER
                                 : random_pick (4) == 0 ? MOMENT_ALWAYS
                                                        : now + random_pick (5);
                moment from = one->valid_from > now ? one->valid_from : now;
                one->valid_until = from + 1 + (moment)random_pick (MOMENTS);
                happen (life, EXPIRES, one->valid_until, 0, of);
                happen (life, LAPSES, one->lapses_at, 0, of);
                happen (life, REPLACES, from, one->number, of);
            } else if (of < recorded && random_pick (2) == 0 && one->withdrawal_count == 0) {
                fixture_withdraw (f, one, now)->number = ++number;
                happen (life, IS_REVOKED, now, number, of);
            } else if (of < recorded && one->one_time && one->used_at == 0 && one->valid_from <= now) {
                one->used_at = now;
                one->used_by = ++number;
                happen (life, IS_USED, now, number, of);
            }
        }
    life->count = f->statement_count = recorded;
}

/* What happened, for whoever must find out why. */
static const char *told (struct fixture *f, const struct life *life)
{
    static const char *const words[] = {"lapses", "expires", "is used", "is revoked", "replaces"};
    const char *text = "";
    for (size_t i = 0; i < life->event_count; i++)
        text = arena_printf (f->arena, "%s\n%lld: %zu %s (%llu; from %lld)", text, (long long)life->events[i].when,
                             life->events[i].of, words[life->events[i].what],
                             (unsigned long long)life->events[i].number,
                             (long long)life->all[life->events[i].of].valid_from);
    return text;
}

static void compare (struct fixture *f, struct life *life, unsigned seen[])
{
    moment lapses[CONSENTS];
    for (size_t i = 0; i < life->count; i++)
        lapses[i] = life->all[i].lapses_at;
    struct decide_facts facts = fixture_facts (f); /* judges their signatures, which this is not about */
    for (size_t i = 0; i < life->count; i++)
        life->all[i].lapses_at = lapses[i];
    for (size_t i = 0; i < life->count; i++)
        life->all[i].is_void = statement_is_void (&life->all[i]);
    for (size_t i = 0; i < life->count; i++)
        life->all[i].superseded_from = statement_superseded_from (&f->policy, life->all, life->count, i);
    facts.now = MOMENTS + (moment)random_pick (MOMENTS);
    for (size_t i = 0; i < life->count; i++) {
        life->states[i] = STATE_GRANTED;
        life->began_ended[i] = false;
    }
    play (life, facts.now);
    for (size_t i = 0; i < life->count; i++) {
        enum statement_state state = decide_state (&facts, i);
        if (state != life->states[i])
            fail_msg ("consent %zu of %zu is %d and not %d%s", i, life->count, (int)state, (int)life->states[i],
                      told (f, life));
        seen[state]++;
    }
}

static void test_what_came_first_is_the_state (void **state)
{
    struct fixture *f = *state;
    unsigned seen[STATE_DEFERRED + 1] = {0};
    random_begin (UINT64_C (88172645463325252));
    for (int round = 0; round < ROUNDS; round++) {
        struct life life;
        struct fixture fresh = *f;
        fresh.arena = arena_new (1 << 20);
        live (&fresh, &life);
        compare (&fresh, &life, seen);
        arena_destroy (&fresh.arena);
    }
    static const enum statement_state all[] = {STATE_GRANTED, STATE_REVOKED,    STATE_EXPIRED,
                                               STATE_USED_UP, STATE_SUPERSEDED, STATE_LAPSED};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_true (seen[all[i]] > ROUNDS / 100);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_what_came_first_is_the_state),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
