#include "arena.h"
#include "testing.h"
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_memory_is_zeroed_and_aligned_even_after_a_reset (void **state)
{
    (void)state;
    struct arena *arena = arena_new (1024 * 1024);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 300; size++) {
            unsigned char *memory = arena_alloc (arena, size);
            assert_int_equal ((uintptr_t)memory % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal (memory[i], 0);
            memset (memory, 0xee, size);
        }
        arena_reset (arena);
    }
    arena_destroy (&arena);
    assert_null (arena);
}

static void test_what_was_lent_stays_as_it_is_while_the_arena_grows (void **state)
{
    (void)state;
    enum { COUNT = 2000, SIZE = 100 };
    struct arena *arena = arena_new (1024 * 1024);
    unsigned char *lent[COUNT];
    for (int i = 0; i < COUNT; i++) {
        lent[i] = arena_alloc (arena, SIZE);
        memset (lent[i], i % 251, SIZE);
    }
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < SIZE; j++)
            assert_int_equal (lent[i][j], i % 251);
    arena_destroy (&arena);
}

static void test_nobody_is_lent_more_than_the_limit (void **state)
{
    (void)state;
    struct arena *arena = arena_new (100000);
    assert_null (arena_try_alloc (arena, 100001));
    assert_null (arena_try_alloc (arena, SIZE_MAX));
    assert_non_null (arena_try_alloc (arena, 60000));
    assert_null (arena_try_alloc (arena, 60000));
    assert_non_null (arena_try_alloc (arena, 30000));

    size_t count = 0;
    while (arena_try_alloc (arena, 1))
        count++;
    assert_true (count > 0 && count <= 10000);

    arena_reset (arena);
    assert_non_null (arena_try_alloc (arena, 100000));
    arena_destroy (&arena);
}

static void test_a_release_forgets_what_came_after_the_mark_and_nothing_else (void **state)
{
    (void)state;
    struct arena *arena = arena_new (1 << 20);
    struct arena_mark empty = arena_mark (arena);
    char *kept = arena_strdup (arena, "kept");
    for (int round = 0; round < 1000; round++) { /* more than the limit in all */
        struct arena_mark mark = arena_mark (arena);
        memset (arena_alloc (arena, 10), 0xee, 10);
        memset (arena_alloc (arena, 100000), 0xee, 100000);
        arena_release (arena, mark);
        unsigned char *again = arena_alloc (arena, 10);
        for (int i = 0; i < 10; i++)
            assert_int_equal (again[i], 0);
        arena_release (arena, mark);
    }
    assert_string_equal (kept, "kept");
    assert_null (arena_try_alloc (arena, 1 << 20));
    arena_release (arena, empty);
    assert_non_null (arena_try_alloc (arena, 1 << 20));
    arena_destroy (&arena);
}

static void test_an_arena_of_known_size_takes_no_more_memory_than_that (void **state)
{
    (void)state;
    enum { SIZE = 4000, HEADS = 200 };
    struct arena *arena = arena_new (1 << 20);
    assert_in_range (arena_size (arena), 1, HEADS);
    arena_reserve (arena, SIZE);
    assert_in_range (arena_size (arena), SIZE, SIZE + HEADS);
    char *kept = arena_strdup (arena, "kept");
    arena_alloc (arena, SIZE - 16);
    assert_in_range (arena_size (arena), SIZE, SIZE + HEADS);
    memset (arena_alloc (arena, 1), 0xee, 1); /* a little more than was thought takes a little more memory */
    assert_in_range (arena_size (arena), SIZE + 1, SIZE + SIZE / 2);
    memset (arena_alloc (arena, 10 * SIZE), 0xee, 10 * SIZE); /* much more is had too */
    assert_in_range (arena_size (arena), 11 * SIZE, 30 * SIZE);
    assert_string_equal (kept, "kept");
    arena_erase (&arena);
    assert_null (arena);
}

/* The linker has arena.c call this instead of free. Counts the blocks that still hold the secret. */
static const char secret[] = "geboren op 29 februari";
static size_t freed, told;

void __real_free (void *memory);
void __wrap_free (void *memory);

void __wrap_free (void *memory)
{
    if (memory != NULL) {
        freed++;
        told += memmem (memory, malloc_usable_size (memory), secret, sizeof secret) != NULL;
    }
    __real_free (memory);
}

/* An arena of several chunks, with the secret in each. */
static struct arena *full_of_secrets (void)
{
    struct arena *arena = arena_new (1 << 20);
    for (int i = 0; i < 10000; i++)
        arena_strdup (arena, secret);
    freed = told = 0;
    return arena;
}

static void test_what_was_erased_is_not_found_in_memory_that_is_given_back (void **state)
{
    (void)state;
    struct arena *arena = full_of_secrets ();
    arena_erase (&arena);
    assert_null (arena);
    assert_true (freed > 3);
    assert_int_equal (told, 0);

    arena = full_of_secrets (); /* and would be found, were it not erased */
    arena_destroy (&arena);
    assert_int_equal (told, freed - 1); /* one block holds only what the arena knows of itself */
}

static void test_nothing_still_gets_a_place_of_its_own (void **state)
{
    (void)state;
    struct arena *arena = arena_new (1000);
    void *first = arena_alloc (arena, 0);
    assert_non_null (first);
    assert_ptr_not_equal (first, arena_alloc (arena, 0));
    arena_destroy (&arena);
}

static void test_copies_are_their_own_and_terminated (void **state)
{
    (void)state;
    struct arena *arena = arena_new (100000);
    char source[] = "kernteam and more";
    char *part = arena_strndup (arena, source, 8);
    char *shorter = arena_strndup (arena, "cak", 100);
    char *whole = arena_strdup (arena, source);
    char *data = arena_memdup (arena, source, 4);
    memset (source, 'x', sizeof source - 1);
    assert_string_equal (part, "kernteam");
    assert_string_equal (shorter, "cak");
    assert_string_equal (whole, "kernteam and more");
    assert_memory_equal (data, "kern", 4);
    assert_non_null (arena_memdup (arena, NULL, 0));
    assert_string_equal (arena_printf (arena, "%s-%03d", "party", 7), "party-007");
    arena_destroy (&arena);
}

/* The signal that ended a child which asked for too much, or 0 if it came back. */
static int signal_of (void (*ask_too_much) (struct arena *))
{
    pid_t child = fork ();
    assert_true (child >= 0);
    if (child == 0) {
        signal (SIGABRT, SIG_DFL);
        setrlimit (RLIMIT_CORE, &(struct rlimit){0, 0});
        close (STDERR_FILENO);
        ask_too_much (arena_new (1000));
        _exit (0);
    }
    int status;
    assert_int_equal (waitpid (child, &status, 0), child);
    return WIFSIGNALED (status) ? WTERMSIG (status) : 0;
}

static void ask_within_the_limit (struct arena *arena)
{
    arena_array (arena, 10, 100 - 16);
}

static void ask_past_the_limit (struct arena *arena)
{
    arena_alloc (arena, 1001);
}

static void ask_for_a_count_that_wraps (struct arena *arena)
{
    arena_array (arena, SIZE_MAX / 8 + 2, 8);
}

static void test_to_ask_for_too_much_ends_the_process (void **state)
{
    (void)state;
    assert_int_equal (signal_of (ask_within_the_limit), 0);
    assert_int_equal (signal_of (ask_past_the_limit), SIGABRT);
    assert_int_equal (signal_of (ask_for_a_count_that_wraps), SIGABRT);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_memory_is_zeroed_and_aligned_even_after_a_reset),
        cmocka_unit_test (test_what_was_lent_stays_as_it_is_while_the_arena_grows),
        cmocka_unit_test (test_nobody_is_lent_more_than_the_limit),
        cmocka_unit_test (test_a_release_forgets_what_came_after_the_mark_and_nothing_else),
        cmocka_unit_test (test_an_arena_of_known_size_takes_no_more_memory_than_that),
        cmocka_unit_test (test_what_was_erased_is_not_found_in_memory_that_is_given_back),
        cmocka_unit_test (test_nothing_still_gets_a_place_of_its_own),
        cmocka_unit_test (test_copies_are_their_own_and_terminated),
        cmocka_unit_test (test_to_ask_for_too_much_ends_the_process),
    };
    return cmocka_run_group_tests_name ("arena", tests, NULL, NULL);
}
