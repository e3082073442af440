/* A line of the log, opened, with what was asked and answered as it travelled. */
#pragma once
#include "log.h"

/* As audit_open. Of a check that was answered, whose line keeps only what its head and the request do not say, it
   also makes request, reply and policy_hash again: the request without its BSN, the reply with the same bytes. */
int recorded_open (struct turn *turn, const struct audit_record *record, struct evidence *evidence);
