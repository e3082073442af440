/* What the log shows of a request and of the answer to it: the one list, read by whatever tells of a line.

   It is a list of what is shown. A field that is not named here is not: neither a new one, nor what a person is or
   wrote (A3). Operators read the log to see who did what when, and what was decided; they need not know a birth
   date for it, nor a motivation. The sealed line holds them, for who may explain the decision. */
#pragma once
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

bool shown_in_log (const ProtobufCMessageDescriptor *message, const char *field);
