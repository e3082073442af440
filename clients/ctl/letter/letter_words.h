/* Days, moments and numbers as a letter says them, in Dutch. All texts are the arena's. */
#pragma once
#include "moments.h"

struct arena;

/* "28 november 2026", in Amsterdam. "" for 0 and MOMENT_NEVER. */
const char *letter_day (struct arena *arena, moment when);
/* The last day before an exclusive end; "28 november 2026 om 14.30 uur" if it does not end with a day. */
const char *letter_last_day (struct arena *arena, moment end);
/* "28 november 2026 om 14.30 uur" */
const char *letter_moment (struct arena *arena, moment when);
/* Of a day as the protocol writes it, "2026-11-28". "" stays "". */
const char *letter_day_of_text (struct arena *arena, const char *day);
