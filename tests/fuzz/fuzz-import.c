/* libFuzzer: any bytes as a file that is imported. A table that was read, written with every field in quotation
   marks, is the same table; what is divided as JSON is within its limits; and whatever a record holds, its line of
   the result tells nothing of it but a reference that is one. */
#include <stdlib.h>
#include <string.h>
#include "import_csv.h"
#include "import_json.h"
#include "import_statement.h"
#include "import_table.h"
#include "text/burgerservicenummer.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { ARENA_LIMIT = 1024 * 1024 };

static void must (bool it)
{
    if (!it)
        abort ();
}

static FILE *open_bytes (const void *data, size_t size)
{
    FILE *file = size > 0 ? fmemopen ((void *)(uintptr_t)data, size, "r") : fopen ("/dev/null", "r");
    must (file != NULL);
    return file;
}

static void try_form (json_t *form)
{
    static const struct import_secret secret;
    struct arena *arena = arena_new (ARENA_LIMIT);
    struct import_record record = {
        .number = 1, .line = 1, .form = json_is_object (form) ? form : NULL, .words = "none"};
    struct import_statement statement;
    struct import_line line;
    const char *bsn = record.form ? json_string_value (json_object_get (form, "bsn")) : NULL;
    char number[BSN_SIZE + 1] = "";
    if (bsn && strlen (bsn) == BSN_SIZE && bsn_is_valid (bsn))
        memcpy (number, bsn, BSN_SIZE);
    if (import_statement_read (&statement, &record, &secret, arena, &line))
        must (bsn_is_valid (import_bsn (statement.request)));
    else
        must (line.outcome == IMPORT_BAD && *line.message);
    if (*number)
        must (!strstr (line.reference, number) && !strstr (line.field, number) && !strstr (line.message, number));
    json_decref (form);
    arena_erase (&arena);
}

static void put_again (FILE *out, const struct csv_record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        fputs (i > 0 ? ",\"" : "\"", out);
        for (const char *c = record->fields[i]; *c; c++) {
            if (*c == '"')
                fputc ('"', out);
            fputc (*c, out);
        }
        fputc ('"', out);
    }
    fputs ("\r\n", out);
}

/* Reads the table, tries its records as forms, and writes it anew. False: it is none. */
static bool try_table (const void *data, size_t size, FILE *out)
{
    FILE *file = open_bytes (data, size);
    struct csv_reader *reader = csv_reader_new (file);
    struct csv_record record;
    struct csv_fault fault = {0};
    struct import_table *table = NULL;
    bool is_first = true, has_table = false;
    int r;
    while ((r = csv_reader_next (reader, &record, &fault)) == 0) {
        const char *words = "";
        must (record.count > 0 && record.count <= CSV_COLUMNS_MAX);
        if (is_first)
            has_table = import_table_new (&table, &record, &fault) == 0;
        else if (has_table)
            try_form (import_table_form (table, &record, &words));
        is_first = false;
        put_again (out, &record);
    }
    must (r == CSV_END || (r == CSV_FAULT && fault.line > 0 && fault.words));
    import_table_destroy (&table);
    csv_reader_destroy (&reader);
    fclose (file);
    return r == CSV_END;
}

static void try_values (const void *data, size_t size)
{
    FILE *file = open_bytes (data, size);
    struct json_values *values = json_values_new (file);
    struct bytes text;
    uint64_t line, last = 0;
    const char *words;
    while (json_values_next (values, &text, &line, &words) == 0) {
        must (text.size > 0 && text.size <= JSON_VALUE_MAX && line >= last);
        last = line;
        try_form (json_loadb (text.data, text.size, JSON_REJECT_DUPLICATES, NULL));
    }
    json_values_destroy (&values);
    fclose (file);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    char *again[2] = {NULL, NULL};
    size_t sizes[2];
    FILE *out = open_memstream (&again[0], &sizes[0]);
    bool is_table = try_table (data, size, out);
    fclose (out);
    if (is_table) {
        out = open_memstream (&again[1], &sizes[1]);
        must (try_table (again[0], sizes[0], out));
        fclose (out);
        must (sizes[0] == sizes[1] && memcmp (again[0], again[1], sizes[0]) == 0);
    }
    try_values (data, size);
    free (again[0]);
    free (again[1]);
    return 0;
}
