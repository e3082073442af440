/* Letters about a consent or a refusal. */
#pragma once

struct ctl;
struct options;

/* Each runs a command whose argument is the id. */
int run_letter_consent (struct ctl *ctl, const struct options *options);
int run_letter_withdrawal (struct ctl *ctl, const struct options *options);
