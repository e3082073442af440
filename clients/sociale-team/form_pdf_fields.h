/* The fields of a PDF form as the form in JSON, by what qpdf tells of the file (form_pdf_places.h). The names are
   those of form_widgets.h. */
#pragma once
#include "form.h"

/* Adds what is filled in to `form`, and what is wrong to `self`. */
void form_pdf_fields_read (struct form_reading *self, const json_t *parts, json_t *form);
