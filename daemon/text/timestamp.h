/* A moment in the form that programs read. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { TIMESTAMP_SIZE = 32 };

/* RFC 3339, UTC, to the millisecond: "2026-11-21T19:04:00.000Z". `when` is milliseconds since
   1970-01-01T00:00:00Z. False, with nothing written, if the year has not four digits. */
bool timestamp_print (int64_t when, char text[TIMESTAMP_SIZE]);
