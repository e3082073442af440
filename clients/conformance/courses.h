/* What the cases of a sort have in common: those that ask, and those that listen. */
#pragma once
#include "trial.h"

/* How a case that asks goes: what is consented to, who meddles, and how many of the categories must be permitted.
 */
struct course {
    size_t consented, permitted;
    bool one_time;
    const char *key; /* the client's key file; NULL: that of the plan */
    struct meddler meddler;
};

/* Has the client ask, and judges what it permits. 0, or 1 with what was wrong. */
int course_run (struct trial *self, const struct course *course);
/* Notes a check, and how it compares with the first. False: the request is none. */
bool course_note (struct trial *self, const Consentd__Request *asked, const void *bytes, size_t size);
/* The reply is the answer to a check; then it is counted. */
bool course_is_answer (struct trial *self, const Consentd__Reply *told);

/* A case that listens, step by step. Each: 0, or 1 with what was wrong. */
int listen_begin (struct trial *self); /* records a subject, and a consent */
/* Starts the client with this key file; `told` meddles (NULL: nobody). */
int listen_start (struct trial *self, const char *key, enum fate (*told) (void *, Consentd__Reply *));
int listen_until_current (struct trial *self);
int listen_withdraw (struct trial *self); /* the consent */
int listen_hear (struct trial *self);     /* the client hears of that, and ends when it is let go */

/* The push tells of the consent of this case. */
bool listen_is_ours (const struct trial *self, const Consentd__Reply *told);
/* Who meddles with what a client asks that listens: notes it. */
enum fate listen_watch (void *of, const Consentd__Request *asked, const void *bytes, size_t size);
