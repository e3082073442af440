/* Where a subscriber is in its stream, kept in a small file of its own that is there whole or not at all. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum {
    POSITION_NONE = 1,    /* there is no such file: the subscriber has not listened before */
    POSITION_INVALID = 2, /* there is one, and it is not a position: never take that for a new start */
};

struct position {
    uint8_t epoch[16]; /* of the registry that numbered the events */
    uint64_t number;   /* the last one that was handled; 0: none yet */
};

/* 0, POSITION_NONE, POSITION_INVALID, or -errno; *self is zero unless 0. */
int position_read (struct position *self, const char *path);

/* Replaces the file: written beside, synced, renamed, and the directory synced. When it returns 0 the position
   survives a power cut; otherwise (-errno) the file holds the old one or the new one, whole. */
int position_write (const struct position *self, const char *path);
