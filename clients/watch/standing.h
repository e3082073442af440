/* What stands, before the events: for --snapshot. */
#pragma once
#include <jansson.h>
#include "consent.h"
#include "deliver.h"

/* Standing of docs/json.md, as of the event with this number. Caller owns it. */
json_t *standing_document (const struct consent_standing *standing, uint64_t number);

/* Asks what stands, and has it put where events go, when all of it is there. *from is then the number of the first
   event behind it. 0, DELIVER_STOPPED, or an exit code with its line printed. */
int standing_deliver (consent_t *registry, struct deliver *deliver, uint64_t *from);
