#include "mark.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config/file_write.h"
#include "input.h"

enum { MARK_SIZE = 1024 };

static size_t print (const struct mark *self, char text[MARK_SIZE])
{
    return (size_t)snprintf (text, MARK_SIZE,
                             "consent-relay 1\nstream %s\ncreated %" PRId64 "\nepoch %s\nnumber %" PRIu64
                             "\nsequence %" PRIu64 "\n",
                             self->stream, self->created, self->epoch, self->event.number, self->event.sequence);
}

/* A reader must find exactly what the writer prints: a file that is damaged never counts. */
static bool parse (struct mark *self, const char *text)
{
    char again[MARK_SIZE];
    return sscanf (text,
                   "consent-relay 1\nstream %255s\ncreated %20" SCNd64 "\nepoch %32s\nnumber %20" SCNu64
                   "\nsequence %20" SCNu64,
                   self->stream, &self->created, self->epoch, &self->event.number, &self->event.sequence) == 5 &&
           print (self, again) < sizeof again && strcmp (text, again) == 0;
}

int mark_read (struct mark *self, const char *path)
{
    char text[MARK_SIZE];
    memset (self, 0, sizeof *self);
    ssize_t size = input_read (path, text, sizeof text - 1);
    if (size < 0 && size != -EFBIG)
        return size == -ENOENT ? MARK_NONE : (int)size;
    text[size < 0 ? 0 : size] = 0;
    if (size > 0 && strlen (text) == (size_t)size && parse (self, text))
        return 0;
    memset (self, 0, sizeof *self);
    return MARK_INVALID;
}

int mark_write (const struct mark *self, const char *path)
{
    char text[MARK_SIZE];
    return file_replace (path, text, print (self, text));
}

char *mark_id (const char *epoch, const char *party, uint64_t number)
{
    char *id;
    if (asprintf (&id, "%s-%s-%" PRIu64, epoch, party, number) < 0)
        abort ();
    return id;
}

bool mark_id_read (const char *id, const char *party, char epoch[CONSENT_ID_SIZE], uint64_t *number)
{
    enum { EPOCH = CONSENT_ID_SIZE - 1 };
    char text[CONSENT_ID_SIZE];
    size_t name = strlen (party);
    if (strspn (id, "0123456789abcdef") != EPOCH || id[EPOCH] != '-' ||
        strncmp (id + EPOCH + 1, party, name) != 0 || id[EPOCH + 1 + name] != '-')
        return false;
    const char *digits = id + EPOCH + 2 + name;
    char *end;
    errno = 0;
    uint64_t read = strtoull (digits, &end, 10);
    if (errno != 0 || *digits < '1' || *digits > '9' || *end != 0)
        return false;
    snprintf (text, sizeof text, "%s", id);
    if (epoch != NULL)
        memcpy (epoch, text, sizeof text);
    if (number != NULL)
        *number = read;
    return true;
}
