/* Where const is taken away: for interfaces that take no const and change nothing (generated structs, LMDB), and for
   who made what a `struct bytes` holds. Nowhere else. */
#pragma once
#include <stdint.h>

static inline void *unconst (const void *memory)
{
    return (void *)(uintptr_t)memory;
}

/* The text, and "" for NULL: as generated structs want it. */
static inline char *unconst_text (const char *text)
{
    return (char *)(uintptr_t)(text ? text : "");
}

/* Texts whose list is not to be changed either. */
static inline char **unconst_list (const char *const *list)
{
    return (char **)(uintptr_t)list;
}
