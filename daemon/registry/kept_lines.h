/* Writes the extracts of what must be kept of a subject who is marked to be erased (audit/extract.h), in bounded
   parts: first all lines about the subject are counted, since a period can depend on the last of them; then they
   are gone through once more, and the keys of those that must be kept are. What an earlier round or process has
   written is written again, or taken away if it need not be kept now. For keeping.c. */
#pragma once
#include "kept_walk.h"
#include "marks.h"

struct kept_lines {
    struct kept_walk walk;
    bool is_counted;
    moment longest;  /* `until` of what must be kept longest; 0: no entry of the pack is about any of it */
    uint64_t number; /* the lines up to this one are written */
    uint64_t kept;   /* so many of them */
};

void kept_lines_clear (struct kept_lines *self);
/* 0: all is written that must be, up to the newest line; KEEPING_LATER; RECORD_DAMAGED: the subject's key, or that
   of an extract, cannot be read; ARCHIVE_DAMAGED: lines about the subject cannot be read now; or a failure. walk.about is set by the caller. */
int kept_lines_write (struct turn *turn, struct kept_lines *self, const struct erasure_mark *mark);
