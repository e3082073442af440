/* consentctl receipt code */
#pragma once
#include "ctl.h"

extern const char receipt_code_details[];
int run_receipt_code (struct ctl *ctl, const struct options *options);
