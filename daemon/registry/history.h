/* What the registry knew when it decided: the facts of a subject and of the parties, as they were at any line of
   the log. So a decision can be explained, and made again under another pack.

   Statements need no history: they hold themselves from when, and until when, they count. */
#pragma once
#include "audit/log.h"
#include "parties/parties.h"
#include "subject_file.h"

/* Keeps, of the subject's facts, what the present line of the log changes: as it is before. 0 or a failure. */
int history_keep_subject (struct turn *turn, struct subject_file *file, const struct subject *after);
/* Deletes all that is kept of the subject's former facts (R7). 0 or a failure. */
int history_take_out (struct turn *turn, const struct subject_file *file);
/* Fills `subject` with the facts as they were at line `number`. A subject without a record is not known. Borrows
   from the arena or the file. 0, RECORD_DAMAGED or a failure. */
int history_subject_at (struct turn *turn, const struct subject_file *file, uint64_t number,
                        struct subject *subject);
/* The statements as they were at line `number`, without later statements, uses and withdrawals. In the order of
   recording. */
struct statement *history_statements_at (struct turn *turn, const struct subject_file *file,
                                         const struct audit_head *head, size_t *count);

/* The statements as they are after line `number`, in the order of recording, to be prepared (rules/decide.h). */
struct statement *history_statements_after (struct turn *turn, const struct subject_file *file, uint64_t number,
                                            size_t *count);
/* The last line up to `number` that changed the facts of the subject; 0: none did. 0 or a failure. */
int history_last_change (struct turn *turn, const struct subject_file *file, uint64_t number, uint64_t *line);

/* The withdrawal was recorded before line `number`. A withdrawal from before numbers were kept is judged by its
   moment: not after `when`. */
bool history_was_withdrawn (const struct withdrawal *one, uint64_t number, moment when);

/* Keeps the party as it is from line `number` on. 0 or a failure. */
int history_keep_party (struct turn *turn, const struct party_text *party, uint64_t number);
/* The party as it was at line `number`. Of a record from before the parties were in the store, only kind, secrecy,
   agreement and active are known. 0, STORE_NOT_FOUND, RECORD_DAMAGED or a failure. */
int history_party_at (struct turn *turn, const char *id, uint64_t number, struct party_text *party);
/* Reads one record of STORE_PARTY_SINCE, with its id. 0, or RECORD_DAMAGED: the id is then NULL, unless the key
   tells it. */
int history_read_party (struct turn *turn, struct bytes key, struct bytes value, struct party_text *party);
