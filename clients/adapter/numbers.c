#include "numbers.h"
#include "allocate.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "text/burgerservicenummer.h"
#include "text/utf8.h"

enum {
    NUMBER = 9,
    SHORT_NUMBER = 8,
    OWN_NUMBER = 7 /* it may begin with 00 */,
    GROUPS_MAX = NUMBER,
    THIRD = 3, /* of the digits of a number, as people write it */
    ON_STACK = 256
};

/* A text as far as numbers are concerned: its digits, and one of these for all that stands between two of them. */
enum sign { NOT_SEEN = 0, LETTER = 'a', BLANK = ' ', DOT = '.', OTHER = '-' };

/* A run of digits. */
struct group {
    const char *begin;
    size_t size;
};

struct search {
    const char *const *own; /* the BSNs of whom the message is about */
    size_t own_count;
    struct group groups[GROUPS_MAX]; /* the last ones, with no letter between them */
    size_t count;
};

static bool is_digit (char c)
{
    return c >= '0' && c <= '9';
}

/* The digit that a character is, in whichever script; -1: it is none. */
static int digit_of (uint32_t point)
{
    static const uint32_t zeros[] = {0x0660, 0x06f0, 0x07c0, 0x0966,  0x09e6,  0x0a66,  0x0ae6,  0x0b66,
                                     0x0be6, 0x0c66, 0x0ce6, 0x0d66,  0x0e50,  0x0ed0,  0x0f20,  0x1040,
                                     0x17e0, 0x1810, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6};
    if (point < 0x80)
        return point >= '0' && point <= '9' ? (int)(point - '0') : -1;
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
        if (point >= zeros[i] && point < zeros[i] + 10)
            return (int)(point - zeros[i]);
    }
    return -1;
}

/* Of no width, or drawn over what stands before it. */
static bool is_not_seen (uint32_t point)
{
    return point == 0xad || point == 0xfeff || (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
           (point >= 0x0300 && point <= 0x036f) || (point >= 0x20d0 && point <= 0x20ff) ||
           (point >= 0xfe00 && point <= 0xfe0f);
}

static char sign_of (uint32_t point)
{
    int digit = digit_of (point);
    if (digit >= 0)
        return (char)('0' + digit);
    if ((point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z'))
        return LETTER;
    if (point == ' ' || (point >= '\t' && point <= '\r') || point == 0xa0 ||
        (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 || point == 0x202f ||
        point == 0x205f || point == 0x3000)
        return BLANK;
    if (point == '.' || point == 0xff0e)
        return DOT;
    return is_not_seen (point) ? NOT_SEEN : OTHER;
}

/* Adds a sign, or makes one of it and that before: what keeps two digits apart is one, and a letter outweighs it.
 */
static size_t add_sign (char *signs, size_t size, char sign)
{
    char last = size > 0 ? signs[size - 1] : LETTER;
    if (sign == NOT_SEEN)
        return size;
    if (is_digit (sign) || is_digit (last)) {
        signs[size] = sign;
        return size + 1;
    }
    if (size > 0)
        signs[size - 1] = last == LETTER || sign == LETTER ? LETTER
                          : last == BLANK && sign == BLANK ? BLANK
                                                           : OTHER;
    return size;
}

/* Not longer than the text. What is no UTF-8 is no digit. */
static void read_signs (const char *text, char *signs)
{
    enum { SEQUENCE_MAX = 4 }; /* the text ends with NUL, which is in no sequence */
    size_t size = 0;
    while (*text) {
        uint32_t point = (unsigned char)*text;
        size_t length = point < 0x80 ? 1 : utf8_decode (text, SEQUENCE_MAX, &point);
        size = add_sign (signs, size, length > 0 ? sign_of (point) : OTHER);
        text += length > 0 ? length : 1;
    }
    signs[size] = 0;
}

/* `digits` without the zeros at its beginning. */
static bool is_own (const struct search *self, const char *digits, size_t size)
{
    for (size_t i = 0; size >= OWN_NUMBER && i < self->own_count; i++) {
        if (strcmp (self->own[i] + strspn (self->own[i], "0"), digits) == 0)
            return true;
    }
    return false;
}

/* The number that begins here, whatever keeps its digits apart, is somebody's of whom the message is about. */
static bool begins_own (const struct search *self, const char *at)
{
    char digits[NUMBER + 1] = "";
    size_t size = 0;
    for (; *at && *at != LETTER; at++) {
        if (!is_digit (*at) && is_own (self, digits, size))
            return true;
        if (!is_digit (*at) || (*at == '0' && size == 0))
            continue;
        if (size == NUMBER)
            return false;
        digits[size++] = *at;
    }
    return is_own (self, digits, size);
}

/* All nine digits: so they stand within more of them too, as behind a year. */
static bool ends_own (const struct search *self, const char last[NUMBER])
{
    for (size_t i = 0; i < self->own_count; i++) {
        if (memcmp (self->own[i], last, NUMBER) == 0)
            return true;
    }
    return false;
}

static bool holds_own (const struct search *self, const char *signs)
{
    char last[NUMBER] = ""; /* digits up to here, without a letter between them */
    size_t count = 0;
    for (const char *at = signs; *at; at++) {
        bool begins = is_digit (*at) && (at == signs || !is_digit (at[-1]));
        if (begins && begins_own (self, at))
            return true;
        if (*at == LETTER)
            count = 0;
        if (!is_digit (*at))
            continue;
        memmove (last, last + 1, NUMBER - 1);
        last[NUMBER - 1] = *at;
        if (++count >= NUMBER && ends_own (self, last))
            return true;
    }
    return false;
}

/* The last `count` groups are one number, by what stands between them: dots and blanks, or in thirds anything. */
static bool is_number (const struct search *self, size_t count)
{
    char digits[NUMBER + 1] = "";
    size_t size = 0;
    bool in_thirds = count == NUMBER / THIRD, is_apart = false;
    for (size_t i = self->count - count; i < self->count; i++) {
        const struct group *group = &self->groups[i];
        if (size + group->size > NUMBER)
            return false;
        memcpy (digits + size, group->begin, group->size);
        digits[size += group->size] = 0;
        in_thirds = in_thirds && group->size == THIRD;
        is_apart = is_apart || (i + 1 < self->count && group->begin[group->size] == OTHER);
    }
    return (size == NUMBER || (size == SHORT_NUMBER && count > 1)) && (!is_apart || in_thirds) &&
           bsn_is_valid (digits);
}

static bool ends_number (const struct search *self)
{
    for (size_t count = 1; count <= self->count; count++) {
        if (is_number (self, count))
            return true;
    }
    return false;
}

static void add_group (struct search *self, struct group group)
{
    if (self->count == GROUPS_MAX) {
        memmove (self->groups, self->groups + 1, (GROUPS_MAX - 1) * sizeof *self->groups);
        self->count--;
    }
    self->groups[self->count++] = group;
}

static bool holds_any (struct search *self, const char *signs)
{
    for (const char *at = signs; *at;) {
        if (!is_digit (*at)) {
            self->count = *at == LETTER ? 0 : self->count;
            at++;
            continue;
        }
        size_t size = strspn (at, "0123456789");
        add_group (self, (struct group){at, size});
        if (ends_number (self))
            return true;
        at += size;
    }
    return false;
}

/* How many digits a text has, at least OWN_NUMBER if it may have some of another script. Most texts have neither.
 */
static size_t count_digits (const char *text)
{
    size_t digits = 0;
    for (; *text && (unsigned char)*text < 0x80; text++)
        digits += is_digit (*text);
    return *text ? digits + OWN_NUMBER : digits;
}

bool numbers_hold_bsn (const char *text, const char *const *own, size_t own_count)
{
    struct search self = {.own = own, .own_count = own_count};
    if (count_digits (text) < OWN_NUMBER)
        return false;
    char on_stack[ON_STACK];
    size_t size = strlen (text) + 1;
    char *in_memory = size > sizeof on_stack ? allocate (1, size) : NULL;
    char *signs = in_memory ? in_memory : on_stack;
    read_signs (text, signs);
    bool found = holds_any (&self, signs) || holds_own (&self, signs);
    explicit_bzero (signs, size);
    free (in_memory);
    return found;
}
