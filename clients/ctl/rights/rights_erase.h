/* An erasure that was granted, tried or carried out (R7). */
#pragma once
#include "ask.h"
#include "options.h"

extern const char rights_erase_details[];
extern const struct option rights_erase_options[];

/* What an erasure on this request would do. The registry looks through all lines about the subject in parts: asks
   until it is through, with the progress shown at a terminal. 0 with *reply_p as `ask` gives it, or an exit code
   with its line printed. */
int rights_try_erasure (struct ctl *ctl, uint64_t number, Consentd__Reply **reply_p);
int run_rights_erase (struct ctl *ctl, const struct options *options);
