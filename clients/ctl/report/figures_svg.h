/* The figures as a picture (SVG) for publication: bars with their numbers beside them, all of it text that can be
   read aloud, and no scripts. Pure. */
#pragma once
#include <stdio.h>
#include "figures.h"

/* `title` and `about` say whose figures they are and of which period. */
void figures_svg_write (const struct figures_row *rows, size_t count, const char *title, const char *about,
                        FILE *out);
