/* Which lines of the log are about one subject, without reading the others (R1, A5).

   For each LINES_TOLD lines there is one record: the lines of it that are about somebody, by a short tag of the
   subject. It is written when the last of them is, so a check pays next to nothing. A look-up searches one record
   for thousands of lines.

   Nothing rests on these records but time. Each has a fixed place, is written once and never changed, is sealed,
   and names the hash of its last line. So a record that is missing, damaged or of another log is noticed when it
   is looked up: the lines themselves are read instead, and the record is made anew. A store of an earlier program
   has none, and gets them in the same way. A record does not lose an entry: it is made of all its lines at once,
   and not at all if one of them cannot be read. */
#pragma once
#include "log.h"
#include "turn.h"

enum { LINES_TOLD = 4096 };

/* The subjects of the newest lines, in memory, so that the lines need not be read again for their record. Caller
   owns it. */
struct recent_lines;
struct recent_lines *recent_lines_new (void);
void recent_lines_destroy (struct recent_lines **self_p);
/* Notes whom a line is about. audit_append calls it. A line that never came to be does no harm: the next line with
   its number takes its place. */
void recent_lines_note (struct turn *turn, uint64_t number, const struct audit_head *head);

/* To be called at the end of a turn. If the last line of a record was written in it, writes the record, if there
   is room. 0 or a failure. */
int lines_about_write (struct turn *turn);

/* A search for the lines about one subject, from the line after `number` up to `until`. */
struct lines_about {
    uint8_t object[VAULT_ID_SIZE];
    uint64_t number; /* the lines up to this one were looked at */
    uint64_t until;
    int64_t left;        /* how much may still be done; see LINES_A_PAGE */
    uint64_t unreadable; /* lines of which nobody can tell whom they are about */
    bool archive_is_damaged; /* some of them only as long as a file of the archive is */
    bool shows_unreadable;   /* given by the caller: they are found too, with what is the matter with them */
    /* Of the record that was opened last: */
    uint16_t *places; /* the lines that it tells of, each by its distance from the first */
    size_t count, next;
    uint64_t first; /* number of its first line; 0: none is open */
};

/* What one request may do: to look at a line is 1, to open a record LINES_RECORD_COST. What has begun is finished,
   so it may do as much again. The lines that are found do not count: the caller takes as many as it has room for.
 */
enum { LINES_A_PAGE = 4096, LINES_RECORD_COST = 32 };

/* The next line. 0; RECORD_DAMAGED or ARCHIVE_DAMAGED, with `shows_unreadable`: line `number` may be about the
   subject, and cannot be read; AUDIT_NOT_FOUND: there is none up to `until`; AUDIT_LATER: `left` is spent, and the
   search can go on after `number`; or a failure. */
int lines_about_next (struct turn *turn, struct lines_about *self, struct audit_record *record);
