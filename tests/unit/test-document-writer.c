/* A document that is written while it is told is the one that a tree would have become. */
#include <stdlib.h>
#include "codec/document.h"
#include "codec/document_writer.h"
#include "testing.h"

enum { INDENT = 2 };

static void assert_as_tree (struct document_writer *writer, json_t *tree)
{
    char *told = document_end (writer), *expected = document_text (tree, writer->indent);
    assert_string_equal (told, expected);
    free (told);
    free (expected);
}

static void begin (struct document_writer *writer, size_t indent)
{
    document_begin (writer, indent);
    document_open_object (writer, NULL);
}

static void test_every_kind_of_value_is_written_as_in_a_tree (void **state)
{
    (void)state;
    struct document_writer writer;
    for (size_t indent = 0; indent <= INDENT; indent += INDENT) {
        begin (&writer, indent);
        document_put_text (&writer, "text", "hulp");
        document_put_text (&writer, "none", NULL);
        document_put_word (&writer, "word", "PERMIT");
        document_put_word (&writer, "no_word", NULL);
        document_put_number (&writer, "number", INT64_MIN);
        document_put_truth (&writer, "yes", true);
        document_put_truth (&writer, "no", false);
        document_put_time (&writer, "time", 1795028400123);
        document_put_time (&writer, "never", 0);
        document_close_object (&writer);
        assert_as_tree (&writer,
                        json_pack ("{s:s, s:s, s:s, s:n, s:I, s:b, s:b, s:o, s:o}", "text", "hulp", "none", "",
                                   "word", "PERMIT", "no_word", "number", (json_int_t)INT64_MIN, "yes", 1, "no", 0,
                                   "time", document_time (1795028400123), "never", document_time (0)));
    }
}

static void test_lists_and_objects_stand_within_each_other (void **state)
{
    (void)state;
    struct document_writer writer;
    for (size_t indent = 0; indent <= INDENT; indent += INDENT) {
        begin (&writer, indent);
        document_open_list (&writer, "empty");
        document_close_list (&writer);
        document_open_list (&writer, "list");
        document_put_number (&writer, NULL, 1);
        document_open_object (&writer, NULL);
        document_close_object (&writer);
        document_open_object (&writer, NULL);
        document_put_truth (&writer, "deep", true);
        document_close_object (&writer);
        document_close_list (&writer);
        document_put_number (&writer, "last", 2);
        document_close_object (&writer);
        assert_as_tree (&writer,
                        json_pack ("{s:[], s:[i, {}, {s:b}], s:i}", "empty", "list", 1, "deep", 1, "last", 2));
    }
}

static void test_what_is_not_plain_is_escaped (void **state)
{
    (void)state;
    static const char *const texts[] = {
        "een \"woord\"",   "a\\b", "één cliënt", "regel\nregel\t", "\x7f\x1b", "\u202e", "\U000e0041",
        "geen \xff UTF-8", " ",    "漢字"};
    struct document_writer writer;
    json_t *tree = json_object ();
    begin (&writer, 0);
    for (size_t i = 0; i < COUNT (texts); i++) {
        char key[] = {(char)('a' + i), 0};
        document_put_text (&writer, key, texts[i]);
        json_object_set_new (tree, key, document_string (texts[i]));
    }
    document_close_object (&writer);
    assert_as_tree (&writer, tree);
}

static void test_a_tree_is_put_in_as_it_is (void **state)
{
    (void)state;
    struct document_writer writer;
    for (size_t indent = 0; indent <= INDENT; indent += INDENT) {
        json_t *tree =
            json_pack ("{s:s, s:[i, n, []], s:{s:b}, s:{}}", "text", "é", "list", 1, "object", "is", 1, "none");
        begin (&writer, indent);
        document_put_tree (&writer, "tree", tree);
        document_put_tree (&writer, "nothing", NULL);
        document_put_document (&writer, "document", "{}");
        document_close_object (&writer);
        assert_as_tree (&writer, json_pack ("{s:o, s:n, s:{}}", "tree", tree, "nothing", "document"));
    }
}

static void test_a_document_may_be_long (void **state)
{
    (void)state;
    enum { NUMBERS = 100000 };
    struct document_writer writer;
    json_t *tree = json_array ();
    document_begin (&writer, 0);
    document_open_list (&writer, NULL);
    for (int i = 0; i < NUMBERS; i++) {
        document_put_number (&writer, NULL, i);
        json_array_append_new (tree, json_integer (i));
    }
    document_close_list (&writer);
    assert_as_tree (&writer, tree);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_every_kind_of_value_is_written_as_in_a_tree),
        cmocka_unit_test (test_lists_and_objects_stand_within_each_other),
        cmocka_unit_test (test_what_is_not_plain_is_escaped),
        cmocka_unit_test (test_a_tree_is_put_in_as_it_is),
        cmocka_unit_test (test_a_document_may_be_long),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
