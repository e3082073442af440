/* consentctl audit list: lines of the log, as they are, and as they come. */
#pragma once
#include "ctl.h"

extern const struct option audit_list_options[];
extern const char audit_list_details[];
int audit_list_run (struct ctl *ctl, const struct options *options);
