/* How long it takes until those are told whom a withdrawal concerns, beside checks: from the answer to it to the
   event at each of the consumers. An event that is there before the answer took no time. */
#pragma once
#include "beside.h"
#include "consumers.h"

/* Checks that go on beside, at an even rate. */
struct checks_beside {
    struct helper *asker;
    struct helper_order order; /* BESIDE_EVEN */
};

/* However many they are. */
struct kept_times {
    double *values; /* the caller frees them */
    size_t count, room;
};

struct telling {
    struct consumers *consumers;
    size_t count; /* of consumers */
    struct concerned_consents *consents;
    zsock_t *team; /* who passes the withdrawals on */
    int64_t every_ms;
    struct kept_times one_us; /* out, as all that follow: of each withdrawal and consumer */
    struct kept_times all_ms; /* of each withdrawal, until all were told */
    struct series
        kept; /* of each run, of the checks that were asked for beside: the part that was answered in time */
};

/* Withdraws for so long, and adds what comes of it. It ends earlier if this helper, which may be NULL, is done. */
void telling_run (struct telling *self, const struct checks_beside *checks, int64_t ms,
                  const struct helper *while_busy);

/* What there is to compare with, beside the same checks: microseconds, each p50 and p99. */
struct reference {
    double echo[2];   /* one round trip */
    double sync[2];   /* an append and a sync of a line */
    double answer[2]; /* of a check, one outstanding: one turn, one sync and one round trip */
};
void telling_compare (struct setting *setting, const struct checks_beside *checks, int64_t ms,
                      struct reference *reference);
