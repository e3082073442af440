/* Section 4 of the rules, M5 before all, against a model that was written from the text: hour by hour over five
   days, for every combination of birth date, capability, representatives, death, who signed when, and what was
   recorded when. The model has no calendar and no search for what changes next: it looks at each hour. */
#include <string.h>
#include "fixture_policy.h"
#include "rules/represent.h"

enum { DAYS = 5, HOURS = DAYS * 24 };

/* A day of the five, and the hour in which it was recorded. LONG_AGO was recorded then, too. */
enum { NONE = 99, LONG_AGO = -1 };
struct fact {
    int day;
    int recorded; /* hour */
};

enum { BORN_ADULT, BORN_TEN, BORN_TWELVE_ON_DAY_2, BORN_SIXTEEN_ON_DAY_2, BORN_UNKNOWN, BIRTHS };

struct capability_case {
    struct fact from[2];
    bool capable[2];
};
static const struct capability_case capabilities[] = {
    {{{NONE, 0}, {NONE, 0}}, {false, false}},
    {{{LONG_AGO, 0}, {NONE, 0}}, {false, false}},
    {{{2, 2 * 24 + 14}, {NONE, 0}}, {false, false}},      /* a change of that day, at two */
    {{{2, 4 * 24 + 9}, {NONE, 0}}, {false, false}},       /* a correction */
    {{{LONG_AGO, 0}, {2, 2 * 24 + 14}}, {false, true}},   /* capable again */
    {{{1, 1 * 24 + 8}, {3, 2 * 24 + 14}}, {false, true}}, /* foreseen */
    {{{2, 2 * 24 + 9}, {3, 3 * 24 + 20}}, {false, true}}, /* two changes, each on its day */
};

struct representative_case {
    struct fact from, until, refused;
};
static const struct representative_case mothers[] = {
    {{NONE, 0}, {NONE, 0}, {NONE, 0}},
    {{LONG_AGO, 0}, {NONE, 0}, {NONE, 0}},
    {{2, 2 * 24 + 14}, {NONE, 0}, {NONE, 0}},
    {{2, 3 * 24 + 14}, {NONE, 0}, {NONE, 0}},
    {{LONG_AGO, 0}, {2, 2 * 24 + 14}, {NONE, 0}},
    {{LONG_AGO, 0}, {2, 3 * 24 + 14}, {NONE, 0}},
    {{LONG_AGO, 0}, {NONE, 0}, {2, 2 * 24 + 14}},
    {{LONG_AGO, 0}, {NONE, 0}, {1, 3 * 24 + 14}},
};
static const struct representative_case fathers[] = {
    {{NONE, 0}, {NONE, 0}, {NONE, 0}},
    {{LONG_AGO, 0}, {NONE, 0}, {NONE, 0}},
    {{2, 2 * 24 + 14}, {4, 4 * 24 + 1}, {NONE, 0}},
};
static const struct fact deaths[] = {{NONE, 0}, {3, 3 * 24 + 15}, {2, 4 * 24 + 15}};

/* Hours in which one may have signed; NONE: he did not. */
static const int signed_in[] = {NONE, 24 + 12, 2 * 24 + 10, 2 * 24 + 16};

enum { SUBJECT, MOTHER, FATHER, PEOPLE };
static const char *const names[PEOPLE] = {"subject", "moeder", "vader"};

struct situation {
    int birth;
    const struct capability_case *capability;
    const struct representative_case *of[PEOPLE]; /* of the subject: none */
    const struct fact *death;
    int hour[PEOPLE]; /* of the signature */
};

/* --- The model --------------------------------------------------------------------------------------- */

/* What was recorded of this day holds in this hour. */
static bool holds (const struct fact *fact, int hour, bool from_daybreak)
{
    if (fact->day == NONE)
        return false;
    if (fact->day == LONG_AGO)
        return true;
    bool change_of_that_day = fact->recorded / 24 == fact->day;
    return hour >= (change_of_that_day && !from_daybreak ? fact->recorded : fact->day * 24);
}

static int age (int birth, int hour)
{
    switch (birth) {
    case BORN_ADULT:
        return 40;
    case BORN_TEN:
        return 10;
    case BORN_TWELVE_ON_DAY_2:
        return hour >= 48 ? 12 : 11;
    case BORN_SIXTEEN_ON_DAY_2:
        return hour >= 48 ? 16 : 15;
    default:
        return -1;
    }
}

static bool is_capable (const struct situation *s, int hour, bool from_daybreak)
{
    bool capable = true;
    for (int i = 0; i < 2; i++)
        if (holds (&s->capability->from[i], hour, from_daybreak))
            capable = s->capability->capable[i];
    return capable;
}

static bool is_dead (const struct situation *s, int hour)
{
    return holds (s->death, hour, false);
}

static bool is_registered (const struct situation *s, int who, int hour, bool from_daybreak)
{
    return who != SUBJECT && holds (&s->of[who]->from, hour, from_daybreak) &&
           !holds (&s->of[who]->until, hour, false);
}

static bool is_refused (const struct situation *s, int who, int hour)
{
    return holds (&s->of[who]->refused, hour, false);
}

/* Who must sign, a bit for each; 0: nobody can. M1 to M4, M6, M7, M10. */
static unsigned must_sign (const struct situation *s, int hour, bool from_daybreak)
{
    int years = age (s->birth, hour);
    if (years < 0 || is_dead (s, hour))
        return 0;
    bool capable = is_capable (s, hour, from_daybreak);
    if (capable && years >= 16)
        return 1U << SUBJECT;
    unsigned registered = 0, counted = 0;
    for (int who = MOTHER; who <= FATHER; who++)
        if (is_registered (s, who, hour, from_daybreak)) {
            registered |= 1U << who;
            counted |= is_refused (s, who, hour) ? 0 : 1U << who;
        }
    if (registered == 0)
        return 0;
    if (counted == 0)
        return capable && years >= 12 ? 1U << SUBJECT : 0;
    return counted | (capable && years >= 12 ? 1U << SUBJECT : 0);
}

/* The subject's own signature is required: old enough, and capable; though nobody can sign beside him. */
static bool own_is_required (const struct situation *s, int hour, bool from_daybreak)
{
    return age (s->birth, hour) >= 12 && is_capable (s, hour, from_daybreak) && !is_dead (s, hour);
}

static bool stands (const struct situation *s, int who, bool from_daybreak)
{
    int hour = s->hour[who];
    if (hour == NONE || is_dead (s, hour))
        return false;
    if (who == SUBJECT)
        return own_is_required (s, hour, from_daybreak);
    return is_registered (s, who, hour, from_daybreak) && !is_refused (s, who, hour);
}

/* The first hour in which it has lapsed by this reading; -1: it never counted; HOURS: it has not. */
static int lapse_by (const struct situation *s, bool from_daybreak)
{
    unsigned signed_by = 0;
    int latest = -1;
    for (int who = 0; who < PEOPLE; who++)
        if (stands (s, who, from_daybreak)) {
            signed_by |= 1U << who;
            latest = s->hour[who] > latest ? s->hour[who] : latest;
        }
    if (latest < 0)
        return -1;
    unsigned must = must_sign (s, latest, from_daybreak);
    if (must == 0 || (must & ~signed_by) != 0)
        return -1;
    for (int hour = latest; hour < HOURS; hour++)
        if ((signed_by & 1U << SUBJECT) == 0 && own_is_required (s, hour, from_daybreak))
            return hour;
    return HOURS;
}

static int lapse (const struct situation *s)
{
    int one = lapse_by (s, false), other = lapse_by (s, true);
    int first = one > other ? one : other;
    for (int hour = 0; hour < first; hour++)
        if (is_dead (s, hour))
            return hour;
    return first;
}

/* M8, at the end of the five days. */
static bool may_withdraw (const struct situation *s, int who)
{
    int now = HOURS - 1;
    if (is_dead (s, now))
        return false;
    if (who == SUBJECT && age (s->birth, now) >= 12)
        return true;
    unsigned must = must_sign (s, now, false);
    if ((must & 1U << who) != 0)
        return true;
    if (!stands (s, who, false) && !stands (s, who, true))
        return false;
    return who == SUBJECT || (must != 1U << SUBJECT && !is_refused (s, who, now));
}

/* --- The same for the rules -------------------------------------------------------------------------- */

static moment base;

static moment recorded_in (const struct fact *fact)
{
    return fact->day == NONE || fact->day == LONG_AGO ? 0 : base + (moment)fact->recorded * HOUR;
}

static struct day day_of (const struct fact *fact)
{
    if (fact->day == NONE)
        return (struct day){0};
    return fact->day == LONG_AGO ? (struct day){2026, 1, 1} : (struct day){2026, 6, (uint8_t)(10 + fact->day)};
}

static struct day birth_of (int birth)
{
    static const struct day births[BIRTHS] = {
        [BORN_ADULT] = {1986, 1, 1},
        [BORN_TEN] = {2016, 1, 1},
        [BORN_TWELVE_ON_DAY_2] = {2014, 6, 12},
        [BORN_SIXTEEN_ON_DAY_2] = {2010, 6, 12},
    };
    return births[birth];
}

static void set_subject (struct fixture *f, const struct situation *s)
{
    struct subject *subject = &f->subject;
    subject->birth = birth_of (s->birth);
    subject->death = day_of (s->death);
    subject->death_recorded = recorded_in (s->death);
    subject->capability_count = 0;
    for (int i = 0; i < 2; i++)
        if (s->capability->from[i].day != NONE)
            subject->capabilities[subject->capability_count++] =
                (struct capability){day_of (&s->capability->from[i]), s->capability->capable[i],
                                    recorded_in (&s->capability->from[i])};
    subject->representative_count = 0;
    for (int who = MOTHER; who <= FATHER; who++) {
        const struct representative_case *one = s->of[who];
        if (one->from.day != NONE)
            subject->representatives[subject->representative_count++] =
                (struct representative){.reference = names[who],
                                        .kind = "ouder-met-gezag",
                                        .from = day_of (&one->from),
                                        .until = day_of (&one->until),
                                        .refused_from = day_of (&one->refused),
                                        .refused_reason = "",
                                        .from_recorded = recorded_in (&one->from),
                                        .until_recorded = recorded_in (&one->until),
                                        .refused_recorded = recorded_in (&one->refused)};
    }
}

static void set_signatures (struct statement *consent, const struct situation *s)
{
    consent->signature_count = 0;
    for (int who = 0; who < PEOPLE; who++)
        if (s->hour[who] != NONE)
            consent->signatures[consent->signature_count++] =
                (struct signature){names[who], base + (moment)s->hour[who] * HOUR};
}

static moment moment_of (int hour)
{
    return hour < 0 ? MOMENT_ALWAYS : base + (moment)hour * HOUR;
}

struct seen {
    unsigned never, lapsed, stood, took_back, may_not;
};

static void compare (struct fixture *f, struct statement *consent, const struct situation *s, struct seen *seen)
{
    set_subject (f, s);
    set_signatures (consent, s);
    int expected = lapse (s);
    moment found = represent_lapses_at (&f->policy, &f->subject, consent);
    bool alike = expected < HOURS ? found == moment_of (expected) : found >= base + (moment)HOURS * HOUR;
    if (!alike)
        fail_msg ("birth %d capability %zu mother %zu father %zu death %zu signed %d %d %d: hour %d, not %lld",
                  s->birth, (size_t)(s->capability - capabilities), (size_t)(s->of[MOTHER] - mothers),
                  (size_t)(s->of[FATHER] - fathers), (size_t)(s->death - deaths), s->hour[0], s->hour[1],
                  s->hour[2], expected, (long long)((found - base) / HOUR));
    seen->never += expected < 0;
    seen->lapsed += expected >= 0 && expected < HOURS;
    seen->stood += expected == HOURS;
    moment now = base + (moment)(HOURS - 1) * HOUR;
    for (int who = 0; who < PEOPLE; who++) {
        bool may = may_withdraw (s, who);
        if (represent_may_take_back (&f->policy, &f->subject, consent, names[who], now) != may)
            fail_msg ("birth %d capability %zu mother %zu father %zu death %zu signed %d %d %d: %s may%s withdraw",
                      s->birth, (size_t)(s->capability - capabilities), (size_t)(s->of[MOTHER] - mothers),
                      (size_t)(s->of[FATHER] - fathers), (size_t)(s->death - deaths), s->hour[0], s->hour[1],
                      s->hour[2], names[who], may ? "" : " not");
        seen->took_back += may;
        seen->may_not += !may;
    }
}

#define FOR_EACH(i, list) for (size_t i = 0; i < sizeof list / sizeof *list; i++)

static void sign_in_every_way (struct fixture *f, struct statement *consent, struct situation *s,
                               struct seen *seen)
{
    FOR_EACH (i, signed_in)
    FOR_EACH (j, signed_in)
    FOR_EACH (k, signed_in)
    {
        s->hour[SUBJECT] = signed_in[i];
        s->hour[MOTHER] = signed_in[j];
        s->hour[FATHER] = signed_in[k];
        compare (f, consent, s, seen);
    }
}

static void test_every_combination_is_judged_as_the_text_says (void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    struct statement *consent = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    consent->signatures = arena_array (f->arena, PEOPLE, sizeof *consent->signatures);
    f->subject.capabilities = arena_array (f->arena, 2, sizeof *f->subject.capabilities);
    f->subject.representatives = arena_array (f->arena, 2, sizeof *f->subject.representatives);
    base = fixture_at ("2026-06-10");
    for (int birth = 0; birth < BIRTHS; birth++)
        FOR_EACH (c, capabilities)
    FOR_EACH (m, mothers)
    FOR_EACH (v, fathers)
    FOR_EACH (d, deaths)
    {
        struct situation s = {.birth = birth,
                              .capability = &capabilities[c],
                              .of = {NULL, &mothers[m], &fathers[v]},
                              .death = &deaths[d]};
        sign_in_every_way (f, consent, &s, &seen);
    }
    /* All of it was seen. */
    assert_true (seen.never > 50000 && seen.lapsed > 10000 && seen.stood > 5000);
    assert_true (seen.took_back > 50000 && seen.may_not > 50000);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_every_combination_is_judged_as_the_text_says, fixture_setup,
                                         fixture_teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
