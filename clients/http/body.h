/* The body of a request as JSON, read strictly: what two readers could understand in two ways is refused. */
#pragma once
#include <jansson.h>
#include <stddef.h>

enum { BODY_DEPTH = 16 }; /* objects and lists within each other, at most */

/* One object of JSON in UTF-8, in which no name stands twice and no text has a NUL. NULL with one sentence in
 *why, which is static and quotes nothing. Caller owns the return value and must json_decref it. */
json_t *body_read (const char *data, size_t size, const char **why);
