#include "numbers.h"
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
    APART_MAX = 3
};

/* A run of digits. */
struct group {
    const char *begin;
    size_t size;
};

struct search {
    const struct element_client *clients;
    size_t client_count;
    struct group groups[GROUPS_MAX]; /* the last ones, with one dot or blank between each two */
    size_t count;
};

static bool is_digit (char c)
{
    return c >= '0' && c <= '9';
}

/* How long the dot or blank is that stands here; a no-break space is two bytes. 0: it is none. */
static size_t separator_at (const char *at)
{
    if (*at && strchr (". \t\r\n", *at))
        return 1;
    return strncmp (at, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

/* The text ends with NUL, which is in no sequence. */
static size_t decode (const char *at, uint32_t *point)
{
    enum { SEQUENCE_MAX = 4 };
    if ((unsigned char)*at < 0x80) { /* as nearly all of every message */
        *point = (unsigned char)*at;
        return 1;
    }
    return utf8_decode (at, SEQUENCE_MAX, point);
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

/* What somebody may write between the digits of one number: signs, blanks, and what is not seen at all. */
static bool keeps_apart (uint32_t point)
{
    bool is_letter = (point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z');
    bool is_sign = point == 0xa0 || point == 0xad || point == 0xb7 || point == 0x2212 || point == 0x3000 ||
                   point == 0xfeff || (point >= 0x2000 && point <= 0x206f);
    return point < 0x80 ? !is_letter : is_sign;
}

/* Without the zeros at its beginning. */
static bool is_of_client (const struct search *self, const char *digits, size_t size)
{
    for (size_t i = 0; size >= OWN_NUMBER && i < self->client_count; i++) {
        const char *bsn = self->clients[i].bsn;
        if (bsn && strcmp (bsn + strspn (bsn, "0"), digits) == 0)
            return true;
    }
    return false;
}

/* The number that begins here is the BSN of one of the clients. */
static bool begins_own (const struct search *self, const char *at)
{
    char digits[NUMBER + 1] = "";
    size_t size = 0, apart = 0;
    uint32_t point;
    for (size_t length; *at && (length = decode (at, &point)) > 0; at += length) {
        int digit = digit_of (point);
        if (digit < 0 && apart == 0 && is_of_client (self, digits, size))
            return true;
        if (digit < 0 && (!keeps_apart (point) || ++apart > APART_MAX))
            return false;
        if (digit < 0 || (digit == 0 && size == 0))
            continue;
        if (size == NUMBER)
            return false;
        apart = 0;
        digits[size++] = (char)('0' + digit);
    }
    return apart == 0 && is_of_client (self, digits, size);
}

/* All nine digits of one of the clients: so they stand within more of them too, as behind a year. */
static bool is_own (const struct search *self, const char digits[NUMBER])
{
    for (size_t i = 0; i < self->client_count; i++) {
        const char *bsn = self->clients[i].bsn;
        if (bsn && memcmp (bsn, digits, NUMBER) == 0)
            return true;
    }
    return false;
}

/* However it is written. */
static bool holds_own (const struct search *self, const char *text)
{
    char last[NUMBER] = ""; /* of the digits in a row up to here */
    size_t count = 0;
    uint32_t point;
    for (size_t length; *text && (length = decode (text, &point)) > 0; text += length) {
        int digit = digit_of (point);
        if (digit >= 0 && count == 0 && begins_own (self, text))
            return true;
        count = digit < 0 ? 0 : count + 1;
        if (digit < 0)
            continue;
        memmove (last, last + 1, NUMBER - 1);
        last[NUMBER - 1] = (char)('0' + digit);
        if (count >= NUMBER && is_own (self, last))
            return true;
    }
    return false;
}

/* The last `count` groups are one number. */
static bool is_number (const struct search *self, size_t count)
{
    char digits[NUMBER + 1] = "";
    size_t size = 0;
    for (size_t i = self->count - count; i < self->count; i++) {
        if (size + self->groups[i].size > NUMBER)
            return false;
        memcpy (digits + size, self->groups[i].begin, self->groups[i].size);
        digits[size += self->groups[i].size] = 0;
    }
    return (size == NUMBER || (size == SHORT_NUMBER && count > 1)) && bsn_is_valid (digits);
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

/* How many digits a text has, at least OWN_NUMBER if it may have some of another script. Most texts have neither.
 */
static size_t count_digits (const char *text)
{
    size_t digits = 0;
    for (; *text && (unsigned char)*text < 0x80; text++)
        digits += is_digit (*text);
    return *text ? digits + OWN_NUMBER : digits;
}

bool numbers_hold_bsn (const char *text, const struct element_client *clients, size_t client_count)
{
    struct search self = {.clients = clients, .client_count = client_count};
    if (count_digits (text) < OWN_NUMBER)
        return false;
    for (const char *at = text; *at;) {
        if (!is_digit (*at)) {
            self.count = 0;
            at++;
            continue;
        }
        size_t size = strspn (at, "0123456789");
        add_group (&self, (struct group){at, size});
        if (ends_number (&self))
            return true;
        at += size;
        size = separator_at (at);
        if (size == 0 || !is_digit (at[size]))
            self.count = 0;
        at += size;
    }
    return holds_own (&self, text);
}

/* All texts that stand in an element itself, one behind the other: a comment between them hides nothing. */
static bool holds_bsn (const struct elements *elements, const xmlNode *node)
{
    const xmlNode *first = node->children;
    if (first && !first->next && first->type == XML_TEXT_NODE)
        return numbers_hold_bsn ((const char *)first->content, elements->clients, elements->client_count);
    size_t size = 1, digits = 0;
    for (const xmlNode *part = node->children; part; part = part->next) {
        size += part->type == XML_TEXT_NODE ? strlen ((const char *)part->content) : 1;
        digits += part->type == XML_TEXT_NODE ? count_digits ((const char *)part->content) : 0;
    }
    if (digits < OWN_NUMBER)
        return false;
    char *text = malloc (size), *end = text;
    if (!text)
        abort ();
    for (const xmlNode *part = node->children; part; part = part->next)
        end = part->type == XML_TEXT_NODE ? stpcpy (end, (const char *)part->content) : stpcpy (end, ";");
    *end = 0;
    bool found = numbers_hold_bsn (text, elements->clients, elements->client_count);
    explicit_bzero (text, size);
    free (text);
    return found;
}

static bool look_through (const struct elements *elements, const xmlNode *node, const struct mapping_rule *rule,
                          char *error, size_t error_size)
{
    const char *where = rule ? rule->path : "an element that the mapping does not know";
    if (!(rule && rule == elements->mapping->subject) && holds_bsn (elements, node)) {
        snprintf (error, error_size, "%s: holds a number that could be somebody's BSN", where);
        return true;
    }
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type != XML_ELEMENT_NODE)
            continue;
        if (look_through (elements, child, child->_private, error, error_size))
            return true;
    }
    return false;
}

bool numbers_find (const struct elements *elements, const xmlDoc *document, char *error, size_t error_size)
{
    return look_through (elements, xmlDocGetRootElement (document), elements->mapping->root, error, error_size);
}
