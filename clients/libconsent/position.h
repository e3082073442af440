/* How far a subscriber is in its stream. It is kept in a small file of its own, which is always whole or not
   there. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "inner.h"

struct position {
    uint8_t epoch[16]; /* of the registry that numbered the events */
    uint64_t number;   /* the last one that was handled; 0: none yet */
};

/* 0, POSITION_NONE, POSITION_INVALID, or -errno. *self is zero unless 0 is returned. */
int position_read (struct position *self, const char *path);

/* Replaces the file: it is written under another name, synced and renamed, and the directory is synced. After 0
   the position survives a power cut. After -errno the file holds the old or the new position, whole. */
int position_write (const struct position *self, const char *path);
