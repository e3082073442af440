/* One case under way: the client that is tested, what it was seen to do, and what was wrong with that. */
#pragma once
#include "middle.h"
#include "subject.h"
#include "tested.h"

/* What is the same for all cases. */
struct plan {
    struct middle *middle;
    consent_t *team;
    struct asked asked;
    char *const *program; /* the client's command; ends with NULL */
    /* Its key file, one that names another registry, and one that names it and a server key to come. */
    const char *key, *strange, *both;
    const char *position; /* a file for the position of its stream; not there when a case begins */
    int patience;         /* ms that it may take */
};

struct trial {
    const struct plan *plan;
    struct subject subject;
    struct tested tested;
    /* What it asked. */
    unsigned asks; /* checks */
    uint8_t key[16], *first;
    size_t first_size; /* of the first check, as it came */
    bool differed;     /* another one came with the same key, but other bytes */
    bool was_new;      /* another one came with another key */
    bool was_told;     /* it was put off, or refused */
    unsigned after;    /* checks after that */
    int64_t due;       /* when it may ask again; ms of the monotonic clock; 0: any time */
    bool was_early;
    unsigned told; /* answers to checks that came back */
    /* What it heard. */
    unsigned subscribes;                    /* since the case meddled, if it has */
    uint64_t from, acknowledged, withdrawn; /* the last: the number by which the withdrawal was told; 0: not yet */
    bool is_busy; /* who subscribes is told to come back until `due`, which begins with the first */
    bool meddled;
    char wrong[256]; /* "": nothing yet */
};

/* Milliseconds that never go back. */
int64_t trial_clock (void);
/* Notes what is wrong, unless something is already. Returns 1. */
int trial_fail (struct trial *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* Passes messages on until `is_done`, or the client has ended, or the patience has. True: it is done. */
bool trial_until (struct trial *self, bool (*is_done) (struct trial *self));
/* The same for so long. */
void trial_wait (struct trial *self, int ms);

/* A case. The name is for --only, the section one of docs/protocol.md. */
struct conformance_case {
    const char *name, *section, *expected;
    int (*run) (struct trial *self); /* 0, or 1 with what was wrong */
    bool lasts;                      /* it may take as long as silence does: left out by --quick */
};
/* End with a case without a name. */
extern const struct conformance_case check_cases[], listen_cases[], key_cases[];
