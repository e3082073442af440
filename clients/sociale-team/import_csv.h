/* Reads a table as spreadsheets write it (RFC 4180), record by record: comma or semicolon between fields, LF or CR
   LF behind a record, UTF-8 with or without a byte order mark. The separator is the one of which the first line
   has more.

   What cannot be divided into records and fields for certain is a fault, and reading ends there: whoever guesses
   on gives one person's words to another. */
#pragma once
#include <stdint.h>
#include <stdio.h>

enum { CSV_COLUMNS_MAX = 1024, CSV_RECORD_MAX = 65536 };

enum { CSV_END = 1, CSV_FAULT }; /* besides 0 and -errno */

struct csv_reader;

/* A record, lent until the next one is read. */
struct csv_record {
    uint64_t line; /* on which it begins, from 1 */
    size_t count;
    const char *const *fields; /* without their quotes; valid UTF-8 without a NUL */
};

/* What is wrong, and where. The column is that of the table, from 1. */
struct csv_fault {
    uint64_t line;
    size_t column;
    const char *words; /* static; a clause that says nothing of the content */
};

/* Reads from `file`, which is lent, from where it stands. Caller owns it. */
struct csv_reader *csv_reader_new (FILE *file);
/* Wipes what was read. */
void csv_reader_destroy (struct csv_reader **self_p);

/* Reads the next record of which not every cell is empty. 0, CSV_END, CSV_FAULT with *fault, or -errno. */
int csv_reader_next (struct csv_reader *self, struct csv_record *record, struct csv_fault *fault);
