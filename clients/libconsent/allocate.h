/* Memory that is there, or the process ends: every size is bounded before it is asked for. */
#pragma once
#include <stdlib.h>
#include <string.h>

/* Zeroed memory for `count` things of `size` bytes; never NULL. Caller owns it and must free it. */
static inline void *allocate (size_t count, size_t size)
{
    void *memory = calloc (count ? count : 1, size ? size : 1);
    if (!memory)
        abort ();
    return memory;
}

/* A copy of the text; never NULL. Caller owns it and must free it. */
static inline char *allocate_text (const char *text)
{
    char *copy = strdup (text);
    if (!copy)
        abort ();
    return copy;
}
