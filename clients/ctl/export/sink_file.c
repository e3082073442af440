#include "sink.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "codec/document.h"
#include "delivery/line_file.h"

enum { MOST = 4096 };

struct file_sink {
    struct sink base;
    struct line_file file;
};

/* The records, one a line. The caller frees it. */
static char *text_of (json_t *records, size_t *size)
{
    char *text;
    json_t *record;
    size_t index;
    FILE *out = open_memstream (&text, size);
    if (!out)
        abort ();
    json_array_foreach (records, index, record)
    {
        char *line = document_text (json_incref (record), 0);
        fprintf (out, "%s\n", line);
        free (line);
    }
    if (fclose (out) != 0)
        abort ();
    return text;
}

static int put (struct sink *base, json_t *records)
{
    struct file_sink *self = (struct file_sink *)base;
    struct fault fault;
    size_t size;
    char *text = text_of (records, &size);
    int error = line_file_add (&self->file, text, size, &fault);
    free (text);
    return error ? ctl_fail (error, "%s", fault.sentence) : 0;
}

static void close_file (struct sink *base)
{
    struct file_sink *self = (struct file_sink *)base;
    line_file_close (&self->file);
}

static struct file_sink *new_sink (void)
{
    struct file_sink *self = calloc (1, sizeof *self);
    if (!self)
        abort ();
    self->base = (struct sink){.most = MOST, .put = put, .close = close_file};
    return self;
}

struct sink *sink_to_output (void)
{
    struct file_sink *self = new_sink ();
    line_file_take (&self->file, STDOUT_FILENO, "standard output");
    self->base.is_passing = !self->file.is_regular;
    return &self->base;
}

/* --- What is there ------------------------------------------------------------------------------------- */

static bool read_mark (struct bytes line, const struct export_form *form, struct export_mark *mark)
{
    json_t *record = json_loadb (line.data, line.size, 0, NULL);
    bool found = record && form->read (record, mark);
    json_decref (record);
    return found;
}

/* Nothing, or the beginning of a first record. */
static bool is_fresh (const struct line_file_end *end)
{
    return end->is_all && strncmp (end->rest.data, "{\"", end->rest.size < 2 ? end->rest.size : 2) == 0;
}

/* Finds the last record, and cuts off what is of a line behind it. A file that has none is left alone, but for the
   beginning of a first record. */
static int find_end (struct file_sink *self, const struct export_form *form, struct export_mark *last)
{
    struct line_file_end end;
    struct fault fault;
    int error = line_file_end (&self->file, &end, &fault);
    if (error)
        return ctl_fail (error, "%s", fault.sentence);
    if (end.last.data ? !read_mark (end.last, form, last) : !is_fresh (&end))
        return ctl_fail (EX_DATAERR, "%s: its end is no record of %s; nothing is added to it", self->file.path,
                         form->name);
    error = line_file_cut (&self->file, &end, &fault);
    return error ? ctl_fail (error, "%s", fault.sentence) : 0;
}

struct sink *sink_to_file (const char *path, const struct export_form *form, struct export_mark *last, int *error)
{
    struct file_sink *self = new_sink ();
    struct fault fault;
    *last = (struct export_mark){.number = 0};
    *error = line_file_open (&self->file, path, &fault);
    if (*error)
        ctl_fail (*error, "%s", fault.sentence);
    else
        *error = find_end (self, form, last);
    if (!*error)
        return &self->base;
    struct sink *failed = &self->base;
    sink_close (&failed);
    return NULL;
}

void sink_close (struct sink **self_p)
{
    if (*self_p) {
        (*self_p)->close (*self_p);
        free (*self_p);
    }
    *self_p = NULL;
}
