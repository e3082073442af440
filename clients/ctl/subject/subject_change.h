/* What a change makes of the record of a subject, for people, before they agree to it. */
#pragma once
#include <stdbool.h>
#include <stdio.h>
#include "envelope.pb-c.h"

struct ctl;

/* "ouder-1, ouder-met-gezag, 2018-03-01 to open", in the arena. */
const char *subject_describe_representative (struct ctl *ctl, const Consentd__Representative *one);
/* A line for each fact that is another, and each consent that ends or stands again. False where there is none. */
bool subject_change_print (struct ctl *ctl, const Consentd__SubjectShowReply *before,
                           const Consentd__SubjectShowReply *after, FILE *out);
