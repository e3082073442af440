/* What holds of every decision, tried on random ones: the same in every run. */
#include <string.h>
#include "random_check.h"

enum { ROUNDS = 4000, DAY = 24 * HOUR };

static void test_a_decision_is_consistent (void **state)
{
    struct fixture *f = *state;
    unsigned verdicts[4] = {0}, grounds[POLICY_GROUNDS + 1] = {0}, incompletes = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        const struct decision *decision = fixture_decide (f, &check);
        verdicts[decision->verdict]++;
        size_t permitted = 0;
        bool incomplete = false;
        for (size_t i = 0; i < decision->item_count; i++) {
            const struct item_decision *item = &decision->items[i];
            permitted += item->permit;
            /* A denial has a reason and a heard one; a permit has none, and a ground. */
            assert_int_equal (item->reasons.count > 0, !item->permit);
            assert_int_equal (item->heard.count > 0, !item->permit);
            assert_int_equal (item->ground != POLICY_GROUNDS, item->permit);
            assert_int_equal (item->ground == POLICY_CONSENT, item->consent != SIZE_MAX);
            assert_int_equal (item->ground == POLICY_STATUTE, item->statute != CODE_NONE);
            assert_true (item->urgent_reason == CODE_NONE || item->ground == POLICY_WITHOUT_CONSENT);
            assert_true (check.claim.kind != CLAIM_NONE || item->ground != POLICY_WITHOUT_CONSENT);
            incomplete = incomplete || rule_codes_has (&item->heard, TRIAGE_INCOMPLETE);
            grounds[item->ground]++;
            /* What is heard is among the reasons, but for NO_CONSENT, which stands in for what is not heard. */
            for (unsigned j = 0; j < item->heard.count; j++)
                assert_true (item->heard.code[j] == NO_CONSENT ||
                             rule_codes_has (&item->reasons, item->heard.code[j]));
        }
        assert_int_equal (decision->verdict, permitted == 0                      ? VERDICT_DENY
                                             : permitted == decision->item_count ? VERDICT_PERMIT
                                                                                 : VERDICT_PARTIAL);
        assert_false (decision->verdict == VERDICT_PARTIAL && check.mode == MODE_DISCLOSE && check.all_or_nothing);
        assert_true (decision->until > f->now);
        /* What is missing is told where it is a reason, and nowhere else. */
        assert_int_equal (decision->triage_missing != 0, incomplete);
        incompletes += incomplete;
    }
    /* The rounds saw all of them. */
    assert_true (grounds[POLICY_CONSENT] > 100 && grounds[POLICY_STATUTE] > 100 &&
                 grounds[POLICY_WITHOUT_CONSENT] > 100 && incompletes > 100);
    assert_true (verdicts[VERDICT_PERMIT] > 100 && verdicts[VERDICT_PARTIAL] > 100 &&
                 verdicts[VERDICT_DENY] > 100);
}

static void test_the_order_of_records_does_not_matter (void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        struct decision first = *fixture_decide (f, &check);
        struct statement before[FIXTURE_STATEMENTS];
        memcpy (before, f->statements, sizeof before);
        for (size_t i = f->statement_count; i > 1; i--) {
            size_t j = random_pick ((unsigned)i);
            struct statement kept = f->statements[i - 1];
            f->statements[i - 1] = f->statements[j];
            f->statements[j] = kept;
        }
        const struct decision *second = fixture_decide (f, &check);
        assert_true (sounds_the_same (&first, before, second, f->statements));
        for (size_t i = 0; i < first.item_count; i++)
            assert_true (same_codes (&first.items[i].reasons, &second->items[i].reasons));
        assert_int_equal (first.until, second->until);
    }
}

static void test_the_order_of_items_does_not_matter (void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        struct decision first = *fixture_decide (f, &check);
        struct check reversed = check;
        size_t count = check.item_count;
        for (size_t i = 0; i < count; i++)
            reversed.items[i] = check.items[count - 1 - i];
        struct decision second = *fixture_decide (f, &reversed);
        for (size_t i = 0; i < count / 2; i++) {
            struct item_decision kept = second.items[i];
            second.items[i] = second.items[count - 1 - i];
            second.items[count - 1 - i] = kept;
        }
        assert_true (sounds_the_same (&first, f->statements, &second, f->statements));
        assert_int_equal (first.until, second.until);
    }
}

/* Nothing changes before `until`, and something does at it: tried at every hour that could matter. */
static void test_until_is_exact (void **state)
{
    struct fixture *f = *state;
    moment now = f->now;
    for (int round = 0; round < ROUNDS / 4; round++) {
        f->now = now;
        struct check check = random_check (f);
        struct decision first = *fixture_decide (f, &check);
        moment differs = MOMENT_NEVER;
        /* Everything here begins and ends at whole days from now, or (compatible purposes) at midnight. */
        for (int day = 0; day < 100 && differs == MOMENT_NEVER; day++) {
            moment midnight = calendar_start (calendar_day (now + day * (int64_t)DAY));
            const moment moments[] = {midnight > now ? midnight : now, now + day * (int64_t)DAY};
            for (int i = 0; i < 2 && differs == MOMENT_NEVER; i++) {
                f->now = moments[i];
                if (!sounds_the_same (&first, f->statements, fixture_decide (f, &check), f->statements))
                    differs = moments[i];
            }
        }
        if (differs != MOMENT_NEVER || first.until < now + 99 * (int64_t)DAY)
            assert_int_equal (first.until, differs);
        if (first.until != MOMENT_NEVER) {
            f->now = first.until - 1;
            assert_true (sounds_the_same (&first, f->statements, fixture_decide (f, &check), f->statements));
        }
    }
}

static size_t permits (const struct decision *decision, bool permit[DECIDE_ITEMS])
{
    size_t count = 0;
    for (size_t i = 0; i < decision->item_count; i++)
        count += permit[i] = decision->items[i].permit;
    return count;
}

/* Each item that is permitted `after` was so `before`. A check that wants all or nothing has its own arithmetic.
 */
static void assert_not_wider (const bool before[DECIDE_ITEMS], const struct decision *after)
{
    for (size_t i = 0; i < after->item_count; i++)
        assert_true (before[i] || !after->items[i].permit);
}

static void test_a_withdrawal_never_permits (void **state)
{
    struct fixture *f = *state;
    unsigned closed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        check.all_or_nothing = false;
        if (f->statement_count == 0)
            continue;
        bool before[DECIDE_ITEMS];
        size_t count = permits (fixture_decide (f, &check), before);
        struct statement *one = &f->statements[random_pick ((unsigned)f->statement_count)];
        /* Recorded now: what it superseded before stays superseded. A consent that has not begun is another
           matter: withdrawn before that it supersedes nothing, and the earlier one goes on. */
        if (one->valid_from > f->now)
            continue;
        fixture_withdraw (f, one, f->now)->categories = fixture_set (f, random_pick (2) ? "naw" : "");
        bool after[DECIDE_ITEMS];
        assert_not_wider (before, fixture_decide (f, &check));
        closed += permits (&f->decision, after) < count;
    }
    assert_true (closed > 20);
}

static void test_a_refusal_never_permits (void **state)
{
    struct fixture *f = *state;
    unsigned closed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        check.all_or_nothing = false;
        bool before[DECIDE_ITEMS], after[DECIDE_ITEMS];
        size_t count = permits (fixture_decide (f, &check), before);
        fixture_refusal (f, ANY (random_parties), ANY (random_parties), ANY (random_categories),
                         ANY (random_purposes));
        assert_not_wider (before, fixture_decide (f, &check));
        closed += permits (&f->decision, after) < count;
    }
    assert_true (closed > 20);
}

static void test_narrowing_a_consent_never_permits (void **state)
{
    struct fixture *f = *state;
    unsigned closed = 0;
    for (int round = 0; round < 2 * ROUNDS; round++) {
        struct check check = random_check (f);
        check.all_or_nothing = false;
        /* One alone: a narrower one may supersede less, and so set an older one free. */
        f->statement_count = f->statement_count > 1 ? 1 : f->statement_count;
        if (f->statement_count == 0 || f->statements[0].refusal)
            continue;
        bool before[DECIDE_ITEMS], after[DECIDE_ITEMS];
        size_t count = permits (fixture_decide (f, &check), before);
        struct statement *one = &f->statements[0];
        switch (random_pick (6)) {
        case 0:
            one->scope.categories.count--;
            break;
        case 1:
            one->scope.providers.count--;
            break;
        case 2:
            one->scope.recipients.count--;
            break;
        case 3:
            one->scope.case_ref = one->scope.case_ref[0] == '\0' ? "Z-1" : one->scope.case_ref;
            break;
        case 4:
            if (one->scope.origins.count == 0)
                one->scope.origins = fixture_set (f, "jeugdwet");
            break;
        default:
            one->valid_until -= 20 * (int64_t)DAY;
            break;
        }
        assert_not_wider (before, fixture_decide (f, &check));
        closed += permits (&f->decision, after) < count;
    }
    assert_true (closed > 20);
}

static void test_what_is_between_others_changes_nothing (void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        bool before[DECIDE_ITEMS];
        permits (fixture_decide (f, &check), before);
        struct rule_codes heard[DECIDE_ITEMS];
        for (size_t i = 0; i < check.item_count; i++)
            heard[i] = f->decision.items[i].heard;
        if (random_pick (2))
            fixture_consent (f, "school", "cak", ANY (random_categories), ANY (random_purposes));
        else
            fixture_refusal (f, "school", "cak", ANY (random_categories), ANY (random_purposes));
        const struct decision *after = fixture_decide (f, &check);
        for (size_t i = 0; i < check.item_count; i++) {
            assert_int_equal (before[i], after->items[i].permit);
            assert_true (same_codes (&heard[i], &after->items[i].heard));
        }
    }
}

static void test_past_every_end_nothing_rests_on_consent (void **state)
{
    struct fixture *f = *state;
    moment now = f->now;
    for (int round = 0; round < ROUNDS; round++) {
        f->now = now;
        struct check check = random_check (f);
        f->now = now + 200 * (int64_t)DAY;
        const struct decision *decision = fixture_decide (f, &check);
        for (size_t i = 0; i < decision->item_count; i++)
            assert_false (decision->items[i].permit && decision->items[i].ground == POLICY_CONSENT);
    }
}

/* Who claims less gets no more: nothing at all, or a part of the triage decision less. */
static void test_claiming_less_never_permits (void **state)
{
    struct fixture *f = *state;
    unsigned closed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        check.all_or_nothing = false;
        bool before[DECIDE_ITEMS], after[DECIDE_ITEMS];
        size_t count = permits (fixture_decide (f, &check), before);
        if (check.claim.kind == CLAIM_URGENT_REASONS && random_pick (2))
            random_spoil (&check.claim.triage, f->now);
        else
            check.claim.kind = CLAIM_NONE;
        assert_not_wider (before, fixture_decide (f, &check));
        closed += permits (&f->decision, after) < count;
    }
    assert_true (closed > 20);
}

/* What a restricted item rests on all the same. */
static bool passes_restriction (const struct fixture *f, const struct item_decision *item, uint64_t from)
{
    switch (item->ground) {
    case POLICY_CONSENT:
        return f->statements[item->consent].order >= from;
    case POLICY_STATUTE:
        return f->policy.statutes[item->statute].passes_restriction;
    case POLICY_WITHOUT_CONSENT:
        return item->urgent_reason != CODE_NONE &&
               f->policy.urgent_reasons[item->urgent_reason].passes_restriction;
    case POLICY_GROUNDS:
        break;
    }
    return false;
}

static void test_a_restriction_never_permits_and_only_what_passes_it_remains (void **state)
{
    struct fixture *f = *state;
    unsigned closed = 0, passed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        check.all_or_nothing = false;
        size_t restrictions = f->subject.restriction_count;
        f->subject.restriction_count = 0;
        bool before[DECIDE_ITEMS], after[DECIDE_ITEMS];
        size_t count = permits (fixture_decide (f, &check), before);
        f->subject.restriction_count = restrictions;
        assert_not_wider (before, fixture_decide (f, &check));
        closed += permits (&f->decision, after) < count;
        for (size_t i = 0; i < check.item_count; i++) {
            uint64_t from;
            const char *category = f->policy.categories[check.items[i].category].entry.code;
            if (!after[i] || !subject_is_restricted (&f->subject, category, &from))
                continue;
            assert_true (passes_restriction (f, &f->decision.items[i], from));
            passed++;
        }
    }
    assert_true (closed > 20 && passed > 20);
}

/* C3: without an agreement only urgent reasons and such statutes remain. */
static void test_without_an_agreement_only_what_waits_for_none_remains (void **state)
{
    struct fixture *f = *state;
    unsigned remain = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        check.all_or_nothing = false;
        bool before[DECIDE_ITEMS];
        permits (fixture_decide (f, &check), before);
        struct party absent = *check.recipient;
        absent.active = false;
        check.recipient = &absent;
        assert_not_wider (before, fixture_decide (f, &check));
        for (size_t i = 0; i < check.item_count; i++) {
            const struct item_decision *item = &f->decision.items[i];
            if (!item->permit)
                continue;
            assert_true (
                (item->ground == POLICY_STATUTE && f->policy.statutes[item->statute].passes_restriction) ||
                (item->ground == POLICY_WITHOUT_CONSENT && item->urgent_reason != CODE_NONE));
            remain++;
        }
    }
    assert_true (remain > 20);
}

/* Time past the day by which the subject would be told only closes. */
static void test_past_the_day_of_informing_no_urgent_reason_holds (void **state)
{
    struct fixture *f = *state;
    moment now = f->now;
    unsigned held = 0;
    for (int round = 0; round < ROUNDS; round++) {
        f->now = now;
        struct check check = random_check (f);
        if (check.claim.kind != CLAIM_URGENT_REASONS || check.claim.triage.inform != INFORM_AFTER ||
            check.claim.triage.inform_by <= now)
            continue;
        const struct decision *decision = fixture_decide (f, &check);
        for (size_t i = 0; i < decision->item_count; i++)
            held += decision->items[i].ground == POLICY_WITHOUT_CONSENT;
        f->now = check.claim.triage.inform_by + (moment)random_pick (3) * DAY;
        decision = fixture_decide (f, &check);
        for (size_t i = 0; i < decision->item_count; i++)
            assert_int_not_equal (decision->items[i].ground, POLICY_WITHOUT_CONSENT);
    }
    assert_true (held > 20);
}

/* A claim is about its own disclosure: for the items that it does not help it makes no difference which it was. */
static void test_a_claim_that_never_holds_only_adds_its_reason (void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        check.claim.kind = CLAIM_NONE;
        struct decision without = *fixture_decide (f, &check);
        fixture_claim_urgency (f, &check, "haast");
        const struct decision *with = fixture_decide (f, &check);
        assert_int_equal (with->verdict, without.verdict);
        assert_int_equal (with->until, without.until);
        for (size_t i = 0; i < check.item_count; i++) {
            const struct item_decision *one = &with->items[i], *other = &without.items[i];
            assert_int_equal (one->permit, other->permit);
            assert_int_equal (one->ground, other->ground);
            for (unsigned j = 0; j < one->heard.count; j++)
                assert_true (one->heard.code[j] == GROUND_NOT_ALLOWED ||
                             rule_codes_has (&other->heard, one->heard.code[j]));
        }
    }
}

static void test_one_item_alone_is_judged_as_among_others (void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = random_check (f);
        check.all_or_nothing = false;
        struct decision whole = *fixture_decide (f, &check);
        struct check alone = check;
        size_t i = random_pick ((unsigned)check.item_count);
        alone.items[0] = check.items[i];
        alone.item_count = 1;
        const struct item_decision *item = &fixture_decide (f, &alone)->items[0];
        assert_int_equal (item->permit, whole.items[i].permit);
        assert_int_equal (item->consent, whole.items[i].consent);
        assert_true (same_codes (&item->reasons, &whole.items[i].reasons));
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_a_decision_is_consistent),
        FIXTURE_TEST (test_the_order_of_records_does_not_matter),
        FIXTURE_TEST (test_the_order_of_items_does_not_matter),
        FIXTURE_TEST (test_until_is_exact),
        FIXTURE_TEST (test_a_withdrawal_never_permits),
        FIXTURE_TEST (test_a_refusal_never_permits),
        FIXTURE_TEST (test_narrowing_a_consent_never_permits),
        FIXTURE_TEST (test_what_is_between_others_changes_nothing),
        FIXTURE_TEST (test_past_every_end_nothing_rests_on_consent),
        FIXTURE_TEST (test_claiming_less_never_permits),
        FIXTURE_TEST (test_a_restriction_never_permits_and_only_what_passes_it_remains),
        FIXTURE_TEST (test_without_an_agreement_only_what_waits_for_none_remains),
        FIXTURE_TEST (test_past_the_day_of_informing_no_urgent_reason_holds),
        FIXTURE_TEST (test_a_claim_that_never_holds_only_adds_its_reason),
        FIXTURE_TEST (test_one_item_alone_is_judged_as_among_others),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
