/* The readers of files that are imported: tables as spreadsheets write them, and forms in JSON, divided. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "import_csv.h"
#include "import_json.h"
#include "import_table.h"
#include "testing.h"

static FILE *open_text (const char *text, size_t size)
{
    FILE *file = tmpfile ();
    assert_non_null (file);
    assert_int_equal (fwrite (text, 1, size, file), size);
    rewind (file);
    return file;
}

/* Reads a table: its fields between [ and ], its records with the line before them, and a fault at the end. */
static char *read_table (const char *text, size_t size)
{
    char *said = NULL;
    size_t said_size;
    FILE *out = open_memstream (&said, &said_size), *file = open_text (text, size);
    struct csv_reader *reader = csv_reader_new (file);
    struct csv_record record;
    struct csv_fault fault;
    int r;
    while ((r = csv_reader_next (reader, &record, &fault)) == 0) {
        fprintf (out, "%d", (int)record.line);
        for (size_t i = 0; i < record.count; i++)
            fprintf (out, "[%s]", record.fields[i]);
    }
    if (r == CSV_FAULT)
        fprintf (out, "!%d,%zu", (int)fault.line, fault.column);
    else
        assert_int_equal (r, CSV_END);
    csv_reader_destroy (&reader);
    fclose (file);
    fclose (out);
    return said;
}

static void assert_table (const char *text, const char *expected)
{
    char *said = read_table (text, strlen (text));
    assert_string_equal (said, expected);
    free (said);
}

static void test_fields_and_records_are_divided (void **state)
{
    (void)state;
    assert_table ("a,b\n1,2\n", "1[a][b]2[1][2]");
    assert_table ("a,b\r\n1,2\r\n", "1[a][b]2[1][2]");
    assert_table ("a;b\n1,5;2", "1[a][b]2[1,5][2]");
    assert_table ("\"a;;\n;\",b\n1;5,2", "1[a;;\n;][b]3[1;5][2]");
    assert_table ("\xEF\xBB\xBF\x61,b\n", "1[a][b]");
    assert_table ("a,b\n\n\r\n,\n", "1[a][b]");
    assert_table ("a,b\n\n\r\n,\n1,2\n\"\",\n", "1[a][b]5[1][2]");
    assert_table ("a,b\n1,\n,2\n", "1[a][b]2[1][]3[][2]");
    assert_table ("", "");
    assert_table ("a\n1\r", "1[a]2[1]");
}

static void test_what_is_in_quotes_may_be_anything (void **state)
{
    (void)state;
    assert_table ("a,b\n\"1,2\n3\",\"say \"\"yes\"\"\"\n\"\",4\n", "1[a][b]2[1,2\n3][say \"yes\"]4[][4]");
    assert_table ("a;b\n\";\";\"\r\n\"\r\n5;6", "1[a][b]2[;][\r\n]4[5][6]");
}

static void test_what_cannot_be_divided_for_certain_is_a_fault_with_its_place (void **state)
{
    (void)state;
    assert_table ("a,b\n1,\"2\n3", "1[a][b]!2,2");
    assert_table ("a,b\n1,2\"3\n", "1[a][b]!2,2");
    assert_table ("a,b\n1,\"2\"3\n", "1[a][b]!2,2");
    assert_table ("a,b\n1,2\n3\r4,5\n", "1[a][b]2[1][2]!3,1");
    assert_table ("a,b\n1,caf\xE9\n", "1[a][b]!2,2");
    char *said = read_table ("a,b\n1,2\0,3\n", 11);
    assert_string_equal (said, "1[a][b]!2,2");
    free (said);
}

static void test_a_record_has_a_limit_and_so_has_its_number_of_fields (void **state)
{
    (void)state;
    static char text[3 * CSV_RECORD_MAX];
    for (size_t size = CSV_RECORD_MAX - 3; size < CSV_RECORD_MAX + 3; size++) {
        memset (text, 'x', size);
        text[size] = '\0';
        char *said = read_table (text, size);
        assert_int_equal (*said == '!', size > CSV_RECORD_MAX - 1);
        free (said);
    }
    for (size_t count = CSV_COLUMNS_MAX - 1; count <= CSV_COLUMNS_MAX + 1; count++) {
        memset (text, ',', count - 1);
        char *said = read_table (text, count - 1);
        assert_int_equal (strcmp (said, "!1,1024") == 0, count > CSV_COLUMNS_MAX);
        free (said);
    }
    /* As full as can be, and then fields that are empty. */
    memset (text, ',', CSV_COLUMNS_MAX);
    memset (text, 'x', CSV_RECORD_MAX - 1);
    char *said = read_table (text, CSV_RECORD_MAX + 8);
    assert_int_equal (said[0], '!');
    free (said);
}

/* The values with their lines, and ! with the line of a fault. */
static void assert_values (const char *text, const char *expected)
{
    char *said = NULL;
    size_t said_size;
    FILE *out = open_memstream (&said, &said_size), *file = open_text (text, strlen (text));
    struct json_values *values = json_values_new (file);
    struct bytes value;
    uint64_t line;
    const char *words = "";
    int r;
    while ((r = json_values_next (values, &value, &line, &words)) == 0)
        fprintf (out, "%d<%.*s>", (int)line, (int)value.size, (const char *)value.data);
    if (r == JSON_VALUES_FAULT)
        fprintf (out, "!%d", (int)line);
    json_values_destroy (&values);
    fclose (file);
    fclose (out);
    assert_string_equal (said, expected);
    free (said);
}

static void test_values_of_an_array_and_of_lines_are_divided (void **state)
{
    (void)state;
    assert_values ("[{\"a\":1},\n {\"b\":\"]},\\\"{\"} ]\n", "1<{\"a\":1}>2<{\"b\":\"]},\\\"{\"} >");
    assert_values ("\xEF\xBB\xBF [ ]", "");
    assert_values ("{\"a\":1}\n\n{\"b\":2}\r\nno JSON", "1<{\"a\":1}>3<{\"b\":2}\r>4<no JSON>");
    assert_values ("[[1,[2]],3]", "1<[1,[2]]>1<3>");
    assert_values ("", "");
}

static void test_an_array_that_is_not_whole_is_a_fault (void **state)
{
    (void)state;
    assert_values ("[{\"a\":1},", "1<{\"a\":1}>!1");
    assert_values ("[{\"a\":1}", "!1");
    assert_values ("[1,,2]", "1<1>!1");
    assert_values ("[1,\n]", "1<1>!2");
    assert_values ("[1] 2", "1<1>!1");
    assert_values ("[1}, 2]", "!1");
}

/* The form of the one record of this table, as JSON; "" with *words if there is none. */
static char *form_of (const char *text, const char **words)
{
    FILE *file = open_text (text, strlen (text));
    struct csv_reader *reader = csv_reader_new (file);
    struct csv_record record;
    struct csv_fault fault = {0};
    struct import_table *table = NULL;
    assert_int_equal (csv_reader_next (reader, &record, &fault), 0);
    char *said = NULL;
    if (import_table_new (&table, &record, &fault) == 0) {
        assert_int_equal (csv_reader_next (reader, &record, &fault), 0);
        json_t *form = import_table_form (table, &record, words);
        said = json_dumps (form, JSON_COMPACT | JSON_SORT_KEYS);
        json_decref (form);
    } else {
        *words = fault.words;
    }
    import_table_destroy (&table);
    csv_reader_destroy (&reader);
    fclose (file);
    return said ? said : strdup ("");
}

static void assert_form (const char *text, const char *expected)
{
    const char *words = "";
    char *said = form_of (text, &words);
    assert_string_equal (said, expected);
    free (said);
}

static void test_cells_become_what_the_form_has_there (void **state)
{
    (void)state;
    assert_form ("BSN; gegevens ;bewijs.kenmerk;zaak\n 1 ;naw, bsn|email  telefoon;x;\n",
                 "{\"bewijs\":{\"kenmerk\":\"x\"},\"bsn\":\"1\",\"formulier\":\"toestemming/1\","
                 "\"gegevens\":[\"naw\",\"bsn\",\"email\",\"telefoon\"]}");
    assert_form ("bsn;eenmalig;beroepsgeheim;geldig_maanden;geldig_vanaf;geldig_tot_en_met\n1;WAAR;nee;12;3-4-"
                 "2025;2025-04-03\n",
                 "{\"beroepsgeheim\":false,\"bsn\":\"1\",\"eenmalig\":true,\"formulier\":\"toestemming/1\","
                 "\"geldig_maanden\":12,\"geldig_tot_en_met\":\"2025-04-03\",\"geldig_vanaf\":\"2025-04-03\"}");
}

static void test_what_is_no_day_number_or_flag_stays_as_it_is_for_the_reader_of_the_form (void **state)
{
    (void)state;
    assert_form (
        "bsn;eenmalig;geldig_maanden;geldig_vanaf\n1;misschien;twaalf;3/4/2025\n",
        "{\"bsn\":\"1\",\"eenmalig\":\"misschien\",\"formulier\":\"toestemming/1\",\"geldig_maanden\":\"twaalf\","
        "\"geldig_vanaf\":\"3/4/2025\"}");
    assert_form ("bsn;geldig_vanaf;geldig_maanden\n1;33-14-20255;1234567\n",
                 "{\"bsn\":\"1\",\"formulier\":\"toestemming/"
                 "1\",\"geldig_maanden\":\"1234567\",\"geldig_vanaf\":\"33-14-20255\"}");
}

static void test_who_signed_and_when_is_one_list (void **state)
{
    (void)state;
    assert_form ("bsn;ondertekening.door;ondertekening.op\n1;ouder-1 ouder-2;3-4-2025\n",
                 "{\"bsn\":\"1\",\"formulier\":\"toestemming/"
                 "1\",\"ondertekening\":[{\"door\":\"ouder-1\",\"op\":\"2025-04-03\"},"
                 "{\"door\":\"ouder-2\",\"op\":\"2025-04-03\"}]}");
    assert_form ("bsn,ondertekening.door,ondertekening.op\n1,a b c,\"2025-04-03 10:00, 2025-04-04\"\n",
                 "{\"bsn\":\"1\",\"formulier\":\"toestemming/"
                 "1\",\"ondertekening\":[{\"door\":\"a\",\"op\":\"2025-04-03 10:00\"},"
                 "{\"door\":\"b\",\"op\":\"2025-04-04\"},{\"door\":\"c\"}]}");
}

static void test_a_header_that_is_not_of_the_form_and_a_record_that_does_not_fit_it_are_none (void **state)
{
    (void)state;
    assert_form ("bsn;naam\n1;2\n", "");
    assert_form ("bsn;bsn\n1;2\n", "");
    assert_form ("zaak\n1\n", "");
    assert_form ("bsn;zaak\n1;2;3\n", "");
    assert_form ("bsn;zaak\n1\n", "");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_fields_and_records_are_divided),
        cmocka_unit_test (test_what_is_in_quotes_may_be_anything),
        cmocka_unit_test (test_what_cannot_be_divided_for_certain_is_a_fault_with_its_place),
        cmocka_unit_test (test_a_record_has_a_limit_and_so_has_its_number_of_fields),
        cmocka_unit_test (test_values_of_an_array_and_of_lines_are_divided),
        cmocka_unit_test (test_an_array_that_is_not_whole_is_a_fault),
        cmocka_unit_test (test_cells_become_what_the_form_has_there),
        cmocka_unit_test (test_what_is_no_day_number_or_flag_stays_as_it_is_for_the_reader_of_the_form),
        cmocka_unit_test (test_who_signed_and_when_is_one_list),
        cmocka_unit_test (test_a_header_that_is_not_of_the_form_and_a_record_that_does_not_fit_it_are_none),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
