/* The outcomes of an import as a table for spreadsheets. */
#pragma once

enum { IMPORT_OUTCOMES_ERROR = 256 };

/* Makes the table of a result file (import_result.h), as far as it goes, or replaces it; it is there whole or not
   at all. 0; or an exit code (sysexits.h) with one sentence in `error`. */
int import_outcomes_write (const char *result, const char *table, char error[IMPORT_OUTCOMES_ERROR]);
