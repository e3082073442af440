/* consentctl receipt verify */
#pragma once
#include "ctl.h"
#include "receipt_claims.h"

extern const struct option receipt_verify_options[];
extern const char receipt_verify_details[];
int run_receipt_verify (struct ctl *ctl, const struct options *options);

/* A line of it is closed: what it holds is not told. */
bool receipt_is_closed (const struct receipt_lines *lines);
