/* Memory that is always there, or else the process ends. The size is always bounded before. */
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

/* `count` texts as a list that ends with NULL. The texts are lent. Caller owns the list and must free it. */
static inline const char **allocate_list (char *const *texts, size_t count)
{
    const char **list = allocate (count + 1, sizeof *list);
    for (size_t i = 0; i < count; i++)
        list[i] = texts[i];
    return list;
}
