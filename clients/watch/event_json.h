/* An event in the form that programs read. */
#pragma once
#include "consent.h"

/* One JSON object on one line, with the line end. Caller owns it and must free it. */
char *event_json (const struct consent_event *event);
