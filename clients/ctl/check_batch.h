/* consentctl check --batch: many checks from a file, in one message. */
#pragma once
#include "envelope.pb-c.h"

struct ctl;
struct options;

/* Asks the checks of the file that --batch names; what one of them leaves out is as in `common`. Returns the exit
   code. */
int check_batch_run (struct ctl *ctl, const struct options *options, const Consentd__CheckRequest *common);
