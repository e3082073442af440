/* The newest checkpoint of the registry's log, asked for and judged. */
#pragma once
#include <jansson.h>
#include "log_trust.h"

struct log_newest {
    struct checkpoint checkpoint;
    struct bytes raw;     /* the signed note; the arena's */
    uint64_t signed_size; /* lines of the newest that the registry has signed, whoever else has */
};

/* Asks for it, and judges it: the newest that so many witnesses have signed as are needed. If no key is trusted
   yet, the registry's own are from then on: then it is trusted for them. `earlier`: one that is at hand, which the
   newest of all must continue; size 0: none. 0, or an exit code with its line printed. */
int log_newest_ask (struct ctl *ctl, struct log_trust *trust, const struct checkpoint *earlier,
                    struct log_newest *newest);

/* The same, where there may be none: then its size is 0. */
int log_newest_if_there (struct ctl *ctl, struct log_trust *trust, const struct checkpoint *earlier,
                         struct log_newest *newest);

/* A checkpoint for programs: origin, size and root. Caller owns it. */
json_t *log_newest_document (const struct checkpoint *checkpoint);
