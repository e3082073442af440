/* consentctl export: what it reads again of what it wrote, and of what a collector answers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "delivery/cloudevent.h"
#include "export/form.h"
#include "export/otlp.h"
#include "export/position.h"
#include "export/sink.h"
#include "testing.h"

static const char epoch[] = "00112233445566778899aabbccddeeff";

/* --- Positions ----------------------------------------------------------------------------------------- */

static void write_text (const char *path, const char *text, size_t size)
{
    FILE *out = fopen (path, "w");
    assert_non_null (out);
    assert_int_equal (fwrite (text, 1, size, out), size);
    assert_int_equal (fclose (out), 0);
}

static const struct export_position position = {
    .form = "ldv",
    .origin = "gemeente-voorbeeld.nl/toestemmingen",
    .mark = {1234567, 1764000000000, "00112233445566778899aabbccddeeff"}};

static void test_a_position_is_read_as_it_was_written (void **state)
{
    char path[] = "/tmp/test-ctl-export-XXXXXX";
    struct export_position found;
    (void)state;
    assert_int_equal (export_position_read (&found, "/tmp/test-ctl-export/none"), EXPORT_POSITION_NONE);
    assert_true (mkdtemp (path) != NULL);
    char file[64];
    snprintf (file, sizeof file, "%s/position", path);
    assert_int_equal (export_position_read (&found, file), EXPORT_POSITION_NONE);
    assert_int_equal (export_position_write (&position, file), 0);
    assert_int_equal (export_position_read (&found, file), 0);
    assert_string_equal (found.form, "ldv");
    assert_string_equal (found.origin, position.origin);
    assert_string_equal (found.mark.epoch, epoch);
    assert_int_equal (found.mark.number, 1234567);
    assert_int_equal (found.mark.time, 1764000000000);
    assert_true (export_position_read (&found, path) < 0); /* a directory */
    assert_int_equal (found.mark.number, 0);
    unlink (file);
    rmdir (path);
}

/* Every byte changed, removed or added, one at a time: it is no position, or says something else. */
static void test_no_changed_position_is_taken_for_what_it_was (void **state)
{
    char path[] = "/tmp/test-ctl-export-XXXXXX", text[512], changed[512];
    struct export_position found;
    (void)state;
    close (mkstemp (path));
    assert_int_equal (export_position_write (&position, path), 0);
    FILE *in = fopen (path, "r");
    size_t size = fread (text, 1, sizeof text, in);
    fclose (in);
    for (size_t i = 0; i <= size; i++) {
        memcpy (changed, text, size);
        if (i < size) {
            changed[i] ^= 1;
            write_text (path, changed, size);
            assert_true (export_position_read (&found, path) == EXPORT_POSITION_INVALID ||
                         memcmp (&found, &position, sizeof found) != 0);
            write_text (path, text, i);
            assert_int_equal (export_position_read (&found, path), EXPORT_POSITION_INVALID);
        }
        memmove (changed + i + 1, text + i, size - i);
        memcpy (changed, text, i);
        changed[i] = '\0';
        write_text (path, changed, size + 1);
        assert_int_equal (export_position_read (&found, path), EXPORT_POSITION_INVALID);
    }
    unlink (path);
}

/* --- Ids ----------------------------------------------------------------------------------------------- */

static void test_ids_are_of_the_log_the_number_and_the_time (void **state)
{
    struct export_log log = {.origin = "a"}, other = {.origin = "b"};
    Consentd__AuditEntry entry;
    char trace[4][EXPORT_TRACE_SIZE], span[4][EXPORT_SPAN_SIZE];
    (void)state;
    consentd__audit_entry__init (&entry);
    entry.number = 7;
    entry.time = 1764000000000;
    export_ids (&log, &entry, trace[0], span[0]);
    export_ids (&other, &entry, trace[1], span[1]);
    entry.time++;
    export_ids (&log, &entry, trace[2], span[2]);
    entry.time--;
    entry.number++;
    export_ids (&log, &entry, trace[3], span[3]);
    /* As `printf 'consentd line\na\n7\n1764000000000\n' | sha256sum` has it. */
    assert_string_equal (trace[0], "c9a7afd2777821d5b101e412a2c17101");
    assert_string_equal (span[0], "6c88017ddc40e32c");
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < i; j++) {
            assert_string_not_equal (trace[i], trace[j]);
            assert_string_not_equal (span[i], span[j]);
        }
}

/* --- Answers of a collector ----------------------------------------------------------------------------- */

static bool reads (const char *text, struct otlp_answer *answer)
{
    return otlp_answer_read (text, strlen (text), answer);
}

static void test_an_answer_that_says_that_all_was_taken_is_read (void **state)
{
    static const char *const good[] = {"{}",
                                       " {} \n",
                                       "{\"partialSuccess\":{}}",
                                       "{\"partialSuccess\":null}",
                                       "{\"partialSuccess\":{\"rejectedSpans\":\"0\"}}",
                                       "{\"partialSuccess\":{\"rejectedSpans\":0, \"other\":[1]}, \"other\":2}"};
    struct otlp_answer answer;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true (reads (good[i], &answer));
        assert_int_equal (answer.rejected, 0);
        assert_string_equal (answer.message, "");
    }
}

static void test_what_was_rejected_is_read (void **state)
{
    struct otlp_answer answer;
    char text[2048], words[1001];
    (void)state;
    assert_true (reads ("{\"partialSuccess\":{\"rejectedSpans\":\"12\",\"errorMessage\":\"too old\"}}", &answer));
    assert_int_equal (answer.rejected, 12);
    assert_string_equal (answer.message, "too old");
    assert_true (reads ("{\"partialSuccess\":{\"rejectedSpans\":3}}", &answer));
    assert_int_equal (answer.rejected, 3);
    assert_true (reads ("{\"partialSuccess\":{\"errorMessage\":\"a warning\"}}", &answer));
    assert_int_equal (answer.rejected, 0);
    assert_string_equal (answer.message, "a warning");
    memset (words, 'x', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    snprintf (text, sizeof text, "{\"partialSuccess\":{\"errorMessage\":\"%s\"}}", words);
    assert_true (reads (text, &answer));
    assert_int_equal (strlen (answer.message), sizeof answer.message - 1);
}

static void test_whatever_else_is_no_answer (void **state)
{
    static const char *const bad[] = {"",
                                      " ",
                                      "null",
                                      "[]",
                                      "\"ok\"",
                                      "1",
                                      "{",
                                      "{}}",
                                      "{} {}",
                                      "<html>",
                                      "OK",
                                      "{\"partialSuccess\":[]}",
                                      "{\"partialSuccess\":\"none\"}",
                                      "{\"partialSuccess\":7}",
                                      "{\"partialSuccess\":{\"rejectedSpans\":-1}}",
                                      "{\"partialSuccess\":{\"rejectedSpans\":\"-1\"}}",
                                      "{\"partialSuccess\":{\"rejectedSpans\":\"\"}}",
                                      "{\"partialSuccess\":{\"rejectedSpans\":\"1x\"}}",
                                      "{\"partialSuccess\":{\"rejectedSpans\":1.5}}",
                                      "{\"partialSuccess\":{\"rejectedSpans\":{}}}",
                                      "{\"partialSuccess\":{\"rejectedSpans\":99999999999999999999}}",
                                      "{\"partialSuccess\":{\"rejectedSpans\":\"99999999999999999999\"}}",
                                      "{\"partialSuccess\":{},\"partialSuccess\":{}}"};
    struct otlp_answer answer;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (reads (bad[i], &answer))
            fail_msg ("%s", bad[i]);
}

/* --- Records ------------------------------------------------------------------------------------------- */

static bool reads_mark (const struct export_form *form, const char *text, struct export_mark *mark)
{
    json_t *record = json_loads (text, 0, NULL);
    bool found = record && form->read (record, mark);
    json_decref (record);
    return found;
}

static void test_the_end_of_a_file_says_its_line (void **state)
{
    struct export_mark mark;
    (void)state;
    assert_true (reads_mark (
        &ldv_form,
        "{\"start_time\": 9, \"resource\": {\"service.instance.id\": \"00112233445566778899aabbccddeeff\"},"
        " \"attributes\": {\"nl.toestemmingen.logregel\": 7, \"dpl.core.data_subject_id\": \"x\"}}",
        &mark));
    assert_int_equal (mark.number, 7);
    assert_int_equal (mark.time, 9);
    assert_string_equal (mark.epoch, epoch);
    assert_true (
        reads_mark (&adl_form,
                    "{\"timestamp\": \"1970-01-01T00:00:01.500Z\", \"configuration\": {\"regel\": 8, \"epoch\": "
                    "\"00112233445566778899aabbccddeeff\"}}",
                    &mark));
    assert_int_equal (mark.number, 8);
    assert_int_equal (mark.time, 1500);
    assert_true (
        reads_mark (&cloudevent_form,
                    "{\"id\": \"00112233445566778899aabbccddeeff-cak-2-9\", \"sequence\": \"9\", \"time\": "
                    "\"1970-01-01T00:00:02.000Z\"}",
                    &mark));
    assert_int_equal (mark.number, 9);
    assert_string_equal (mark.party, "cak-2");
    assert_string_equal (mark.epoch, epoch);
}

static void test_no_form_reads_a_record_of_another_or_half_of_one (void **state)
{
    static const char *const others[] = {
        "{}",
        "[]",
        "7",
        "{\"attributes\": {\"nl.toestemmingen.logregel\": 7}}",
        "{\"start_time\": 9, \"resource\": {\"service.instance.id\": \"0011\"}, \"attributes\": "
        "{\"nl.toestemmingen.logregel\": 7, \"dpl.core.data_subject_id\": \"x\"}}",
        "{\"timestamp\": \"gisteren\", \"configuration\": {\"regel\": 8, \"epoch\": "
        "\"00112233445566778899aabbccddeeff\"}}",
        "{\"timestamp\": \"1970-01-01T00:00:01.500Z\", \"configuration\": {\"regel\": 0, \"epoch\": "
        "\"00112233445566778899aabbccddeeff\"}}",
        "{\"id\": \"00112233445566778899aabbccddeeffcak-9\", \"sequence\": \"9\", \"time\": "
        "\"1970-01-01T00:00:02.000Z\"}",
        "{\"id\": \"00112233445566778899aabbccddeeff-9\", \"sequence\": \"9\", \"time\": "
        "\"1970-01-01T00:00:02.000Z\"}",
        "{\"id\": \"00112233445566778899aabbccddeeff--9\", \"sequence\": \"9\", \"time\": "
        "\"1970-01-01T00:00:02.000Z\"}",
        "{\"id\": \"00112233445566778899aabbccddeeff-cak-9\", \"sequence\": 9, \"time\": "
        "\"1970-01-01T00:00:02.000Z\"}"};
    static const struct export_form *const forms[] = {&ldv_form, &adl_form, &cloudevent_form};
    struct export_mark mark;
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (size_t form = 0; form < sizeof forms / sizeof *forms; form++)
            if (reads_mark (forms[form], others[i], &mark))
                fail_msg ("%s: %s", forms[form]->name, others[i]);
}

/* --- Files --------------------------------------------------------------------------------------------- */

static bool sync_fails;
static int synced;

/* In the place of that of the system. */
int fdatasync (int fd)
{
    (void)fd;
    synced++;
    errno = EIO;
    return sync_fails ? -1 : 0;
}

/* Whoever was killed between writing and syncing left it so, and what is in the file is acknowledged. */
static void test_what_is_in_a_file_counts_when_it_is_synced (void **state)
{
    static const char line[] =
        "{\"id\": \"00112233445566778899aabbccddeeff-cak-9\", \"sequence\": \"9\", \"time\": "
        "\"1970-01-01T00:00:02.000Z\"}\n";
    char path[] = "/tmp/test-ctl-export-XXXXXX";
    struct export_mark last;
    int error;
    (void)state;
    close (mkstemp (path));
    write_text (path, line, sizeof line - 1);
    sync_fails = true;
    assert_null (sink_to_file (path, &cloudevent_form, &last, &error));
    assert_int_equal (error, EX_IOERR);
    sync_fails = false;
    synced = 0;
    struct sink *sink = sink_to_file (path, &cloudevent_form, &last, &error);
    assert_non_null (sink);
    assert_int_equal (last.number, 9);
    assert_int_equal (synced, 1);
    sink_close (&sink);
    unlink (path);
}

/* --- CloudEvents --------------------------------------------------------------------------------------- */

/* The text of one of its attributes; "": it has none. */
static const char *attribute (uint64_t number, const char *name)
{
    static char text[128];
    static const char *const none[] = {NULL};
    const struct consent_event event = {.number = number,
                                        .type = "nl.toestemmingen.toestemming-ingetrokken",
                                        .time = 1764000000000,
                                        .subject_ref = "33333333333333333333333333333333",
                                        .providers = none,
                                        .recipients = none,
                                        .categories = none,
                                        .purpose = "toekenning",
                                        .answer = "",
                                        .obligation = "",
                                        .alarm = "",
                                        .party = "",
                                        .rights = "",
                                        .epoch = "00112233445566778899aabbccddeeff"};
    json_t *record = cloudevent_of (&event, "cak", "urn:nld:oin:00000001234567890000:systeem:toestemmingen");
    const char *found = json_string_value (json_object_get (record, name));
    snprintf (text, sizeof text, "%s", found ? found : "");
    json_decref (record);
    return text;
}

static void test_a_number_beyond_what_the_profile_calls_an_integer_is_not_called_one (void **state)
{
    (void)state;
    assert_string_equal (attribute (INT32_MAX, "sequence"), "2147483647");
    assert_string_equal (attribute (INT32_MAX, "sequencetype"), "Integer");
    assert_string_equal (attribute (INT32_MAX + 1ULL, "sequence"), "2147483648");
    assert_string_equal (attribute (INT32_MAX + 1ULL, "sequencetype"), "");
    assert_string_equal (attribute (UINT64_MAX, "id"),
                         "00112233445566778899aabbccddeeff-cak-18446744073709551615");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_position_is_read_as_it_was_written),
        cmocka_unit_test (test_no_changed_position_is_taken_for_what_it_was),
        cmocka_unit_test (test_ids_are_of_the_log_the_number_and_the_time),
        cmocka_unit_test (test_an_answer_that_says_that_all_was_taken_is_read),
        cmocka_unit_test (test_what_was_rejected_is_read),
        cmocka_unit_test (test_whatever_else_is_no_answer),
        cmocka_unit_test (test_the_end_of_a_file_says_its_line),
        cmocka_unit_test (test_no_form_reads_a_record_of_another_or_half_of_one),
        cmocka_unit_test (test_what_is_in_a_file_counts_when_it_is_synced),
        cmocka_unit_test (test_a_number_beyond_what_the_profile_calls_an_integer_is_not_called_one),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
