/* Looks at the bytes before the parser does. It refuses what makes libxml2 work hard, so it does not ask libxml2:
   libxml2's check of attributes is quadratic, and a document type can make it expand or load things. */
#include "message.h"
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct scan {
    const char *begin;
    const char *at;
    const char *end;
    size_t depth;
    size_t elements, elements_max;
    char *error;
};

static int refuse (struct scan *self, const char *reason)
{
    size_t line = 1;
    for (const char *c = self->begin; c < self->at && (c = memchr (c, '\n', (size_t)(self->at - c))); c++)
        line++;
    snprintf (self->error, MESSAGE_ERROR, "line %zu: %s", line, reason);
    return -EINVAL;
}

static int refuse_number (struct scan *self, const char *what, size_t number)
{
    char reason[128];
    snprintf (reason, sizeof reason, "%s %zu", what, number);
    return refuse (self, reason);
}

static bool stands_here (const struct scan *self, const char *text)
{
    size_t size = strlen (text);
    return (size_t)(self->end - self->at) >= size && memcmp (self->at, text, size) == 0;
}

/* Moves behind the next `terminator`. */
static int skip_past (struct scan *self, const char *terminator)
{
    const char *found = memmem (self->at, (size_t)(self->end - self->at), terminator, strlen (terminator));
    if (!found)
        return refuse (self, "the XML is broken: what begins here does not end");
    self->at = found + strlen (terminator);
    return 0;
}

/* All else in a tag is passed over. */
static const bool counts_in_tag[UCHAR_MAX + 1] = {
    ['"'] = true, ['\''] = true, ['='] = true, ['<'] = true, ['>'] = true};

/* Moves from the '<' of a start tag to what follows the tag. A '>' or '=' in quotes does not count. */
static int skip_start_tag (struct scan *self)
{
    char quote = 0;
    size_t attributes = 0;
    for (const char *c = self->at + 1; c < self->end; c++) {
        if (!counts_in_tag[(unsigned char)*c])
            continue;
        if (quote) {
            quote = *c == quote ? 0 : quote;
        } else if (*c == '"' || *c == '\'') {
            quote = *c;
        } else if (*c == '=') {
            if (++attributes > MESSAGE_ATTRIBUTES_MAX)
                return refuse_number (self, "an element has more attributes than", MESSAGE_ATTRIBUTES_MAX);
        } else if (*c == '<') {
            return refuse (self, "the XML is broken: a tag does not end");
        } else if (*c == '>') {
            if (c[-1] != '/' && ++self->depth > MESSAGE_DEPTH_MAX)
                return refuse_number (self, "elements are nested deeper than", MESSAGE_DEPTH_MAX);
            if (++self->elements > self->elements_max)
                return refuse_number (self, "more elements than the limit (--limit) allows:", self->elements_max);
            self->at = c + 1;
            return 0;
        }
    }
    return refuse (self, "the XML is broken: a tag does not end");
}

static int skip_markup (struct scan *self)
{
    if (stands_here (self, "<!--")) {
        self->at += 4;
        return skip_past (self, "-->");
    }
    if (stands_here (self, "<![CDATA["))
        return skip_past (self, "]]>");
    if (stands_here (self, "<!"))
        return refuse (self, "a document type declaration (DTD) is not allowed");
    if (stands_here (self, "<?"))
        return skip_past (self, "?>");
    if (stands_here (self, "</")) {
        if (self->depth == 0)
            return refuse (self, "the XML is broken: an end tag without its start tag");
        self->depth--;
        return skip_past (self, ">");
    }
    return skip_start_tag (self);
}

int message_scan (struct bytes text, size_t limit, char error[MESSAGE_ERROR])
{
    const char *begin = text.data;
    struct scan self = {.begin = begin,
                        .at = begin,
                        .end = begin + text.size,
                        .elements_max = limit / MESSAGE_BYTES_OF_ELEMENT,
                        .error = error};
    int r = 0;
    if (memchr (begin, 0, text.size))
        return refuse (&self, "a NUL is not allowed");
    while (r == 0 && self.at < self.end) {
        const char *markup = memchr (self.at, '<', (size_t)(self.end - self.at));
        if (!markup)
            break;
        self.at = markup;
        r = skip_markup (&self);
    }
    return r;
}
