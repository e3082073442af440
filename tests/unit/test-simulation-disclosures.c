/* What a disclosure leaves behind: who received what, and who is told of a use (C11, V4, V5). */
#include <string.h>
#include "registry/subject_file.h"
#include "simulation_verbs.h"

static const char adult[] = "999900006";

static const char *words_of (struct simulation *sim, const struct text_set *set)
{
    char **words = arena_array (sim->arena, set->count, sizeof *words);
    for (size_t i = 0; i < set->count; i++)
        words[i] = arena_strdup (sim->arena, set->item[i]);
    return simulation_words (sim, words, set->count);
}

/* What the registry notes that the party received of the subject; "" nothing. */
static const char *received_by (struct simulation *sim, const char *party)
{
    struct turn turn;
    struct subject_file file;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (subject_file_open (&turn, adult, &file), 0);
    const struct received *found = received_find (file.received, file.received_count, party);
    const char *words = found != NULL ? words_of (sim, &found->categories) : "";
    subject_file_close (&file);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return words;
}

static void an_adult_consents (struct simulation *sim)
{
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    GRANTED (sim, .categories = "naw bsn telefoon");
}

static void test_V4_what_was_disclosed_is_noted_by_recipient (void **state)
{
    struct simulation *sim = *state;
    an_adult_consents (sim);
    assert_string_equal (received_by (sim, horizon), "");
    assert_string_equal (CHECK (sim, .items = "naw email"), "consent, CATEGORY_NOT_CONSENTED");
    assert_string_equal (received_by (sim, horizon), "naw");
    assert_string_equal (CHECK (sim, .items = "bsn naw"), "consent, consent");
    assert_string_equal (received_by (sim, horizon), "bsn naw");
    assert_string_equal (received_by (sim, "kernteam"), "");
    simulation_restart (sim);
    assert_string_equal (received_by (sim, horizon), "bsn naw");
}

static void test_V4_what_was_only_asked_or_denied_is_not_noted (void **state)
{
    struct simulation *sim = *state;
    an_adult_consents (sim);
    assert_string_equal (CHECK (sim, .items = "naw", .advise = true), "consent");
    assert_string_equal (CHECK (sim, .items = "email"), "CATEGORY_NOT_CONSENTED");
    assert_string_equal (CHECK (sim, .items = "naw email", .all_or_nothing = true),
                         "ALL_OR_NOTHING, CATEGORY_NOT_CONSENTED");
    assert_string_equal (received_by (sim, horizon), "");
}

static void test_V4_a_disclosure_that_failed_left_nothing (void **state)
{
    struct simulation *sim = *state;
    an_adult_consents (sim);
    sim->fail_commit = true;
    struct simulated_check asked = {.items = "naw"};
    assert_true (simulation_ask_in_vain (sim, "kernteam", simulation_check (sim, &asked)) < 0);
    assert_string_equal (received_by (sim, horizon), "");
}

/* Most disclosures repeat what went before: they need not cost a record each. */
static void test_V4_what_was_received_before_is_not_written_again (void **state)
{
    struct simulation *sim = *state;
    an_adult_consents (sim);
    CHECK (sim, .items = "naw");
    struct turn turn;
    struct subject_file file;
    struct received again = {.party = horizon, .categories = {(const char *[]){"naw"}, 1}};
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (subject_file_open (&turn, adult, &file), 0);
    subject_file_note_received (&turn, &file, &again);
    assert_int_equal (subject_file_settle (&turn, &file), 0);
    assert_int_equal (store_writes (turn.txn), 0);
    again.categories.item[0] = "bsn";
    subject_file_note_received (&turn, &file, &again);
    assert_int_equal (subject_file_settle (&turn, &file), 0);
    assert_int_equal (store_writes (turn.txn), 2); /* the record, and its generation */
    subject_file_close (&file);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
}

static void test_V5_the_use_of_a_one_time_consent_is_told_to_provider_and_recipient (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    const uint8_t *consent = GRANTED (sim, .categories = "naw bsn", .one_time = true);
    assert_string_equal (CHECK (sim, .items = "naw", .advise = true), "consent");
    assert_int_equal (simulation_newest (sim, "kernteam"), 0);
    Consentd__Reply *reply = CHECK_REPLY (sim, .items = "naw");
    assert_string_equal (simulation_said (sim, reply), "consent");
    static const char *const told[] = {"kernteam", "zorgaanbieder-horizon"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal (simulation_newest (sim, told[i]), 1);
        const Consentd__EventPush *event = simulation_event (sim, told[i], 1);
        assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_USED);
        assert_memory_equal (event->consent_id.data, consent, 16);
        assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "bsn naw");
        assert_string_equal (event->purpose, "toekenning");
        assert_true (event->whole);
        assert_int_equal (event->revision, reply->revision);
    }
    /* V6: nobody else hears of it; and once. */
    assert_int_equal (simulation_newest (sim, "wmo-team"), 0);
    assert_string_equal (CHECK (sim, .items = "naw"), "USED_UP");
    assert_int_equal (simulation_newest (sim, "kernteam"), 1);
}

static void test_V5_what_was_withdrawn_before_is_not_told_as_used (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    const uint8_t *consent = GRANTED (sim, .categories = "naw bsn", .one_time = true);
    assert_string_equal (REVOKE (sim, .consent = consent, .categories = "bsn"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    const Consentd__EventPush *event = simulation_event (sim, horizon, 2);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_USED);
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "naw");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_V4_what_was_disclosed_is_noted_by_recipient),
        SIMULATION_TEST (test_V4_what_was_only_asked_or_denied_is_not_noted),
        SIMULATION_TEST (test_V4_a_disclosure_that_failed_left_nothing),
        SIMULATION_TEST (test_V4_what_was_received_before_is_not_written_again),
        SIMULATION_TEST (test_V5_the_use_of_a_one_time_consent_is_told_to_provider_and_recipient),
        SIMULATION_TEST (test_V5_what_was_withdrawn_before_is_not_told_as_used),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
