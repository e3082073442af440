/* The notice of an obligation to inform (C10). */
#pragma once

struct ctl;
struct options;

/* Runs a command whose arguments are the decision and the kind. */
int run_letter_notice (struct ctl *ctl, const struct options *options);
