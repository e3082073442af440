/* Takes const away. For interfaces that take no const and change nothing (generated structs, LMDB), and for code
   that made what a `struct bytes` holds. Nowhere else. */
#pragma once
#include <stdint.h>

static inline void *unconst (const void *memory)
{
    return (void *)(uintptr_t)memory;
}

/* The text, for generated structs. "" for NULL. */
static inline char *unconst_text (const char *text)
{
    return (char *)(uintptr_t)(text ? text : "");
}

/* Texts, when their list may not be changed either. */
static inline char **unconst_list (const char *const *list)
{
    return (char **)(uintptr_t)list;
}
