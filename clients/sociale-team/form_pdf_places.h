/* Where the fields of a PDF stand on its pages, and what else stands there; by what qpdf tells of it (--json=2,
   with its objects, its pages and its form). */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* What is wrong with the pages, for who handed in the file; NULL: nothing. Something may be written or drawn on
   them beside the fields: it may be a condition, or cover a field. */
const char *form_pdf_places_fault (const json_t *parts);
/* The field of this number has a place on the part of a page that is shown, for itself. */
bool form_pdf_places_shows (const json_t *parts, size_t number);
