/* What consent-watch says on standard error of the registry's log: each thing once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "connection.h"
#include "testing.h"
#include "witness.h"

static consent_t *registry;
static struct witness_told told;

static int set_up (void **state)
{
    (void)state;
    registry = calloc (1, sizeof *registry);
    told = (struct witness_told){.former = false};
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    free (registry);
    return 0;
}

/* What is said now has this in it; "": nothing is said. */
static void assert_says (const char *what)
{
    char *text = NULL;
    size_t size;
    FILE *before = stderr, *taken = open_memstream (&text, &size);
    stderr = taken;
    witness_tell (registry, &told);
    stderr = before;
    fclose (taken);
    if (*what)
        assert_non_null (strstr (text, what));
    else
        assert_string_equal (text, "");
    free (text);
}

static void test_nothing_is_said_of_a_log_that_is_as_it_should_be (void **state)
{
    (void)state;
    assert_says ("");
    registry->unanswered_since = (int64_t)time (NULL) * 1000 - WITNESS_PATIENCE / 2; /* it may have much to do */
    assert_says ("");
}

static void test_a_registry_that_does_not_answer_about_its_log_is_named_once_each_time (void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        registry->unanswered_since = 1764000000000;
        assert_says ("asked on 2025-11-24T16:00:00.000Z for its log, and has not shown it since");
        assert_says ("");
        registry->unanswered_since = 0;
        assert_says ("");
    }
}

static void test_each_reason_for_which_no_cosignature_is_taken_is_said_once (void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        strcpy (registry->cosign_refused, "INVALID at log_cosign.key: another party's");
        assert_says ("did not take the cosignature: INVALID at log_cosign.key: another party's");
        assert_says ("");
        strcpy (registry->cosign_refused, "INVALID at log_cosign.size: none");
        assert_says ("log_cosign.size");
        registry->cosign_refused[0] = 0;
        assert_says ("");
    }
}

static void test_where_a_former_position_is_kept_is_said_once (void **state)
{
    (void)state;
    registry->former_file = (char[]){"position.before-00"};
    assert_says ("is kept in position.before-00");
    assert_says ("");
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (test_nothing_is_said_of_a_log_that_is_as_it_should_be),
        TEST (test_a_registry_that_does_not_answer_about_its_log_is_named_once_each_time),
        TEST (test_each_reason_for_which_no_cosignature_is_taken_is_said_once),
        TEST (test_where_a_former_position_is_kept_is_said_once),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
