/* Reads a filled-in PDF of the form (AcroForm) as the form in JSON.

   A PDF is a file of others, and can do a great deal more than be a form. qpdf takes it apart, in a process of its
   own (tool.h); nothing in it is run. Refused is what is not whole, not open, holds a form of another kind (XFA)
   or a program, and each field that shows something else than it says. */
#pragma once
#include <stdbool.h>
#include "form.h"

enum { FORM_PDF_SIZE_MAX = 8 << 20 };

/* The file says that it is a PDF. */
bool form_is_pdf (struct bytes file);
/* 0 with *form_p, for form_read_json, which the caller must release; -EINVAL with problems in `self`; TOOL_ABSENT:
   there is no qpdf. */
int form_pdf_read (struct form_reading *self, struct bytes file, json_t **form_p);
