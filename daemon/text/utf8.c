#include "utf8.h"

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

bool utf8_is_valid (const char *text, size_t size)
{
    uint32_t point;
    for (size_t at = 0, length; at < size; at += length) {
        length = utf8_decode (text + at, size - at, &point);
        if (length == 0)
            return false;
    }
    return true;
}
