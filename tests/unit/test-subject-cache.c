/* Opened files in memory: within a limit, those that were used last. */
#include "registry/subject_cache.h"

#include <string.h>
#include "arena.h"
#include "testing.h"

enum { FILE_SIZE = 10000, LIMIT = 5 * FILE_SIZE };

/* A file of about FILE_SIZE bytes, of whose subject the id begins with `name`. */
static struct subject_file keep (struct subject_cache *cache, uint8_t name)
{
    struct subject_file file = {.id = {name}, .known = true, .statement_count = name};
    struct arena *arena = arena_new (1 << 20);
    arena_reserve (arena, FILE_SIZE - 100);
    file.statements = arena_alloc (arena, sizeof *file.statements);
    subject_cache_keep (cache, &file, arena);
    return file;
}

static bool holds (struct subject_cache *cache, uint8_t name)
{
    struct subject_file file = {.id = {name}};
    bool found = subject_cache_find (cache, &file);
    if (found) {
        assert_int_equal (file.statement_count, name);
        assert_int_equal (file.statements->order, 0); /* it is there to be read */
    }
    return found;
}

static void test_those_that_were_used_last_are_kept_within_the_limit (void **state)
{
    (void)state;
    struct subject_cache *cache = subject_cache_new (LIMIT);
    for (uint8_t name = 1; name <= 5; name++)
        keep (cache, name);
    for (uint8_t name = 1; name <= 5; name++)
        assert_true (holds (cache, name));
    assert_true (holds (cache, 1));
    keep (cache, 6);
    keep (cache, 7);
    subject_cache_sweep (cache);
    assert_false (holds (cache, 2) || holds (cache, 3));
    assert_true (holds (cache, 1) && holds (cache, 4) && holds (cache, 5) && holds (cache, 6) && holds (cache, 7));
    subject_cache_destroy (&cache);
    assert_null (cache);
}

static void test_one_is_kept_whatever_the_limit (void **state)
{
    (void)state;
    struct subject_cache *cache = subject_cache_new (0);
    keep (cache, 1);
    assert_true (holds (cache, 1));
    keep (cache, 2);
    assert_false (holds (cache, 1));
    assert_true (holds (cache, 2));
    subject_cache_destroy (&cache);
}

static void test_what_is_let_go_is_there_until_the_sweep (void **state)
{
    (void)state;
    struct subject_cache *cache = subject_cache_new (LIMIT);
    struct subject_file borrowed = keep (cache, 1);
    subject_cache_drop (cache, borrowed.id);
    assert_false (holds (cache, 1));
    assert_int_equal (borrowed.statements->order, 0);
    borrowed = keep (cache, 2);
    subject_cache_clear (cache);
    assert_false (holds (cache, 2));
    assert_int_equal (borrowed.statements->order, 0);
    subject_cache_sweep (cache);
    subject_cache_destroy (&cache);
}

static void test_every_reading_has_a_number_of_its_own (void **state)
{
    (void)state;
    struct subject_cache *cache = subject_cache_new (LIMIT);
    struct subject_file first = keep (cache, 1), found = {.id = {1}};
    assert_true (subject_cache_find (cache, &found));
    assert_int_equal (found.reading, first.reading);
    assert_int_not_equal (first.reading, 0);
    struct subject_file again = keep (cache, 1); /* it takes the place of the one before */
    assert_int_not_equal (again.reading, first.reading);
    assert_true (subject_cache_find (cache, &found));
    assert_int_equal (found.reading, again.reading);
    subject_cache_destroy (&cache);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_those_that_were_used_last_are_kept_within_the_limit),
        cmocka_unit_test (test_one_is_kept_whatever_the_limit),
        cmocka_unit_test (test_what_is_let_go_is_there_until_the_sweep),
        cmocka_unit_test (test_every_reading_has_a_number_of_its_own),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
