/* Requests for consent (G1): a party asked for it, and the subject has to say. Such a request is no statement: no
   decision ever sees it. It stays when it is answered, with what became of it; the statement that answers it has
   the same id.

   Those that wait are in three indexes besides: the social team's list, the subject's, and the asking party's. */
#pragma once
#include "subject_file.h"

enum {
    CONSENT_REQUEST_NOT_FOUND = 48,
    CONSENT_REQUEST_FULL = 49, /* as many wait as may */
};

/* How many may wait, so that neither a subject nor the social team can be flooded. */
enum {
    CONSENT_REQUESTS_OF_SUBJECT = 64,
    CONSENT_REQUESTS_OF_SUBJECT_BY_PARTY = 16, /* so that none takes the place of others */
    CONSENT_REQUESTS_BY_PARTY = 1024,
};

/* The answer is still to come: none was given, and there would be something left to grant. */
bool consent_request_is_waiting (const struct consent_request *self, moment now);
/* As shown to people; of one that waits no longer and was not answered: STATE_EXPIRED. */
enum statement_state consent_request_state (const struct consent_request *self, moment now);

/* Reads the request of this id, if it is of the subject of this file. 0, CONSENT_REQUEST_NOT_FOUND, RECORD_DAMAGED
   or a failure. */
int consent_request_read (struct turn *turn, const struct subject_file *file, const uint8_t id[16],
                          struct consent_request *self);
/* The same with the file of whatever subject it is of. Close the file in any case. */
int consent_request_open (struct turn *turn, const uint8_t id[16], struct subject_file *file,
                          struct consent_request *self);
/* Records a new request: gives it an id. A subject who is not known gets a bare record, so that whoever asks never
   learns who is registered. 0, CONSENT_REQUEST_FULL or a failure. */
int consent_request_add (struct turn *turn, struct subject_file *file, struct consent_request *self);
/* Writes a request that waits as it now is: deferred, or answered. 0 or a failure. */
int consent_request_rewrite (struct turn *turn, const struct subject_file *file,
                             const struct consent_request *self);

/* One that waits, as the indexes have it. */
struct waiting_request {
    uint8_t id[16], subject[VAULT_ID_SIZE];
    moment asked_at, valid_until;
    char party[VAULT_PARTY_LIMIT + 1];
};

enum { WAITING_CURSOR_SIZE = 8 + 16 };

/* Fills `found` with at most `limit` that wait, the oldest first: those after the cursor (NULL: from the first),
   of the subject with this pseudonym (NULL: of all). 0, RECORD_DAMAGED or a failure. */
int consent_request_list_waiting (struct turn *turn, const uint8_t *subject, const uint8_t *cursor,
                                  struct waiting_request *found, size_t limit, size_t *count);
/* The cursor at which the list goes on after this one. */
void consent_request_cursor (const struct waiting_request *at, uint8_t cursor[WAITING_CURSOR_SIZE]);
/* Puts one that waits longer than until `since` on the lists again, from which a clock that was ahead may have
   taken it (C14). 0, SUBJECT_FILE_NOT_FOUND, CONSENT_REQUEST_NOT_FOUND, RECORD_DAMAGED or a failure. */
int consent_request_enter_again (struct turn *turn, const uint8_t id[16], moment since);
/* Takes one that was never answered, and cannot be granted any more, off the lists. 0 or a failure. */
int consent_request_drop (struct turn *turn, const struct waiting_request *past);
