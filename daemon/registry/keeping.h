/* What statutes require to be kept of a subject, and until when (T1, KB 20): found by a walk through all lines of
   the log about the subject, in bounded parts.

   What is kept is what was disclosed, for so long as the provider or the recipient must keep it under the law of
   the data (registry/disclosed.h, rules/retention.h); and a consent on which that rested, as long as the longest
   record that it justified. Nothing else of a subject is kept by a statute.

   How far a walk is, is in memory. After a start, a turn that failed or another pack it begins anew. */
#pragma once
#include "disclosed.h"
#include "marks.h"
#include "turn.h"

struct keeping;
/* Caller owns it. */
struct keeping *keeping_new (void);
void keeping_destroy (struct keeping **self_p);
/* A turn has failed: what was read in it may never have been. */
void keeping_forget (struct keeping *self);

/* What one kind of party holds under one law. */
struct kept_part {
    const char *entry, *source; /* of the pack: the entry of retention.txt, and the article that it is from */
    const char *holder, *law;   /* kind of party; origin. The pack's */
    uint64_t disclosures;       /* of which it holds a record */
    moment first, last;         /* of them */
    moment until; /* the first moment at which none of it must be kept: it may be past; MOMENT_NEVER */
};

struct kept_parts {
    const struct kept_part *parts; /* the arena's; the latest `until` first */
    size_t count;
    uint64_t lines;       /* about the subject, since it was last erased */
    uint64_t disclosures; /* of these; in each something was permitted */
    uint64_t unreadable;  /* lines that could not be read: nobody knows what must be kept of them */
    moment until;         /* the latest of all parts; 0: no entry of the pack is about any of it */
    moment last_line;     /* the moment of the last line about the subject; 0: there is none */
};

/* The newest event that each party was told about the subject, as the last keeping_find that was 0 found them, and
   until the next: whoever has acknowledged it has heard all. NULL past the last. */
struct kept_telling;
const struct kept_telling *keeping_told (const struct keeping *self, size_t index);

/* Finds what must be kept of a subject who is not marked to be erased. Of somebody unknown there is nothing. 0;
   KEEPING_LATER: a part of the walk was done, or another subject's walk is under way: ask again, with other
   requests or turns between; found->lines are those so far; SUBJECT_FILE_ERASING; RECORD_DAMAGED or a failure. */
int keeping_find (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], struct kept_parts *found);

/* For the round that erases: writes the extracts (audit/extract.h) of what must be kept of a subject who is
   marked, and of the request on which it is done. 0: all is written, and *kept says of how many lines the keys are
   kept: the subject is to be taken out in this turn; KEEPING_LATER; ARCHIVE_DAMAGED: not as long as a file of the
   archive is missing or changed; RECORD_DAMAGED or a failure. */
int keeping_write (struct turn *turn, const struct erasure_mark *mark, uint64_t *kept);
