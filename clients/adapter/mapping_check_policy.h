/* Holds a mapping against a policy pack: every code that it names is one of the pack, and its flow carries what
   the message cannot go without. */
#pragma once
#include "mapping.h"
#include "mapping_findings.h"
#include "rules/policy.h"

/* Adds what it finds: a code that the pack does not know is a fault, and so is a message that could never go. */
void mapping_check_policy (const struct mapping *mapping, const struct policy *policy,
                           struct mapping_findings *findings);

/* The mapping's flow in the pack, or NULL. */
const struct policy_flow *mapping_flow (const struct mapping *mapping, const struct policy *policy);

/* By its flow the category may go from one of the kinds that send the message to one that receives it. */
bool mapping_carries (const struct mapping *mapping, const struct policy *policy, const char *category);
