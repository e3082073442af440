/* Requests by which a subject exercises rights (R2). Each is kept with its subject, under the number of the line
   of the log that recorded it. It is on the agenda as long as it is not decided, or an erasure that was granted is
   not carried out: when it is due, when the view of another is due, and, once, when whoever keeps the list is to
   be told that it is overdue. */
#pragma once
#include "agenda.h"
#include "subject_file.h"

enum { RIGHTS_KEY_SIZE = VAULT_ID_SIZE + 8 }; /* of STORE_RIGHTS */

/* The state as people see it at this moment. */
enum rights_state rights_request_state (const struct rights_request *self, moment now);
/* An erasure was granted on it, in part or whole, and is not carried out yet (R7). */
bool rights_request_is_to_be_erased (const struct rights_request *self);
/* The view that was asked for and has not come. NULL: there is none. */
const struct rights_view *rights_request_awaited (const struct rights_request *self);

/* Records a new request. A subject who is not known gets a bare record, so that it can be answered that nothing is
   held, and no answer tells who is registered. `self` gets its number. Whoever keeps the list is told. 0 or a
   failure. */
int rights_request_add (struct turn *turn, struct subject_file *file, struct rights_request *self);
/* Writes a request in its new state; `before` is its old state. 0 or a failure. */
int rights_request_rewrite (struct turn *turn, const struct subject_file *file,
                            const struct rights_request *before, const struct rights_request *now);
/* Notes that the present line of the log, of this action, followed from the request. Beyond RIGHTS_FOLLOWED of
   them nothing is noted: the log has them. 0 or a failure. */
int rights_request_note_followed (struct turn *turn, const struct subject_file *file,
                                  const struct rights_request *request, const char *action);

/* Reads one request of the subject. Borrows from the arena. 0, RIGHTS_NOT_FOUND, RECORD_DAMAGED or a failure. */
int rights_request_read (struct turn *turn, const struct subject_file *file, uint64_t number,
                         struct rights_request *self);
/* The same by its number alone: the log says whose it is. Opens the subject's file. Close the file in any case. */
int rights_request_open (struct turn *turn, uint64_t number, struct subject_file *file,
                         struct rights_request *self);
/* Before the subject's requests are read one after the other: none is missing. 0, RECORD_DAMAGED or a failure. */
int rights_request_check (struct turn *turn, const struct subject_file *file);
/* Puts a request that is due on the agenda again; that it is overdue, if that is later than `since`. 0,
   RIGHTS_NOT_FOUND, RECORD_DAMAGED or a failure. */
int rights_request_enter_again (struct turn *turn, const struct subject_file *file, uint64_t number, moment since);
/* Reads the subject's first request with a higher number. Returns as rights_request_read does; with RECORD_DAMAGED
   the number is set. */
int rights_request_next (struct turn *turn, const struct subject_file *file, uint64_t number,
                         struct rights_request *self);

/* Keeps a decided request as it is, under the key of the file: the subject it belonged to was erased since it was
   read. 0 or a failure. */
int rights_request_keep (struct turn *turn, const struct subject_file *file, const struct rights_request *self);
/* Deletes all requests of the subject (R7). 0, RECORD_DAMAGED or a failure. */
int rights_request_take_out (struct turn *turn, const struct subject_file *file);

/* The number of the request that this entry of the agenda is about. */
uint64_t rights_request_of_entry (const struct agenda_entry *entry);
/* R2: tells whoever keeps the list that a request is overdue, and writes a line of the log. The entry was taken
   from the agenda. 0 or a failure. */
int rights_request_tell_overdue (struct turn *turn, const struct agenda_entry *entry);
