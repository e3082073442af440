/* Key files: CZMQ secret certificates. Their metadata say whose they are, and where the registry is. */
#pragma once
#include <czmq.h>

struct secret_place {       /* where the registry is; NULL: left out */
    const char *requests;   /* endpoint */
    const char *events;     /* endpoint */
    const char *operators;  /* endpoint, for operators only */
    const char *server_key; /* Z85 */
    const char *log_key;    /* verifier keys of its log, with blanks between them */
};

/* Writes the secret certificate with this metadata to a new file, mode 0600. The file gets its name only after it
   was written whole, synced and read back; it is durable on return. `party` may be NULL. 0, or an exit code with
   its line printed and no file left: EX_CANTCREAT if the name is taken or no file can be made, EX_IOERR if it
   could not be written. */
int secret_file_write (const char *file, zcert_t *pair, const char *party, const struct secret_place *place);
