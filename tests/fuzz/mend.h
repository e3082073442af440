/* Changes a message in the one field that its reader refuses. */
#pragma once
#include "values.h"

/* The field at this path gets another right value, or is taken out, or is added if it is missing. False: there is
   no such field. */
bool mend_at (struct maker *maker, struct tree *tree, const char *path);
