/* NL GOV CloudEvents: an event of a party as a CloudEvent in JSON. */
#pragma once
#include <jansson.h>
#include "consent.h"

/* `party`: whose event it is. `source`: which system publishes it, a URI. What the event says, of which nothing is
   for who only passes it on, is in its data. Caller owns the return value. */
json_t *cloudevent_of (const struct consent_event *event, const char *party, const char *source);
