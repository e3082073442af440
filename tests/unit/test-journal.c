/* The journal: what comes back after a start, what is cut off, and what is refused. */
#include "journal/journal.h"
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "testing.h"

enum { SIZE = 256 * 1024, FIRST = JOURNAL_PAGE, HEAD = 72, MOST = 64 };

static const struct vault_key key = {"of this store"}, other_key = {"of somebody else"};

struct bench {
    char directory[64], path[96], error[256];
    struct journal_options options;
    struct journal *journal;
    struct journal_point from; /* where the next replay begins */
    char taken[MOST][32];      /* what it gave */
    size_t count;
};

static int take (void *context, struct bytes content)
{
    struct bench *self = context;
    assert_true (self->count < MOST);
    snprintf (self->taken[self->count++], sizeof self->taken[0], "%.*s", (int)content.size,
              (const char *)content.data);
    return 0;
}

static int open_again (struct bench *self)
{
    journal_close (&self->journal);
    self->error[0] = 0;
    self->count = 0;
    return journal_open (&self->journal, &self->options);
}

static int replay (struct bench *self)
{
    assert_int_equal (open_again (self), 0);
    int rc = journal_replay (self->journal, &self->from, take, self);
    if (rc == 0)
        assert_int_equal (journal_sync (self->journal), 0);
    return rc;
}

static void append (struct bench *self, const char *text)
{
    assert_int_equal (journal_append (self->journal, (struct bytes){text, strlen (text)}), 0);
}

static void append_durably (struct bench *self, const char *text)
{
    append (self, text);
    assert_int_equal (journal_sync (self->journal), 0);
}

static int set_up (void **state)
{
    struct bench *self = calloc (1, sizeof *self);
    if (self == NULL)
        return -1;
    strcpy (self->directory, "/tmp/test-journal-XXXXXX");
    assert_non_null (mkdtemp (self->directory));
    snprintf (self->path, sizeof self->path, "%s/" JOURNAL_FILE_NAME, self->directory);
    self->options = (struct journal_options){.directory = self->directory,
                                             .directory_fd = open (self->directory, O_RDONLY | O_DIRECTORY),
                                             .id = "this store",
                                             .size = SIZE,
                                             .key = &key,
                                             .error = self->error,
                                             .error_size = sizeof self->error};
    assert_int_equal (journal_create (&self->options), 0);
    assert_int_equal (replay (self), 0);
    *state = self;
    return 0;
}

static int tear_down (void **state)
{
    struct bench *self = *state;
    journal_close (&self->journal);
    unlink (self->path);
    assert_int_equal (rmdir (self->directory), 0); /* so nothing else is left */
    close (self->options.directory_fd);
    free (self);
    return 0;
}

static void flip (const struct bench *self, off_t at)
{
    int fd = open (self->path, O_RDWR);
    uint8_t byte;
    assert_int_equal (pread (fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal (pwrite (fd, &byte, 1, at), 1);
    close (fd);
}

static void assert_taken (const struct bench *self, size_t count, ...)
{
    va_list texts;
    va_start (texts, count);
    assert_int_equal (self->count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal (self->taken[i], va_arg (texts, const char *));
    va_end (texts);
}

/* --- */

static void test_what_was_appended_is_given_again_in_order (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    append (self, "two");
    append (self, "");
    assert_int_equal (replay (self), 0);
    assert_taken (self, 3, "one", "two", "");
    assert_int_equal (journal_last (self->journal)->number, 3);
    append_durably (self, "four");
    assert_int_equal (replay (self), 0);
    assert_taken (self, 4, "one", "two", "", "four");
}

static void test_a_replay_in_the_middle_gives_the_same (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    append (self, "two");
    assert_int_equal (journal_replay (self->journal, &self->from, take, self), 0);
    assert_taken (self, 2, "one", "two");
    append_durably (self, "three");
    assert_int_equal (replay (self), 0);
    assert_taken (self, 3, "one", "two", "three");
}

static void test_after_a_restart_only_what_is_new_is_given (void **state)
{
    struct bench *self = *state;
    append (self, "one");
    append (self, "two");
    append_durably (self, "three");
    self->from = *journal_last (self->journal);
    journal_restart (self->journal, journal_last (self->journal));
    assert_int_equal (journal_used (self->journal), 0);
    assert_int_equal (replay (self), 0);
    assert_taken (self, 0);
    append_durably (self, "four"); /* over the first; the second and the third are still there behind it */
    assert_int_equal (replay (self), 0);
    assert_taken (self, 1, "four");
    assert_int_equal (journal_last (self->journal)->number, 4);
}

static void test_a_frame_that_only_the_caller_has_counts (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    struct journal_point before = *journal_last (self->journal);
    self->from = journal_point_of (self->journal, (struct bytes){"two", 3});
    assert_int_equal (self->from.number, 2);
    journal_restart (self->journal, &self->from);
    append_durably (self, "three");
    append (self, "four");
    assert_int_equal (replay (self), 0);
    assert_taken (self, 2, "three", "four");
    self->from = before; /* what lacks it is older */
    assert_int_equal (replay (self), STORE_DAMAGED);
}

/* Whatever is wrong with the last frame, and wherever: nobody knows it as durable. */
static void test_a_last_frame_that_is_not_whole_is_cut_off (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    append (self, "two");
    for (off_t at = 0; at < HEAD + 3; at++) {
        off_t place = FIRST + JOURNAL_PAGE + at;
        flip (self, place);
        assert_int_equal (replay (self), 0);
        assert_taken (self, 1, "one");
        flip (self, place);
    }
    assert_int_equal (replay (self), 0);
    assert_taken (self, 2, "one", "two");
    flip (self, FIRST + JOURNAL_PAGE);
    assert_int_equal (replay (self), 0);
    append_durably (self, "instead");
    assert_int_equal (replay (self), 0);
    assert_taken (self, 2, "one", "instead");
}

/* It was acknowledged, because the frame behind it says so. */
static void test_damage_before_a_frame_that_knows_it_as_durable_is_refused (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    append_durably (self, "two");
    append (self, "three");
    for (off_t at = 0; at < HEAD + 3; at++)
        for (off_t frame = 0; frame < 2; frame++) {
            off_t place = FIRST + frame * JOURNAL_PAGE + at;
            flip (self, place);
            assert_int_equal (replay (self), STORE_DAMAGED);
            flip (self, place);
        }
    assert_int_equal (replay (self), 0);
    assert_taken (self, 3, "one", "two", "three");
}

/* A power cut may leave the later of two frames that were both on their way. Nobody was told of either. */
static void test_a_whole_frame_behind_one_that_was_not_durable_is_cut_off_with_it (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    append (self, "two");
    append (self, "three");
    flip (self, FIRST + JOURNAL_PAGE + HEAD);
    assert_int_equal (replay (self), 0);
    assert_taken (self, 1, "one");
    append_durably (self, "instead"); /* and "three" is still behind it */
    assert_int_equal (replay (self), 0);
    assert_taken (self, 2, "one", "instead");
}

/* Even if what is written instead is what was there: the one behind it was never durable, and may not come back.
 */
static void test_what_was_cut_off_does_not_continue_the_same_written_anew (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    append (self, "two");
    append (self, "three");
    flip (self, FIRST + JOURNAL_PAGE + HEAD);
    assert_int_equal (replay (self), 0);
    append_durably (self, "two");
    assert_int_equal (replay (self), 0);
    assert_taken (self, 2, "one", "two");
}

static void test_the_journal_of_a_later_state_is_refused (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    struct journal_point early = *journal_last (self->journal);
    journal_restart (self->journal, journal_last (self->journal));
    append_durably (self, "two");
    append_durably (self, "three");
    self->from = (struct journal_point){.number = 0}; /* a copy of before "one" was put back */
    assert_int_equal (replay (self), STORE_DAMAGED);
    self->from = early;
    assert_int_equal (replay (self), 0);
    assert_taken (self, 2, "two", "three");
}

static void test_a_history_of_the_same_number_and_another_mac_is_refused (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    append_durably (self, "two");
    self->from = (struct journal_point){.mac = {1}};
    assert_int_equal (replay (self), STORE_DAMAGED);
}

static void test_a_frame_may_have_all_that_is_left (void **state)
{
    struct bench *self = *state;
    append (self, "one");
    uint64_t room = journal_room (self->journal);
    assert_int_equal (room, SIZE - FIRST - JOURNAL_PAGE - HEAD);
    char *large = malloc (room);
    memset (large, 'x', room);
    assert_int_equal (journal_append (self->journal, (struct bytes){large, room}), 0);
    free (large);
    assert_int_equal (journal_room (self->journal), 0);
    assert_int_equal (journal_used (self->journal), journal_size (self->journal) - FIRST);
    assert_int_equal (replay (self), 0);
    assert_int_equal (self->count, 2);
    assert_int_equal (journal_room (self->journal), 0);
}

static void test_the_helper_makes_durable_what_was_there_when_it_was_asked (void **state)
{
    struct bench *self = *state;
    uint64_t durable;
    for (uint64_t round = 0; round < 20; round++) {
        append (self, "one");
        append (self, "two");
        assert_int_equal (journal_durable (self->journal, &durable), 0);
        assert_int_equal (durable, 2 * round);
        assert_int_equal (journal_sync_begin (self->journal), 0);
        struct pollfd told = {.fd = journal_sync_fd (self->journal), .events = POLLIN};
        assert_int_equal (poll (&told, 1, 10000), 1);
        assert_false (journal_is_syncing (self->journal));
        assert_int_equal (journal_durable (self->journal, &durable), 0);
        assert_int_equal (durable, 2 * round + 2);
        assert_int_equal (poll (&told, 1, 0), 0);
    }
    assert_int_equal (journal_sync_begin (self->journal), 0); /* and there is nothing to do */
    assert_false (journal_is_syncing (self->journal));
}

static void test_a_sync_waits_for_the_helper (void **state)
{
    struct bench *self = *state;
    uint64_t durable;
    for (int round = 0; round < 20; round++) {
        append (self, "one");
        assert_int_equal (journal_sync_begin (self->journal), 0);
        append (self, "two");
        assert_int_equal (journal_sync (self->journal), 0);
        assert_int_equal (journal_durable (self->journal, &durable), 0);
        assert_int_equal (durable, journal_last (self->journal)->number);
    }
}

static void copy_page (const struct bench *from, const struct bench *to, off_t at)
{
    uint8_t page[JOURNAL_PAGE];
    int source = open (from->path, O_RDONLY), target = open (to->path, O_RDWR);
    assert_int_equal (pread (source, page, sizeof page, at), sizeof page);
    assert_int_equal (pwrite (target, page, sizeof page, at), sizeof page);
    close (source);
    close (target);
}

/* Makes a frame that fits behind the last one of `self` in all that can be read in the file, under this key. */
static void write_into (struct bench *self, const struct vault_key *under, const char *text)
{
    void *state;
    assert_int_equal (set_up (&state), 0);
    struct bench *writer = state;
    writer->options.key = under;
    assert_int_equal (journal_create (&writer->options), 0);
    assert_int_equal (open_again (writer), 0);
    struct journal_point from = self->from;
    assert_int_equal (journal_replay (writer->journal, &from, take, writer), 0);
    append_durably (writer, text);
    copy_page (writer, self, FIRST);
    tear_down (&state);
}

static void test_only_who_has_the_key_writes_a_frame (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    self->from = *journal_last (self->journal);
    journal_restart (self->journal, journal_last (self->journal));
    write_into (self, &other_key, "forged");
    assert_int_equal (replay (self), 0);
    assert_taken (self, 0);
    write_into (self, NULL, "forged");
    assert_int_equal (replay (self), 0);
    assert_taken (self, 0);
    write_into (self, &key, "two");
    assert_int_equal (replay (self), 0);
    assert_taken (self, 1, "two");
}

/* Under another key no frame is whole, and all of them would be cut off. */
static void test_a_journal_under_another_key_is_refused_before_its_frames_are_read (void **state)
{
    struct bench *self = *state;
    append_durably (self, "one");
    const struct vault_key *const wrong[] = {&other_key, NULL};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        self->options.key = wrong[i];
        assert_int_equal (open_again (self), STORE_OTHER_VAULT);
        assert_non_null (strstr (self->error, "another vault key"));
    }
    self->options.key = &key;
    assert_int_equal (replay (self), 0);
    assert_taken (self, 1, "one");
}

/* Whoever sees two macs under one key of Poly1305 can make a third. The number, the length and the frame before
   are the same here. */
static void test_no_head_comes_twice (void **state)
{
    struct bench *self = *state;
    struct journal_point one = journal_point_of (self->journal, (struct bytes){"same", 4});
    struct journal_point other = journal_point_of (self->journal, (struct bytes){"same", 4});
    append (self, "same");
    assert_memory_not_equal (one.mac, other.mac, sizeof one.mac);
    assert_memory_not_equal (other.mac, journal_last (self->journal)->mac, sizeof one.mac);
}

static void assert_refused (struct bench *self, const char *why)
{
    assert_int_equal (open_again (self), STORE_INVALID);
    assert_non_null (strstr (self->error, self->path));
    if (strstr (self->error, why) == NULL)
        fail_msg ("'%s' is not in '%s'", why, self->error);
}

static void test_what_is_no_journal_of_this_store_is_refused (void **state)
{
    struct bench *self = *state;
    journal_close (&self->journal);
    self->options.id[0] ^= 1;
    assert_refused (self, "belongs to another store");
    self->options.id[0] ^= 1;
    assert_int_equal (chmod (self->path, 0640), 0);
    assert_refused (self, "must be 0600");
    assert_int_equal (chmod (self->path, 0600), 0);
    assert_int_equal (truncate (self->path, SIZE - JOURNAL_PAGE), 0);
    assert_refused (self, "truncated");
    assert_int_equal (truncate (self->path, 10), 0);
    assert_refused (self, "not a journal");
    assert_int_equal (unlink (self->path), 0);
    assert_int_equal (open_again (self), STORE_NOT_FOUND);
    assert_int_equal (symlink ("/dev/null", self->path), 0);
    assert_refused (self, "symbolic link");
    assert_int_equal (unlink (self->path), 0);
    assert_int_equal (mkfifo (self->path, 0600), 0);
    assert_refused (self, "not a regular file");
    assert_int_equal (journal_create (&self->options), 0); /* takes the place of what is no journal */
    assert_int_equal (replay (self), 0);
    flip (self, 8 + 7);
    assert_refused (self, "another version");
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (test_what_was_appended_is_given_again_in_order),
        TEST (test_a_replay_in_the_middle_gives_the_same),
        TEST (test_after_a_restart_only_what_is_new_is_given),
        TEST (test_a_frame_that_only_the_caller_has_counts),
        TEST (test_a_last_frame_that_is_not_whole_is_cut_off),
        TEST (test_damage_before_a_frame_that_knows_it_as_durable_is_refused),
        TEST (test_a_whole_frame_behind_one_that_was_not_durable_is_cut_off_with_it),
        TEST (test_what_was_cut_off_does_not_continue_the_same_written_anew),
        TEST (test_the_journal_of_a_later_state_is_refused),
        TEST (test_a_history_of_the_same_number_and_another_mac_is_refused),
        TEST (test_a_frame_may_have_all_that_is_left),
        TEST (test_the_helper_makes_durable_what_was_there_when_it_was_asked),
        TEST (test_a_sync_waits_for_the_helper),
        TEST (test_only_who_has_the_key_writes_a_frame),
        TEST (test_a_journal_under_another_key_is_refused_before_its_frames_are_read),
        TEST (test_no_head_comes_twice),
        TEST (test_what_is_no_journal_of_this_store_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
