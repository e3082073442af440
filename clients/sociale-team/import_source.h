/* The file that is imported, record by record: forms in a table (import_table.h) or in JSON (import_json.h). */
#pragma once
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

enum { IMPORT_SOURCE_ERROR = 256 };

enum { IMPORT_SOURCE_END = 1, IMPORT_SOURCE_FAULT }; /* besides 0 and -errno */

struct import_source;

struct import_record {
    uint64_t number;   /* from 1, in the order of the file */
    uint64_t line;     /* of the file, on which it begins, from 1 */
    json_t *form;      /* the caller's, to be given back with json_decref; NULL: it is no form */
    const char *words; /* then why, a clause that says nothing of the content */
};

/* Opens the file, and goes through it once. 0; IMPORT_SOURCE_FAULT: it cannot be divided into records, and `error`
   says where and why, as "line 3, column 2: ..."; -errno. Caller owns *self_p if that is 0. */
int import_source_open (struct import_source **self_p, const char *path, char error[IMPORT_SOURCE_ERROR]);
void import_source_close (struct import_source **self_p);

/* The open file, for import_secret_mark_file. */
FILE *import_source_file (struct import_source *self);
uint64_t import_source_count (const struct import_source *self);
/* Begins with the first record. 0 or as import_source_open. */
int import_source_rewind (struct import_source *self, char error[IMPORT_SOURCE_ERROR]);
/* Reads the next record. 0, IMPORT_SOURCE_END, or as import_source_open. */
int import_source_next (struct import_source *self, struct import_record *record, char error[IMPORT_SOURCE_ERROR]);
