/* The overview as a letter in plain Dutch: short sentences, no codes, each article explained at its first mention.
   Pure. */
#pragma once
#include <stdbool.h>
#include "letter/letter_document.h"
#include "overview_data.h"

struct overview_letter_options {
    int year;     /* 0: every year */
    bool has_all; /* with each single disclosure in an appendix */
};

/* Makes the document, in the overview's arena. */
struct letter_document overview_letter_make (const struct overview *overview,
                                             const struct overview_letter_options *options);
