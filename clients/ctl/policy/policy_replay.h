/* consentctl policy replay, and what else tells of decisions that are made again. */
#pragma once
#include "ctl.h"
#include "language.h"
#include "replay.h"

extern const struct option policy_replay_options[];
int policy_replay_run (struct ctl *ctl, const struct options *options);

/* Reads --since. 0, or EX_USAGE with its line printed. */
int policy_replay_since (const struct options *options, moment *since);
/* How many items change which way, a line each; what was left out, and what may have been. */
void policy_replay_print_ways (const struct replay *replay, enum language language);
void policy_replay_print_left_out (const struct replay *replay, enum language language);
void policy_replay_note (const struct replay *replay);
/* The numbers. Caller owns them. */
json_t *policy_replay_counts_json (const struct replay *replay);
