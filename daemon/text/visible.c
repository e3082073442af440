#include "visible.h"
#include <string.h>
#include "utf8.h"

/* From Unicode: White_Space, Cc, Default_Ignorable_Code_Point, and those of Cf that show nothing. Also letters and
   symbols that are blank; marks that combine with the character before them; private use; and points that are no
   character. In order. */
static const struct {
    uint32_t first, last;
} not_shown[] = {
    {0x0000, 0x0020},    /* controls, space */
    {0x007F, 0x00A0},    /* C1, no-break space */
    {0x00AD, 0x00AD},    /* soft hyphen */
    {0x0300, 0x036F},    /* combining marks, grapheme joiner */
    {0x061C, 0x061C},    /* Arabic letter mark */
    {0x115F, 0x1160},    /* Hangul fillers */
    {0x1680, 0x1680},    /* Ogham space */
    {0x17B4, 0x17B5},    /* Khmer inherent vowels */
    {0x180B, 0x180F},    /* Mongolian selectors */
    {0x1AB0, 0x1AFF},    /* combining marks */
    {0x1DC0, 0x1DFF},    /* combining marks */
    {0x2000, 0x200F},    /* spaces, joiners, direction marks */
    {0x2028, 0x202F},    /* separators, bidirectional controls */
    {0x205F, 0x206F},    /* mathematical space, joiners, isolates */
    {0x20D0, 0x20FF},    /* combining marks for symbols */
    {0x2800, 0x2800},    /* Braille blank */
    {0x3000, 0x3000},    /* ideographic space */
    {0x3164, 0x3164},    /* Hangul filler */
    {0xE000, 0xF8FF},    /* private use */
    {0xFDD0, 0xFDEF},    /* no characters */
    {0xFE00, 0xFE0F},    /* variation selectors */
    {0xFE20, 0xFE2F},    /* combining half marks */
    {0xFEFF, 0xFEFF},    /* byte order mark */
    {0xFFA0, 0xFFA0},    /* half-width Hangul filler */
    {0xFFF0, 0xFFFC},    /* annotations, object replacement */
    {0xFFFE, 0xFFFF},    /* no characters */
    {0x13430, 0x13455},  /* joiners of hieroglyphs */
    {0x1BCA0, 0x1BCA3},  /* shorthand controls */
    {0x1D165, 0x1D169},  /* combining stems */
    {0x1D16D, 0x1D182},  /* combining flags, controls of notation */
    {0xE0000, 0x10FFFF}, /* tags, variation selectors, private use */
};

bool visible_is_shown (uint32_t point)
{
    size_t low = 0, high = sizeof not_shown / sizeof *not_shown - 1; /* the last range ends with the last point */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point > not_shown[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return point < not_shown[low].first && (point & 0xFFFE) != 0xFFFE;
}

bool visible_has_any (const char *text)
{
    size_t left = strlen (text), size;
    uint32_t point;
    for (; left > 0; text += size, left -= size) {
        size = utf8_decode (text, left, &point);
        if (size == 0)
            return false; /* not valid UTF-8; the reader of messages has refused it before */
        if (visible_is_shown (point))
            return true;
    }
    return false;
}
