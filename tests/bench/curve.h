/* The points of the curves that plot.py draws. Each is a line: chart, curve, x, y, with tabs between. */
#pragma once
#include <stdio.h>
#include "rates.h"

/* What was measured with as many consents as there are now. */
void curve_add_consents (FILE *points, const struct setting *setting, const struct first_rates *first,
                         const struct warm_rates *warm, const struct cold_rates *cold);
/* Records consents in steps, up to less than so many and until this moment, and measures after each step. */
void curve_by_consents (FILE *points, struct setting *setting, struct rounds rounds, size_t below,
                        int64_t until_us);
/* Measures with 1, 2, 4 ... clients, each with one request outstanding. */
void curve_by_clients (FILE *points, struct setting *setting, int64_t ms);
