/* What a template may hold. */
#pragma once

struct ctl;
struct options;

/* Runs a command whose argument is the name of a template. */
int run_letter_fields (struct ctl *ctl, const struct options *options);
