/* consentctl audit copy: the text of a line, the tree over a copy as checkpoints are heard of it, and the position
   in a pipe. */
#include <string.h>
#include "audit/copy_position.h"
#include "audit/copy_text.h"
#include "audit/copy_tree.h"
#include "testing.h"

static struct bytes line_of (uint64_t number, char text[32])
{
    return (struct bytes){text, (size_t)snprintf (text, 32, "line %llu", (unsigned long long)number)};
}

/* What a checkpoint of so many lines says; `changed`: of a log that has another line there. */
static struct checkpoint checkpoint_of (uint64_t size, uint64_t changed)
{
    struct checkpoint made = {.origin = "log", .size = size};
    struct merkle_edge edge = {.size = 0};
    struct merkle_filled unused;
    char text[32];
    for (uint64_t i = 1; i <= size; i++) {
        struct merkle_hash leaf = merkle_leaf (line_of (i == changed ? 1000 : i, text));
        merkle_add (&edge, &leaf, &unused);
    }
    made.root = merkle_root (&edge);
    return made;
}

static bool add (struct copy_tree *tree, uint64_t until)
{
    char text[32];
    bool fits = true;
    while (tree->now.size < until && fits)
        fits = copy_tree_add (tree, line_of (tree->now.size + 1, text));
    return fits;
}

static bool hear (struct copy_tree *tree, uint64_t size, uint64_t changed)
{
    const struct checkpoint checkpoint = checkpoint_of (size, changed);
    return copy_tree_hear (tree, &checkpoint);
}

/* A checkpoint may come before its lines, with them, or after some more. */
static void test_a_checkpoint_is_compared_whenever_it_comes (void **state)
{
    (void)state;
    for (unsigned heard = 0; heard <= 40; heard++)
        for (uint64_t changed = 0; changed <= 21; changed += 7) {
            struct copy_tree tree = {.count = 0};
            bool fits = add (&tree, heard) && hear (&tree, 21, changed) && add (&tree, 40);
            assert_int_equal (fits, changed == 0);
            if (fits) {
                assert_int_equal (tree.sure.size, 21);
                assert_int_equal (tree.next.size, 0);
                assert_true (hear (&tree, 33, 0));
                assert_int_equal (tree.sure.size, 33);
                assert_true (hear (&tree, 12, 5)); /* an older one says nothing */
                assert_false (hear (&tree, 40, 40));
            }
            copy_tree_free (&tree);
        }
}

static void test_of_too_many_lines_without_a_checkpoint_no_hashes_are_kept (void **state)
{
    (void)state;
    struct copy_tree tree = {.count = 0};
    assert_true (add (&tree, 65535));
    assert_false (copy_tree_wants_checkpoint (&tree));
    assert_true (add (&tree, 65536));
    assert_true (copy_tree_wants_checkpoint (&tree));
    assert_true (add (&tree, (1 << 20) + 5));
    assert_true (tree.is_cut);
    assert_int_equal (tree.count, 0);
    assert_true (copy_tree_wants_checkpoint (&tree));
    assert_true (hear (&tree, 9, 3)); /* what led to it is not known any more */
    assert_true (hear (&tree, (1 << 20) + 5, 0));
    assert_int_equal (tree.sure.size, tree.now.size);
    assert_false (tree.is_cut);
    copy_tree_free (&tree);
}

static void test_lines_that_were_compared_otherwise_are_sure (void **state)
{
    (void)state;
    struct copy_tree tree = {.count = 0};
    assert_true (add (&tree, 30));
    copy_tree_is_sure (&tree);
    assert_true (add (&tree, 50));
    assert_true (hear (&tree, 45, 0));
    assert_false (hear (&tree, 48, 47));
    copy_tree_free (&tree);
}

static void test_a_line_of_text_is_read_as_it_was_written (void **state)
{
    (void)state;
    uint8_t line[300], read[500];
    char text[COPY_TEXT_SIZE (sizeof line)];
    for (size_t i = 0; i < sizeof line; i++)
        line[i] = (uint8_t)(i * 7);
    for (size_t size = 1; size <= sizeof line; size++) {
        uint64_t number;
        size_t read_size, written = copy_text_write (text, size, (struct bytes){line, size});
        assert_in_range (written, size, COPY_TEXT_SIZE (size) - 1);
        assert_int_equal (text[written - 1], '\n');
        assert_true (copy_text_read ((struct bytes){text, written - 1}, &number, read, &read_size));
        assert_int_equal (number, size);
        assert_int_equal (read_size, size);
        assert_memory_equal (read, line, size);
    }
}

static void test_other_text_is_no_line (void **state)
{
    (void)state;
    static const char *const others[] = {"",
                                         "1",
                                         "1 ",
                                         " AAAA",
                                         "01 AAAA",
                                         "-1 AAAA",
                                         "1  AAAA",
                                         "1 AAAA ",
                                         "1 AAA",
                                         "1 AAB=",
                                         "1 AA\nAA",
                                         "1 AAAA=",
                                         "x AAAA",
                                         "1\tAAAA",
                                         "1 A*AA",
                                         "1 \xc3\xa9\xc3\xa9",
                                         "99999999999999999999 AAAA"};
    uint8_t read[64];
    uint64_t number;
    size_t size;
    for (size_t i = 0; i < COUNT (others); i++)
        assert_false (copy_text_read ((struct bytes){others[i], strlen (others[i])}, &number, read, &size));
    assert_true (copy_text_read ((struct bytes){"1 AAAA", 6}, &number, read, &size));
}

static void test_what_a_crash_leaves_of_a_line_is_told_from_something_else (void **state)
{
    (void)state;
    static const char whole[] = "12 QUJD+/8=\n", zeroes[8] = "";
    char text[64];
    for (size_t size = 0; size < strlen (whole); size++)
        for (size_t behind = 0; behind <= sizeof zeroes; behind++) {
            memcpy (text, whole, size);
            memcpy (text + size, zeroes, behind);
            assert_true (copy_text_is_part ((struct bytes){text, size + behind}, 12));
            text[size + behind] = '-';
            assert_false (copy_text_is_part ((struct bytes){text, size + behind + 1}, 12));
        }
    static const char *const others[] = {"13 QUJD", "1 QUJD", "2", " ", "12  Q", "12 Q D", "junk", "12QUJD"};
    for (size_t i = 0; i < COUNT (others); i++)
        assert_false (copy_text_is_part ((struct bytes){others[i], strlen (others[i])}, 12));
}

static void test_what_is_no_line_of_the_log_has_no_time_in_a_message (void **state)
{
    (void)state;
    const struct copy_sender sender = {"host", 32473};
    char text[COPY_TEXT_SIZE (16)];
    size_t size = copy_text_syslog (text, &sender, 12, (struct bytes){"no line", 7});
    text[size] = 0;
    assert_string_equal (text, "<110>1 - host consentd - line [line@32473 number=\"12\" line=\"bm8gbGluZQ==\"]\n");
}

static void test_a_position_is_read_as_it_was_printed_and_nothing_else_is (void **state)
{
    (void)state;
    struct copy_tree tree = {.count = 0};
    char text[COPY_POSITION_SIZE + 1];
    struct copy_position read;
    add (&tree, 21);
    copy_tree_is_sure (&tree);
    add (&tree, 27);
    const struct copy_position made = {tree.now, tree.sure};
    size_t size = copy_position_print (&made, text);
    assert_true (copy_position_parse (&read, (struct bytes){text, size}));
    const struct merkle_hash root = merkle_root (&made.now), again = merkle_root (&read.now);
    assert_true (merkle_same (&root, &again));
    assert_int_equal (read.sure.size, 21);
    for (size_t i = 0; i < size; i++) {
        assert_false (copy_position_parse (&read, (struct bytes){text, i}));
        text[i] ^= 1;
        if (copy_position_parse (&read, (struct bytes){text, size})) { /* a hash may be any */
            char printed[COPY_POSITION_SIZE];
            assert_int_equal (copy_position_print (&read, printed), size);
            assert_memory_equal (printed, text, size);
        }
        text[i] ^= 1;
    }
    text[size] = '\n';
    assert_false (copy_position_parse (&read, (struct bytes){text, size + 1}));
    copy_tree_free (&tree);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_checkpoint_is_compared_whenever_it_comes),
        cmocka_unit_test (test_of_too_many_lines_without_a_checkpoint_no_hashes_are_kept),
        cmocka_unit_test (test_lines_that_were_compared_otherwise_are_sure),
        cmocka_unit_test (test_a_line_of_text_is_read_as_it_was_written),
        cmocka_unit_test (test_other_text_is_no_line),
        cmocka_unit_test (test_what_a_crash_leaves_of_a_line_is_told_from_something_else),
        cmocka_unit_test (test_what_is_no_line_of_the_log_has_no_time_in_a_message),
        cmocka_unit_test (test_a_position_is_read_as_it_was_printed_and_nothing_else_is),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
