/* The handling of a request: its answer, and what the log says about both. The function of a verb fills it in. */
#pragma once
#include "caller.h"
#include "registry/idempotency.h"
#include "registry/subject_file.h"
#include "reply.h"

struct handling {
    struct reply reply;
    const char *result; /* "permit"; NULL: the name of the status */
    const char *note;
    struct subject_file file; /* of the subject that the request is about */
    bool has_file;
    const struct rule_codes *all_reasons;
    size_t reason_count;
    const struct id *rested_on;
    size_t rested_count;
    bool counted;                   /* A1: the request gets no line of its own */
    struct idempotency idempotency; /* G11: of the request's key and body */
    bool is_replayable;
    bool holds_bsn;        /* A3: a reference held the subject's BSN: the line keeps nothing of the request */
    bool is_unfinished;    /* nothing was done yet: this answer is not kept for its key */
    bool outlives_subject; /* the line has nothing that is the subject's, and is not sealed under the subject's key
                            */
    bool is_about_many; /* a run of decisions: its one line is about nobody in particular, and keeps what was asked
                         */
    bool is_logged;     /* its line, or the lines of its parts, have been written or counted */
    uint64_t continues; /* this is a further page: the line of its listing (A1); 0: it is not */
};

/* Sets the answer to this status. Returns 0. */
int handling_status (struct handling *handling, enum status status, const char *message);
/* FORBIDDEN: names the party, its role and what it lacks of `permissions`, of which one would do. */
int handling_lacks (struct handling *handling, struct turn *turn, const struct caller *caller,
                    uint32_t permissions);
int handling_invalid (struct handling *handling, const char *field, const char *message);
