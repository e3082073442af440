#include "utf8.h"
#include <string.h>

size_t utf8_decode (const char *text, size_t left, uint32_t *point)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;
    size_t size = at[0] < 0x80 ? 1 : at[0] < 0xC0 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : at[0] < 0xF8 ? 4 : 0;
    if (size == 0 || size > left)
        return 0;
    *point = size == 1 ? at[0] : at[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        *point = *point << 6 | (at[i] & 0x3F);
    }
    if (*point < smallest[size] || *point > 0x10FFFF || (*point >= 0xD800 && *point <= 0xDFFF))
        return 0;
    return size;
}

/* How many bytes from here on are ASCII, as most texts are wholly: eight at a time. May stop before the last. */
static size_t count_ascii (const char *text, size_t size)
{
    size_t count = 0;
    for (uint64_t eight; size - count >= sizeof eight; count += sizeof eight) {
        memcpy (&eight, text + count, sizeof eight);
        if (eight & UINT64_C (0x8080808080808080))
            break;
    }
    return count;
}

bool utf8_is_valid (const char *text, size_t size)
{
    uint32_t point;
    for (size_t at = count_ascii (text, size), length; at < size; at += count_ascii (text + at, size - at)) {
        length = utf8_decode (text + at, size - at, &point);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

size_t utf8_mark (const char *text, size_t size)
{
    static const char mark[] = {'\xEF', '\xBB', '\xBF'};
    return size >= sizeof mark && memcmp (text, mark, sizeof mark) == 0 ? sizeof mark : 0;
}
