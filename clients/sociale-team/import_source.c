#include "import_source.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bytes.h"
#include "form.h"
#include "import_csv.h"
#include "import_json.h"
#include "import_table.h"
#include "input.h"

struct import_source {
    FILE *file;
    uint64_t count, number; /* of all records; of the one that was read last */
    struct csv_reader *csv; /* and `table`; or `values` */
    struct import_table *table;
    struct json_values *values;
    char *error;
};

/* A record as it was read, before anything is made of it. */
struct raw {
    uint64_t line;
    struct csv_record record;
    struct bytes text;
};

static int fail (struct import_source *self, const struct csv_fault *fault)
{
    if (fault->column > 0)
        snprintf (self->error, IMPORT_SOURCE_ERROR, "regel %llu, kolom %zu: %s", (unsigned long long)fault->line,
                  fault->column, fault->words);
    else
        snprintf (self->error, IMPORT_SOURCE_ERROR, "regel %llu: %s", (unsigned long long)fault->line,
                  fault->words);
    return IMPORT_SOURCE_FAULT;
}

static void drop_readers (struct import_source *self)
{
    csv_reader_destroy (&self->csv);
    import_table_destroy (&self->table);
    json_values_destroy (&self->values);
}

/* The first sign that is no blank tells JSON from a table: no name of a field begins with a bracket. */
static bool is_json (FILE *file)
{
    int c = getc (file);
    if (c == 0xEF) {
        getc (file);
        getc (file);
        c = getc (file);
    }
    while (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        c = getc (file);
    rewind (file);
    return c == '[' || c == '{';
}

static int read_header (struct import_source *self)
{
    struct csv_record header;
    struct csv_fault fault = {1, 0, "het bestand is leeg"};
    int r = csv_reader_next (self->csv, &header, &fault);
    if (r == 0)
        r = import_table_new (&self->table, &header, &fault);
    return r > 0 ? fail (self, &fault) : r;
}

int import_source_rewind (struct import_source *self, char error[IMPORT_SOURCE_ERROR])
{
    self->error = error;
    self->number = 0;
    drop_readers (self);
    rewind (self->file);
    if (is_json (self->file)) {
        self->values = json_values_new (self->file);
        return 0;
    }
    self->csv = csv_reader_new (self->file);
    return read_header (self);
}

static int next_raw (struct import_source *self, struct raw *raw)
{
    struct csv_fault fault = {0};
    int r;
    if (self->csv) {
        r = csv_reader_next (self->csv, &raw->record, &fault);
        raw->line = raw->record.line;
    } else {
        r = json_values_next (self->values, &raw->text, &raw->line, &fault.words);
        fault.line = raw->line;
        r = r == JSON_VALUES_END ? CSV_END : r == JSON_VALUES_FAULT ? CSV_FAULT : r;
    }
    return r == CSV_FAULT ? fail (self, &fault) : r == CSV_END ? IMPORT_SOURCE_END : r;
}

/* Goes through all of it, so that nothing is recorded of a file of which the end cannot be understood. */
static int go_through (struct import_source *self, char error[IMPORT_SOURCE_ERROR])
{
    struct raw raw = {0};
    int r = import_source_rewind (self, error);
    while (r == 0 && (r = next_raw (self, &raw)) == 0)
        self->count++;
    return r == IMPORT_SOURCE_END ? 0 : r;
}

int import_source_open (struct import_source **self_p, const char *path, char error[IMPORT_SOURCE_ERROR])
{
    int fd = input_open (path);
    struct stat about;
    if (fd < 0)
        return fd;
    if (fstat (fd, &about) != 0 || !S_ISREG (about.st_mode)) { /* it is read twice, and again at a restart */
        close (fd);
        return -ESPIPE;
    }
    struct import_source *self = calloc (1, sizeof *self);
    if (!self || !(self->file = fdopen (fd, "r")))
        abort ();
    int r = go_through (self, error);
    if (r)
        import_source_close (&self);
    *self_p = self;
    return r;
}

void import_source_close (struct import_source **self_p)
{
    struct import_source *self = *self_p;
    if (!self)
        return;
    drop_readers (self);
    fclose (self->file);
    free (self);
    *self_p = NULL;
}

FILE *import_source_file (struct import_source *self)
{
    return self->file;
}

uint64_t import_source_count (const struct import_source *self)
{
    return self->count;
}

static void read_form (struct import_source *self, const struct raw *raw, struct import_record *record)
{
    json_error_t error;
    if (self->csv) {
        record->form = import_table_form (self->table, &raw->record, &record->words);
        return;
    }
    record->form = json_loadb (raw->text.data, raw->text.size, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object (record->form))
        return;
    record->words = form_words_of_json (record->form, &error);
    json_decref (record->form);
    record->form = NULL;
}

int import_source_next (struct import_source *self, struct import_record *record, char error[IMPORT_SOURCE_ERROR])
{
    struct raw raw = {0};
    self->error = error;
    int r = next_raw (self, &raw);
    if (r)
        return r;
    *record = (struct import_record){.number = ++self->number, .line = raw.line};
    read_form (self, &raw, record);
    return 0;
}
