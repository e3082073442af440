/* What a request that was read must be, by its table: a field that is new there is looked at too. */
#pragma once
#include <stdbool.h>

struct joined;

/* Ends the process if it does not hold. */
void expect (bool holds);

/* Every field of the struct, and of the structs in it, is within the limits that proto/envelope.proto promises to
   verbs for its kind and its sort. */
void expect_fields (const struct joined *joined, const void *read);
