/* What holds of every decision, tried on random ones: the same in every run. */
#include <string.h>
#include "fixture_policy.h"

enum { ROUNDS = 4000, DAY = 24 * 60 * 60 * 1000 };

/* xorshift64* */
static uint64_t random_state = UINT64_C (0x9E3779B97F4A7C15);

static unsigned pick (unsigned below)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (unsigned)((random_state * UINT64_C (0x2545F4914F6CDD1D)) >> 33) % below;
}

static const char *const some_parties[] = {"kernteam jansen", "kernteam wijkteam horizon", "horizon kernteam",
                                           "horizon wijkteam kernteam jansen", "wijkteam"};
static const char *const some_categories[] = {"naw", "rapportage", "naw rapportage", "bsn naw",
                                              "justitie naw rapportage"};
static const char *const some_purposes[] = {"ondersteuning", "integraal-plan", "toekenning"};
static const char *const some_origins[] = {"", "", "", "", "wmo", "jeugdwet", "brp wmo"};
static const char *const some_cases[] = {"", "", "", "", "", "Z-1", "Z-2"};
static const char *const some_items[] = {"naw/wmo", "naw rapportage/wmo",
                                         "bsn/jeugdwet naw/brp rapportage justitie/wmo", "rapportage/jeugdwet naw",
                                         "naw/wmo naw/jeugdwet naw"};

#define ANY(list) list[pick (sizeof list / sizeof *list)]

static moment some_moment (struct fixture *f)
{
    return f->now + ((int64_t)pick (60) - 30) * DAY;
}

static void add_statement (struct fixture *f)
{
    bool refusal = pick (6) == 0;
    struct statement *one = (refusal ? fixture_refusal : fixture_consent) (
        f, ANY (some_parties), ANY (some_parties), ANY (some_categories), ANY (some_purposes));
    one->scope.origins = fixture_set (f, ANY (some_origins));
    one->scope.case_ref = ANY (some_cases);
    one->recorded_at = f->now - (int64_t)(1 + pick (30)) * DAY;
    one->valid_from = one->recorded_at;
    if (refusal)
        return;
    one->valid_from = pick (3) == 0 ? some_moment (f) : one->recorded_at;
    one->valid_until = one->valid_from + (int64_t)(20 + pick (60)) * DAY;
    one->one_time = pick (3) == 0;
    one->used_at = one->one_time && pick (4) == 0 ? f->now - DAY : 0;
    one->form = pick (8) == 0 ? FORM_ORAL : FORM_DIGITAL;
    one->signatures[0].given_at = one->recorded_at;
    if (pick (6) == 0) {
        struct withdrawal *part = fixture_withdraw (f, one, f->now - DAY);
        part->categories = fixture_set (f, pick (2) ? "naw" : "");
        part->recipients = fixture_set (f, pick (2) ? "wijkteam" : "");
    }
}

/* Now and then a child who will soon be twelve or sixteen, a parent whose standing changes, or who is not capable.
 */
static void some_person (struct fixture *f)
{
    static struct capability change;
    struct subject *subject = &f->subject;
    subject->birth = fixture_day ("1980-06-15");
    subject->representative_count = subject->capability_count = 0;
    if (pick (4) != 0)
        return;
    if (pick (2)) {
        struct day soon = calendar_day (f->now + (int64_t)pick (60) * DAY);
        soon.year = (int16_t)(soon.year - (pick (2) ? 12 : 16));
        subject->birth = soon;
    }
    struct representative *one = fixture_representative (f, "moeder", "ouder-met-gezag", "2020-01-01");
    if (pick (3) == 0)
        one->until = calendar_day (some_moment (f));
    if (pick (3) == 0)
        one->refused_from = calendar_day (some_moment (f));
    if (pick (3) == 0) {
        change = (struct capability){.from = calendar_day (some_moment (f)), .capable = false};
        subject->capabilities = &change;
        subject->capability_count = 1;
    }
}

static void some_restrictions (struct fixture *f)
{
    static const char *const of[] = {"", "naw", "rapportage", "justitie"};
    static struct restriction some[2];
    f->subject.restrictions = some;
    f->subject.restriction_count = pick (4) == 0 ? 1 + pick (2) : 0;
    for (size_t i = 0; i < f->subject.restriction_count; i++)
        some[i] = (struct restriction){.category = ANY (of),
                                       .since = f->now - (int64_t)pick (30) * DAY,
                                       .next_order = pick ((unsigned)f->statement_count + 2)};
}

/* Takes one part away, some of which only a provider bound by secrecy needs. */
static void spoil (struct triage *triage, moment now)
{
    const char **texts[] = {&triage->necessity,          &triage->subsidiarity,      &triage->proportionality,
                            &triage->purpose_limitation, &triage->manager_consulted, &triage->consent_sought,
                            &triage->no_other_way,       &triage->serious_harm,      &triage->conflict_of_duties,
                            &triage->objections};
    unsigned which = pick (13);
    if (which < 10)
        *texts[which] = "";
    else if (which == 10)
        triage->serious_situation = false;
    else if (which == 11)
        triage->inform = INFORM_UNSAID;
    else
        triage->inform_by = now;
}

static void some_claim (struct fixture *f, struct check *check)
{
    static const char *const people[] = {"subject", "subject", "moeder", "moeder subject", "niemand"};
    static const char *const reasons[] = {"vitaal", "vitaal", "zorg", "overlast", "haast"};
    unsigned sort = pick (5);
    if (sort == 0)
        fixture_claim_request (f, check, ANY (people));
    if (sort == 0 || sort > 2)
        return;
    struct triage *triage = fixture_claim_urgency (f, check, ANY (reasons));
    if (pick (2)) {
        triage->inform = INFORM_AFTER;
        triage->inform_by = f->now + ((int64_t)pick (40) - 3) * DAY;
        triage->inform_why = "gevaar";
    }
    if (pick (3) == 0)
        spoil (triage, f->now);
}

/* Fresh facts and a check. The caller is one of the two, or a third that hears all or not. */
static struct check some_check (struct fixture *f)
{
    arena_reset (f->arena);
    f->statement_count = 0;
    some_person (f);
    unsigned statements = pick (8);
    for (unsigned i = 0; i < statements; i++)
        add_statement (f);
    static const char *const pairs[][2] = {
        {"kernteam", "wijkteam"}, {"kernteam", "horizon"}, {"jansen", "kernteam"}, {"horizon", "wijkteam"}};
    const char *const *pair = pairs[pick (4)];
    struct check check = fixture_check (f, pair[0], pair[1], ANY (some_purposes), ANY (some_items));
    check.case_ref = ANY (some_cases);
    check.mode = pick (2) ? MODE_DISCLOSE : MODE_ADVISE;
    check.all_or_nothing = pick (4) == 0;
    f->listener.party = pick (3) == 0 ? "school" : pair[pick (2)];
    f->listener.explain = pick (4) == 0;
    some_restrictions (f);
    some_claim (f, &check);
    static const enum policy_ground orders[][POLICY_GROUNDS] = {
        {POLICY_CONSENT, POLICY_STATUTE, POLICY_WITHOUT_CONSENT},
        {POLICY_STATUTE, POLICY_CONSENT, POLICY_WITHOUT_CONSENT},
        {POLICY_WITHOUT_CONSENT, POLICY_CONSENT, POLICY_STATUTE}};
    memcpy (f->policy.grounds, orders[pick (3)], sizeof orders[0]);
    fixture_party (f, "horizon")->agreement_until = f->now + ((int64_t)pick (40) - 5) * DAY;
    return check;
}

static bool same_codes (const struct rule_codes *a, const struct rule_codes *b)
{
    return a->count == b->count && memcmp (a->code, b->code, a->count) == 0;
}

/* To the caller: everything but the reasons that it does not hear. Consents are told apart by id, since their
   positions may have changed. */
static bool sounds_the_same (const struct decision *a, const struct statement *of_a, const struct decision *b,
                             const struct statement *of_b)
{
    if (a->verdict != b->verdict || a->item_count != b->item_count || a->triage_missing != b->triage_missing)
        return false;
    for (size_t i = 0; i < a->item_count; i++) {
        const struct item_decision *one = &a->items[i], *other = &b->items[i];
        if (one->permit != other->permit || one->ground != other->ground || one->statute != other->statute ||
            one->urgent_reason != other->urgent_reason || !same_codes (&one->heard, &other->heard))
            return false;
        if (one->permit && one->ground == POLICY_CONSENT &&
            memcmp (of_a[one->consent].id, of_b[other->consent].id, 16) != 0)
            return false;
    }
    return true;
}

static void test_a_decision_is_consistent (void **state)
{
    struct fixture *f = *state;
    unsigned verdicts[4] = {0}, grounds[POLICY_GROUNDS + 1] = {0}, incompletes = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct check check = some_check (f);
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
        struct check check = some_check (f);
        struct decision first = *fixture_decide (f, &check);
        struct statement before[FIXTURE_STATEMENTS];
        memcpy (before, f->statements, sizeof before);
        for (size_t i = f->statement_count; i > 1; i--) {
            size_t j = pick ((unsigned)i);
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
        struct check check = some_check (f);
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
        struct check check = some_check (f);
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
        struct check check = some_check (f);
        check.all_or_nothing = false;
        if (f->statement_count == 0)
            continue;
        bool before[DECIDE_ITEMS];
        size_t count = permits (fixture_decide (f, &check), before);
        struct statement *one = &f->statements[pick ((unsigned)f->statement_count)];
        /* Recorded now: what it superseded before stays superseded. A consent that has not begun is another
           matter: withdrawn before that it supersedes nothing, and the earlier one goes on. */
        if (one->valid_from > f->now)
            continue;
        fixture_withdraw (f, one, f->now)->categories = fixture_set (f, pick (2) ? "naw" : "");
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
        struct check check = some_check (f);
        check.all_or_nothing = false;
        bool before[DECIDE_ITEMS], after[DECIDE_ITEMS];
        size_t count = permits (fixture_decide (f, &check), before);
        fixture_refusal (f, ANY (some_parties), ANY (some_parties), ANY (some_categories), ANY (some_purposes));
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
        struct check check = some_check (f);
        check.all_or_nothing = false;
        /* One alone: a narrower one may supersede less, and so set an older one free. */
        f->statement_count = f->statement_count > 1 ? 1 : f->statement_count;
        if (f->statement_count == 0 || f->statements[0].refusal)
            continue;
        bool before[DECIDE_ITEMS], after[DECIDE_ITEMS];
        size_t count = permits (fixture_decide (f, &check), before);
        struct statement *one = &f->statements[0];
        switch (pick (6)) {
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
        struct check check = some_check (f);
        bool before[DECIDE_ITEMS];
        permits (fixture_decide (f, &check), before);
        struct rule_codes heard[DECIDE_ITEMS];
        for (size_t i = 0; i < check.item_count; i++)
            heard[i] = f->decision.items[i].heard;
        if (pick (2))
            fixture_consent (f, "school", "cak", ANY (some_categories), ANY (some_purposes));
        else
            fixture_refusal (f, "school", "cak", ANY (some_categories), ANY (some_purposes));
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
        struct check check = some_check (f);
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
        struct check check = some_check (f);
        check.all_or_nothing = false;
        bool before[DECIDE_ITEMS], after[DECIDE_ITEMS];
        size_t count = permits (fixture_decide (f, &check), before);
        if (check.claim.kind == CLAIM_URGENT_REASONS && pick (2))
            spoil (&check.claim.triage, f->now);
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
        struct check check = some_check (f);
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
        struct check check = some_check (f);
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
        struct check check = some_check (f);
        if (check.claim.kind != CLAIM_URGENT_REASONS || check.claim.triage.inform != INFORM_AFTER ||
            check.claim.triage.inform_by <= now)
            continue;
        const struct decision *decision = fixture_decide (f, &check);
        for (size_t i = 0; i < decision->item_count; i++)
            held += decision->items[i].ground == POLICY_WITHOUT_CONSENT;
        f->now = check.claim.triage.inform_by + (moment)pick (3) * DAY;
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
        struct check check = some_check (f);
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
        struct check check = some_check (f);
        check.all_or_nothing = false;
        struct decision whole = *fixture_decide (f, &check);
        struct check alone = check;
        size_t i = pick ((unsigned)check.item_count);
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
