/* What a check of a mapping found: faults, and what only should be known. Each names a line of the mapping where
   it can. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct mapping_finding {
    bool fault;
    size_t line; /* 0: the mapping as a whole */
    char *text;  /* one sentence, without its end */
};

struct mapping_findings {
    struct mapping_finding *list;
    size_t count, faults;
};

/* Keeps a finding. */
void mapping_fault (struct mapping_findings *self, size_t line, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
void mapping_note (struct mapping_findings *self, size_t line, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

/* Prints them by line, escaped, each with the name of the mapping. */
void mapping_findings_print (const struct mapping_findings *self, const char *name, FILE *out);

void mapping_findings_clear (struct mapping_findings *self);
