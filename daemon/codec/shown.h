/* The one list of what the log shows of a request and its answer. All code that shows a line uses it.

   A field that is not named here is not shown: so no new field is, and nothing that a person is or wrote (A3).
   Operators read the log to see who did what when, and what was decided. For that they need no birth date and no
   motivation. The sealed line holds those, for readers who may explain the decision. */
#pragma once
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

bool shown_in_log (const ProtobufCMessageDescriptor *message, const char *field);
