/* Tries the cases that a pack carries. */
#pragma once
#include "policy_read.h"

/* 0; or POLICY_INVALID, with a fault added for each line of cases.txt that something comes out otherwise of. */
int policy_trial (const struct policy *policy, struct policy_faults *faults);
