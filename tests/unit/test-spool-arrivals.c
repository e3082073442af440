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
        cmocka_unit_test_setup_teardown (test_what_is_no_message_is_not_one, setup, teardown),
    };
    return cmocka_run_group_tests_name ("spool-arrivals", tests, NULL, NULL);
}
