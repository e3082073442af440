/* What may be told about one subject now, as a picture (SVG): from whom, to whom, for what, and which data on
   which ground. All of it is text that can be read aloud; it has no script, and nothing of it says who the subject
   is. Pure. */
#pragma once
#include <stdio.h>
#include "envelope.pb-c.h"
#include "language.h"

struct arena;

/* Draws the permits, in their order; those of one provider beside each other. */
void permits_picture_write (const Consentd__PermitsReply *permits, enum language language, struct arena *arena,
                            FILE *out);
