/* An event in the form that programs read. */
#pragma once
#include <jansson.h>
#include "consent.h"

/* Event of docs/json.md. Caller owns it. */
json_t *event_document (const struct consent_event *event);
/* One JSON object on one line, with the line end. Caller owns it and must free it. */
char *event_json (const struct consent_event *event);
