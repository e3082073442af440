/* How far a subscriber is in its stream, and what it keeps of the registry's log. It is kept in a small file of
   its own, which is always whole or not there:

       consent-position 2
       sum SHA256              of all that follows, in hexadecimal digits
       epoch IDENTIFIER
       number NUMBER
       of PARTY CONSUMER       whose position it is; an earlier version wrote no such line
       log-key KEY             each key that is believed; these, and what follows, only if a checkpoint was seen
       seen MILLISECONDS
       the signed note of the newest checkpoint, as it came

   An earlier file has `consent-position 1`, epoch and number, and no more: it is read, and written as above. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "inner.h"
#include "log_seen.h"

enum {
    POSITION_SIZE = 64 * 1024, /* of the file, at most */
    POSITION_NAME = 33,        /* of a party or a consumer, with the NUL */
};

struct position {
    uint8_t epoch[16];                                  /* of the registry that numbered the events */
    uint64_t number;                                    /* the last one that was handled; 0: none yet */
    char party[POSITION_NAME], consumer[POSITION_NAME]; /* whose; "": the file does not say */
    struct log_seen log;                                /* of the same epoch */
};

/* Two parties, and two consumers of one party, have events of the same numbers: by the position of another events
   would be passed over that were never handled. The consumer "" is "default"; a file that does not say is of that
   one, of any party. */
bool position_is_of (const struct position *self, const char *party, const char *consumer);
/* From now on it says whose it is. */
void position_name (struct position *self, const char *party, const char *consumer);

/* 0, POSITION_NONE, POSITION_INVALID, or -errno. *self is zero unless 0 is returned. */
int position_read (struct position *self, const char *path);

/* Replaces the file: it is written under another name, synced and renamed, and the directory is synced. After 0
   the position survives a power cut. After -errno the file holds the old or the new position, whole. */
int position_write (const struct position *self, const char *path);

/* The text of such a file. 0, or POSITION_INVALID, and *self is zero. */
int position_parse (struct position *self, struct bytes raw);
/* Returns the length of the text. */
size_t position_print (const struct position *self, char text[POSITION_SIZE]);
