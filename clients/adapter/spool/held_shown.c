/* held list, and held show NAME: what the reports in held/ say, for people and for programs. */
#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "arena.h"
#include "codec/document.h"
#include "held_parts.h"
#include "input.h"
#include "moments.h"
#include "spool_parts.h"
#include "table.h"

enum { REPORT_MAX = 16 * 1024 * 1024, MEMORY = 1024 * 1024 * 1024 };

/* The report of what is held under this name. NULL: there is none. Caller owns it. */
static json_t *report_of (const struct held_run *self, const char *name)
{
    char *path, *text = NULL;
    size_t size;
    if (asprintf (&path, "%s/held/%s" FOLDERS_REPORT, self->directory, name) < 0)
        abort ();
    int file = input_open (path);
    int r = file < 0 ? file : folders_read (file, REPORT_MAX, &text, &size);
    if (file >= 0)
        close (file);
    json_t *report = r == 0 ? json_loadb (text, size, 0, NULL) : NULL;
    free (text);
    free (path);
    return report;
}

static const char *text_of (const json_t *report, const char *key)
{
    const char *text = json_string_value (json_object_get (report, key));
    return text ? text : "";
}

/* "CONSENT": a request waits for its answer. */
static const char *waits_for (const json_t *report)
{
    const json_t *request = json_object_get (report, "request");
    const char *answer = text_of (request, "answer");
    if (*text_of (request, "consent_id") && !*answer)
        return "the answer to a request";
    if (strcmp (answer, "refused") == 0)
        return "nothing: the subject refuses";
    return strcmp (text_of (report, "waits_for"), "EVENT") == 0 ? "an event" : "release or drop";
}

/* As a list of consentctl has it. */
static const char *moment_of (struct arena *arena, const json_t *report, const char *key)
{
    char text[MOMENT_TEXT];
    moment when;
    const char *told = text_of (report, key);
    return moment_parse (told, &when) ? arena_strdup (arena, moment_print (when, text)) : told;
}

/* Tables measure characters, not bytes. */
static struct arena *start_showing (void)
{
    setlocale (LC_CTYPE, "C.UTF-8");
    return arena_new (MEMORY);
}

/* ---------------------------------------------------------------------------------------------- list */

static int compare (const struct dirent **a, const struct dirent **b)
{
    return strcmp ((*a)->d_name, (*b)->d_name);
}

static int is_message (const struct dirent *entry)
{
    return entry->d_name[0] != '.' && !folders_is_report (entry->d_name);
}

/* The names of the messages, in order. -1: this is no spool. Caller frees each, and the list. */
static int find_messages (const struct held_run *self, struct dirent ***entries_p)
{
    char *path;
    if (asprintf (&path, "%s/held", self->directory) < 0)
        abort ();
    int count = scandir (path, entries_p, is_message, compare);
    free (path);
    return count;
}

static void print_documents (const struct held_run *self, struct dirent *const *entries, int count)
{
    json_t *all = json_array ();
    for (int i = 0; i < count; i++) {
        json_t *report = report_of (self, entries[i]->d_name);
        if (report)
            json_array_append_new (all, report);
    }
    document_print (all);
}

static void print_table (const struct held_run *self, struct dirent *const *entries, int count)
{
    static const char *const headings[] = {"FILE", "SINCE", "CODE", "WAITS FOR"};
    struct arena *arena = start_showing ();
    struct table table = table_start (arena, headings, sizeof headings / sizeof *headings);
    for (int i = 0; i < count; i++) {
        json_t *report = report_of (self, entries[i]->d_name);
        const char *cells[] = {entries[i]->d_name, moment_of (arena, report, "held_since"),
                               text_of (report, "code"), waits_for (report)};
        table_add (&table, cells);
        json_decref (report);
    }
    if (count > 0)
        table_print (&table, stdout);
    arena_destroy (&arena);
}

int held_list (const struct held_run *self)
{
    struct dirent **entries;
    int count = find_messages (self, &entries);
    if (count < 0)
        return held_complain (self, EX_NOINPUT, self->directory, "is no spool");
    (self->json ? print_documents : print_table) (self, entries, count);
    for (int i = 0; i < count; i++)
        free (entries[i]);
    free (entries);
    return EX_OK;
}

/* ---------------------------------------------------------------------------------------------- show */

static const char *reasons_of (struct arena *arena, const json_t *element)
{
    const char *reasons = "";
    size_t at;
    json_t *reason;
    json_array_foreach (json_object_get (element, "reasons"), at, reason)
    {
        reasons = arena_printf (arena, "%s %s (%s)", reasons, text_of (reason, "code"), text_of (reason, "rule"));
    }
    return reasons;
}

static void print_denied (struct arena *arena, const json_t *report)
{
    size_t index;
    json_t *element;
    json_array_foreach (json_object_get (report, "elements"), index, element)
    {
        if (strcmp (text_of (element, "verdict"), "DENY") == 0)
            table_print_text (arena,
                              arena_printf (arena, "  %s, %s:%s", text_of (element, "path"),
                                            text_of (element, "category"), reasons_of (arena, element)),
                              stdout);
    }
}

static void print_report (const struct held_run *self, const json_t *report)
{
    struct arena *arena = start_showing ();
    const char *error = text_of (report, "error");
    table_print_text (arena,
                      arena_printf (arena, "%s for %s, purpose %s", self->name, text_of (report, "recipient"),
                                    text_of (report, "purpose")),
                      stdout);
    table_print_text (arena,
                      arena_printf (arena, "Held since %s until %s: %s%s%s",
                                    moment_of (arena, report, "held_since"),
                                    moment_of (arena, report, "held_until"), text_of (report, "code"),
                                    *error ? ": " : "", error),
                      stdout);
    table_print_text (arena, arena_printf (arena, "Waits for %s", waits_for (report)), stdout);
    puts ("Not permitted:");
    print_denied (arena, report);
    arena_destroy (&arena);
}

bool held_is_there (const struct held_run *self)
{
    char *path;
    struct stat about;
    if (asprintf (&path, "%s/held/%s", self->directory, self->name) < 0)
        abort ();
    bool is_there = !folders_is_report (self->name) && lstat (path, &about) == 0 && S_ISREG (about.st_mode);
    free (path);
    return is_there;
}

int held_show (const struct held_run *self)
{
    json_t *report = report_of (self, self->name);
    if (!report)
        return held_complain (self, EX_NOINPUT, self->name,
                              held_is_there (self)
                                  ? "is held, and its report is gone or too large: release has it decided anew"
                                  : "is not held in this spool");
    if (self->json) {
        document_print (report);
        return EX_OK;
    }
    print_report (self, report);
    json_decref (report);
    return EX_OK;
}
