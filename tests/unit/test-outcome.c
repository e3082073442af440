#include "outcome.h"
#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>
#include "testing.h"

static void assert_for_people (int outcome)
{
    const char *sentence = outcome_sentence (outcome);
    assert_non_null (sentence);
    assert_true (strlen (sentence) > 3);
    if (strstr (sentence, "nknown") != NULL || strstr (sentence, "MDB_") != NULL)
        fail_msg ("%d is told as '%s'", outcome, sentence);
    char number[16];
    snprintf (number, sizeof number, "%d", outcome < 0 ? -outcome : outcome);
    if (strstr (sentence, number) != NULL)
        fail_msg ("%d is told as '%s'", outcome, sentence);
}

static void test_every_outcome_has_a_sentence_without_a_number_or_a_name_of_the_program (void **state)
{
    (void)state;
    for (int number = 0; number < 200; number++) {
        assert_for_people (-number);
        assert_for_people (number);
    }
    for (int of_lmdb = MDB_LAST_ERRCODE - 20; of_lmdb <= MDB_KEYEXIST + 20; of_lmdb++)
        assert_for_people (of_lmdb);
    const int of_zmq[] = {EFSM, ENOCOMPATPROTO, ETERM, EMTHREAD, ZMQ_HAUSNUMERO + 999};
    for (size_t i = 0; i < sizeof of_zmq / sizeof *of_zmq; i++)
        assert_for_people (-of_zmq[i]);
}

#define OUTCOME_OF(name, sentence) name,

static const int fatal[] = {OUTCOMES_FATAL (OUTCOME_OF)}, handled[] = {OUTCOMES_HANDLED (OUTCOME_OF)};
enum { FATAL = sizeof fatal / sizeof *fatal, HANDLED = sizeof handled / sizeof *handled };

static void test_what_is_fatal_is_negative_and_what_a_caller_handles_positive (void **state)
{
    (void)state;
    for (size_t i = 0; i < FATAL; i++) {
        assert_for_people (fatal[i]);
        assert_true (fatal[i] < -4095); /* no -errno */
        assert_true (fatal[i] > MDB_LAST_ERRCODE || fatal[i] < MDB_KEYEXIST);
        assert_true (-fatal[i] < ZMQ_HAUSNUMERO);
    }
    for (size_t i = 0; i < HANDLED; i++) {
        assert_for_people (handled[i]);
        assert_true (handled[i] > 0);
    }
}

static void test_no_two_outcomes_have_the_same_number_or_the_same_sentence (void **state)
{
    (void)state;
    int all[FATAL + HANDLED + 3] = {0, -EIO, HANDLED + 1};
    memcpy (all + 3, fatal, sizeof fatal);
    memcpy (all + 3 + FATAL, handled, sizeof handled);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal (all[i], all[j]);
            assert_string_not_equal (outcome_sentence (all[i]), outcome_sentence (all[j]));
        }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_every_outcome_has_a_sentence_without_a_number_or_a_name_of_the_program),
        cmocka_unit_test (test_what_is_fatal_is_negative_and_what_a_caller_handles_positive),
        cmocka_unit_test (test_no_two_outcomes_have_the_same_number_or_the_same_sentence),
    };
    return cmocka_run_group_tests_name ("outcome", tests, NULL, NULL);
}
