/* C7: what a consent names, and the code of what it does not name where that is one thing only. */
#include "fixture_policy.h"

/* C7: what the consent names. */
static void test_a_consent_names_provider_recipient_category_and_purpose (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    assert_outcome (f, &one, "NO_CONSENT");
    fixture_usual_consent (f);
    assert_outcome (f, &one, "consent");
    assert_int_equal (f->decision.items[0].consent, 0);
    assert_string_equal (fixture_heard (f, 0), "");
}

static void test_a_consent_that_fails_in_one_thing_is_named_for_it (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    struct statement *consented = fixture_consent (f, "horizon", "wijkteam", "naw", "ondersteuning");
    assert_outcome (f, &one, "PROVIDER_NOT_CONSENTED");
    consented->scope.providers = fixture_set (f, "kernteam");
    consented->scope.recipients = fixture_set (f, "horizon");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    consented->scope.recipients = fixture_set (f, "wijkteam");
    consented->scope.categories = fixture_set (f, "rapportage");
    assert_outcome (f, &one, "CATEGORY_NOT_CONSENTED");
    consented->scope.categories = fixture_set (f, "naw");
    consented->scope.purpose = "toekenning";
    assert_outcome (f, &one, "WRONG_PURPOSE");
    consented->scope.purpose = "ondersteuning";
    assert_outcome (f, &one, "consent");
}

static void test_a_consent_that_fails_in_two_things_is_not_named (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    struct statement *consented = fixture_consent (f, "horizon", "school", "naw", "ondersteuning");
    assert_outcome (f, &one, "NO_CONSENT");
    consented->scope.providers = fixture_set (f, "kernteam");
    consented->scope.categories = fixture_set (f, "rapportage");
    assert_outcome (f, &one, "NO_CONSENT");
    consented->scope.recipients = fixture_set (f, "wijkteam");
    consented->valid_until = f->now;
    assert_outcome (f, &one, "NO_CONSENT");
    consented->valid_until++;
    assert_outcome (f, &one, "CATEGORY_NOT_CONSENTED");
    fixture_withdraw (f, consented, f->now)->categories = fixture_set (f, "rapportage");
    assert_outcome (f, &one, "NO_CONSENT");
    consented->withdrawals[0].recorded_at = f->now + 1;
    assert_outcome (f, &one, "CATEGORY_NOT_CONSENTED");
    /* Superseded by one for more parties. */
    struct statement *later = fixture_consent (f, "kernteam", "wijkteam horizon", "rapportage", "ondersteuning");
    later->valid_until = f->now;
    assert_outcome (f, &one, "NO_CONSENT");
}

/* C7: the item that differs in the one thing must be one that still stands. */
static void test_a_near_miss_of_which_that_part_was_withdrawn_is_not_named (void **state)
{
    static const struct {
        const char *providers, *recipients, *categories, *named;
    } cases[] = {{"horizon jansen", "wijkteam", "naw", "PROVIDER_NOT_CONSENTED"},
                 {"kernteam", "horizon school", "naw", "RECIPIENT_NOT_CONSENTED"},
                 {"kernteam", "wijkteam", "bsn rapportage", "CATEGORY_NOT_CONSENTED"}};
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        f->statement_count = 0;
        struct statement *consented =
            fixture_consent (f, cases[i].providers, cases[i].recipients, cases[i].categories, "ondersteuning");
        const struct scope *scope = &consented->scope;
        assert_outcome (f, &one, cases[i].named);
        for (size_t last = 0; last < 2; last++) {
            struct withdrawal *part = fixture_withdraw (f, consented, f->now);
            if (scope->providers.count > 1)
                part->providers = fixture_set (f, scope->providers.item[last]);
            if (scope->recipients.count > 1)
                part->recipients = fixture_set (f, scope->recipients.item[last]);
            if (scope->categories.count > 1)
                part->categories = fixture_set (f, scope->categories.item[last]);
            assert_outcome (f, &one, last ? "NO_CONSENT" : cases[i].named);
        }
    }
    f->statement_count = 0;
    fixture_withdraw (f, fixture_consent (f, "kernteam", "wijkteam", "naw", "toekenning"), f->now);
    assert_outcome (f, &one, "NO_CONSENT");
}

static void test_a_near_miss_of_which_that_part_was_refused_is_not_named (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    one.case_ref = "zaak-1";
    struct statement *consented = fixture_consent (f, "kernteam", "horizon", "naw", "ondersteuning");
    struct statement *refusal = fixture_refusal (f, "kernteam", "horizon", "naw", "ondersteuning");
    assert_outcome (f, &one, "NO_CONSENT");
    /* One that does not reach the item leaves it. */
    refusal->scope.recipients = fixture_set (f, "school");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.recipients = fixture_set (f, "horizon");
    refusal->scope.providers = fixture_set (f, "jansen");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.providers = fixture_set (f, "kernteam");
    refusal->scope.categories = fixture_set (f, "bsn");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.categories = fixture_set (f, "naw");
    refusal->scope.purpose = "toekenning";
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.purpose = "ondersteuning";
    refusal->scope.case_ref = "zaak-2";
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.case_ref = "zaak-1";
    assert_outcome (f, &one, "NO_CONSENT");
    refusal->scope.origins = fixture_set (f, "jeugdwet");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.origins = fixture_set (f, "wmo");
    assert_outcome (f, &one, "NO_CONSENT");
    refusal->scope.origins = fixture_set (f, "jeugdwet");
    one.items[0].origin = CODE_NONE;
    assert_outcome (f, &one, "NO_CONSENT");
    /* The older one was lifted by the consent. */
    uint64_t order = refusal->order;
    struct statement older = *refusal;
    older.order = 1;
    f->statements[1] = *consented;
    f->statements[1].order = order;
    f->statements[0] = older;
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
}

static void test_a_near_miss_for_another_purpose_is_judged_for_that_purpose (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    fixture_consent (f, "kernteam", "wijkteam", "naw", "toekenning");
    assert_outcome (f, &one, "WRONG_PURPOSE");
    struct statement *refusal = fixture_refusal (f, "kernteam", "wijkteam", "naw", "toekenning");
    assert_outcome (f, &one, "NO_CONSENT");
    refusal->scope.purpose = "eigen-bijdrage";
    assert_outcome (f, &one, "WRONG_PURPOSE");
    /* One for a purpose that the pack does not know (any more) tells nothing. */
    f->statements[0].scope.purpose = "vroeger";
    assert_outcome (f, &one, "NO_CONSENT");
}

/* C9: that all is known of a reason is not that the caller has heard it. */
static void test_a_near_miss_that_is_heard_is_looked_for_behind_one_that_is_not (void **state)
{
    static const char *const providers[] = {"jansen", "horizon", "school", "horizon"};
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    f->listener = (struct listener){.party = "horizon"};
    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++) {
        fixture_consent (f, providers[i], "wijkteam", "naw", "ondersteuning");
        assert_outcome (f, &one, "PROVIDER_NOT_CONSENTED");
        assert_string_equal (fixture_heard (f, 0), i == 0 ? "NO_CONSENT" : "PROVIDER_NOT_CONSENTED");
    }
}

static void test_between_a_party_and_itself_there_is_no_near_miss (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    struct statement *consented = fixture_consent (f, "wijkteam", "wijkteam horizon", "naw", "ondersteuning");
    assert_outcome (f, &one, "NO_CONSENT");
    consented->scope.providers = fixture_set (f, "jansen wijkteam");
    assert_outcome (f, &one, "PROVIDER_NOT_CONSENTED");
    consented->scope.providers = fixture_set (f, "kernteam");
    consented->scope.recipients = fixture_set (f, "kernteam");
    assert_outcome (f, &one, "NO_CONSENT");
}

static void test_several_near_misses_are_all_named_in_the_rules_order (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    fixture_consent (f, "kernteam", "wijkteam", "naw", "toekenning");
    fixture_consent (f, "kernteam", "wijkteam", "rapportage", "ondersteuning");
    fixture_consent (f, "horizon", "wijkteam", "naw", "ondersteuning");
    fixture_consent (f, "kernteam", "school", "naw", "ondersteuning");
    assert_outcome (f, &one,
                    "PROVIDER_NOT_CONSENTED RECIPIENT_NOT_CONSENTED CATEGORY_NOT_CONSENTED WRONG_PURPOSE");
    /* They speak only where no statement covers the item. */
    fixture_usual_consent (f)->valid_until = f->now;
    assert_outcome (f, &one, "EXPIRED");
    f->statement_count--;
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_outcome (f, &one, "REFUSED");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_a_consent_names_provider_recipient_category_and_purpose),
        FIXTURE_TEST (test_a_consent_that_fails_in_one_thing_is_named_for_it),
        FIXTURE_TEST (test_a_consent_that_fails_in_two_things_is_not_named),
        FIXTURE_TEST (test_several_near_misses_are_all_named_in_the_rules_order),
        FIXTURE_TEST (test_a_near_miss_of_which_that_part_was_withdrawn_is_not_named),
        FIXTURE_TEST (test_a_near_miss_of_which_that_part_was_refused_is_not_named),
        FIXTURE_TEST (test_a_near_miss_for_another_purpose_is_judged_for_that_purpose),
        FIXTURE_TEST (test_a_near_miss_that_is_heard_is_looked_for_behind_one_that_is_not),
        FIXTURE_TEST (test_between_a_party_and_itself_there_is_no_near_miss),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
