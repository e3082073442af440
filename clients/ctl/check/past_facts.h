/* What was known of a subject when a decision was made. Turns what the registry shows into the structs of the
   rules. */
#pragma once
#include "convert.h"
#include "envelope.pb-c.h"
#include "rules/statement.h"
#include "rules/subject.h"

/* Fill a struct from its message. All of it is the arena's. False: the message is no such struct. */
bool past_subject (const Consentd__SubjectShowReply *shown, struct arena *arena, struct subject *subject);
/* Looks its codes up in the policy. */
bool past_statement (const Consentd__Consent *shown, const struct policy *policy, struct arena *arena,
                     struct statement *statement);
