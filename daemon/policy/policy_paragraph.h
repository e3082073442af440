/* Text for people, written word by word. Lines have at most 80 columns, unless a single word is longer. */
#pragma once
#include <stdbool.h>
#include <stdio.h>
#include "rules/policy.h"

/* A paragraph that is being written. Its lines, after the first, begin at `indent`. */
struct policy_paragraph {
    FILE *out;
    size_t indent, column;
    bool fresh; /* this line has nothing yet but its indent */
};

/* Begins a labelled line: "    purpose     ". Labels are shorter than 12 columns. */
struct policy_paragraph policy_paragraph_begin (FILE *out, const char *label);
/* Writes text, and breaks it between words. */
void policy_paragraph_write (struct policy_paragraph *self, const char *text);
/* Writes what must follow the last word without a space: ")" or ";". */
void policy_paragraph_end (struct policy_paragraph *self, const char *text);

/* A whole paragraph, indented. Its text is shorter than 512 bytes. */
void policy_print_text (FILE *out, size_t indent, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
/* A whole labelled line. */
void policy_print_line (FILE *out, const char *label, const char *text);
/* "\nArea A\n------\n" */
void policy_print_heading (FILE *out, const char *text);
