/* What --help prints, of every program. It is written for up to 120 columns. At a narrower terminal it is wrapped at
   its words, below the column in which its text began; anywhere else it is as it was written. */
#pragma once
#include <stddef.h>
#include <stdio.h>

struct help_page {
    FILE *out, *kept; /* kept: NULL where nothing is wrapped */
    char *text;
    size_t size, room;
};

/* Where to write the text that is to be shown on `out`, until help_page_end. */
FILE *help_page_begin (struct help_page *self, FILE *out);
/* Shows what was written. */
void help_page_end (struct help_page *self);
/* Shows a text. */
void help_page_show (const char *text, FILE *out);
/* Writes a text in so many columns. What is one paragraph, or explains one option, is wrapped as one; lines of which
   none is too long stay. */
void help_page_fit (const char *text, size_t room, FILE *out);
