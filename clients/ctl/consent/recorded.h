/* Tells a person what was recorded: a consent that was granted, refused or asked for. */
#pragma once
#include "ask.h"

/* Sends the request. Prints "WHAT id is recorded.", what it replaces, and what the rules warn of; with --json the
   reply. `then` is a further line, or NULL. 0, or an exit code with its line printed. */
int ask_recorded (struct ctl *ctl, Consentd__Request *request, const char *what, const char *then);
