/* Who asks about unusually many subjects (L6), with a clock of its own. */
#include <string.h>
#include "limits/askers.h"
#include "testing.h"

static const struct askers_limits limits = {{[ASKERS_SUBJECTS] = 100, [ASKERS_UNKNOWN] = 10}};

static int setup (void **state)
{
    struct askers *self = askers_new ();
    askers_set_time (self, 5 * (moment)ASKERS_HOUR);
    *state = self;
    return 0;
}

static int teardown (void **state)
{
    struct askers *self = *state;
    askers_destroy (&self);
    return 0;
}

static void ask (struct askers *self, const char *party, unsigned first, unsigned count, bool unknown)
{
    for (unsigned i = first; i < first + count; i++) {
        uint64_t mixed = (i + 1) * UINT64_C (0x9e3779b97f4a7c15);
        uint8_t subject[VAULT_ID_SIZE] = {0};
        memcpy (subject, &mixed, sizeof mixed);
        askers_note (self, party, &limits, subject, unknown);
    }
}

static bool alarmed (const struct askers *self, const char *party, enum askers_sort sort)
{
    struct askers_alarm alarm;
    return askers_next (self, &alarm) && strcmp (alarm.party, party) == 0 && alarm.sort == sort &&
           alarm.most == limits.most[sort];
}

static void test_more_subjects_than_the_limit_are_told_and_as_many_are_not (void **state)
{
    struct askers *self = *state;
    struct askers_alarm alarm;
    ask (self, "cak", 0, 100, false);
    assert_false (askers_next (self, &alarm));
    ask (self, "cak", 100, 1, false);
    assert_true (alarmed (self, "cak", ASKERS_SUBJECTS));
}

static void test_the_same_subject_counts_once_however_often_it_is_asked_about (void **state)
{
    struct askers *self = *state;
    struct askers_alarm alarm;
    for (unsigned i = 0; i < 50; i++)
        ask (self, "cak", 0, 100, false);
    assert_false (askers_next (self, &alarm));
}

static void test_those_whom_the_registry_does_not_know_have_a_limit_of_their_own (void **state)
{
    struct askers *self = *state;
    struct askers_alarm alarm;
    ask (self, "cak", 0, 50, false);
    ask (self, "cak", 1000, 10, true);
    assert_false (askers_next (self, &alarm));
    ask (self, "cak", 1010, 1, true);
    assert_true (alarmed (self, "cak", ASKERS_UNKNOWN));
}

static void test_an_alarm_waits_until_it_was_told_and_is_told_once_an_hour (void **state)
{
    struct askers *self = *state;
    struct askers_alarm alarm;
    ask (self, "cak", 0, 101, false);
    assert_true (askers_next (self, &alarm));
    assert_true (askers_next (self, &alarm));
    askers_told (self, &alarm);
    askers_told (self, &alarm);
    assert_false (askers_next (self, &alarm));
    ask (self, "cak", 0, 1000, false);
    assert_false (askers_next (self, &alarm));
    askers_set_time (self, 6 * (moment)ASKERS_HOUR - 1);
    ask (self, "cak", 1000, 1000, false);
    assert_false (askers_next (self, &alarm));
    askers_set_time (self, 6 * (moment)ASKERS_HOUR);
    ask (self, "cak", 0, 100, false);
    assert_false (askers_next (self, &alarm));
    ask (self, "cak", 100, 1, false);
    assert_true (alarmed (self, "cak", ASKERS_SUBJECTS));
}

static void test_parties_are_told_apart (void **state)
{
    struct askers *self = *state;
    struct askers_alarm alarm;
    ask (self, "cak", 0, 100, false);
    ask (self, "svb", 100, 100, false);
    assert_false (askers_next (self, &alarm));
    ask (self, "svb", 500, 1, false);
    assert_true (alarmed (self, "svb", ASKERS_SUBJECTS));
    askers_next (self, &alarm);
    askers_told (self, &alarm);
    assert_false (askers_next (self, &alarm));
    ask (self, "cak", 500, 1, true);
    assert_true (alarmed (self, "cak", ASKERS_SUBJECTS));
}

static void test_what_was_not_told_in_its_hour_is_forgotten_with_it (void **state)
{
    struct askers *self = *state;
    struct askers_alarm alarm;
    ask (self, "cak", 0, 101, true);
    askers_set_time (self, 7 * (moment)ASKERS_HOUR);
    ask (self, "cak", 0, 1, true);
    assert_false (askers_next (self, &alarm));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_more_subjects_than_the_limit_are_told_and_as_many_are_not, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_the_same_subject_counts_once_however_often_it_is_asked_about, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_those_whom_the_registry_does_not_know_have_a_limit_of_their_own,
                                         setup, teardown),
        cmocka_unit_test_setup_teardown (test_an_alarm_waits_until_it_was_told_and_is_told_once_an_hour, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_parties_are_told_apart, setup, teardown),
        cmocka_unit_test_setup_teardown (test_what_was_not_told_in_its_hour_is_forgotten_with_it, setup, teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
