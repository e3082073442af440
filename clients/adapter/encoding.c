#include "encoding.h"
#include "allocate.h"
#include "message.h"
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <strings.h>
#include "text/utf8.h"

enum form { BYTES, LITTLE_ENDIAN_PAIRS, BIG_ENDIAN_PAIRS };

struct decoding {
    const uint8_t *data;
    size_t size;
    enum form form;
    bool has_mark;
    char declared[16]; /* the encoding that the declaration names, or "" */
    char *error;
};

static int refuse (const struct decoding *self, const char *reason)
{
    snprintf (self->error, MESSAGE_ERROR, "%s", reason);
    return -EINVAL;
}

static int refuse_contradiction (const struct decoding *self)
{
    return refuse (self, "the encoding that the XML declaration names is not that of the bytes");
}

static bool begins (const struct decoding *self, const char *bytes, size_t count)
{
    return self->size >= count && memcmp (self->data, bytes, count) == 0;
}

static void skip_mark (struct decoding *self, size_t count)
{
    self->has_mark = true;
    self->data += count;
    self->size -= count;
}

static void find_form (struct decoding *self)
{
    if (begins (self, "\xef\xbb\xbf", 3)) {
        skip_mark (self, 3);
    } else if (begins (self, "\xff\xfe", 2)) {
        self->form = LITTLE_ENDIAN_PAIRS;
        skip_mark (self, 2);
    } else if (begins (self, "\xfe\xff", 2)) {
        self->form = BIG_ENDIAN_PAIRS;
        skip_mark (self, 2);
    } else if (begins (self, "<\0", 2)) {
        self->form = LITTLE_ENDIAN_PAIRS;
    } else if (begins (self, "\0<", 2)) {
        self->form = BIG_ENDIAN_PAIRS;
    }
}

static uint32_t pair_at (const struct decoding *self, size_t at)
{
    unsigned first = self->data[at], second = self->data[at + 1];
    return self->form == BIG_ENDIAN_PAIRS ? first << 8 | second : second << 8 | first;
}

static char *put (char *at, uint32_t character)
{
    if (character < 0x80) {
        *at++ = (char)character;
    } else if (character < 0x800) {
        *at++ = (char)(0xc0 | character >> 6);
        *at++ = (char)(0x80 | (character & 0x3f));
    } else if (character < 0x10000) {
        *at++ = (char)(0xe0 | character >> 12);
        *at++ = (char)(0x80 | (character >> 6 & 0x3f));
        *at++ = (char)(0x80 | (character & 0x3f));
    } else {
        *at++ = (char)(0xf0 | character >> 18);
        *at++ = (char)(0x80 | (character >> 12 & 0x3f));
        *at++ = (char)(0x80 | (character >> 6 & 0x3f));
        *at++ = (char)(0x80 | (character & 0x3f));
    }
    return at;
}

/* Caller owns *converted_p also after a failure. */
static int convert_pairs (const struct decoding *self, char **converted_p, size_t *size_p)
{
    char *end = *converted_p = allocate (self->size * 2 + 1, 1);
    if (self->size % 2)
        return refuse (self, "the message is not UTF-16: it ends within a character");
    for (size_t i = 0; i < self->size; i += 2) {
        uint32_t character = pair_at (self, i);
        bool high = character >= 0xd800 && character < 0xdc00;
        uint32_t low = high && i + 3 < self->size ? pair_at (self, i + 2) : 0;
        if (high && low >= 0xdc00 && low < 0xe000) {
            character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
            i += 2;
        } else if (character >= 0xd800 && character < 0xe000) {
            return refuse (self, "the message is not UTF-16: a character is not whole");
        }
        end = put (end, character);
    }
    *size_p = (size_t)(end - *converted_p);
    return 0;
}

static int convert_latin (const struct decoding *self, char **converted_p, size_t *size_p)
{
    char *end = *converted_p = allocate (self->size * 2 + 1, 1);
    for (size_t i = 0; i < self->size; i++)
        end = put (end, self->data[i]);
    *size_p = (size_t)(end - *converted_p);
    return 0;
}

/* Reads which encoding the declaration of a text names, if it has one. */
static int read_declaration (struct decoding *self, struct bytes text)
{
    const char *begin = text.data;
    if (!begin || text.size < 6 || memcmp (begin, "<?xml", 5) != 0 || !strchr (" \t\r\n", begin[5]))
        return 0;
    const char *stop = memmem (begin, text.size, "?>", 2);
    if (!stop)
        return refuse (self, "line 1: the XML declaration does not end");
    const char *name = memmem (begin, (size_t)(stop - begin), "encoding", 8);
    if (!name)
        return 0;
    for (name += 8; name < stop && strchr (" \t\r\n=", *name); name++)
        ;
    const char *end = name < stop ? memchr (name + 1, *name, (size_t)(stop - name - 1)) : NULL;
    if (!end || (*name != '"' && *name != '\'') || (size_t)(end - name - 1) >= sizeof self->declared)
        return refuse (self, "the encoding must be UTF-8, UTF-16, ISO-8859-1 or US-ASCII");
    memcpy (self->declared, name + 1, (size_t)(end - name - 1));
    return 0;
}

static bool declares (const struct decoding *self, const char *name)
{
    return strcasecmp (self->declared, name) == 0;
}

static bool is_ascii (const struct decoding *self)
{
    for (size_t i = 0; i < self->size; i++) {
        if (self->data[i] >= 0x80)
            return false;
    }
    return true;
}

static int judge_pairs (const struct decoding *self)
{
    const char *exact = self->form == BIG_ENDIAN_PAIRS ? "UTF-16BE" : "UTF-16LE";
    if (declares (self, exact) || (self->has_mark && (!*self->declared || declares (self, "UTF-16"))))
        return 0;
    if (!*self->declared || declares (self, "UTF-16"))
        return refuse (self, "UTF-16 without a byte order mark must be declared as UTF-16LE or UTF-16BE");
    return refuse_contradiction (self);
}

static int judge_utf8 (const struct decoding *self)
{
    return utf8_is_valid ((const char *)self->data, self->size) ? 0 : refuse (self, "the message is not UTF-8");
}

/* What is UTF-8 with more than ASCII in it is not ISO-8859-1 too: hardly anybody's name would be those characters.
 */
static int decode_bytes (const struct decoding *self, char **converted_p, size_t *size_p)
{
    if (!*self->declared || declares (self, "UTF-8"))
        return judge_utf8 (self);
    bool ascii = is_ascii (self);
    if (declares (self, "US-ASCII"))
        return ascii && !self->has_mark ? 0 : refuse_contradiction (self);
    if (strncasecmp (self->declared, "UTF-16", 6) == 0)
        return refuse_contradiction (self);
    if (!declares (self, "ISO-8859-1"))
        return refuse (self, "the encoding must be UTF-8, UTF-16, ISO-8859-1 or US-ASCII");
    if (self->has_mark || (!ascii && utf8_is_valid ((const char *)self->data, self->size)))
        return refuse_contradiction (self);
    return ascii ? 0 : convert_latin (self, converted_p, size_p);
}

int encoding_to_utf8 (struct bytes *text, char **converted_p, char *error)
{
    struct decoding self = {.data = text->data, .size = text->size, .error = error};
    size_t size = 0;
    *converted_p = NULL;
    if (text->size == 0)
        return refuse (&self, "the message is empty");
    find_form (&self);
    int r = self.form == BYTES ? 0 : convert_pairs (&self, converted_p, &size);
    if (r == 0)
        r = read_declaration (&self, *converted_p ? (struct bytes){*converted_p, size}
                                                  : (struct bytes){self.data, self.size});
    if (r == 0)
        r = self.form == BYTES ? decode_bytes (&self, converted_p, &size) : judge_pairs (&self);
    *text = *converted_p ? (struct bytes){*converted_p, size} : (struct bytes){self.data, self.size};
    return r;
}
