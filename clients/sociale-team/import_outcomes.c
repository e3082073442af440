#include "import_outcomes.h"
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
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

static int copy_lines (FILE *in, FILE *out)
{
    static const char *const names[] = {"record", "line",  "kenmerk", "outcome", "consent_id",
                                        "codes",  "field", "message", "same_as"};
    char *text = NULL;
    size_t room = 0;
    csv_put_row (out, names, sizeof names / sizeof *names);
    while (getline (&text, &room, in) > 0) {
        json_t *line = json_loads (text, 0, NULL);
        if (json_object_get (line, "record"))
            put_line (out, line);
        json_decref (line);
    }
    free (text);
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
