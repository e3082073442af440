/* An event in the form that programs read. */
#pragma once
#include <jansson.h>
#include "consent.h"

/* Event of docs/json.md. Caller owns it. */
json_t *event_document (const struct consent_event *event);
