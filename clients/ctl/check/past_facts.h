/* What was known of a subject when something was decided, as the registry shows it, in the form in which the rules
   look at it. */
#pragma once
#include "convert.h"
#include "envelope.pb-c.h"
#include "rules/statement.h"
#include "rules/subject.h"

/* Each is filled from its message, and is the arena's. False: the message cannot be one. */
bool past_subject (const Consentd__SubjectShowReply *shown, struct arena *arena, struct subject *subject);
/* Its codes are those of the policy. */
bool past_statement (const Consentd__Consent *shown, const struct policy *policy, struct arena *arena,
                     struct statement *statement);
