#include "import_outcomes.h"
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "config/file_write.h"
#include "csv.h"

enum { NUMBER = 24, CODES = 512 };

static const char *text_of (const json_t *line, const char *name)
{
    const char *text = json_string_value (json_object_get (line, name));
    return text ? text : "";
}

static void number_of (const json_t *line, const char *name, char text[NUMBER])
{
    const json_t *number = json_object_get (line, name);
    *text = '\0';
    if (number)
        snprintf (text, NUMBER, "%" JSON_INTEGER_FORMAT, json_integer_value (number));
}

/* The codes with their rules, "NOT_NEEDED (G3), NOT_INFORMED (G4)". */
static void codes_of (const json_t *line, char codes[CODES])
{
    size_t i, used = 0;
    json_t *reason;
    *codes = '\0';
    json_array_foreach (json_object_get (line, "reasons"), i, reason)
    {
        int size = snprintf (codes + used, CODES - used, "%s%s (%s)", used ? ", " : "", text_of (reason, "code"),
                             text_of (reason, "rule"));
        if (size < 0 || (size_t)size >= CODES - used)
            break;
        used += (size_t)size;
    }
}

static void put_line (FILE *out, const json_t *line)
{
    char place[NUMBER], same[NUMBER], record[NUMBER], codes[CODES];
    number_of (line, "record", record);
    number_of (line, "line", place);
    number_of (line, "same_as", same);
    codes_of (line, codes);
    const char *cells[] = {record,
                           place,
                           text_of (line, "kenmerk"),
                           text_of (line, "outcome"),
                           text_of (line, "consent_id"),
                           codes,
                           text_of (line, "field"),
                           text_of (line, "message"),
                           same};
    csv_put_row (out, cells, sizeof cells / sizeof *cells);
}

/* The number of the record; 0: it is the head. */
static uint64_t record_of (const json_t *line)
{
    json_int_t number = json_integer_value (json_object_get (line, "record"));
    return number > 0 ? (uint64_t)number : 0;
}

/* Reads the next line: NULL at the end. Caller owns it. */
static json_t *next_line (FILE *in, char **text, size_t *room)
{
    json_t *line = NULL;
    while (!line && getline (text, room, in) > 0)
        line = json_loads (*text, 0, NULL);
    return line;
}

/* A bit for each record that has a second line, which then is what came of it. Caller owns it. */
static uint8_t *find_second_lines (FILE *in)
{
    uint8_t *again = NULL;
    char *text = NULL;
    size_t room = 0, size = 0;
    uint64_t most = 0;
    for (json_t *line; (line = next_line (in, &text, &room)); json_decref (line)) {
        uint64_t number = record_of (line);
        if (number / 8 >= size) {
            size_t former = size;
            size = number / 4 + 1;
            if (!(again = realloc (again, size)))
                abort ();
            memset (again + former, 0, size - former);
        }
        if (number > 0 && number <= most)
            again[number / 8] = (uint8_t)(again[number / 8] | 1U << number % 8);
        most = number > most ? number : most;
    }
    free (text);
    rewind (in);
    return again;
}

static int copy_lines (FILE *in, FILE *out)
{
    static const char *const names[] = {"record", "line",  "kenmerk", "outcome", "consent_id",
                                        "codes",  "field", "message", "same_as"};
    uint8_t *again = find_second_lines (in);
    char *text = NULL;
    size_t room = 0;
    uint64_t most = 0;
    csv_put_row (out, names, sizeof names / sizeof *names);
    for (json_t *line; (line = next_line (in, &text, &room)); json_decref (line)) {
        uint64_t number = record_of (line);
        bool is_first = number > most;
        if (number > 0 && !(is_first && (again[number / 8] >> number % 8 & 1) != 0))
            put_line (out, line);
        most = is_first ? number : most;
    }
    free (text);
    free (again);
    if (ferror (in) || fflush (out) != 0 || ferror (out) || fsync (fileno (out)) != 0)
        return errno ? -errno : -EIO;
    return 0;
}

/* Under another name until it is whole. */
static int write_beside (FILE *in, const char *table, char *beside)
{
    int fd = mkstemp (beside);
    if (fd < 0)
        return -errno;
    FILE *out = fdopen (fd, "w");
    if (!out)
        abort ();
    int r = copy_lines (in, out);
    fclose (out);
    if (r == 0 && rename (beside, table) != 0)
        r = -errno;
    if (r)
        unlink (beside);
    return r ? r : file_sync_directory_of (table);
}

int import_outcomes_write (const char *result, const char *table, char error[IMPORT_OUTCOMES_ERROR])
{
    char *beside;
    FILE *in = fopen (result, "re");
    if (asprintf (&beside, "%s.XXXXXX", table) < 0)
        abort ();
    int r = in ? write_beside (in, table, beside) : -errno;
    if (in)
        fclose (in);
    free (beside);
    if (r)
        snprintf (error, IMPORT_OUTCOMES_ERROR, "cannot be written: %s", strerror (-r));
    return r ? EX_CANTCREAT : 0;
}
