#include "import_table.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum sort { TEXT, DAY, NUMBER, FLAG, NAMES, DAYS };

static const struct column {
    const char *path;
    enum sort sort;
} columns[] = {
    {"formulier", TEXT},
    {"toestemming", TEXT},
    {"bsn", TEXT},
    {"verstrekkers", NAMES},
    {"ontvangers", NAMES},
    {"gegevens", NAMES},
    {"doel", TEXT},
    {"herkomst", NAMES},
    {"zaak", TEXT},
    {"motivering", TEXT},
    {"vorm", TEXT},
    {"bewijs.kenmerk", TEXT},
    {"bewijs.sha256", TEXT},
    {"voorlichting.folder", TEXT},
    {"voorlichting.versie", TEXT},
    {"voorlichting.taal", TEXT},
    {"voorlichting.verstrekt_op", DAY},
    {"ondertekening.door", NAMES},
    {"ondertekening.op", DAYS},
    {"geldig_vanaf", DAY},
    {"geldig_tot_en_met", DAY},
    {"geldig_maanden", NUMBER},
    {"eenmalig", FLAG},
    {"beroepsgeheim", FLAG},
    {"verzoek", TEXT},
    {"medewerker", TEXT},
    {"kenmerk", TEXT},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

struct import_table {
    size_t count;
    const struct column *columns[CSV_COLUMNS_MAX]; /* NULL: without a name, and with nothing in it */
};

static bool is_blank (char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The cell without the blanks around it. */
static size_t trim (const char **text)
{
    size_t size = strlen (*text);
    while (size > 0 && is_blank ((*text)[size - 1]))
        size--;
    while (size > 0 && is_blank (**text)) {
        (*text)++;
        size--;
    }
    return size;
}

static const struct column *find_column (const char *name)
{
    size_t size = trim (&name);
    for (size_t i = 0; i < COLUMNS; i++)
        if (strlen (columns[i].path) == size && strncasecmp (name, columns[i].path, size) == 0)
            return &columns[i];
    return NULL;
}

static bool has (const struct import_table *self, const struct column *column)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->columns[i] == column)
            return true;
    return false;
}

int import_table_new (struct import_table **self_p, const struct csv_record *header, struct csv_fault *fault)
{
    struct import_table *self = calloc (1, sizeof *self);
    if (!self)
        abort ();
    *self_p = self;
    for (size_t i = 0; i < header->count; i++) {
        const struct column *column = find_column (header->fields[i]);
        const char *name = header->fields[i];
        *fault = (struct csv_fault){header->line, i + 1,
                                    column ? "deze naam staat twee keer in de eerste regel"
                                           : "deze naam in de eerste regel is geen veld van het formulier"};
        if (column ? has (self, column) : trim (&name) > 0)
            return CSV_FAULT;
        self->columns[self->count++] = column;
    }
    *fault = (struct csv_fault){header->line, header->count, "de eerste regel heeft geen kolom bsn"};
    return has (self, find_column ("bsn")) ? 0 : CSV_FAULT;
}

void import_table_destroy (struct import_table **self_p)
{
    free (*self_p);
    *self_p = NULL;
}

/* A day as spreadsheets write it in Dutch, 3-3-2025, becomes 2025-03-03. Anything else stays what it is. */
static json_t *read_day (const char *text, size_t size)
{
    unsigned part[3] = {0}, digits[3] = {0}, at = 0;
    for (size_t i = 0; i < size; i++) {
        if (isdigit ((unsigned char)text[i]) && digits[at] < 4) {
            part[at] = part[at] * 10 + (unsigned)(text[i] - '0');
            digits[at]++;
        } else if (text[i] == '-' && digits[at] > 0 && at < 2) {
            at++;
        } else {
            return json_stringn (text, size);
        }
    }
    if (at != 2 || digits[0] > 2 || digits[1] > 2 || digits[2] != 4)
        return json_stringn (text, size);
    return json_sprintf ("%04u-%02u-%02u", part[2], part[1], part[0]);
}

/* Digits alone become a number; the reader of the form says what is wrong with anything else. */
static json_t *read_number (const char *text, size_t size)
{
    json_int_t number = 0;
    if (size > 6)
        return json_stringn (text, size);
    for (size_t i = 0; i < size; i++) {
        if (!isdigit ((unsigned char)text[i]))
            return json_stringn (text, size);
        number = number * 10 + (text[i] - '0');
    }
    return json_integer (number);
}

static json_t *read_flag (const char *text, size_t size)
{
    static const struct {
        const char *word;
        bool is;
    } words[] = {{"ja", true},   {"waar", true},    {"true", true},
                 {"nee", false}, {"onwaar", false}, {"false", false}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen (words[i].word) == size && strncasecmp (text, words[i].word, size) == 0)
            return json_boolean (words[i].is);
    return json_stringn (text, size);
}

/* The entries of a cell that has several. A moment may have a blank in it, and a name has none. */
static json_t *read_list (const char *text, size_t size, enum sort sort)
{
    const char *separators = sort == NAMES ? ",;| \t\r\n" : ",;|\r\n";
    json_t *list = json_array ();
    for (const char *end = text + size; text < end;) {
        const char *entry = text;
        while (text < end && !strchr (separators, *text))
            text++;
        size_t length = (size_t)(text - entry);
        while (length > 0 && is_blank (*entry)) {
            entry++;
            length--;
        }
        if (length > 0)
            json_array_append_new (list, sort == DAYS ? read_day (entry, length) : json_stringn (entry, length));
        text++;
    }
    return list;
}

static json_t *read_cell (const char *text, size_t size, enum sort sort)
{
    switch (sort) {
    case DAY:
        return read_day (text, size);
    case NUMBER:
        return read_number (text, size);
    case FLAG:
        return read_flag (text, size);
    case NAMES:
    case DAYS:
        return read_list (text, size, sort);
    case TEXT:
        break;
    }
    return json_stringn (text, size);
}

/* Puts a field in its place: "bewijs.kenmerk" in an object of its own. */
static void put (json_t *form, const char *path, json_t *value)
{
    const char *dot = strchr (path, '.');
    json_t *object = form;
    if (dot) {
        char name[32] = "";
        memcpy (name, path, (size_t)(dot - path));
        object = json_object_get (form, name);
        if (!object) {
            object = json_object ();
            json_object_set_new (form, name, object);
        }
    }
    json_object_set_new (object, dot ? dot + 1 : path, value);
}

/* Who signed, and when, are two columns, and one list of the form. One day counts for all who signed. */
static void join_signatures (json_t *form)
{
    json_t *both = json_object_get (form, "ondertekening"), *list = json_array ();
    json_t *who = json_object_get (both, "door"), *when = json_object_get (both, "op");
    size_t days = json_array_size (when), count = json_array_size (who);
    for (size_t i = 0; i < count || i < days; i++) {
        json_t *signature = json_object (), *day = json_array_get (when, days == 1 ? 0 : i);
        if (i < count)
            json_object_set (signature, "door", json_array_get (who, i));
        if (day)
            json_object_set (signature, "op", day);
        json_array_append_new (list, signature);
    }
    json_object_set_new (form, "ondertekening", list);
}

json_t *import_table_form (const struct import_table *self, const struct csv_record *record, const char **words)
{
    if (record->count != self->count) {
        *words = record->count < self->count ? "heeft minder velden dan de eerste regel"
                                             : "heeft meer velden dan de eerste regel";
        return NULL;
    }
    json_t *form = json_object ();
    for (size_t i = 0; i < record->count; i++) {
        const char *text = record->fields[i];
        size_t size = trim (&text);
        if (size > 0 && !self->columns[i]) {
            *words = "heeft iets in een kolom die in de eerste regel geen naam heeft";
            json_decref (form);
            return NULL;
        }
        if (size > 0)
            put (form, self->columns[i]->path, read_cell (text, size, self->columns[i]->sort));
    }
    if (json_object_get (form, "ondertekening"))
        join_signatures (form);
    if (!json_object_get (form, "formulier"))
        json_object_set_new (form, "formulier", json_string ("toestemming/1"));
    return form;
}
