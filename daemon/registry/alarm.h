/* What operators must hear without looking for it: it is in the log, an event for each of them whose role hears
   events, and in the status. */
#pragma once
#include "turn.h"

/* "many-subjects" */
const char *alarm_name (enum alarm_kind kind);

/* Writes the line and the events. The party that it is about, and a note for the log that holds codes and numbers
   only. 0 or a failure. */
int alarm_raise (struct turn *turn, enum alarm_kind kind, const char *party, const char *note);
/* Once that is durable: keeps it for the status, which shows the newest. */
void alarm_keep (struct daemon_report *report, enum alarm_kind kind, const char *party, moment at);
