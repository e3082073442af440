/* Requests for consent (G1): a party asked for it, and the subject has not decided yet. A request is no statement:
   no decision sees it. It is kept after it was answered, with its outcome. The statement that answers it has the
   same id.

   Three indexes hold the requests that wait: those of the social team, of the subject, and of the asking party. */
#pragma once
#include "subject_file.h"

/* How many may wait, so that nobody can flood a subject or the social team. */
enum {
    CONSENT_REQUESTS_OF_SUBJECT = 64,
    CONSENT_REQUESTS_OF_SUBJECT_BY_PARTY = 16, /* so that no party takes the places of others */
    CONSENT_REQUESTS_BY_PARTY = 1024,
};

/* The request still waits: it has no answer, and its valid_until is not past. */
bool consent_request_is_waiting (const struct consent_request *self, moment now);
/* The state as people see it. STATE_EXPIRED if its time is past and it was not answered. */
enum statement_state consent_request_state (const struct consent_request *self, moment now);

/* Reads the request with this id, if it is about the subject of this file. 0, CONSENT_REQUEST_NOT_FOUND,
   RECORD_DAMAGED or a failure. */
int consent_request_read (struct turn *turn, const struct subject_file *file, const uint8_t id[16],
                          struct consent_request *self);
/* The same, and opens the file of its subject. Close the file in any case. */
int consent_request_open (struct turn *turn, const uint8_t id[16], struct subject_file *file,
                          struct consent_request *self);
/* Records a new request, and gives it an id. A subject who is not known gets a bare record, so that the asking
   party never learns who is registered. 0, CONSENT_REQUEST_FULL or a failure. */
int consent_request_add (struct turn *turn, struct subject_file *file, struct consent_request *self);
/* Writes a waiting request in its new state: deferred, or answered. 0 or a failure. */
int consent_request_rewrite (struct turn *turn, const struct subject_file *file,
                             const struct consent_request *self);

/* A request that waits, as the indexes have it. */
struct waiting_request {
    uint8_t id[16], subject[VAULT_ID_SIZE];
    moment asked_at, valid_until;
    char party[VAULT_PARTY_LIMIT + 1];
};

struct waiting_page {
    const uint8_t *after;          /* cursor of the request before; NULL: from the first */
    size_t limit;                  /* how many to read at most */
    struct waiting_request *found; /* has room for `limit` requests; `count` were read */
    size_t count;
};

/* Reads a page of waiting requests, the oldest first, about the subject with this pseudonym (NULL: all). Requests
   whose time is past may be among them. 0, RECORD_DAMAGED or a failure. */
int consent_request_list_waiting (struct turn *turn, const uint8_t *subject, struct waiting_page *page);
/* Writes the cursor with which the list continues after this request. */
void consent_request_cursor (const struct waiting_request *at, uint8_t cursor[WAITING_CURSOR_SIZE]);
/* Puts a request that waits until later than `since` on the lists again. A clock that was ahead may have removed
   it (C14). 0, SUBJECT_FILE_NOT_FOUND, CONSENT_REQUEST_NOT_FOUND, RECORD_DAMAGED or a failure. */
int consent_request_enter_again (struct turn *turn, const uint8_t id[16], moment since);
/* Deletes all that wait of the subject, and those that this file's statements answered (R7). 0, RECORD_DAMAGED or a
   failure. */
int consent_request_take_out (struct turn *turn, const struct subject_file *file);
/* Deletes requests of subjects who are not known any more, which nobody answered in time: no list has them. It looks
   at a bounded number of requests from the id `last` on, and moves it. *more: there are further ones. 0 or a failure.
 */
int consent_request_sweep (struct turn *turn, uint8_t last[16], bool *more);
/* Removes a request from the lists that was never answered and can no longer be granted. 0 or a failure. */
int consent_request_drop (struct turn *turn, const struct waiting_request *past);
