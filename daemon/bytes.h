/* A run of bytes that somebody else owns. */
#pragma once
#include <stddef.h>

struct bytes {
    const void *data;
    size_t size;
};
