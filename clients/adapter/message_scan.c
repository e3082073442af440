/* Looks at the bytes before the parser does. It refuses what makes libxml2 work hard, so it does not ask libxml2:
   libxml2's check of attributes is quadratic, and a document type can make it expand or load things. */
#include "message.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <libxml/xmlstring.h>
#include "text/utf8.h"

struct scan {
    const char *begin;
    const char *at;
    const char *end;
    size_t depth;
    size_t elements;
    char *error;
    size_t error_size;
};

static int refuse (struct scan *self, const char *reason)
{
    size_t line = 1;
    for (const char *c = self->begin; c < self->at && (c = memchr (c, '\n', (size_t)(self->at - c))); c++)
        line++;
    snprintf (self->error, self->error_size, "line %zu: %s", line, reason);
    return -EINVAL;
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

/* Moves from the '<' of a start tag to what follows the tag. A '>' or '=' in quotes does not count. */
static int skip_start_tag (struct scan *self)
{
    char quote = 0;
    size_t attributes = 0;
    for (const char *c = self->at + 1; c < self->end; c++) {
        if (quote) {
            quote = *c == quote ? 0 : quote;
        } else if (*c == '"' || *c == '\'') {
            quote = *c;
        } else if (*c == '=') {
            if (++attributes > MESSAGE_ATTRIBUTES_MAX)
                return refuse (self, "an element has too many attributes");
        } else if (*c == '<') {
            return refuse (self, "the XML is broken: a tag does not end");
        } else if (*c == '>') {
            if (c[-1] != '/' && ++self->depth > MESSAGE_DEPTH_MAX)
                return refuse (self, "elements are nested too deep");
            if (++self->elements > MESSAGE_ELEMENTS_MAX)
                return refuse (self, "too many elements");
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

/* If there is an XML declaration, the encoding that it names must be that of the bytes. */
static int check_declaration (struct scan *self)
{
    if (!stands_here (self, "<?xml"))
        return 0;
    const char *stop = memmem (self->at, (size_t)(self->end - self->at), "?>", 2);
    if (!stop)
        return refuse (self, "the XML declaration does not end");
    const char *name = memmem (self->at, (size_t)(stop - self->at), "encoding", 8);
    if (!name)
        return 0;
    for (name += 8; name < stop && strchr (" \t\r\n=", *name); name++)
        ;
    if (stop - name < 7 || (*name != '"' && *name != '\'') || strncasecmp (name + 1, "utf-8", 5) != 0 ||
        name[6] != *name)
        return refuse (self, "the encoding must be UTF-8");
    return 0;
}

int message_scan (const char *text, size_t size, char *error, size_t error_size)
{
    struct scan self = {.begin = text, .at = text, .end = text + size, .error = error, .error_size = error_size};
    if (size == 0)
        return refuse (&self, "the message is empty");
    if (size > MESSAGE_SIZE_MAX)
        return refuse (&self, "the message is larger than 8 MiB");
    if (memchr (text, 0, size))
        return refuse (&self, "a NUL is not allowed, nor an encoding other than UTF-8");
    if (!utf8_is_valid (text, size))
        return refuse (&self, "the message is not UTF-8");
    if (stands_here (&self, "\xef\xbb\xbf"))
        self.at += 3;
    int r = check_declaration (&self);
    while (r == 0 && self.at < self.end) {
        const char *markup = memchr (self.at, '<', (size_t)(self.end - self.at));
        if (!markup)
            break;
        self.at = markup;
        r = skip_markup (&self);
    }
    return r;
}
