#include "metrics_text.h"
#include <inttypes.h>

void metrics_family (struct metrics *out, const char *name, const char *type, const char *help)
{
    fprintf (out->file, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

static void put_value (FILE *out, const char *value)
{
    for (; *value != '\0'; value++)
        if (*value == '\n')
            fputs ("\\n", out);
        else {
            if (*value == '\\' || *value == '"')
                fputc ('\\', out);
            fputc (*value, out);
        }
}

/* `bound` NULL: there is none. */
static void put_labels (struct metrics *out, const char *const *labels, const char *bound)
{
    fputs ("{registry=\"", out->file);
    put_value (out->file, out->registry);
    fputc ('"', out->file);
    for (; labels != NULL && *labels != NULL; labels += 2) {
        fprintf (out->file, ",%s=\"", labels[0]);
        put_value (out->file, labels[1]);
        fputc ('"', out->file);
    }
    if (bound != NULL)
        fprintf (out->file, ",le=\"%s\"", bound);
    fputc ('}', out->file);
}

void metrics_number (struct metrics *out, const char *name, const char *const *labels, uint64_t value)
{
    fputs (name, out->file);
    put_labels (out, labels, NULL);
    fprintf (out->file, " %" PRIu64 "\n", value);
}

void metrics_real (struct metrics *out, const char *name, const char *const *labels, double value)
{
    fputs (name, out->file);
    put_labels (out, labels, NULL);
    fprintf (out->file, " %.3f\n", value);
}

void metrics_histogram (struct metrics *out, const char *name, const char *const *labels,
                        const struct histogram *histogram)
{
    uint64_t count = 0;
    for (unsigned i = 0; i <= HISTOGRAM_BOUNDS; i++) {
        count += histogram->counts[i];
        fprintf (out->file, "%s_bucket", name);
        put_labels (out, labels, i < HISTOGRAM_BOUNDS ? histogram_bounds[i] : "+Inf");
        fprintf (out->file, " %" PRIu64 "\n", count);
    }
    fprintf (out->file, "%s_sum", name);
    put_labels (out, labels, NULL);
    fprintf (out->file, " %" PRIu64 ".%06" PRIu64 "\n%s_count", histogram->sum / 1000000, histogram->sum % 1000000,
             name);
    put_labels (out, labels, NULL);
    fprintf (out->file, " %" PRIu64 "\n", count);
}

void metrics_end (struct metrics *out)
{
    fputs ("# EOF\n", out->file);
}
