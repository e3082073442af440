/* The overview as a letter in plain Dutch. Its headings, its explanations and its beginning and end are the words
   of a template, brieven/overzicht.txt; what it tells of each consent, disclosure and request is made here: short
   sentences, no codes. Pure. */
#pragma once
#include <stdbool.h>
#include "letter/letter_document.h"
#include "overview_data.h"

struct letter_laws;
struct letter_sender;
struct letter_template;

struct overview_letter_options {
    int year;     /* 0: every year */
    bool has_all; /* with each single disclosure in an appendix */
    const struct letter_template *template;
    const struct letter_laws *laws;
    const struct letter_sender *sender; /* NULL: not known */
};

/* The name of the form of its template. */
#define OVERVIEW_FORM "overzicht"

/* Makes the document, in the overview's arena. */
struct letter_document overview_letter_make (const struct overview *overview,
                                             const struct overview_letter_options *options);
