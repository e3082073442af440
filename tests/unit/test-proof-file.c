/* Checkpoints, and proofs as files: what is written reads back the same, and nothing else is read. */
#include <stdio.h>
#include <string.h>
#include "merkle/proof_file.h"
#include "testing.h"

static const char root_text[] = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=";

static struct bytes bytes_of (const char *text)
{
    return (struct bytes){text, strlen (text)};
}

static void assert_no_checkpoint (const char *text, const char *expected)
{
    struct checkpoint checkpoint;
    const char *fault = "";
    assert_false (checkpoint_read (&checkpoint, bytes_of (text), &fault));
    assert_string_equal (fault, expected);
}

static void test_a_checkpoint_reads_as_it_was_written (void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 9, 10, 20852163, INT64_MAX};
    for (size_t i = 0; i < COUNT (sizes); i++) {
        struct checkpoint made = {.origin = "voorbeeld.nl/register", .size = sizes[i]}, read;
        made.root = merkle_leaf ((struct bytes){&i, sizeof i});
        char text[CHECKPOINT_TEXT_SIZE];
        const char *fault;
        size_t size = checkpoint_write (&made, text);
        assert_int_equal (size, strlen (text));
        assert_true (checkpoint_read (&read, (struct bytes){text, size}, &fault));
        assert_string_equal (read.origin, made.origin);
        assert_int_equal (read.size, made.size);
        assert_true (merkle_same (&read.root, &made.root));
    }
}

static void test_what_is_no_checkpoint_is_said (void **state)
{
    (void)state;
    static const char size_fault[] = "has no size, in decimal and less than 2^63";
    char text[1024];
    assert_no_checkpoint ("", "has no origin");
    assert_no_checkpoint ("\n7\n", "has no origin");
    assert_no_checkpoint ("o", "has no origin");
    static const char *const sizes[] = {"",
                                        "07",
                                        "-1",
                                        "+1",
                                        " 1",
                                        "1 ",
                                        "0x7",
                                        "9223372036854775808",
                                        "18446744073709551616",
                                        "99999999999999999999"};
    for (size_t i = 0; i < COUNT (sizes); i++) {
        snprintf (text, sizeof text, "o\n%s\n%s\n", sizes[i], root_text);
        assert_no_checkpoint (text, size_fault);
    }
    assert_no_checkpoint ("o\n7\n", "has no root");
    assert_no_checkpoint ("o\n7\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg\n", "has no root");
    assert_no_checkpoint ("o\n7\nXcna\303\251cGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n", "has no root");
    assert_no_checkpoint ("o\n7\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyh=\n", "has no root");
    snprintf (text, sizeof text, "o\n7\n%s\n\nx\n", root_text);
    assert_no_checkpoint (text, "has an empty line");
    snprintf (text, sizeof text, "o\n7\n%s\nx", root_text);
    assert_no_checkpoint (text, "does not end in a newline");
    snprintf (text, sizeof text, "o\n7\n%s", root_text);
    assert_no_checkpoint (text, "has no root");
    memset (text, 'o', 256);
    strcpy (text + 256, "\n7\n");
    assert_no_checkpoint (text, "has an origin that is longer than 255 bytes");
    struct checkpoint checkpoint;
    const char *fault;
    snprintf (text, sizeof text, "o\n7\n%s\nan extension\nx\n", root_text);
    assert_true (checkpoint_read (&checkpoint, bytes_of (text), &fault));
    assert_false (checkpoint_read (&checkpoint, (struct bytes){"o\0\n7\n", 5}, &fault));
    assert_string_equal (fault, "has an origin that is longer than 255 bytes");
    memset (text, 'o', 255);
    snprintf (text + 255, sizeof text - 255, "\n7\n%s\n", root_text);
    assert_true (checkpoint_read (&checkpoint, bytes_of (text), &fault));
    assert_int_equal (strlen (checkpoint.origin), 255);
}

enum { ENTRIES = 11 };

static struct bytes entry (uint64_t index)
{
    static char texts[ENTRIES][16];
    snprintf (texts[index], sizeof texts[index], "line %u", (unsigned)index);
    return bytes_of (texts[index]);
}

static int read_entries (void *context, unsigned level, uint64_t index, struct merkle_hash *hash)
{
    (void)context;
    struct merkle_edge edge = {0};
    struct merkle_filled filled;
    for (uint64_t i = index << level; i < (index + 1) << level; i++) {
        struct merkle_hash leaf = merkle_leaf (entry (i));
        merkle_add (&edge, &leaf, &filled);
    }
    *hash = merkle_root (&edge);
    return 0;
}

static struct proof_file prove (uint64_t index)
{
    struct merkle_range ranges[MERKLE_PATH_LIMIT];
    struct proof_file proof = {.index = index, .path_count = merkle_inclusion (index, ENTRIES, ranges)};
    for (size_t i = 0; i < proof.path_count; i++)
        assert_int_equal (merkle_range_hash (ranges[i], read_entries, NULL, &proof.path[i]), 0);
    proof.checkpoint = bytes_of ("a note\n\nwith lines\n");
    return proof;
}

static void test_a_proof_reads_as_it_was_written_and_holds (void **state)
{
    (void)state;
    struct checkpoint checkpoint = {.size = ENTRIES};
    merkle_range_hash ((struct merkle_range){0, ENTRIES}, read_entries, NULL, &checkpoint.root);
    for (uint64_t index = 0; index < ENTRIES; index++) {
        struct proof_file made = prove (index), read;
        made.extra = index % 2 == 0 ? bytes_of ("AAAA") : made.extra;
        char text[4096];
        const char *fault = "";
        size_t size = proof_file_write (&made, text, sizeof text);
        assert_int_equal (size, strlen (text));
        assert_true (proof_file_read (&read, (struct bytes){text, size}, &fault));
        assert_int_equal (read.index, index);
        assert_int_equal (read.checkpoint.size, made.checkpoint.size);
        assert_int_equal (read.extra.size, made.extra.size);
        assert_memory_equal (read.checkpoint.data, made.checkpoint.data, made.checkpoint.size);
        for (uint64_t other = 0; other < ENTRIES; other++)
            assert_int_equal (proof_file_holds (&read, &checkpoint, entry (other)), other == index);
        for (size_t room = 0; room <= size; room++)
            assert_int_equal (proof_file_write (&made, text, room), 0);
    }
}

static void test_what_is_no_proof_is_said (void **state)
{
    (void)state;
    static const struct {
        const char *text, *fault;
    } wrong[] = {
        {"", "does not begin with c2sp.org/tlog-proof@v1"},
        {"c2sp.org/tlog-proof@v2\nindex 1\n\nx\n", "does not begin with c2sp.org/tlog-proof@v1"},
        {"c2sp.org/tlog-proof@v1\n", "has no index"},
        {"c2sp.org/tlog-proof@v1\nextra AA,=\nindex 1\n\nx\n",
         "has an extra that is no base64, or longer than it may be"},
        {"c2sp.org/tlog-proof@v1\nextra ,AA=\nindex 1\n\nx\n",
         "has an extra that is no base64, or longer than it may be"},
        {"c2sp.org/tlog-proof@v1\nextra AAAAA\nindex 1\n\nx\n",
         "has an extra that is no base64, or longer than it may be"},
        {"c2sp.org/tlog-proof@v1\nextra AAA=\n", "has no index"},
        {"c2sp.org/tlog-proof@v1\nextra \nindex 1\n\nx\n", "has no index, in decimal and less than 2^63"},
        {"c2sp.org/tlog-proof@v1", "does not begin with c2sp.org/tlog-proof@v1"},
        {"c2sp.org/tlog-proof@v1 \nindex 1\n\nx\n", "does not begin with c2sp.org/tlog-proof@v1"},
        {"c2sp.org/tlog-proof@v\nindex 1\n\nx\n", "does not begin with c2sp.org/tlog-proof@v1"},
        {"c2sp.org/tlog-proof@v1\nindex 01\n\nx\n", "has no index, in decimal and less than 2^63"},
        {"c2sp.org/tlog-proof@v1\nindex \n\nx\n", "has no index, in decimal and less than 2^63"},
        {"c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n\nx\n",
         "has no index, in decimal and less than 2^63"},
        {"c2sp.org/tlog-proof@v1\nindex 1\nAA==\n\nx\n", "has a line that is no hash"},
        {"c2sp.org/tlog-proof@v1\nindex 1\n", "has no checkpoint"},
        {"c2sp.org/tlog-proof@v1\nindex 1\n\n", "has no checkpoint"},
    };
    struct proof_file proof;
    for (size_t i = 0; i < COUNT (wrong); i++) {
        const char *fault = "";
        assert_false (proof_file_read (&proof, bytes_of (wrong[i].text), &fault));
        assert_string_equal (fault, wrong[i].fault);
    }
    const char *fault;
    assert_true (
        proof_file_read (&proof, bytes_of ("c2sp.org/tlog-proof@v1\nextra AAA=\nindex 1\n\nx\n"), &fault));
    assert_int_equal (proof.extra.size, 4);
}

static void test_an_extra_is_base64_of_a_bounded_length (void **state)
{
    (void)state;
    static const char head[] = "c2sp.org/tlog-proof@v1\nextra ", tail[] = "\nindex 1\n\nx\n",
                      with_nul[] = "c2sp.org/tlog-proof@v1\nextra AA\0=\nindex 1\n\nx\n";
    static char text[PROOF_FILE_SIZE];
    struct proof_file proof;
    const char *fault = "";
    assert_false (proof_file_read (&proof, (struct bytes){with_nul, sizeof with_nul - 1}, &fault));
    assert_string_equal (fault, "has an extra that is no base64, or longer than it may be");
    for (size_t more = 0; more <= 4; more += 4) {
        size_t size = PROOF_EXTRA_SIZE + more, at = sizeof head - 1;
        memcpy (text, head, at);
        memset (text + at, 'A', size);
        memcpy (text + at + size, tail, sizeof tail);
        assert_int_equal (proof_file_read (&proof, (struct bytes){text, at + size + sizeof tail - 1}, &fault),
                          more == 0);
    }
    assert_string_equal (fault, "has an extra that is no base64, or longer than it may be");
}

static void test_a_proof_of_too_many_hashes_is_refused (void **state)
{
    (void)state;
    char text[8192];
    const char *fault = "";
    struct proof_file proof;
    for (size_t count = MERKLE_LEVELS; count <= MERKLE_LEVELS + 1; count++) {
        size_t at = (size_t)snprintf (text, sizeof text, "c2sp.org/tlog-proof@v1\nindex 0\n");
        for (size_t i = 0; i < count; i++)
            at += (size_t)snprintf (text + at, sizeof text - at, "%s\n", root_text);
        snprintf (text + at, sizeof text - at, "\nx\n");
        assert_int_equal (proof_file_read (&proof, bytes_of (text), &fault), count == MERKLE_LEVELS);
    }
    assert_string_equal (fault, "has more hashes than a proof may have");
    static const char head[] = "c2sp.org/tlog-proof@v1\nindex 0\n\n";
    static char large[PROOF_FILE_SIZE + 1];
    memset (large, 'x', sizeof large);
    memcpy (large, head, sizeof head - 1);
    assert_true (proof_file_read (&proof, (struct bytes){large, sizeof head}, &fault));
    assert_int_equal (proof.checkpoint.size, 1);
    assert_true (proof_file_read (&proof, (struct bytes){large, PROOF_FILE_SIZE}, &fault));
    assert_false (proof_file_read (&proof, (struct bytes){large, sizeof large}, &fault));
    assert_string_equal (fault, "is longer than a proof may be");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_checkpoint_reads_as_it_was_written),
        cmocka_unit_test (test_what_is_no_checkpoint_is_said),
        cmocka_unit_test (test_a_proof_reads_as_it_was_written_and_holds),
        cmocka_unit_test (test_what_is_no_proof_is_said),
        cmocka_unit_test (test_an_extra_is_base64_of_a_bounded_length),
        cmocka_unit_test (test_a_proof_of_too_many_hashes_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
