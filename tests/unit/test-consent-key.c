/* libconsent's key file: what is not one, or is open to others, is refused. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>
#include "scripted_registry.h"
#include "problem.h"
#include "testing.h"

static void assert_refused (const char *why)
{
    char error[512] = "";
    assert_null (consent_open (scripted_key_file, error, sizeof error));
    assert_non_null (strstr (error, scripted_key_file));
    assert_non_null (strstr (error, why));
}

static void test_what_fails_is_told_in_words (void **state)
{
    (void)state;
    assert_string_equal (problem_words (-ENOSPC), "No space left on device");
    assert_string_equal (problem_words (-ETERM), "Context was terminated");
    for (int number = 1; number < 200000; number += number < 300 ? 1 : 997)
        assert_null (strstr (problem_words (-number), "Unknown error"));
}

static void test_a_key_file_that_others_can_read_is_refused (void **state)
{
    (void)state;
    char public_key[41], secret_key[41], error[512];
    zmq_curve_keypair (public_key, secret_key);
    scripted_write_key_file (public_key, secret_key, 0640);
    assert_refused ("chmod 600");
    scripted_write_key_file (public_key, secret_key, 0604);
    assert_refused ("chmod 600");
    scripted_write_key_file (public_key, secret_key, 0600);
    consent_t *self = consent_open (scripted_key_file, error, sizeof error);
    assert_non_null (self);
    assert_string_equal (consent_party (self), "kernteam");
    consent_close (&self);
    assert_null (self);
}

static void test_a_key_file_whose_keys_do_not_belong_together_is_refused (void **state)
{
    (void)state;
    char public_key[41], secret_key[41], other_key[41];
    zmq_curve_keypair (public_key, secret_key);
    zmq_curve_keypair (public_key, other_key);
    scripted_write_key_file (public_key, secret_key, 0600);
    assert_refused ("public-key");
    scripted_write_key_file (public_key, NULL, 0600);
    assert_refused ("secret-key");
}

static void test_a_key_file_that_is_none_is_refused (void **state)
{
    (void)state;
    assert_refused ("party");
    unlink (scripted_key_file);
    assert_refused ("No such file");
    assert_int_equal (mkdir (scripted_key_file, 0700), 0);
    assert_refused ("not a regular file");
    assert_int_equal (rmdir (scripted_key_file), 0);
    assert_int_equal (scripted_make_key_file (NULL), 0);
}

#define KEY_TEST(name) cmocka_unit_test_setup_teardown (name, scripted_make_key_file, scripted_remove_key_file)

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_fails_is_told_in_words),
        KEY_TEST (test_a_key_file_that_others_can_read_is_refused),
        KEY_TEST (test_a_key_file_whose_keys_do_not_belong_together_is_refused),
        KEY_TEST (test_a_key_file_that_is_none_is_refused),
    };
    return cmocka_run_group_tests (tests, scripted_start, scripted_stop);
}
