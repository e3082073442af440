/* libconsent's key file: what is not one, or is open to others, is refused. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>
#include "key_file.h"
#include "scripted_registry.h"
#include "problem.h"
#include "signed_log.h"
#include "testing.h"
#include "witness_key.h"

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

/* --- Keys of the log ---------------------------------------------------------------------------------- */

/* A key file with this for its log-key. */
static void write_log_keys (const char *value)
{
    char public_key[41], secret_key[41], text[8192];
    zmq_curve_keypair (public_key, secret_key);
    scripted_write_key_file (public_key, secret_key, 0600);
    FILE *file = fopen (scripted_key_file, "r");
    text[fread (text, 1, sizeof text - 1, file)] = 0;
    fclose (file);
    file = fopen (scripted_key_file, "w");
    char *curve = strstr (text, "curve\n");
    fprintf (file, "%.*s    log-key = \"%s\"\n%s", (int)(curve - text), text, value, curve);
    fclose (file);
}

static void write_key (enum note_algorithm algorithm, unsigned number, char text[NOTE_KEY_TEXT_SIZE])
{
    struct note_signer signer = signed_log_signer (signed_log_origin, algorithm, number);
    note_key_write (&signer.key, text);
}

static void test_a_key_file_says_by_which_keys_the_log_is_believed (void **state)
{
    (void)state;
    char text[LOG_KEYS_KNOWN + 1][NOTE_KEY_TEXT_SIZE], all[(LOG_KEYS_KNOWN + 1) * NOTE_KEY_TEXT_SIZE] = "",
                                                                                  error[512];
    struct key_file found;
    for (unsigned i = 0; i <= LOG_KEYS_KNOWN; i++)
        write_key (NOTE_ED25519, i + 1, text[i]);
    for (size_t i = 0; i < LOG_KEYS_KNOWN; i++) {
        strcat (strcat (all, i ? " " : ""), text[i]);
        write_log_keys (all);
        assert_int_equal (key_file_read (&found, scripted_key_file, error, sizeof error), 0);
        assert_int_equal (found.log_keys.count, i + 1);
        assert_string_equal (found.log_keys.key[i].name, signed_log_origin);
    }
    strcat (strcat (all, " "), text[LOG_KEYS_KNOWN]);
    write_log_keys (all);
    assert_refused ("log-key");
}

static void test_a_log_key_that_is_none_is_refused (void **state)
{
    (void)state;
    char text[NOTE_KEY_TEXT_SIZE];
    write_log_keys ("gemeente-voorbeeld.nl");
    assert_refused ("log-key");
    write_key (NOTE_COSIGNATURE, 1, text);
    write_log_keys (text); /* that of a witness signs no log */
    assert_refused ("log-key");
    write_key (NOTE_ED25519, 1, text);
    text[strlen (text) - 3] ^= 1;
    write_log_keys (text);
    assert_refused ("log-key");
}

/* --- The key of a witness ----------------------------------------------------------------------------- */

static void test_a_key_of_a_witness_is_made_and_read (void **state)
{
    (void)state;
    struct note_key made;
    struct note_signer found;
    struct stat about;
    char error[512];
    assert_int_equal (witness_key_create (scripted_key_file, "svb.voorbeeld.nl", &made), -EEXIST);
    unlink (scripted_key_file);
    assert_int_equal (witness_key_create (scripted_key_file, "with a blank", &made), WITNESS_KEY_INVALID);
    assert_int_equal (witness_key_create (scripted_key_file, "svb.voorbeeld.nl", &made), 0);
    assert_int_equal (made.algorithm, NOTE_COSIGNATURE);
    assert_int_equal (stat (scripted_key_file, &about), 0);
    assert_int_equal (about.st_mode & 0777, 0600);
    assert_int_equal (witness_key_read (&found, scripted_key_file, error, sizeof error), 0);
    assert_memory_equal (&found.key, &made, sizeof made);
    assert_int_equal (chmod (scripted_key_file, 0640), 0);
    assert_int_equal (witness_key_read (&found, scripted_key_file, error, sizeof error), WITNESS_KEY_INVALID);
    assert_non_null (strstr (error, "chmod 600"));
}

static void test_a_file_that_is_no_key_of_a_witness_is_refused_and_not_quoted (void **state)
{
    (void)state;
    struct note_signer found, log = signed_log_signer (signed_log_origin, NOTE_ED25519, 1);
    char secret[NOTE_KEY_TEXT_SIZE], error[512];
    note_signer_write (&log, secret);
    const char *const texts[] = {secret, "", "PRIVATE+KEY+", "svb.voorbeeld.nl"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        FILE *file = fopen (scripted_key_file, "w");
        fputs (texts[i], file);
        fclose (file);
        assert_int_equal (witness_key_read (&found, scripted_key_file, error, sizeof error), WITNESS_KEY_INVALID);
        assert_non_null (strstr (error, "not the secret key of a witness"));
        assert_null (strstr (error, "PRIVATE"));
    }
}

#define KEY_TEST(name) cmocka_unit_test_setup_teardown (name, scripted_make_key_file, scripted_remove_key_file)

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_fails_is_told_in_words),
        KEY_TEST (test_a_key_file_that_others_can_read_is_refused),
        KEY_TEST (test_a_key_file_whose_keys_do_not_belong_together_is_refused),
        KEY_TEST (test_a_key_file_that_is_none_is_refused),
        KEY_TEST (test_a_key_file_says_by_which_keys_the_log_is_believed),
        KEY_TEST (test_a_log_key_that_is_none_is_refused),
        KEY_TEST (test_a_key_of_a_witness_is_made_and_read),
        KEY_TEST (test_a_file_that_is_no_key_of_a_witness_is_refused_and_not_quoted),
    };
    return cmocka_run_group_tests (tests, scripted_start, scripted_stop);
}
