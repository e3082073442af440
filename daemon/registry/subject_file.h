/* What the registry holds about one subject: the facts of the subject, all statements in the order of recording,
   and what each party received. All of it is one sealed record, which is written once at the end of a request. */
#pragma once
#include "received.h"
#include "record/subject_key.h"
#include "request.h"

enum {
    /* At most, for one subject, so that the work of a check is bounded, and what a withdrawal must write where the
       store is full. To withdraw the whole of a consent is admitted beyond that many bytes. */
    SUBJECT_FILE_STATEMENTS = 512,
    SUBJECT_FILE_BYTES = 1024 * 1024,
};

struct subject_file {
    uint8_t id[VAULT_ID_SIZE]; /* the registry's pseudonym */
    bool known;                /* has a record; else the rest is empty */
    bool has_lines;            /* is not known, but the log has lines under `key` (record/unknown_key.h) */
    bool opened;               /* for this request a bare record was made: the subject was not known before */
    bool binds_cases;          /* a statement is bound to a case */
    bool changed;              /* since it was opened: subject_file_settle must be called */
    bool written;              /* in this request: its line of the log tells the generation */
    uint64_t reading;          /* the number of its reading in the cache; 0: not kept, or changed since */
    size_t size;               /* of its record in the store, bytes */
    uint64_t generation;       /* of its record in the store (record.h); 0: there is none yet */
    uint64_t since;            /* the line of the log that erased the subject as it was known before; 0: none */
    uint64_t round;            /* in which that was done (record/subject_key.h) */
    uint64_t changes;          /* of the subject's facts that registry/history.h keeps */
    uint8_t wrapped[SUBJECT_WRAPPED_SIZE]; /* the key, as it stands before the record */
    struct vault_key key;                  /* of the subject; wiped by subject_file_close */
    struct subject subject;
    const struct statement *statements; /* resolved, in the order of recording */
    size_t statement_count;
    const struct received *received; /* ordered by party id */
    size_t received_count;
};

/* Opens the file of the subject with this BSN, borrowed from the cache until its next sweep. A subject that is not
   known gives an empty file. 0; RECORD_DAMAGED: the file then holds at most its key; SUBJECT_FILE_ERASING: the
   subject is marked to be erased (erasure.h), so nothing is told, permitted or recorded any more; or a failure. */
int subject_file_open (struct turn *turn, const char *bsn, struct subject_file *self);
/* Opens the file of the subject with this pseudonym. */
int subject_file_open_by_id (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct subject_file *self);
/* The same of a subject who may be marked to be erased: for the erasure itself. */
int subject_file_open_marked (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct subject_file *self);
/* Opens the file that holds this statement; *index says which one it is. SUBJECT_FILE_NOT_FOUND if there is no
   such statement. */
int subject_file_open_by_consent (struct turn *turn, const uint8_t consent_id[16], struct subject_file *self,
                                  size_t *index);
void subject_file_close (struct subject_file *self);

/* Borrows from the file, which has a key. */
struct about subject_file_about (const struct subject_file *self);
/* The facts for decide, at this moment, for a listener that hears nothing. They borrow from the file and the
   turn. */
struct decide_facts subject_file_facts (const struct turn *turn, const struct subject_file *self);

/* The next functions change the file, and not yet the store. Once a file is changed, nothing may open the same
   file and no line of the log may be written, until subject_file_settle: the process ends otherwise. */

/* Gives a subject that has none a bare record, under the key that the person's lines have already. */
void subject_file_ensure (struct turn *turn, struct subject_file *self);
/* The file as it would be with these facts of the subject. Borrows from both. */
struct subject_file subject_file_imagine (struct turn *turn, const struct subject_file *self,
                                          const struct subject *subject);
/* Makes of the file what it would be if those of its consents that are among these had been used up in this turn:
   for a decision that is only tried. Changes nothing that is kept. */
void subject_file_imagine_used (struct turn *turn, struct subject_file *self, const struct used_consent *used,
                                size_t count);
/* Changes the facts of the subject, and has the parties told what follows for the consents (V5). 0 or a failure.
 */
int subject_file_put_subject (struct turn *turn, struct subject_file *self, const struct subject *subject);
/* Records a new statement, which has its id. Gives it its place in the order, and appends it to the file. 0,
   SUBJECT_FILE_FULL or a failure. */
int subject_file_add (struct turn *turn, struct subject_file *self, struct statement *statement);
/* Puts `now` in the place of statements[index], as it is after a withdrawal or a use. */
void subject_file_rewrite (struct turn *turn, struct subject_file *self, size_t index,
                           const struct statement *now);
/* KB 14: statements[index] is recorded wrongly, and corrected by the statement with this id, which was added. Has
   the parties told what follows for other consents (V5). 0 or a failure. */
int subject_file_correct (struct turn *turn, struct subject_file *self, size_t index, const uint8_t by[16]);
/* Notes what a party received, besides what it had received before. Changes the file only if that is new. */
void subject_file_note_received (struct turn *turn, struct subject_file *self, const struct received *more);

/* Deletes the record or the key of who has none, and what leads to the statements. From line `since` on, which
   says so, the subject is not known; a later contact opens a new record under a new key (R7). 0 or a failure. */
int subject_file_take_out (struct turn *turn, const struct subject_file *self, uint64_t since);

/* Writes the record, if the file has changed. To be called before the line of the log. 0 or a failure. */
int subject_file_settle (struct turn *turn, struct subject_file *self);
/* Gives somebody who is not known a key for the line of the log, if the person has none yet (R7). The person stays
   unknown. 0 or a failure. */
int subject_file_ensure_key (struct turn *turn, struct subject_file *self);
