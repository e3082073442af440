/* The log: every sign-in, request, outcome and change, in the transaction that makes it (A1, A2).

   Lines are numbered from 1 without gaps and chained: hash = BLAKE2b-256 (hash before || line as stored), the
   first before being 32 zero bytes. The head of a line is in clear and holds nothing personal (A3); what was asked
   and answered is sealed under the subject's own key, so that erasing the subject leaves the chain whole (R7). */
#pragma once
#include "record/record.h"
#include "turn.h"

enum { AUDIT_NOT_FOUND = 1, AUDIT_DAMAGED = RECORD_DAMAGED };

enum audit_origin { AUDIT_DAEMON, AUDIT_REQUESTS, AUDIT_EVENTS, AUDIT_OPERATORS };

/* Action, object, result, origin, actor, time (BIO2 8.15.01). */
struct audit_head {
    uint64_t number; /* given by audit_append */
    moment time;
    const char *party;  /* actor; "": the daemon itself */
    const char *action; /* "check", "grant", "sign-in" */
    const char *result; /* "permit", "ok", "invalid" */
    enum audit_origin origin;
    bool has_object;
    bool subject_key;              /* sealed under the subject's key, else under the registry's own */
    uint8_t object[VAULT_ID_SIZE]; /* the registry's pseudonym of the subject */
    /* An answer that is given again for its key (G11): the party's key, and a keyed fingerprint of the request. */
    bool is_replayable;
    uint8_t idempotency_key[16], request[VAULT_ID_SIZE];
    /* Of the registry after this line: what the newest line says is its state. Given by audit_append. */
    uint64_t revision, order;
};

/* The number of the line that the request under way will have: what it changes is kept under that number, and its
   answer names it. From when it is first asked for, that line must be the next one, and cannot be left out. */
uint64_t audit_promise_line (struct turn *turn);
/* Appends a line; `key` is the subject's where the head has one. The number it got is turn->state.audit_number.
   0 or a failure: then the turn must not commit. */
int audit_append (struct turn *turn, const struct audit_head *head, const struct vault_key *key,
                  const struct evidence *evidence);

struct audit_record {
    struct audit_head head; /* text is the arena's */
    struct bytes raw;       /* as stored, the arena's */
    struct bytes sealed;    /* within raw */
    uint8_t hash[VAULT_HASH_SIZE];
};

/* Reads line `number`. 0, AUDIT_NOT_FOUND, AUDIT_DAMAGED or a failure. */
int audit_read (struct turn *turn, uint64_t number, struct audit_record *record);
/* Opens what is sealed. 0; AUDIT_NOT_FOUND: the subject's key is gone; AUDIT_DAMAGED or a failure. */
int audit_open (struct turn *turn, const struct audit_record *record, struct evidence *evidence);
/* Takes the state of the registry from the newest line, whose hash must be right; that of a new one is zero.
   0, AUDIT_DAMAGED or a failure. */
int audit_load_state (struct turn *turn);
/* "requests" */
const char *audit_origin_name (enum audit_origin origin);
