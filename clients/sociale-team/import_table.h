/* Makes forms of the records of a table (import_csv.h). Its first record has the names of the form's fields, as
   "bsn" and "bewijs.kenmerk"; a cell that is empty is a field that is not given. */
#pragma once
#include <jansson.h>
#include "import_csv.h"

struct import_table;

/* Reads the header. 0; CSV_FAULT with *fault: a name is not that of a field, or stands there twice, or the BSN is
   missing. Caller owns *self_p. */
int import_table_new (struct import_table **self_p, const struct csv_record *header, struct csv_fault *fault);
void import_table_destroy (struct import_table **self_p);

/* The form of this record; caller owns it. NULL with *words, a clause: the record has not one field for each
   name. */
json_t *import_table_form (const struct import_table *self, const struct csv_record *record, const char **words);
