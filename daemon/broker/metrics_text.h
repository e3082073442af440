/* Writes numbers as OpenMetrics text, which Prometheus and its textfile collector read. */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include "histogram.h"

struct metrics {
    FILE *file;
    const char *registry; /* each sample has it as a label: a machine may keep several registries */
};

/* Begins a family: its samples follow. `type`: "counter", "gauge" or "histogram": the reader of
   the node exporter knows no "info", and would take nothing of a text that has it. */
void metrics_family (struct metrics *out, const char *name, const char *type, const char *help);

/* One sample of the family `name`; of a counter with "_total" behind that. Labels are
   pairs of name and value, the last one NULL, or NULL: none. */
void metrics_number (struct metrics *out, const char *name, const char *const *labels, uint64_t value);
void metrics_real (struct metrics *out, const char *name, const char *const *labels, double value);
/* All samples of one histogram. */
void metrics_histogram (struct metrics *out, const char *name, const char *const *labels,
                        const struct histogram *histogram);
/* The end of the text. */
void metrics_end (struct metrics *out);
