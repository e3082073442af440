/* The import itself: records go to the registry, many at a time over one connection, and what comes of each into
   the result file, in the order of the file.

   Exactly once: a record is sent only while its line is within IMPORT_WINDOW of the last durable line; its
   idempotency key follows from what it says. An import that was cut off reads the file anew, and sends what has no
   line yet. What an earlier run may have sent longer ago than the registry knows its keys (G11: 24 hours) is
   looked for at the registry first, and is never sent if that cannot be known. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "consent.h"
#include "import_result.h"
#include "import_secret.h"
#include "import_source.h"

/* All is lent. */
struct import_job {
    const struct import_secret *secret;
    struct import_source *source; /* at its first record */
    const char *beside;           /* path of a file: in its directory there is room for a table */
    struct import_result *result; /* and `registry`; NULL: a dry run, of which `say` is told each line */
    consent_t *registry;
    consent_t *second; /* another connection, for import_is_unreadable */
    bool ask_first;    /* looks for every record at the registry before it is sent */
    void (*say) (void *context, const struct import_line *line);
    void (*progress) (void *context, const uint64_t *counts); /* by outcome; called often */
    void *context;
};

enum { IMPORT_RUN_ERROR = 512 };

/* Runs to the end of the file. 0; or an exit code (sysexits.h) with one sentence in `error`: what has no line in
   the result file may have been sent, and the same import goes on there. */
int import_run (const struct import_job *job, char error[IMPORT_RUN_ERROR]);
