#include "outcome.h"
#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>
#include "record/record.h"
#include "registry/state.h"
#include "store/store.h"
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

static void test_what_is_told_apart_by_callers_is_told_apart_for_people (void **state)
{
    (void)state;
    const int outcomes[] = {0,    STORE_NOT_FOUND, STORE_FULL,     STORE_DEAD,        STORE_DAMAGED,
                            -EIO, STORE_MISUSED,   RECORD_DAMAGED, STATE_OTHER_VAULT, 99};
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal (outcome_sentence (outcomes[i]), outcome_sentence (outcomes[j]));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_every_outcome_has_a_sentence_without_a_number_or_a_name_of_the_program),
        cmocka_unit_test (test_what_is_told_apart_by_callers_is_told_apart_for_people),
    };
    return cmocka_run_group_tests_name ("outcome", tests, NULL, NULL);
}
