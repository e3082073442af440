/* The log: every sign-in, request, outcome and change, in the transaction that makes it (A1, A2).

   Lines are numbered from 1 without gaps and chained: hash = BLAKE2b-256 (hash of the line before || line as
   stored). For the first line the hash before is 32 zero bytes. The head of a line is in clear and holds nothing
   personal (A3). What was asked and answered is sealed under the subject's own key, so that erasing the subject
   leaves the chain whole (R7). */
#pragma once
#include "record/record.h"
#include "turn.h"

enum audit_origin { AUDIT_DAEMON, AUDIT_REQUESTS, AUDIT_EVENTS, AUDIT_OPERATORS };

/* Action, object, result, origin, actor, time (BIO2 8.15.01). */
struct audit_head {
    uint64_t number; /* set by audit_append */
    moment time;
    const char *party;  /* the actor; "": the daemon itself */
    const char *action; /* "check", "grant", "sign-in" */
    const char *result; /* "permit", "ok", "invalid" */
    enum audit_origin origin;
    bool has_object;
    bool subject_key;              /* sealed under the subject's key (R7), else under the registry's own */
    uint8_t object[VAULT_ID_SIZE]; /* the registry's pseudonym of the subject */
    /* G11: the answer is given again for its key. The party's key, and a keyed fingerprint of the request. */
    bool is_replayable;
    bool has_key; /* the key is in the line, also if it is not given again */
    uint8_t idempotency_key[16], request[VAULT_ID_SIZE];
    /* The registry's state after this line: the newest line holds the state. Set by audit_append. */
    uint64_t revision, order;
};

/* The number of the line that the present request will have. What the request changes is kept under that number,
   and its answer names it. Once this was asked, the next line must be that one, and it cannot be left out. */
uint64_t audit_promise_line (struct turn *turn);
/* What has been told to parties is no part of the next line. For a request that gets no line. */
void audit_forget_tellings (struct turn *turn);
/* The most bytes of a line as stored: what an export can hold (C2SP tlog-tiles has two bytes for a length). */
enum { AUDIT_LINE_LIMIT = 65535 };

/* Appends a line, which tells of the events that were made since the line before. `key` is the subject's, if the head has subject_key. The line's number is then
   turn->state.audit_number. 0, or a failure: then the turn must not commit;
   -EMSGSIZE: there is more evidence than a line can have, though what can be left out of it is. */
int audit_append (struct turn *turn, const struct audit_head *head, const struct vault_key *key,
                  const struct evidence *evidence);

struct audit_record {
    struct audit_head head; /* text is the arena's */
    struct bytes raw;       /* as stored, the arena's */
    struct bytes sealed;    /* within raw */
    uint8_t hash[VAULT_HASH_SIZE];
    bool is_archived; /* it was read from a file of the archive, by its link to the line before */
};

/* Reads line `number`, from the store or from the archive (archive.h). 0; AUDIT_NOT_FOUND; RECORD_DAMAGED;
   ARCHIVE_DAMAGED: a file of the archive is missing or was changed; or a failure. */
int audit_read (struct turn *turn, uint64_t number, struct audit_record *record);
/* One of these three: nobody can tell what the line says, and other lines can be read all the same. */
bool audit_is_unreadable (int rc);
/* Only its hash. Of the last line of a bundle of the archive no file is read. As audit_read. */
int audit_read_hash (struct turn *turn, uint64_t number, uint8_t hash[VAULT_HASH_SIZE]);
/* Only its time; of a line in the archive that of the last line of its bundle, and no file is read. As audit_read.
 */
int audit_read_time (struct turn *turn, uint64_t number, moment *time);
/* The number before the first line that is not earlier than `since`. Lines are in the order of time, except where
   the time was reset. 0 or a failure. */
int audit_find_before (struct turn *turn, moment since, uint64_t *number);
/* The same, by audit_read_time: it may be less, and no file is read. */
int audit_find_before_about (struct turn *turn, moment since, uint64_t *number);
/* As audit_read, for a line on which something rests: it must be chained to the line before it, as audit_append made it, and
   a line that there was is not missing. 0; AUDIT_NOT_FOUND: there never was such a line; RECORD_DAMAGED,
   ARCHIVE_DAMAGED or a failure. */
int audit_find (struct turn *turn, uint64_t number, struct audit_record *record);
/* Opens the sealed evidence. 0; AUDIT_NOT_FOUND: the subject's key is gone; RECORD_DAMAGED or a failure. */
int audit_open (struct turn *turn, const struct audit_record *record, struct evidence *evidence);
/* The key of this one line, which opens it and nothing else (vault_record_key). Wipe it. As audit_open. */
int audit_own_key (struct turn *turn, const struct audit_record *record, struct vault_key *own);
/* Reads the head of a line as it is stored, from its bytes alone; all but `hash` is then set, and borrows from them
   and the arena. 0 or RECORD_DAMAGED. */
int audit_parse (struct arena *arena, struct bytes raw, struct audit_record *record);
/* Opens such a line with its own key. 0 or RECORD_DAMAGED. */
int audit_open_own (struct arena *arena, const struct audit_record *record, const struct vault_key *own,
                    struct evidence *evidence);
/* Reads the state of the registry from the newest line, whose hash must be right. The state of a new registry is
   zero. 0, RECORD_DAMAGED or a failure. */
int audit_load_state (struct turn *turn);
/* A log as it is stored, followed entry by entry from the first on, as far as that needs no key. What is said of
   lines in the archive is believed: `consentctl audit fsck` verifies these. Begin with zeroes. */
struct audit_end {
    uint64_t number;   /* of the last line followed */
    uint64_t archived; /* lines that are in the archive */
    moment time;
    uint8_t hash[VAULT_HASH_SIZE];
};
/* 0, or RECORD_DAMAGED: it is not the line after that one. */
int audit_follow (struct audit_end *self, struct bytes key, struct bytes value);
/* Reads of a line as it is stored what stands before its texts: of the head its number, time, revision, order and
   identifiers. False: it is no line. */
bool audit_read_numbers (struct bytes raw, struct audit_head *head);
/* "requests" */
const char *audit_origin_name (enum audit_origin origin);
