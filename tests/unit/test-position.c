/* The position file of a subscriber: whole or not at all, and never taken for what it is not. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "position.h"
#include "signed_log.h"
#include "testing.h"

static char directory[PATH_MAX];
static char path[PATH_MAX + 16];

static const struct position POSITION = {
    .epoch = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff},
    .number = 1042,
};

/* The same with what was seen of a log, by so many keys. */
static struct position *with_log (unsigned keys)
{
    struct position *self = malloc (sizeof *self);
    struct note_signer signers[LOG_KEYS_KNOWN];
    char note[SIGNED_LOG_NOTE], text[LOG_KEYS_KNOWN][NOTE_KEY_TEXT_SIZE], *texts[LOG_KEYS_KNOWN];
    struct log_finding found;
    *self = POSITION;
    for (unsigned i = 0; i < keys; i++) {
        signers[i] = signed_log_signer (signed_log_origin, NOTE_ED25519, i + 1);
        note_key_write (&signers[i].key, texts[i] = text[i]);
    }
    size_t size = signed_log_note (&(struct signed_log){signed_log_origin, 100, 0}, signers, keys, note);
    const struct log_told told = {.note = {note, size}, .keys = texts, .key_count = keys, .at = 1764000000123};
    log_seen_judge (&self->log, &(struct log_keys){.count = 0}, &told, &found);
    assert_int_equal (found.verdict, LOG_CONTINUED);
    self->log = found.next;
    return self;
}

static int make_directory (void **state)
{
    (void)state;
    snprintf (directory, sizeof directory, "%s/test-position.XXXXXX",
              getenv ("TMPDIR") ? getenv ("TMPDIR") : "/tmp");
    if (!mkdtemp (directory))
        return -1;
    snprintf (path, sizeof path, "%s/position", directory);
    return 0;
}

static int remove_directory (void **state)
{
    (void)state;
    unlink (path);
    return rmdir (directory);
}

static void write_text (const char *text, size_t size)
{
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    assert_int_equal (fwrite (text, 1, size, file), size);
    assert_int_equal (fclose (file), 0);
}

static size_t read_text (char *text, size_t size)
{
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    size_t length = fread (text, 1, size - 1, file);
    fclose (file);
    text[length] = 0;
    return length;
}

static void test_no_file_is_a_new_start (void **state)
{
    (void)state;
    struct position found = POSITION;
    assert_int_equal (position_read (&found, path), POSITION_NONE);
    assert_int_equal (found.number, 0);
}

static void test_a_position_is_read_back_as_it_was_written (void **state)
{
    (void)state;
    const uint64_t numbers[] = {0, 1, 1042, UINT64_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct position written = POSITION, found;
        written.number = numbers[i];
        assert_int_equal (position_write (&written, path), 0);
        assert_int_equal (position_read (&found, path), 0);
        assert_memory_equal (&found, &written, sizeof found);
    }
}

static void test_what_was_seen_of_the_log_is_read_back_as_it_was_written (void **state)
{
    (void)state;
    const unsigned counts[] = {1, 2, LOG_KEYS_KNOWN};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct position *written = with_log (counts[i]), found;
        assert_int_equal (position_write (written, path), 0);
        assert_int_equal (position_read (&found, path), 0);
        assert_memory_equal (&found, written, sizeof found);
        free (written);
    }
}

/* Whatever the longest is that can be kept, there is room for it. */
static void test_the_longest_names_and_the_longest_note_are_kept (void **state)
{
    (void)state;
    struct position *written = with_log (LOG_KEYS_KNOWN), found;
    char name[NOTE_NAME_SIZE + 1];
    memset (name, 'n', NOTE_NAME_SIZE);
    name[NOTE_NAME_SIZE] = 0;
    for (unsigned i = 0; i < LOG_KEYS_KNOWN; i++)
        written->log.keys.key[i] = signed_log_signer (name, NOTE_ED25519, i + 1).key;
    while (written->log.note_size + 14 < LOG_NOTE_SIZE) { /* signatures of keys that nobody knows */
        memcpy (written->log.note + written->log.note_size, "\xe2\x80\x94 n ", 6);
        size_t left = LOG_NOTE_SIZE - written->log.note_size - 7, size = left < 4096 ? left / 4 * 4 : 4096;
        memset (written->log.note + written->log.note_size + 6, 'A', size);
        written->log.note[written->log.note_size + 6 + size] = '\n';
        written->log.note_size += 7 + size;
    }
    assert_true (written->log.note_size > LOG_NOTE_SIZE - 32);
    written->number = UINT64_MAX;
    written->log.at = INT64_MIN;
    assert_int_equal (position_write (written, path), 0);
    assert_int_equal (position_read (&found, path), 0);
    assert_memory_equal (&found, written, sizeof found);
    free (written);
}

/* Every byte, of a position without a log and of one with it. */
static void test_a_file_of_which_one_byte_is_another_is_no_position (void **state)
{
    (void)state;
    struct position *full = with_log (2), *plain = malloc (sizeof *plain), found;
    *plain = POSITION;
    const struct position *both[] = {plain, full};
    for (size_t i = 0; i < 2; i++) {
        char *text = malloc (POSITION_SIZE);
        size_t size = position_print (both[i], text);
        for (size_t at = 0; at < size; at++)
            for (int bit = 0; bit < 8; bit++) {
                text[at] ^= (char)(1 << bit);
                assert_int_equal (position_parse (&found, (struct bytes){text, size}), POSITION_INVALID);
                assert_int_equal (found.number, 0);
                text[at] ^= (char)(1 << bit);
            }
        assert_int_equal (position_parse (&found, (struct bytes){text, size}), 0);
        free (text);
    }
    free (full);
    free (plain);
}

/* Somebody who can make the sum good again: still only what the writer prints is read. */
static void test_a_log_that_is_not_whole_is_no_position (void **state)
{
    (void)state;
    struct position *changed = with_log (1), found;
    char *text = malloc (POSITION_SIZE);
    size_t keys = changed->log.keys.count, note = changed->log.note_size;
    changed->log.keys.count = 0; /* a note that nobody signed */
    size_t size = position_print (changed, text);
    assert_int_equal (position_parse (&found, (struct bytes){text, size}), POSITION_INVALID);
    changed->log.keys.count = keys;
    changed->log.note_size = 0; /* keys of nothing */
    size = position_print (changed, text);
    assert_int_equal (position_parse (&found, (struct bytes){text, size}), POSITION_INVALID);
    changed->log.note_size = note / 2; /* half a note */
    size = position_print (changed, text);
    assert_int_equal (position_parse (&found, (struct bytes){text, size}), POSITION_INVALID);
    changed->log.note_size = note;
    size = position_print (changed, text);
    assert_int_equal (position_parse (&found, (struct bytes){text, size}), 0);
    free (changed);
    free (text);
}

static void test_a_file_of_the_first_version_is_read_and_written_as_of_the_second (void **state)
{
    (void)state;
    static const char first[] = "consent-position 1\nepoch 00112233445566778899aabbccddeeff\nnumber 1042\n";
    char text[256];
    struct position found;
    write_text (first, sizeof first - 1);
    assert_int_equal (position_read (&found, path), 0);
    assert_memory_equal (&found, &POSITION, sizeof found);
    assert_int_equal (position_write (&found, path), 0);
    assert_true (read_text (text, sizeof text) > 0);
    assert_memory_equal (text, "consent-position 2\nsum ", 23);
    assert_int_equal (position_read (&found, path), 0);
    assert_memory_equal (&found, &POSITION, sizeof found);
}

static void test_it_says_whose_it_is (void **state)
{
    (void)state;
    struct position written = POSITION, found;
    assert_true (position_is_of (&written, "horizon", "")); /* of an earlier version */
    assert_false (position_is_of (&written, "horizon", "portaal"));
    position_name (&written, "horizon", "portaal");
    assert_int_equal (position_write (&written, path), 0);
    assert_int_equal (position_read (&found, path), 0);
    assert_memory_equal (&found, &written, sizeof found);
    assert_true (position_is_of (&found, "horizon", "portaal"));
    assert_false (position_is_of (&found, "horizon", "backoffice"));
    assert_false (position_is_of (&found, "horizon", ""));
    assert_false (position_is_of (&found, "delta", "portaal"));
    position_name (&written, "horizon", "");
    assert_true (position_is_of (&written, "horizon", "default"));
    position_name (&written, "GGD.Hart_2:b-c", "portaal"); /* all that the name of a party may have */
    assert_int_equal (position_write (&written, path), 0);
    assert_int_equal (position_read (&found, path), 0);
    assert_true (position_is_of (&found, "GGD.Hart_2:b-c", "portaal"));
    assert_false (position_is_of (&found, "GGD.Hart_2:b-c", ""));
    assert_false (position_is_of (&found, "ggd.hart_2:b-c", "portaal"));
    struct position nameless = POSITION;
    position_name (&nameless, "no name", "portaal");
    assert_memory_equal (&nameless, &POSITION, sizeof nameless);
}

static void test_only_its_owner_can_read_it (void **state)
{
    (void)state;
    assert_int_equal (position_write (&POSITION, path), 0);
    struct stat about;
    assert_int_equal (stat (path, &about), 0);
    assert_int_equal (about.st_mode & 0777, 0600);
}

static void test_a_file_cut_short_is_no_position (void **state)
{
    (void)state;
    struct position *written = with_log (2);
    assert_int_equal (position_write (written, path), 0);
    free (written);
    char text[4096];
    size_t length = read_text (text, sizeof text);
    assert_true (length < sizeof text - 1);
    for (size_t size = 0; size < length; size++) {
        write_text (text, size);
        struct position found;
        assert_int_equal (position_read (&found, path), POSITION_INVALID);
        assert_int_equal (found.number, 0);
    }
    write_text (text, length);
    struct position found;
    assert_int_equal (position_read (&found, path), 0);
}

static void test_what_is_almost_a_position_is_none (void **state)
{
    (void)state;
#define HEAD "consent-position 1\nepoch 00112233445566778899aabbccddeeff\n"
    const char *const texts[] = {
        "consent-position 2\nepoch 00112233445566778899aabbccddeeff\nnumber 7\n",
        "consent-position 1\nepoch 00112233445566778899AABBCCDDEEFF\nnumber 7\n",
        "consent-position 1\nepoch 00112233445566778899aabbccddeef\nnumber 7\n",
        HEAD "number 07\n",
        HEAD "number -7\n",
        HEAD "number  7\n",
        HEAD "number 7\nnumber 8\n",
        HEAD "number 18446744073709551616\n",
        HEAD "number 99999999999999999999\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        write_text (texts[i], strlen (texts[i]));
        struct position found;
        assert_int_equal (position_read (&found, path), POSITION_INVALID);
    }
    write_text (HEAD "number 7\n", strlen (HEAD "number 7\n"));
    struct position found;
    assert_int_equal (position_read (&found, path), 0);
    assert_int_equal (found.number, 7);
#undef HEAD
}

static void test_a_write_that_fails_leaves_the_old_position (void **state)
{
    (void)state;
    assert_int_equal (position_write (&POSITION, path), 0);
    struct position next = POSITION, found;
    next.number++;
    struct rlimit before, none = {0};
    signal (SIGXFSZ, SIG_IGN);
    assert_int_equal (getrlimit (RLIMIT_FSIZE, &before), 0);
    none.rlim_max = before.rlim_max;
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &none), 0); /* as a full disk */
    assert_int_equal (position_write (&next, path), -EFBIG);
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &before), 0);
    assert_int_equal (position_read (&found, path), 0);
    assert_int_equal (found.number, POSITION.number);
}

static void test_a_fifo_in_its_place_is_not_waited_for (void **state)
{
    (void)state;
    struct position found;
    assert_int_equal (mkfifo (path, 0600), 0);
    assert_int_equal (position_read (&found, path), POSITION_INVALID);
    assert_int_equal (position_write (&POSITION, path), 0);
    assert_int_equal (position_read (&found, path), 0);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, make_directory, remove_directory)
    const struct CMUnitTest tests[] = {
        TEST (test_no_file_is_a_new_start),
        TEST (test_a_position_is_read_back_as_it_was_written),
        TEST (test_what_was_seen_of_the_log_is_read_back_as_it_was_written),
        TEST (test_the_longest_names_and_the_longest_note_are_kept),
        TEST (test_a_file_of_which_one_byte_is_another_is_no_position),
        TEST (test_a_log_that_is_not_whole_is_no_position),
        TEST (test_a_file_of_the_first_version_is_read_and_written_as_of_the_second),
        TEST (test_it_says_whose_it_is),
        TEST (test_only_its_owner_can_read_it),
        TEST (test_a_file_cut_short_is_no_position),
        TEST (test_what_is_almost_a_position_is_none),
        TEST (test_a_write_that_fails_leaves_the_old_position),
        TEST (test_a_fifo_in_its_place_is_not_waited_for),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
