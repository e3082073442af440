#include "secret_file.h"

#include <stdio.h>
#include <string.h>
#include "ctl.h"
#include "config/file_write.h"

enum { TEXT_LIMIT = 4096 };

static const char head[] = "#   ZeroMQ CURVE **Secret** Certificate, as CZMQ reads it\n"
                           "#   Whoever has this file is this party: keep it to yourself.\n\n";

static void put (FILE *out, const char *name, const char *value)
{
    if (value && *value)
        fprintf (out, "    %s = \"%s\"\n", name, value);
}

/* Writes the whole text. Returns its size, or 0 if it does not fit. */
static size_t write_text (char text[TEXT_LIMIT], zcert_t *pair, const char *party,
                          const struct secret_place *place)
{
    FILE *out = fmemopen (text, TEXT_LIMIT, "w");
    if (!out)
        abort ();
    setvbuf (out, NULL, _IONBF, 0); /* so that no buffer keeps a copy of the key */
    fprintf (out, "%smetadata\n", head);
    put (out, "party", party);
    put (out, "requests", place->requests);
    put (out, "events", place->events);
    put (out, "operators", place->operators);
    put (out, "server-key", place->server_key);
    put (out, "log-key", place->log_key);
    fputs ("curve\n", out);
    put (out, "public-key", zcert_public_txt (pair));
    put (out, "secret-key", zcert_secret_txt (pair));
    long size = ftell (out);
    bool whole = !ferror (out) && size > 0 && size < TEXT_LIMIT;
    fclose (out);
    return whole ? (size_t)size : 0;
}

int secret_file_write (const char *file, zcert_t *pair, const char *party, const struct secret_place *place)
{
    char text[TEXT_LIMIT];
    size_t size = write_text (text, pair, party, place);
    int error = size == 0 ? -EFBIG : file_create (file, text, size);
    explicit_bzero (text, sizeof text);
    return error == 0 ? 0
                      : ctl_fail (file_is_no_name (error) ? EX_CANTCREAT : EX_IOERR,
                                  "cannot make %s: %s; no key is written", file, strerror (-error));
}
