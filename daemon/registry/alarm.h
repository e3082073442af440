/* What operators must hear without looking for it. It is in the log and in the status, and each operator whose
   role hears events gets an event; of a withdrawal that was not heard the social team too. */
#pragma once
#include "turn.h"

/* "many-subjects" */
const char *alarm_name (enum alarm_kind kind);

/* Writes the line of the log and the events. `party` is the party that the alarm is about, `consumer` its
   consumer;
   "": none. `note` is for the log, and holds only codes, names of consumers and numbers. 0 or a failure. */
int alarm_raise (struct turn *turn, enum alarm_kind kind, const char *party, const char *consumer,
                 const char *note);
/* Keeps the alarm for the status, which shows the newest. To be called once the alarm is durable. */
void alarm_keep (struct daemon_report *report, enum alarm_kind kind, const char *party, const char *consumer,
                 moment at);
