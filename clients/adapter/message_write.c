/* A tree as text. Byte for byte as libxml2 would (XML_SAVE_FORMAT), which hands each word of a tag through two
   buffers: that took it longer than to read the message. */
#include "message.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 4096 /* bytes */ };

struct writing {
    char *text;
    size_t size, room;
};

static void put_bytes (struct writing *self, const char *bytes, size_t size)
{
    if (self->room - self->size < size) {
        self->room = (self->size + size) * 2 < FIRST_ROOM ? FIRST_ROOM : (self->size + size) * 2;
        self->text = realloc (self->text, self->room);
        if (!self->text)
            abort ();
    }
    memcpy (self->text + self->size, bytes, size);
    self->size += size;
}

static void put (struct writing *self, const void *text)
{
    put_bytes (self, text, strlen (text));
}

static void put_character (struct writing *self, char c)
{
    switch (c) {
    case '<':
        put (self, "&lt;");
        break;
    case '>':
        put (self, "&gt;");
        break;
    case '&':
        put (self, "&amp;");
        break;
    case '"':
        put (self, "&quot;");
        break;
    default:
        put (self, "&#13;");
    }
}

/* All but these characters as they are. */
static void put_escaped (struct writing *self, const xmlChar *from, const char *escaped)
{
    const char *text = (const char *)from;
    while (*text) {
        size_t plain = strcspn (text, escaped);
        put_bytes (self, text, plain);
        text += plain;
        if (*text)
            put_character (self, *text++);
    }
}

static void put_name (struct writing *self, const xmlNode *node)
{
    if (node->ns && node->ns->prefix) {
        put (self, node->ns->prefix);
        put_bytes (self, ":", 1);
    }
    put (self, node->name);
}

static void put_declarations (struct writing *self, const xmlNode *node)
{
    for (const xmlNs *space = node->nsDef; space; space = space->next) {
        put (self, space->prefix ? " xmlns:" : " xmlns");
        if (space->prefix)
            put (self, space->prefix);
        put_bytes (self, "=\"", 2);
        put_escaped (self, space->href, "<&\"");
        put_bytes (self, "\"", 1);
    }
}

/* Blanks beside a text would be part of it. */
static bool is_indented (const xmlNode *parent)
{
    const xmlNode *child = parent->children;
    while (child && child->type != XML_TEXT_NODE)
        child = child->next;
    return !child;
}

static void put_line_end (struct writing *self, size_t depth)
{
    put_bytes (self, "\n", 1);
    for (size_t i = 0; i < depth; i++)
        put_bytes (self, "  ", 2);
}

/* An element on a line of its own, unless it stands beside a text. */
static void put_element (struct writing *self, const xmlNode *node, size_t depth, bool indented)
{
    put_bytes (self, "<", 1);
    put_name (self, node);
    put_declarations (self, node);
    if (!node->children) {
        put_bytes (self, "/>", 2);
        return;
    }
    put_bytes (self, ">", 1);
    indented = indented && is_indented (node);
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_TEXT_NODE) {
            put_escaped (self, child->content, "<>&\r");
        } else if (child->type == XML_ELEMENT_NODE) {
            if (indented)
                put_line_end (self, depth + 1);
            put_element (self, child, depth + 1, indented);
        }
    }
    if (indented)
        put_line_end (self, depth);
    put_bytes (self, "</", 2);
    put_name (self, node);
    put_bytes (self, ">", 1);
}

char *message_write (const xmlDoc *document, size_t *size_p)
{
    struct writing self = {.text = NULL};
    put (&self, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put_element (&self, xmlDocGetRootElement (document), 0, true);
    put_bytes (&self, "\n", 2); /* with its NUL */
    *size_p = self.size - 1;
    return self.text;
}
