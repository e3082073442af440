/* Texts by their sort. In the arena, or static. */
#pragma once
#include "bytes.h"
#include "maker.h"
#include "syntax.h"

/* A text that a field of this sort may have. */
const char *text_right (struct maker *maker, enum syntax_sort sort);
/* A day, as it is written. */
const char *text_day (struct maker *maker);

/* A text at the limit of the sort, or one byte past it or before it. The limit is what the daemon takes. Or a text
   that is odd in another way. */
struct bytes text_at_limit (struct maker *maker, enum syntax_sort sort);
/* What no text may be, what only some may be, and what looks like nothing. */
struct bytes text_odd (struct maker *maker);
