/* What the registry holds about one subject: the subject's record, and every statement in the order of recording.
 */
#pragma once
#include "received.h"
#include "record/subject_key.h"

enum {
    SUBJECT_FILE_STATEMENTS = 512, /* of one subject at most, so that the work of a check is bounded */
};

struct subject_file {
    uint8_t id[VAULT_ID_SIZE]; /* the registry's pseudonym */
    bool known;                /* has a record; else the rest is empty */
    bool opened;               /* that was made bare for this request: it was not known before */
    bool binds_cases;          /* a statement is bound to a case */
    uint64_t reading;          /* which one of those kept in the cache; 0: none, or it was changed since */
    struct vault_key key;      /* of the subject; wiped by subject_file_close */
    struct subject subject;
    const struct statement *statements; /* resolved, in the order of recording */
    size_t statement_count;
    const struct received *received; /* by party id */
    size_t received_count;
};

/* Opens the file of the subject with this BSN: borrowed from the cache until its next sweep. A subject that is not
   known gives an empty file. 0, RECORD_DAMAGED or a failure; then the file has its key at most. */
int subject_file_open (struct turn *turn, const char *bsn, struct subject_file *self);
/* The same by the registry's pseudonym. */
int subject_file_open_by_id (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct subject_file *self);
/* The same by the statement that it holds; *index says which. SUBJECT_FILE_NOT_FOUND if there is no such
 * statement. */
int subject_file_open_by_consent (struct turn *turn, const uint8_t consent_id[16], struct subject_file *self,
                                  size_t *index);
void subject_file_close (struct subject_file *self);

/* What decide looks at, now, for a listener that hears nothing. Borrows from the file and the turn. */
struct decide_facts subject_file_facts (const struct turn *turn, const struct subject_file *self);

/* Opens a bare record for a subject who has none. Does nothing for one who has. 0 or a failure. */
int subject_file_ensure (struct turn *turn, struct subject_file *self);
/* The file as it would be with this record of the subject. Borrows from both. */
struct subject_file subject_file_imagine (struct turn *turn, const struct subject_file *self,
                                          const struct subject *subject);
/* Writes the subject's record, and sees to it that what follows for the consents is told (V5). 0 or a failure. */
int subject_file_put_subject (struct turn *turn, struct subject_file *self, const struct subject *subject);
/* Records a new statement, which has its id: gives it its order, and appends it to the file. 0, SUBJECT_FILE_FULL
   or a failure. */
int subject_file_add (struct turn *turn, struct subject_file *self, struct statement *statement);
/* Writes statements[index] as it now is, after a withdrawal or a use. 0 or a failure. */
int subject_file_rewrite (struct turn *turn, struct subject_file *self, size_t index, const struct statement *now);

/* Notes what a party received, in addition to what it had before: writes only what is new. 0 or a failure. */
int subject_file_note_received (struct turn *turn, struct subject_file *self, const struct received *more);
