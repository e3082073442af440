/* What the relay keeps of the stream, beside its position (POSITION.stream): which event settled last, and where.
   By it a later start notices that the stream was put back to before that, or made anew: then the stream lacks
   what the registry no longer keeps. A small text, whole or not there:

       consent-relay 1
       stream NAME
       created NANOSECONDS     of the stream
       epoch IDENTIFIER        of the registry
       number NUMBER           of the event
       sequence SEQUENCE       of its message in the stream */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "consent.h"
#include "settling.h"

enum {
    MARK_NONE = 1, /* there is no such file */
    MARK_INVALID,  /* there is, and it is none: never take that for a new beginning */
    MARK_NAME_SIZE = 256,
};

struct mark {
    char stream[MARK_NAME_SIZE];
    int64_t created;
    char epoch[CONSENT_ID_SIZE];
    struct settled event; /* number 0: nothing has settled yet */
};

/* 0, MARK_NONE, MARK_INVALID or -errno. *self is empty unless 0 is returned. */
int mark_read (struct mark *self, const char *path);
/* Durable on return. 0 or -errno. */
int mark_write (const struct mark *self, const char *path);

/* The id of a message: EPOCH-PARTY-NUMBER, which is the id of the CloudEvent in it too. Caller must free it. */
char *mark_id (const char *epoch, const char *party, uint64_t number);
/* Takes such an id of this party apart. Any pointer may be NULL. False: it is none. */
bool mark_id_read (const char *id, const char *party, char epoch[CONSENT_ID_SIZE], uint64_t *number);
