/* What a change does to the record of a subject. For people, before they agree to it. */
#pragma once
#include <stdbool.h>
#include <stdio.h>
#include "envelope.pb-c.h"

struct ctl;

/* "ouder-1, ouder-met-gezag, 2018-03-01 to open", in the arena. */
const char *subject_describe_representative (struct ctl *ctl, const Consentd__Representative *one);
/* Prints a line for each fact that changes, for each consent that ends or stands again, and for each party that is
   told. False if there is none. */
bool subject_change_print (struct ctl *ctl, const Consentd__SubjectShowReply *before,
                           const Consentd__SubjectShowReply *after, FILE *out);
