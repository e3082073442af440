/* Has an event put where it is to go: as often as it takes, with growing pauses, and in the end aside. */
#pragma once
#include "delivery/line_file.h"
#include "destination.h"

enum {
    DELIVER_STOPPED = -1, /* somebody asked to stop first */
    TRIES_DEFAULT = 10,   /* about four minutes, of a destination that fails at once */
};

struct deliver {
    struct destination *destination;
    uint64_t tries;         /* how often one event is tried; 0: without end */
    struct line_file aside; /* where events go that were not taken */
    bool has_aside;
};

/* From now on what is not taken goes to this file, as the line that it would have been elsewhere. 0, or the code
 *of fault. */
int deliver_aside (struct deliver *self, const char *path, struct fault *fault);

/* 0: it is there for good, or aside; DELIVER_STOPPED; or an exit code with its line printed. `text` is one object
   of JSON without a line end. */
int deliver (struct deliver *self, const char *text, uint64_t number);

/* Looks, between two events, whether one could still be put there. 0, or an exit code with its line printed. */
int deliver_look (struct deliver *self);

void deliver_close (struct deliver *self);
