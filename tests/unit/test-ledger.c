/* The ledger of an adapter: what was committed is there, all of it or nothing, and nobody else can read it. */
#include "testing.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "spool/ledger.h"

static const char SECRET[] = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
static const char OTHER[] = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";

struct setting {
    char directory[64], path[128], file[192], error[512];
    struct ledger *ledger;
};

static int open_with (struct setting *self, const char *secret, const char *former)
{
    struct ledger_place place = {self->path, secret, former};
    ledger_destroy (&self->ledger);
    return ledger_open (&self->ledger, &place, self->error, sizeof self->error);
}

static int setup (void **state)
{
    struct setting *self = calloc (1, sizeof *self);
    strcpy (self->directory, "/tmp/test-ledger-XXXXXX");
    assert_non_null (mkdtemp (self->directory));
    snprintf (self->path, sizeof self->path, "%s/ledger", self->directory);
    snprintf (self->file, sizeof self->file, "%s/ledger.mdb", self->path);
    assert_int_equal (open_with (self, SECRET, NULL), 0);
    *state = self;
    return 0;
}

static int teardown (void **state)
{
    struct setting *self = *state;
    char command[128];
    ledger_destroy (&self->ledger);
    snprintf (command, sizeof command, "rm -rf %s", self->directory);
    assert_int_equal (system (command), 0);
    free (self);
    return 0;
}

/* Puts a record that says `text`, under the key of that text, with the mark of a subject. */
static void put (struct ledger *self, const char *text, const char *subject)
{
    uint8_t key[LEDGER_KEY];
    json_t *record = json_pack ("{s:s}", "text", text);
    const struct ledger_mark marks[] = {{"subject", subject}, {"file", text}, {NULL, NULL}};
    ledger_key_of (self, "test", text, key);
    ledger_put (self, LEDGER_WENT, key, record, marks);
    json_decref (record);
}

static void put_committed (struct ledger *self, const char *text, const char *subject)
{
    ledger_begin (self);
    put (self, text, subject);
    assert_int_equal (ledger_commit (self), 0);
}

static void delete (struct ledger *self, const char *text)
{
    uint8_t key[LEDGER_KEY];
    ledger_key_of (self, "test", text, key);
    ledger_delete (self, LEDGER_WENT, key);
}

static int get (struct ledger *self, const char *text)
{
    uint8_t key[LEDGER_KEY];
    json_t *record;
    ledger_key_of (self, "test", text, key);
    int r = ledger_get (self, LEDGER_WENT, key, &record);
    if (r == 0)
        assert_string_equal (json_string_value (json_object_get (record, "text")), text);
    json_decref (record);
    return r;
}

static int count_one (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    assert_non_null (json_object_get (record, "text"));
    ++*(int *)context;
    return 0;
}

static int count_of (struct ledger *self, const char *subject)
{
    int count = 0;
    const struct ledger_mark mark = {"subject", subject};
    assert_int_equal (ledger_find (self, LEDGER_WENT, &mark, count_one, &count), 0);
    return count;
}

static void what_was_committed_is_found_by_its_key_and_its_marks_after_it_is_opened_again (void **state)
{
    struct setting *self = *state;
    put_committed (self->ledger, "one", "s1");
    put_committed (self->ledger, "two", "s1");
    put_committed (self->ledger, "three", "s2");
    assert_int_equal (open_with (self, SECRET, NULL), 0);
    assert_int_equal (get (self->ledger, "one"), 0);
    assert_int_equal (get (self->ledger, "four"), LEDGER_NONE);
    assert_int_equal (count_of (self->ledger, "s1"), 2);
    assert_int_equal (count_of (self->ledger, "s3"), 0);
    int all = 0;
    assert_int_equal (ledger_each (self->ledger, LEDGER_WENT, count_one, &all), 0);
    assert_int_equal (all, 3);
}

static void a_record_that_is_replaced_or_deleted_leaves_no_mark (void **state)
{
    struct setting *self = *state;
    put_committed (self->ledger, "one", "s1");
    put_committed (self->ledger, "one", "s2");
    assert_int_equal (count_of (self->ledger, "s1"), 0);
    assert_int_equal (count_of (self->ledger, "s2"), 1);
    ledger_begin (self->ledger);
    delete (self->ledger, "one");
    delete (self->ledger, "never there");
    assert_int_equal (ledger_commit (self->ledger), 0);
    assert_int_equal (count_of (self->ledger, "s2"), 0);
    assert_int_equal (get (self->ledger, "one"), LEDGER_NONE);
}

static void what_is_aborted_never_was (void **state)
{
    struct setting *self = *state;
    ledger_begin (self->ledger);
    put (self->ledger, "one", "s1");
    assert_int_equal (get (self->ledger, "one"), 0);
    ledger_abort (self->ledger);
    assert_int_equal (get (self->ledger, "one"), LEDGER_NONE);
    assert_int_equal (count_of (self->ledger, "s1"), 0);
}

static void one_process_has_it_at_a_time (void **state)
{
    struct setting *self = *state;
    struct ledger *second;
    struct ledger_place place = {self->path, SECRET, NULL};
    assert_int_equal (ledger_open (&second, &place, self->error, sizeof self->error), LEDGER_REFUSED);
    assert_null (second);
    assert_non_null (strstr (self->error, "another process"));
}

static void another_key_opens_nothing_and_the_former_one_hands_it_on (void **state)
{
    struct setting *self = *state;
    put_committed (self->ledger, "one", "s1");
    assert_int_equal (open_with (self, OTHER, NULL), LEDGER_REFUSED);
    assert_non_null (strstr (self->error, "another key"));
    assert_int_equal (open_with (self, OTHER, OTHER), LEDGER_REFUSED);
    assert_int_equal (open_with (self, OTHER, SECRET), 0);
    assert_int_equal (get (self->ledger, "one"), 0);
    assert_int_equal (open_with (self, OTHER, NULL), 0);
    assert_int_equal (get (self->ledger, "one"), 0);
    assert_int_equal (open_with (self, SECRET, NULL), LEDGER_REFUSED);
}

static char *whole_file (const struct setting *self, size_t *size_p)
{
    struct stat about;
    int file = open (self->file, O_RDONLY);
    assert_true (file >= 0 && fstat (file, &about) == 0);
    char *text = malloc ((size_t)about.st_size);
    *size_p = (size_t)read (file, text, (size_t)about.st_size);
    assert_int_equal (*size_p, about.st_size);
    close (file);
    return text;
}

static void the_file_tells_nothing_of_what_is_in_it (void **state)
{
    struct setting *self = *state;
    put_committed (self->ledger, "999900006-in-a-record", "999900018-in-a-mark");
    size_t size;
    char *text = whole_file (self, &size);
    assert_null (memmem (text, size, "9999000", 7));
    assert_null (memmem (text, size, "in-a-", 5));
    free (text);
}

/* Hardly a byte of it is 0. */
static bool is_full (const char *bytes, size_t size)
{
    size_t zeros = 0;
    for (size_t i = 0; i < size; i++)
        zeros += !bytes[i];
    return zeros < size / 16;
}

/* By none of them does the process end, nor is anything believed that is not there. */
static void a_file_that_was_cut_off_is_damaged_or_whole (void **state)
{
    struct setting *self = *state;
    enum { PAGE = 4096, LONG = 5 * PAGE };
    static char text[LONG];
    memset (text, 'a', sizeof text - 1);
    put_committed (self->ledger, text, "s1");
    size_t size, damaged = 0;
    char *before = whole_file (self, &size);
    for (size_t cut = 2 * PAGE; cut < size; cut += PAGE) {
        ledger_destroy (&self->ledger);
        int file = open (self->file, O_WRONLY | O_TRUNC);
        assert_int_equal (write (file, before, cut), (ssize_t)cut);
        close (file);
        int r = open_with (self, SECRET, NULL);
        damaged += r != 0 || get (self->ledger, text) != 0;
    }
    free (before);
    assert_true (damaged > 0);
}

static void a_record_of_which_a_bit_is_not_what_it_was_is_not_believed (void **state)
{
    struct setting *self = *state;
    enum { PAGE = 4096, LONG = 5 * PAGE };
    static char text[LONG];
    memset (text, 'a', sizeof text - 1);
    put_committed (self->ledger, text, "s1");
    ledger_destroy (&self->ledger);
    size_t size, damaged = 0;
    char *before = whole_file (self, &size);
    int file = open (self->file, O_WRONLY);
    for (size_t at = PAGE / 2; at < size; at += PAGE) {
        char changed = (char)(before[at] ^ 4);
        if (is_full (before + at, PAGE / 4)) /* no page of LMDB's own is */
            damaged += (size_t)pwrite (file, &changed, 1, (off_t)at);
    }
    close (file);
    free (before);
    assert_true (damaged > 0);
    assert_int_equal (open_with (self, SECRET, NULL), 0);
    assert_int_equal (get (self->ledger, text), -EBADMSG);
    int count = 0;
    assert_int_equal (ledger_each (self->ledger, LEDGER_WENT, count_one, &count), -EBADMSG);
}

static void what_was_left_of_making_one_is_made_anew (void **state)
{
    struct setting *self = *state;
    char fresh[192];
    ledger_destroy (&self->ledger);
    snprintf (fresh, sizeof fresh, "%s/ledger.new", self->path);
    assert_int_equal (rename (self->file, fresh), 0);
    assert_int_equal (truncate (fresh, 100), 0);
    assert_int_equal (open_with (self, SECRET, NULL), 0);
    put_committed (self->ledger, "one", "s1");
}

static void what_is_no_ledger_and_what_others_may_write_is_refused (void **state)
{
    struct setting *self = *state;
    ledger_destroy (&self->ledger);
    assert_int_equal (chmod (self->path, 0750), 0);
    assert_int_equal (open_with (self, SECRET, NULL), LEDGER_REFUSED);
    assert_non_null (strstr (self->error, "0700"));
    assert_int_equal (chmod (self->path, 0700), 0);
    assert_int_equal (truncate (self->file, 0), 0);
    int file = open (self->file, O_WRONLY);
    assert_int_equal (write (file, "nonsense", 8), 8);
    close (file);
    assert_int_equal (open_with (self, SECRET, NULL), LEDGER_REFUSED);
    assert_non_null (strstr (self->error, "damaged"));
    assert_int_equal (unlink (self->file), 0);
    assert_int_equal (mkdir (self->file, 0700), 0);
    assert_int_equal (open_with (self, SECRET, NULL), LEDGER_REFUSED);
    assert_null (strstr (self->error, "damaged")); /* what the machine says of a file is no damage in it */
    assert_int_equal (rmdir (self->file), 0);
}

/* Commits group after group of three records, and writes a byte after each. */
static void commit_for_ever (struct setting *self, int told)
{
    char text[32];
    for (int group = 0;; group++) {
        ledger_begin (self->ledger);
        for (int i = 0; i < 3; i++) {
            snprintf (text, sizeof text, "%d/%d", group, i);
            put (self->ledger, text, "s1");
        }
        if (ledger_commit (self->ledger) != 0 || write (told, "x", 1) != 1)
            _exit (1);
    }
}

static void whoever_is_killed_in_its_midst_loses_nothing_that_was_committed (void **state)
{
    struct setting *self = *state;
    ledger_destroy (&self->ledger);
    int told[2];
    char bytes[65536];
    assert_int_equal (pipe (told), 0);
    pid_t child = fork ();
    if (child == 0) {
        if (open_with (self, SECRET, NULL) != 0)
            _exit (1);
        commit_for_ever (self, told[1]);
    }
    close (told[1]);
    size_t groups = 0;
    while (groups < 20) {
        ssize_t size = read (told[0], bytes, sizeof bytes);
        assert_true (size > 0);
        groups += (size_t)size;
    }
    kill (child, SIGKILL);
    for (ssize_t size; (size = read (told[0], bytes, sizeof bytes)) > 0;)
        groups += (size_t)size;
    close (told[0]);
    waitpid (child, NULL, 0);
    assert_int_equal (open_with (self, SECRET, NULL), 0);
    int count = count_of (self->ledger, "s1");
    assert_int_equal (count % 3, 0);
    assert_true ((size_t)count / 3 >= groups);
}

static int note_more (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    *(json_int_t *)context += json_integer_value (json_object_get (record, "more"));
    return 0;
}

static json_int_t more_of (struct ledger *self, const char *subject)
{
    json_int_t more = 0;
    const struct ledger_mark mark = {"subject", subject};
    assert_int_equal (ledger_find (self, LEDGER_WENT, &mark, note_more, &more), 0);
    return more;
}

/* Changes a record, and puts another with the same subject. */
static void change_and_put (struct ledger *self)
{
    uint8_t key[LEDGER_KEY];
    json_t *record = json_pack ("{s:s, s:i}", "text", "one", "more", 5);
    ledger_key_of (self, "test", "one", key);
    ledger_begin (self);
    ledger_change (self, LEDGER_WENT, key, record);
    put (self, "three", "s1");
    assert_int_equal (ledger_commit (self), 0);
    json_decref (record);
}

static void what_would_be_is_in_memory_and_what_is_under_it_stays_as_it_is (void **state)
{
    struct setting *self = *state;
    struct ledger *scratch;
    put_committed (self->ledger, "one", "s1");
    put_committed (self->ledger, "two", "s1");
    assert_int_equal (ledger_open_scratch (&scratch, self->ledger, self->error, sizeof self->error), 0);
    self->ledger = NULL;
    change_and_put (scratch);
    assert_int_equal (count_of (scratch, "s1"), 3);
    assert_int_equal (more_of (scratch, "s1"), 5);
    assert_int_equal (get (scratch, "two"), 0);
    assert_int_equal (get (scratch, "three"), 0);
    ledger_destroy (&scratch);
    assert_int_equal (open_with (self, SECRET, NULL), 0);
    assert_int_equal (count_of (self->ledger, "s1"), 2);
    assert_int_equal (more_of (self->ledger, "s1"), 0);
    assert_int_equal (get (self->ledger, "three"), LEDGER_NONE);
}

static void what_would_be_needs_nothing_under_it (void **state)
{
    struct setting *self = *state;
    struct ledger *scratch;
    assert_int_equal (ledger_open_scratch (&scratch, NULL, self->error, sizeof self->error), 0);
    put_committed (scratch, "one", "s1");
    assert_int_equal (count_of (scratch, "s1"), 1);
    assert_int_equal (get (scratch, "two"), LEDGER_NONE);
    ledger_destroy (&scratch);
    assert_int_equal (get (self->ledger, "one"), LEDGER_NONE);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST (what_was_committed_is_found_by_its_key_and_its_marks_after_it_is_opened_again),
        TEST (a_record_that_is_replaced_or_deleted_leaves_no_mark),
        TEST (what_is_aborted_never_was),
        TEST (one_process_has_it_at_a_time),
        TEST (another_key_opens_nothing_and_the_former_one_hands_it_on),
        TEST (the_file_tells_nothing_of_what_is_in_it),
        TEST (a_file_that_was_cut_off_is_damaged_or_whole),
        TEST (a_record_of_which_a_bit_is_not_what_it_was_is_not_believed),
        TEST (what_was_left_of_making_one_is_made_anew),
        TEST (what_is_no_ledger_and_what_others_may_write_is_refused),
        TEST (whoever_is_killed_in_its_midst_loses_nothing_that_was_committed),
        TEST (what_would_be_is_in_memory_and_what_is_under_it_stays_as_it_is),
        TEST (what_would_be_needs_nothing_under_it),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
