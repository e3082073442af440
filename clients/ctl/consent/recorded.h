/* What of a consent was recorded, told to a person: of one that was granted, refused or asked for. */
#pragma once
#include "ask.h"

/* Asks, and prints "WHAT id is recorded.", what it replaces, and what the rules warn of; with --json the reply.
   `then`: a further line, or NULL. 0, or an exit code with its line printed. */
int ask_recorded (struct ctl *ctl, Consentd__Request *request, const char *what, const char *then);
