/* Messages in a folder come in the order in which they were written, however many there are. */
#include "testing.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "spool/arrivals.h"

enum { FILES = 60, MOST = 7 };

struct setting {
    char path[64];
    int folder;
    struct arrivals arrivals;
};

static int setup (void **state)
{
    struct setting *self = calloc (1, sizeof *self);
    strcpy (self->path, "/tmp/test-arrivals-XXXXXX");
    assert_non_null (mkdtemp (self->path));
    self->folder = open (self->path, O_RDONLY | O_DIRECTORY);
    assert_true (self->folder >= 0);
    *state = self;
    return 0;
}

static int teardown (void **state)
{
    struct setting *self = *state;
    char command[128];
    arrivals_clear (&self->arrivals);
    close (self->folder);
    snprintf (command, sizeof command, "rm -rf %s", self->path);
    assert_int_equal (system (command), 0);
    free (self);
    return 0;
}

static void make (struct setting *self, const char *name, long second, long ns)
{
    const struct timespec times[2] = {{second, ns}, {second, ns}};
    int file = openat (self->folder, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true (file >= 0);
    assert_int_equal (futimens (file, times), 0);
    close (file);
}

/* Number `i` of FILES, in an order that no directory has. */
static unsigned shuffled (unsigned i)
{
    return i * 37 % FILES;
}

static void test_the_oldest_come_first_also_where_not_all_are_remembered (void **state)
{
    struct setting *self = *state;
    unsigned expected = 0, looks = 0;
    char name[32];
    for (unsigned i = 0; i < FILES; i++) {
        snprintf (name, sizeof name, "%02u.xml", shuffled (i));
        make (self, name, 1000000 + shuffled (i) / 2, shuffled (i) % 2);
    }
    while (arrivals_look (&self->arrivals, self->folder, MOST)) {
        looks++;
        assert_true (self->arrivals.count <= MOST);
        for (const char *next; (next = arrivals_next (&self->arrivals)) != NULL; expected++) {
            snprintf (name, sizeof name, "%02u.xml", expected);
            assert_string_equal (next, name);
            assert_int_equal (unlinkat (self->folder, next, 0), 0);
        }
    }
    assert_int_equal (expected, FILES);
    assert_int_equal (looks, (FILES + MOST - 1) / MOST);
}

static void test_what_comes_meanwhile_has_its_turn_after_those_that_were_seen (void **state)
{
    struct setting *self = *state;
    make (self, "b.xml", 20, 0);
    make (self, "c.xml", 30, 0);
    assert_true (arrivals_look (&self->arrivals, self->folder, MOST));
    assert_string_equal (arrivals_next (&self->arrivals), "b.xml");
    make (self, "a.xml", 10, 0);
    assert_true (arrivals_look (&self->arrivals, self->folder, MOST)); /* c.xml was not given yet */
    assert_string_equal (arrivals_next (&self->arrivals), "c.xml");
    assert_null (arrivals_next (&self->arrivals));
    assert_true (arrivals_look (&self->arrivals, self->folder, MOST));
    assert_string_equal (arrivals_next (&self->arrivals), "a.xml");
}

/* All that is given until a look finds nothing more in its round. */
static unsigned go_round (struct setting *self, const char *const *expected)
{
    unsigned count = 0;
    do {
        arrivals_look (&self->arrivals, self->folder, MOST);
        for (const char *next; (next = arrivals_next (&self->arrivals)) != NULL; count++)
            assert_string_equal (next, expected[count]);
    } while (self->arrivals.goes_on);
    return count;
}

static void test_however_many_stay_there_each_has_its_turn_once_a_round (void **state)
{
    struct setting *self = *state;
    char names[FILES][8];
    const char *expected[FILES + 1];
    for (unsigned i = 0; i < FILES; i++) {
        snprintf (names[i], sizeof names[i], "%02u.xml", i);
        expected[i] = names[i];
    }
    for (unsigned i = 0; i < FILES; i++)
        make (self, expected[shuffled (i)], 1000000 + shuffled (i) / 3, 0);
    assert_int_equal (go_round (self, expected), FILES);
    assert_int_equal (go_round (self, expected), FILES);
}

static void test_what_comes_meanwhile_has_its_turn_in_the_next_round (void **state)
{
    struct setting *self = *state;
    static const char *const first[] = {"0.xml", "1.xml", "2.xml", "3.xml", "4.xml",
                                        "5.xml", "6.xml", "7.xml", "8.xml", "9.xml"};
    static const char *const second[] = {"old.xml", "0.xml", "1.xml", "2.xml", "3.xml", "4.xml",
                                         "5.xml",   "6.xml", "7.xml", "8.xml", "9.xml", "new.xml"};
    for (unsigned i = 0; i < 10; i++)
        make (self, first[i], 100 + i, 0);
    assert_true (arrivals_look (&self->arrivals, self->folder, MOST));
    for (unsigned i = 0; i < MOST; i++)
        assert_string_equal (arrivals_next (&self->arrivals), first[i]);
    make (self, "old.xml", 50, 0);
    make (self, "new.xml", 200, 0);
    assert_true (self->arrivals.goes_on);
    assert_int_equal (go_round (self, first + MOST), 3);
    assert_int_equal (go_round (self, second), 12);
}

static void test_what_is_no_message_is_not_one (void **state)
{
    struct setting *self = *state;
    assert_false (arrivals_look (&self->arrivals, self->folder, MOST));
    make (self, ".hidden", 10, 0);
    make (self, "half.part", 10, 0);
    assert_false (arrivals_look (&self->arrivals, self->folder, MOST));
    assert_null (arrivals_next (&self->arrivals));
    assert_false (arrivals_look (&self->arrivals, -1, MOST));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_the_oldest_come_first_also_where_not_all_are_remembered, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_what_comes_meanwhile_has_its_turn_after_those_that_were_seen, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_however_many_stay_there_each_has_its_turn_once_a_round, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_what_comes_meanwhile_has_its_turn_in_the_next_round, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_what_is_no_message_is_not_one, setup, teardown),
    };
    return cmocka_run_group_tests_name ("spool-arrivals", tests, NULL, NULL);
}
