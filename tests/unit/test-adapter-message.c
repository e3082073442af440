/* Messages that are broken, enormous or meant to harm. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/xmlsave.h>
#include "message.h"
#include "testing.h"
#include "xml_memory.h"

static char error[MESSAGE_ERROR];
static struct message_extras extras;

static int read_bytes (const char *text, size_t size)
{
    xmlDoc *document = NULL;
    error[0] = 0;
    int r = message_read ((struct bytes){text, size}, MESSAGE_LIMIT, &document, &extras, error);
    assert_int_equal (r == 0, document != NULL);
    assert_int_equal (r == 0, error[0] == 0);
    xmlFreeDoc (document);
    return r;
}

static void assert_refused (const char *text, const char *reason)
{
    assert_true (read_bytes (text, strlen (text)) < 0);
    assert_string_equal (error, reason);
}

/* `count` times `part`, between `head` and `tail`. */
static char *repeat (const char *head, const char *part, size_t count, const char *tail)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream (&text, &size);
    fputs (head, stream);
    for (size_t i = 0; i < count; i++)
        fputs (part, stream);
    fputs (tail, stream);
    fclose (stream);
    return text;
}

static void test_elements_and_text_are_read_and_all_else_taken_out (void **state)
{
    (void)state;
    const char *text = "\xef\xbb\xbf<?xml version='1.0' encoding=\"utf-8\"?><!-- c --><a b='1' c='&lt;'>x<?p q?>"
                       "<![CDATA[<y>]]><!-- d --></a>";
    xmlDoc *document;
    assert_int_equal (message_read ((struct bytes){text, strlen (text)}, MESSAGE_LIMIT, &document, &extras, error),
                      0);
    assert_int_equal (extras.attributes, 2);
    assert_int_equal (extras.comments, 2);
    assert_int_equal (extras.instructions, 1);
    size_t size;
    char *written = message_write (document, &size);
    assert_string_equal (written, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>x&lt;y&gt;</a>\n");
    free (written);
    xmlFreeDoc (document);
}

static void test_broken_xml_is_refused_with_its_line_and_none_of_its_text (void **state)
{
    (void)state;
    static const char *const broken[] = {"<a>\n<Jansen></a>",
                                         "<a",
                                         "<a>",
                                         "</a>",
                                         "<a b=></a>",
                                         "<a/><b/>",
                                         "Jansen",
                                         "<a>&Jansen;</a>",
                                         "<p:a/>",
                                         "<a b='1' b='2'/>",
                                         "<a>\x01</a>",
                                         "<a><!-- ",
                                         "<a><![CDATA[",
                                         "<?xml version='1.0'",
                                         "<a>]]></a>",
                                         "<a <b/>/>"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        assert_true (read_bytes (broken[i], strlen (broken[i])) < 0);
        assert_memory_equal (error, "line ", 5);
        assert_null (strstr (error, "Jansen"));
    }
    assert_refused ("", "the message is empty");
}

static void test_a_document_type_is_refused_before_anything_is_expanded (void **state)
{
    (void)state;
    const char *reason = "line 1: a document type declaration (DTD) is not allowed";
    assert_refused ("<!DOCTYPE a><a/>", reason);
    assert_refused ("<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>", reason);
    assert_refused ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", reason);
    assert_refused ("<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>", reason);
    assert_refused ("<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://127.0.0.1:9/b'>%b;]><a/>", reason);
    assert_refused ("<a><!DOCTYPE a></a>", reason);
}

static void test_inclusion_is_not_followed (void **state)
{
    (void)state;
    const char *text = "<a xmlns:x='http://www.w3.org/2001/XInclude'>"
                       "<x:include href='file:///etc/passwd' parse='text'/></a>";
    xmlDoc *document;
    assert_int_equal (message_read ((struct bytes){text, strlen (text)}, MESSAGE_LIMIT, &document, &extras, error),
                      0);
    assert_null (xmlDocGetRootElement (document)->children->children);
    xmlFreeDoc (document);
}

/* The name "Zoë" and a character beyond the first plane, in each encoding; what is written is UTF-8. */
static void assert_read (const char *text, size_t size, const char *expected)
{
    xmlDoc *document;
    size_t length;
    int r = message_read ((struct bytes){text, size}, MESSAGE_LIMIT, &document, &extras, error);
    assert_string_equal (r ? error : "", "");
    char *written = message_write (document, &length);
    assert_string_equal (strchr (written, '\n') + 1, expected);
    free (written);
    xmlFreeDoc (document);
}

static void test_every_encoding_that_is_allowed_is_read (void **state)
{
    (void)state;
    static const char latin[] = "<?xml version='1.0' encoding='ISO-8859-1'?><a>Zo\xeb</a>";
    static const char ascii[] = "<?xml version='1.0' encoding=\"us-ascii\"?><a>Zo&#235;</a>";
    static const char little[] = "\xff\xfe<\0a\0>\0Z\0o\0\xeb\0\x3d\xd8\x00\xde<\0/\0a\0>\0";
    static const char big[] = "\xfe\xff\0<\0a\0>\0Z\0o\0\xeb\xd8\x3d\xde\x00\0<\0/\0a\0>";
    static const char wide[] =
        "<\0?\0x\0m\0l\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0U\0T\0F\0-\0001\0006\0L\0E\0'\0?\0>\0<\0a\0/\0>\0";
    assert_read (latin, sizeof latin - 1, "<a>Zo\xc3\xab</a>\n");
    assert_read (ascii, sizeof ascii - 1, "<a>Zo\xc3\xab</a>\n");
    assert_read (little, sizeof little - 1, "<a>Zo\xc3\xab\xf0\x9f\x98\x80</a>\n");
    assert_read (big, sizeof big - 1, "<a>Zo\xc3\xab\xf0\x9f\x98\x80</a>\n");
    assert_true (read_bytes (wide, sizeof wide - 1) < 0);
    assert_memory_equal (error, "line 1: the XML is broken", 25); /* without its version; but it was read */
}

static void test_another_encoding_or_one_that_the_bytes_contradict_is_refused (void **state)
{
    (void)state;
    static const char allowed[] = "the encoding must be UTF-8, UTF-16, ISO-8859-1 or US-ASCII";
    static const char contradiction[] = "the encoding that the XML declaration names is not that of the bytes";
    assert_refused ("<?xml version='1.0' encoding='windows-1252'?><a/>", allowed);
    assert_refused ("<?xml version='1.0' encoding='UTF-8x'?><a/>", allowed);
    assert_refused ("<?xml version='1.0' encoding='UTF-7'?><a/>", allowed);
    assert_refused ("<?xml version='1.0' encoding='UTF-16'?><a/>", contradiction);
    assert_refused ("<?xml version='1.0' encoding='US-ASCII'?><a>\xc3\xab</a>", contradiction);
    assert_refused ("<?xml version='1.0' encoding='ISO-8859-1'?><a>Zo\xc3\xab</a>", contradiction);
    assert_refused ("\xef\xbb\xbf<?xml version='1.0' encoding='ISO-8859-1'?><a/>", contradiction);
    assert_refused ("<?xml version='1.0' encoding=", "line 1: the XML declaration does not end");
    assert_refused ("<a>\xe9\xe9</a>", "the message is not UTF-8");
    assert_refused ("<a>\xc3", "the message is not UTF-8");
    static const char nul[] = "<a>x\0y</a>";
    assert_true (read_bytes (nul, sizeof nul - 1) < 0);
    assert_string_equal (error, "line 1: a NUL is not allowed");
    static const char unmarked[] = "<\0a\0/\0>\0", half[] = "\xff\xfe<\0a\0/\0>",
                      single[] = "\xff\xfe<\0\x3d\xd8>\0";
    static const char utf32[] = "\xff\xfe\0\0<\0\0\0a\0\0\0/\0\0\0>\0\0\0";
    assert_true (read_bytes (unmarked, sizeof unmarked - 1) < 0);
    assert_string_equal (error, "UTF-16 without a byte order mark must be declared as UTF-16LE or UTF-16BE");
    assert_true (read_bytes (half, sizeof half - 1) < 0);
    assert_string_equal (error, "the message is not UTF-16: it ends within a character");
    assert_true (read_bytes (single, sizeof single - 1) < 0);
    assert_string_equal (error, "the message is not UTF-16: a character is not whole");
    assert_true (read_bytes (utf32, sizeof utf32 - 1) < 0);
}

static void test_an_enormous_message_is_refused_by_the_name_of_the_limit (void **state)
{
    (void)state;
    enum { ELEMENTS = MESSAGE_LIMIT / MESSAGE_BYTES_OF_ELEMENT };
    char *text = repeat ("<a>", "0123456789abcdef", MESSAGE_LIMIT / 16, "</a>");
    assert_refused (text, "larger than the limit of 8 MiB (--limit)");
    xmlDoc *document;
    assert_int_equal (
        message_read ((struct bytes){text, strlen (text)}, 2 * MESSAGE_LIMIT, &document, &extras, error), 0);
    xmlFreeDoc (document);
    free (text);
    text = repeat ("<a>", "<b/>", ELEMENTS, "</a>");
    assert_refused (text, "line 1: more elements than the limit (--limit) allows: 52428");
    free (text);
    text = repeat ("<a>", "<b/>", ELEMENTS - 1, "</a>");
    assert_int_equal (read_bytes (text, strlen (text)), 0);
    free (text);
}

static void test_deep_nesting_is_refused (void **state)
{
    (void)state;
    char *text = repeat ("", "<a>", MESSAGE_DEPTH_MAX + 1, "");
    assert_refused (text, "line 1: elements are nested deeper than 32");
    free (text);
    char *opening = repeat ("", "<a>", MESSAGE_DEPTH_MAX, "");
    text = repeat (opening, "</a>", MESSAGE_DEPTH_MAX, "");
    assert_int_equal (read_bytes (text, strlen (text)), 0);
    free (opening);
    free (text);
}

static void test_attributes_beyond_measure_are_refused_before_they_are_compared (void **state)
{
    (void)state;
    char *text = repeat ("<a", " b='>'", MESSAGE_ATTRIBUTES_MAX + 1, "/>");
    assert_refused (text, "line 1: an element has more attributes than 32");
    free (text);
}

static void assert_written_as_libxml2_does (const char *text)
{
    xmlDoc *document;
    size_t size;
    assert_int_equal (message_read ((struct bytes){text, strlen (text)}, MESSAGE_LIMIT, &document, &extras, error),
                      0);
    xmlBuffer *buffer = xmlBufferCreate ();
    xmlSaveCtxt *save = xmlSaveToBuffer (buffer, "UTF-8", XML_SAVE_FORMAT);
    assert_true (xmlSaveDoc (save, document) >= 0);
    xmlSaveClose (save);
    char *written = message_write (document, &size);
    assert_string_equal (written, (const char *)xmlBufferContent (buffer));
    assert_int_equal (size, xmlBufferLength (buffer));
    free (written);
    xmlBufferFree (buffer);
    xmlFreeDoc (document);
}

static void test_a_tree_is_written_byte_for_byte_as_libxml2_writes_it (void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<a/>",
        "<a></a>",
        "<a> </a>",
        "<a><b/><c><d>x</d></c></a>",
        "<a>x<b><c/><d/></b>y</a>",
        "<a>\n  <b>x</b>\n</a>",
        "<a><b>&lt;&gt;&amp;&quot;&apos;&#13;&#10;&#9;]]&gt;</b></a>",
        "<p:a xmlns:p='urn:p'><p:b>1</p:b></p:a>",
        "<a xmlns='urn:d' xmlns:p='urn:p'><p:b><c xmlns='urn:e'/><p:d xmlns:q=\"urn:'q\"/></p:b></a>",
        "<a>Zo\xc3\xab \xf0\x9f\x98\x80 \xc2\x85</a>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_written_as_libxml2_does (texts[i]);
    char *large = repeat ("<a>", "<b><c>0123456789&amp;</c></b>", 20000, "</a>");
    assert_written_as_libxml2_does (large);
    free (large);
}

static void assert_step (const char *text, int expected)
{
    xmlDoc *document;
    size_t size;
    xml_memory_begin ();
    int r = message_read ((struct bytes){text, strlen (text)}, MESSAGE_LIMIT, &document, &extras, error);
    assert_int_equal (r, expected);
    char *written = r == 0 ? message_write (document, &size) : NULL;
    if (r == 0)
        xml_memory_free (document);
    xml_memory_end ();
    if (written)
        assert_string_equal (strchr (written, '\n') + 1, text);
    free (written);
}

/* Where a step has room of its own, a large tree does not fit in it. */
static void test_each_step_has_memory_for_small_large_and_broken_trees (void **state)
{
    (void)state;
    xml_memory_prepare ();
    char *large = repeat ("<a>", "\n  <b>0123456789abcdef</b>", 40000, "\n</a>\n");
    for (size_t i = 0; i < 3; i++) {
        assert_step ("<a>\n  <b>x</b>\n</a>\n", 0);
        assert_step ("<a>\n  <b>x</c>\n</a>\n", -EINVAL);
        assert_step (large, 0);
    }
    free (large);
}

static void test_what_is_kept_longer_outlives_the_step_in_which_it_was_made (void **state)
{
    (void)state;
    xml_memory_prepare ();
    xml_memory_begin ();
    bool stopped = xml_memory_stop ();
    xmlDoc *kept = xmlNewDoc ((const xmlChar *)"1.0");
    xmlDocSetRootElement (kept, xmlNewDocNode (kept, NULL, (const xmlChar *)"kept", (const xmlChar *)"&lt;"));
    xml_memory_go_on (stopped);
    xml_memory_end ();
    assert_step ("<a>\n  <b>x</b>\n</a>\n", 0); /* in the same place */
    size_t size;
    char *written = message_write (kept, &size);
    assert_string_equal (strchr (written, '\n') + 1, "<kept>&lt;</kept>\n");
    free (written);
    xmlFreeDoc (kept);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_elements_and_text_are_read_and_all_else_taken_out),
        cmocka_unit_test (test_broken_xml_is_refused_with_its_line_and_none_of_its_text),
        cmocka_unit_test (test_a_document_type_is_refused_before_anything_is_expanded),
        cmocka_unit_test (test_inclusion_is_not_followed),
        cmocka_unit_test (test_every_encoding_that_is_allowed_is_read),
        cmocka_unit_test (test_another_encoding_or_one_that_the_bytes_contradict_is_refused),
        cmocka_unit_test (test_an_enormous_message_is_refused_by_the_name_of_the_limit),
        cmocka_unit_test (test_deep_nesting_is_refused),
        cmocka_unit_test (test_attributes_beyond_measure_are_refused_before_they_are_compared),
        cmocka_unit_test (test_a_tree_is_written_byte_for_byte_as_libxml2_writes_it),
        cmocka_unit_test (test_each_step_has_memory_for_small_large_and_broken_trees),
        cmocka_unit_test (test_what_is_kept_longer_outlives_the_step_in_which_it_was_made),
    };
    return cmocka_run_group_tests_name ("adapter-message", tests, NULL, NULL);
}
