#include "former.h"

#include <stdio.h>
#include <string.h>

#include "allocate.h"
#include "evidence.h"

struct former {
    bool is_position; /* false: a file that cannot be understood, or not read */
    struct position position;
};

void former_read (consent_t *self, const char *position_file)
{
    struct former *former = allocate (1, sizeof *former);
    int result = position_read (&former->position, position_file);
    former->is_position = result == 0;
    if (result == POSITION_NONE) {
        free (former);
        former = NULL;
    }
    self->stream.former = former;
}

int former_take (consent_t *self)
{
    struct event_stream *stream = &self->stream;
    struct former *former = stream->former;
    char suffix[8 + CONSENT_ID_SIZE] = "damaged";
    int result = 0;
    if (!former)
        return 0;
    if (former->is_position) {
        memcpy (suffix, "before-", 7);
        consent_hex (former->position.epoch, sizeof former->position.epoch, suffix + 7);
    }
    if (former->is_position && !memcmp (former->position.epoch, stream->position.epoch, ID_BYTES))
        stream->position.log = former->position.log;
    else
        result = evidence_keep (stream->position_file, suffix, &self->former_file);
    free (former);
    stream->former = NULL;
    return result;
}
