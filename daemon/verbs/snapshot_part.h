/* What stood of one subject for one party after a line of the log: its consents and refusals that have not ended,
   and the restrictions that concern it. For the pages of a snapshot (snapshot.c). */
#pragma once
#include "handling.h"
#include "turn.h"

/* A moment of the registry: right after a line of the log. */
struct snapshot_at {
    uint64_t line;
    uint64_t order; /* of the last statement recorded by then */
    moment time;
};

/* What a page collects for one subject. */
struct snapshot_part {
    struct turn *turn;
    const struct snapshot_at *at;
    const char *party;
    bool permits;                   /* also what may flow between the party and others */
    struct snapshot_entry *entries; /* the arena's */
    size_t *sizes;                  /* about how many bytes each takes in an answer, rather too many */
    size_t count;
};

/* Fills in the entries: of one state of the registry always the same, in the same order. The entries borrow from
   the file and the arena. 0, RECORD_DAMAGED or a failure. */
int snapshot_part_find (struct snapshot_part *self, const struct subject_file *file);
