/* Text for people, a word at a time: lines of at most 100 columns, longer only where one word is. */
#pragma once
#include <stdbool.h>
#include <stdio.h>
#include "rules/policy.h"

/* A paragraph that is being written; its lines after the first begin at `indent`. */
struct policy_paragraph {
    FILE *out;
    size_t indent, column;
    bool fresh; /* nothing was written on this line since its indent */
};

/* Begins a labelled line: "    purpose     ". Labels are shorter than 12 columns. */
struct policy_paragraph policy_paragraph_begin (FILE *out, const char *label);
/* Text, broken between its words. */
void policy_paragraph_write (struct policy_paragraph *self, const char *text);
/* What sticks to the last word: ")" or ";". */
void policy_paragraph_end (struct policy_paragraph *self, const char *text);

/* A labelled line, whole. */
void policy_print_line (FILE *out, const char *label, const char *text);
/* "\nArea A\n------\n" */
void policy_print_heading (FILE *out, const char *text);
