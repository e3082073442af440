/* What may flow is what checks would permit, one by one: now, and for as long. */
#include "rules/permits.h"

#include <string.h>
#include "random_check.h"

enum { ROUNDS = 6000 };
#define DAY ((moment)24 * HOUR)

struct found {
    struct permit permits[CODE_LIMIT]; /* where nothing was written `until` is MOMENT_NEVER, and the rest 0 */
    size_t count, work;
};

static struct permit_question ask (struct fixture *f, const char *provider, const char *recipient,
                                   const char *purpose)
{
    return (struct permit_question){fixture_party (f, provider), fixture_party (f, recipient),
                                    policy_purpose (&f->policy, purpose), ""};
}

static struct found find (struct fixture *f, const struct permit_question *question)
{
    struct found found = {.work = 0};
    for (size_t i = 0; i < CODE_LIMIT; i++)
        found.permits[i].until = MOMENT_NEVER;
    for (size_t i = 0; i < f->statement_count; i++)
        statement_resolve (&f->statements[i], &f->policy);
    decide_prepare (&f->policy, &f->subject, f->statements, f->statement_count);
    struct decide_facts facts = fixture_facts (f);
    found.count = permits_find (&facts, question, found.permits, &found.work);
    return found;
}

static const char *names (struct fixture *f, const struct found *found)
{
    const char *all = "";
    for (size_t i = 0; i < found->count; i++)
        all = arena_printf (f->arena, "%s%s%s", all, i > 0 ? " " : "",
                            f->policy.categories[found->permits[i].category].entry.code);
    return all;
}

/* Nothing was written behind the first so many. */
static void assert_untouched (const struct found *found, size_t from)
{
    assert_int_equal (found->permits[from].from, 0);
    assert_int_equal (found->permits[from].until, MOMENT_NEVER);
}

static struct permit only (const struct found *found)
{
    assert_int_equal (found->count, 1);
    return found->permits[0];
}

static void test_every_category_has_the_ground_that_a_check_would_name (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "justitie naw", "toekenning");
    fixture_consent (f, "kernteam", "horizon", "vrije-tekst", "toekenning"); /* no flow carries it */
    struct permit_question asked = ask (f, "kernteam", "horizon", "toekenning");
    struct found found = find (f, &asked);
    assert_string_equal (names (f, &found), "naw bsn rapportage justitie");
    assert_untouched (&found, 4);
    assert_true (found.work > 0);
    const struct permit *permits = found.permits;
    assert_int_equal (permits[0].ground, POLICY_CONSENT);
    assert_int_equal (permits[0].consent, 0);
    assert_int_equal (permits[1].ground, POLICY_STATUTE);
    assert_string_equal (f->policy.statutes[permits[1].statute].entry.code, "wmo");
    assert_string_equal (f->policy.statutes[permits[2].statute].entry.code, "zorgwet");
    assert_int_equal (permits[3].consent, 0);
    for (size_t i = 0; i < found.count; i++)
        assert_int_equal (permits[i].from, f->now);
    assert_int_equal (permits[0].until,
                      fixture_party (f, "horizon")->agreement_until); /* the statute takes over */
    assert_int_equal (permits[3].until, f->statements[0].valid_until);
    asked = ask (f, "kernteam", "horizon", "ondersteuning");
    assert_int_equal (find (f, &asked).count, 0);
}

static void test_a_permit_ends_when_nothing_carries_it_any_more (void **state)
{
    struct fixture *f = *state;
    struct statement *first = fixture_usual_consent (f), *second = fixture_usual_consent (f);
    first->valid_until = f->now + DAY;
    second->valid_from = f->now + DAY;
    second->valid_until = f->now + 2 * DAY;
    struct permit_question asked = ask (f, "kernteam", "wijkteam", "ondersteuning");
    struct found found = find (f, &asked);
    assert_int_equal (only (&found).until, f->now + 2 * DAY);
    assert_int_equal (only (&found).consent, 0); /* that is its ground now */
    second->valid_from += HOUR;                  /* what begins again later is not told */
    found = find (f, &asked);
    assert_int_equal (only (&found).until, f->now + DAY);
    second->valid_until = MOMENT_NEVER;
    second->valid_from -= HOUR;
    found = find (f, &asked);
    assert_int_equal (only (&found).until, MOMENT_NEVER);
}

static void test_what_is_still_to_come_is_told_with_its_beginning (void **state)
{
    struct fixture *f = *state;
    struct permit_question asked = ask (f, "kernteam", "wijkteam", "ondersteuning");
    struct statement *one = fixture_usual_consent (f);
    one->valid_from = f->now + DAY;
    struct found found = find (f, &asked);
    assert_int_equal (only (&found).from, f->now + DAY);
    assert_int_equal (only (&found).until, one->valid_until);
    fixture_withdraw (f, one, f->now);
    assert_int_equal (find (f, &asked).count, 0);
}

/* One after the other, each for a day. */
static void consent_for_days (struct fixture *f, unsigned days)
{
    for (unsigned i = 0; i < days; i++) {
        struct statement *one = fixture_usual_consent (f);
        one->valid_from = f->now + i * DAY;
        one->valid_until = one->valid_from + DAY;
    }
}

static void test_where_too_much_is_to_come_the_end_is_early_and_never_late (void **state)
{
    enum { WITHDRAWN = 200 };
    struct fixture *f = *state;
    struct permit_question asked = ask (f, "kernteam", "wijkteam", "ondersteuning");
    consent_for_days (f, FIXTURE_STATEMENTS);
    struct found found = find (f, &asked);
    assert_int_equal (only (&found).until, f->now + FIXTURE_STATEMENTS * DAY);
    /* To weigh one of them takes long: what was withdrawn of it so often is something else. */
    f->statements[0].scope.categories = fixture_set (f, "naw rapportage");
    f->statements[0].withdrawals = arena_array (f->arena, WITHDRAWN, sizeof (struct withdrawal));
    f->statements[0].withdrawal_count = WITHDRAWN;
    for (size_t i = 0; i < WITHDRAWN; i++)
        f->statements[0].withdrawals[i] = (struct withdrawal){.categories = fixture_set (f, "bsn")};
    found = find (f, &asked);
    assert_int_equal (found.count, 2);
    assert_in_range (found.work, 1 << 16, 1 << 18);
    assert_in_range (found.permits[0].until, f->now + 1, f->now + (FIXTURE_STATEMENTS - 1) * DAY);
    assert_int_equal (found.permits[1].until, f->now + DAY); /* what had its end before keeps it */
    assert_untouched (&found, 3);                            /* the flow carries three */
}

static void test_all_categories_are_found_however_many_a_pack_has (void **state)
{
    enum { MANY = 150 };
    struct fixture *f = *state;
    static struct policy_category categories[MANY]; /* the fixture keeps them */
    static struct policy_flow flows[8];
    for (size_t i = 0; i < MANY; i++)
        categories[i] = (struct policy_category){.entry = {.code = arena_printf (f->arena, "c%zu", i)}};
    memcpy (flows, f->policy.flows, f->policy.flow_count * sizeof *flows);
    f->policy.categories = categories;
    f->policy.flows = flows;
    for (unsigned count = 62; count <= MANY; count += count == 66 ? 60 : 1) { /* 64 are asked at once */
        f->policy.category_count = count;
        for (unsigned i = 0; i < count; i++)
            code_set_add (&flows[4].categories, (code)i);
        struct permit_question asked = ask (f, "kernteam", "cak", "eigen-bijdrage");
        assert_int_equal (asked.purpose, flows[4].purpose);
        struct found found = find (f, &asked);
        assert_int_equal (found.count, count);
        for (unsigned i = 0; i < count; i++)
            assert_int_equal (found.permits[i].category, i);
        code_set none = {{0}};
        code_set_add (&none, (code)(count - 1)); /* only the last one */
        flows[4].categories = none;
        found = find (f, &asked);
        assert_int_equal (only (&found).category, count - 1);
        flows[4].categories = (code_set){{0}};
        assert_int_equal (find (f, &asked).count, 0);
    }
}

static void test_where_no_flow_joins_the_kinds_nothing_is_possible (void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *provider, *recipient, *purpose;
        bool possible;
    } cases[] = {
        {"kernteam", "cak", "eigen-bijdrage", true},
        {"cak", "kernteam", "eigen-bijdrage", false},
        {"kernteam", "horizon", "eigen-bijdrage", false},
        {"kernteam", "cak", "toekenning", false},
        {"jansen", "kernteam", "toekenning", true},
        {"kernteam", "wijkteam", "ondersteuning", true}, /* the pack's first */
    };
    for (size_t i = 0; i < COUNT (cases); i++) {
        struct permit_question one = ask (f, cases[i].provider, cases[i].recipient, cases[i].purpose);
        assert_int_equal (permits_are_possible (&f->policy, one.provider->kind, one.recipient->kind, one.purpose),
                          cases[i].possible);
        if (!cases[i].possible)
            assert_int_equal (find (f, &one).count, 0);
    }
}

/* A consent for that case, of kernteam to wijkteam. */
static struct statement *of_case (struct fixture *f, const char *case_ref)
{
    struct statement *one = fixture_usual_consent (f);
    one->scope.case_ref = case_ref;
    return one;
}

static void test_the_cases_are_those_of_consents_between_the_two (void **state)
{
    struct fixture *f = *state;
    struct permit_question asked = ask (f, "kernteam", "wijkteam", "integraal-plan");
    of_case (f, "Z-1"); /* for ondersteuning, which serves it */
    of_case (f, "Z-1");
    of_case (f, "Z-2");
    of_case (f, "Z-1");
    of_case (f, "");
    of_case (f, "Z-3")->is_corrected = true;
    of_case (f, "Z-4")->scope.purpose = "toekenning";
    of_case (f, "Z-5")->scope.providers = fixture_set (f, "horizon");
    of_case (f, "Z-6")->scope.recipients = fixture_set (f, "horizon");
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning")->scope.case_ref = "Z-7";
    find (f, &asked); /* resolves them */
    struct decide_facts facts = fixture_facts (f);
    const char *cases[FIXTURE_STATEMENTS];
    assert_int_equal (permits_cases (&facts, &asked, cases), 2);
    assert_string_equal (cases[0], "Z-1");
    assert_string_equal (cases[1], "Z-2");
}

/* One check, as permits.h says what is asked. */
static bool is_permitted_at (struct fixture *f, const struct permit_question *question, code category, moment at)
{
    struct decide_facts facts = fixture_facts (f);
    struct check check = {.provider = question->provider,
                          .recipient = question->recipient,
                          .purpose = question->purpose,
                          .case_ref = question->case_ref,
                          .mode = MODE_ADVISE,
                          .item_count = 1,
                          .items = {{category, CODE_NONE}}};
    facts.now = at;
    decide (&facts, &check, &f->decision);
    return f->decision.items[0].permit;
}

static const struct permit *permit_of (const struct found *found, code category)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->permits[i].category == category)
            return &found->permits[i];
    return NULL;
}

static void assert_as_checked (struct fixture *f, const struct permit_question *question,
                               const struct found *found, unsigned *permitted, unsigned *to_come)
{
    for (code category = 0; category < f->policy.category_count; category++) {
        const struct permit *permit = permit_of (found, category);
        bool now = is_permitted_at (f, question, category, f->now);
        assert_int_equal (permit != NULL && permit->from <= f->now, now);
        *permitted += now;
        if (permit == NULL)
            continue;
        if (!now)
            (*to_come)++;
        assert_true (is_permitted_at (f, question, category, permit->from));
        assert_int_equal (f->decision.items[0].ground, permit->ground);
        if (permit->ground == POLICY_CONSENT)
            assert_int_equal (f->decision.items[0].consent, permit->consent);
        else
            assert_int_equal (f->decision.items[0].statute, permit->statute);
        /* In every hour up to its end; and then no more. */
        moment last = permit->until < f->now + 150 * DAY ? permit->until : f->now + 150 * DAY;
        for (moment at = permit->from; at < last; at += 5 * DAY)
            assert_true (is_permitted_at (f, question, category, at));
        if (permit->until != MOMENT_NEVER) {
            assert_true (is_permitted_at (f, question, category, permit->until - 1));
            assert_false (is_permitted_at (f, question, category, permit->until));
        }
    }
}

static void test_what_may_flow_is_what_checks_would_permit_one_by_one (void **state)
{
    struct fixture *f = *state;
    unsigned permitted = 0, to_come = 0;
    random_begin (UINT64_C (0x7065726D697473));
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        struct permit_question asked = {check.provider, check.recipient, check.purpose, check.case_ref};
        struct found found = find (f, &asked);
        assert_as_checked (f, &asked, &found, &permitted, &to_come);
    }
    assert_true (permitted > ROUNDS / 5 && to_come > ROUNDS / 300);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_every_category_has_the_ground_that_a_check_would_name),
        FIXTURE_TEST (test_a_permit_ends_when_nothing_carries_it_any_more),
        FIXTURE_TEST (test_what_is_still_to_come_is_told_with_its_beginning),
        FIXTURE_TEST (test_where_too_much_is_to_come_the_end_is_early_and_never_late),
        FIXTURE_TEST (test_all_categories_are_found_however_many_a_pack_has),
        FIXTURE_TEST (test_where_no_flow_joins_the_kinds_nothing_is_possible),
        FIXTURE_TEST (test_the_cases_are_those_of_consents_between_the_two),
        FIXTURE_TEST (test_what_may_flow_is_what_checks_would_permit_one_by_one),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
