#include "import_csv.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "text/utf8.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";
static const char too_large[] = "het record is groter dan een formulier kan zijn (64 KiB)";

struct csv_reader {
    FILE *file;
    int separator; /* 0: the first line was not looked at yet */
    uint64_t line; /* that is read, from 1 */
    struct csv_fault *fault;
    char text[CSV_RECORD_MAX]; /* the fields of a record, each with a NUL behind it */
    size_t size;
    size_t begins[CSV_COLUMNS_MAX];
    const char *fields[CSV_COLUMNS_MAX];
    size_t count;    /* of the fields that were begun */
    uint64_t quoted; /* line on which the quote was opened */
};

struct csv_reader *csv_reader_new (FILE *file)
{
    struct csv_reader *self = malloc (sizeof *self);
    if (!self)
        abort ();
    self->file = file;
    self->separator = 0;
    self->line = 1;
    self->size = 0;
    return self;
}

void csv_reader_destroy (struct csv_reader **self_p)
{
    if (*self_p)
        explicit_bzero ((*self_p)->text, sizeof (*self_p)->text);
    free (*self_p);
    *self_p = NULL;
}

static int fail (struct csv_reader *self, uint64_t line, const char *words)
{
    *self->fault = (struct csv_fault){line, self->count, words};
    return CSV_FAULT;
}

/* Finds the separator in the first line, and goes back to its beginning. */
static int look_at_first_line (struct csv_reader *self)
{
    char first[CSV_RECORD_MAX];
    size_t size = fread (first, 1, sizeof first, self->file);
    if (ferror (self->file))
        return -EIO;
    size_t mark = size >= 3 && memcmp (first, byte_order_mark, 3) == 0 ? 3 : 0;
    size_t commas = 0, semicolons = 0;
    bool is_quoted = false;
    for (size_t i = mark; i < size && (is_quoted || first[i] != '\n'); i++) {
        is_quoted ^= first[i] == '"';
        commas += !is_quoted && first[i] == ',';
        semicolons += !is_quoted && first[i] == ';';
    }
    explicit_bzero (first, sizeof first);
    self->separator = semicolons > commas ? ';' : ',';
    return fseeko (self->file, (off_t)mark - (off_t)size, SEEK_CUR) != 0 ? -errno : 0;
}

static int put (struct csv_reader *self, int c)
{
    if (self->size >= CSV_RECORD_MAX - 1)
        return fail (self, self->line, too_large);
    if (c == '\0')
        return fail (self, self->line, "bevat een NUL: is het bestand UTF-16? Het moet UTF-8 zijn");
    self->text[self->size++] = (char)c;
    return 0;
}

static int begin_field (struct csv_reader *self)
{
    if (self->count == CSV_COLUMNS_MAX)
        return fail (self, self->line, "het record heeft meer dan 1024 velden");
    if (self->size >= CSV_RECORD_MAX)
        return fail (self, self->line, too_large);
    self->begins[self->count++] = self->size;
    return 0;
}

/* The field is whole. */
static int end_field (struct csv_reader *self)
{
    size_t begin = self->begins[self->count - 1];
    if (!utf8_is_valid (self->text + begin, self->size - begin))
        return fail (self, self->line, "is geen UTF-8: bewaar het bestand als CSV UTF-8");
    self->text[self->size++] = '\0'; /* there is room for it */
    return 0;
}

/* Reads what is between the quotes. The opening one was read. */
static int read_quoted (struct csv_reader *self)
{
    self->quoted = self->line;
    for (;;) {
        int c = getc_unlocked (self->file);
        if (c == '"') {
            c = getc_unlocked (self->file);
            if (c != '"') {
                ungetc (c, self->file);
                return 0;
            }
        }
        if (c == EOF)
            return fail (self, self->quoted, "het aanhalingsteken dat hier opent, wordt niet gesloten");
        self->line += c == '\n';
        int r = put (self, c);
        if (r)
            return r;
    }
}

/* Reads one field with what ends it: *end_p is the separator, '\n' or EOF. */
static int read_field (struct csv_reader *self, int *end_p)
{
    int r = begin_field (self), c = getc_unlocked (self->file);
    bool is_quoted = c == '"';
    if (!r && is_quoted) {
        r = read_quoted (self);
        c = getc_unlocked (self->file);
    }
    for (; !r && c != self->separator && c != '\n' && c != EOF; c = getc_unlocked (self->file)) {
        if (c == '\r') {
            int next = getc_unlocked (self->file);
            ungetc (next, self->file);
            if (next != '\n' && next != EOF)
                r = fail (self, self->line, "een CR die geen regel afsluit");
        } else if (is_quoted) {
            r = fail (self, self->line, "tekst achter een aanhalingsteken dat sluit");
        } else if (c == '"') {
            r = fail (self, self->line,
                      "een aanhalingsteken midden in een veld dat er niet mee begint (begint het ermee, dan staat "
                      "het dubbel)");
        } else {
            r = put (self, c);
        }
    }
    *end_p = c;
    if (!r && c == EOF && ferror (self->file))
        return -EIO;
    return r ? r : end_field (self);
}

/* A spreadsheet keeps rows of which the cells were emptied. */
static bool is_empty_line (const struct csv_reader *self)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->text[self->begins[i]])
            return false;
    }
    return true;
}

/* Reads one record, which may be an empty line. */
static int read_record (struct csv_reader *self, struct csv_record *record)
{
    int end;
    self->size = self->count = 0;
    record->line = self->line;
    do {
        int r = read_field (self, &end);
        if (r)
            return r;
    } while (end == self->separator);
    self->line += end == '\n';
    record->count = self->count;
    record->fields = self->fields;
    for (size_t i = 0; i < self->count; i++)
        self->fields[i] = self->text + self->begins[i];
    return end == EOF && is_empty_line (self) ? CSV_END : 0;
}

int csv_reader_next (struct csv_reader *self, struct csv_record *record, struct csv_fault *fault)
{
    self->fault = fault;
    int r = self->separator ? 0 : look_at_first_line (self);
    if (r)
        return r;
    do {
        r = read_record (self, record);
    } while (r == 0 && is_empty_line (self));
    return r;
}
