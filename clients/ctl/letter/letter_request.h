/* Letters about a request under the rights (R2). */
#pragma once

struct ctl;
struct options;

/* Runs a command whose argument is the number. */
int run_letter_request (struct ctl *ctl, const struct options *options);
