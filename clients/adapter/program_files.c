/* The files of a run: none of them may be lost to another. */
#include "program_parts.h"
#include "allocate.h"
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

static bool is_one (const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* For files that need not be there yet. */
static bool has_same_place (const char *a, const char *b)
{
    char *paths[] = {allocate_text (a), allocate_text (b), allocate_text (a), allocate_text (b)};
    struct stat of_a, of_b;
    bool same = strcmp (basename (paths[0]), basename (paths[1])) == 0 && stat (dirname (paths[2]), &of_a) == 0 &&
                stat (dirname (paths[3]), &of_b) == 0 && is_one (&of_a, &of_b);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        free (paths[i]);
    return same;
}

static bool is_same_file (const char *a, const char *b)
{
    struct stat of_a, of_b;
    if (stat (a, &of_a) < 0 || stat (b, &of_b) < 0)
        return has_same_place (a, b);
    return S_ISREG (of_a.st_mode) && is_one (&of_a, &of_b);
}

/* `file` is what stands beside `place` until it gets that name. */
static bool is_beside (const char *file, const char *place)
{
    char *beside = NULL;
    if (asprintf (&beside, "%s.part", place) < 0)
        abort ();
    bool same = has_same_place (file, beside);
    free (beside);
    return same;
}

static bool is_read (const struct run *self, const char *file)
{
    for (size_t i = 0; i < self->mapping_file_count; i++) {
        if (is_same_file (file, self->mapping_files[i]))
            return true;
    }
    return is_same_file (file, self->key) ||
           (self->input && strcmp (self->input, "-") != 0 && is_same_file (file, self->input));
}

int program_judge_files (const struct run *self)
{
    static const char is_read_too[] = "is a file that is read: it would be lost";
    const char *out = self->output, *report = self->report;
    if (out && is_read (self, out))
        return program_complain (self, EX_USAGE, "--out", is_read_too);
    if (report && is_read (self, report))
        return program_complain (self, EX_USAGE, "--report", is_read_too);
    if (out && report && (is_same_file (out, report) || is_beside (out, report) || is_beside (report, out)))
        return program_complain (self, EX_USAGE, "--report", "is the file of --out");
    return 0;
}
