#pragma once
#include <stdbool.h>

/* The text begins as a URI does, with a scheme, and has nothing that one may not have. */
bool uri_is_absolute (const char *text);
