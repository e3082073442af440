#include "numbers.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "text/burgerservicenummer.h"

enum { NUMBER = 9, SHORT_NUMBER = 8, GROUPS_MAX = NUMBER };

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

static bool is_of_client (const struct search *self, const char digits[SHORT_NUMBER + 1])
{
    for (size_t i = 0; i < self->client_count; i++) {
        const char *bsn = self->clients[i].bsn;
        if (bsn && bsn[0] == '0' && strcmp (bsn + 1, digits) == 0)
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
    if (size == NUMBER || (size == SHORT_NUMBER && count > 1))
        return bsn_is_valid (digits);
    return size == SHORT_NUMBER && is_of_client (self, digits);
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

bool numbers_hold_bsn (const char *text, const struct element_client *clients, size_t client_count)
{
    struct search self = {.clients = clients, .client_count = client_count};
    for (const char *at = text; *at;) {
        size_t size = strspn (at, "0123456789");
        if (size == 0) {
            self.count = 0;
            at++;
            continue;
        }
        add_group (&self, (struct group){at, size});
        if (ends_number (&self))
            return true;
        at += size;
        size = separator_at (at);
        if (size == 0 || !is_digit (at[size]))
            self.count = 0;
        at += size;
    }
    return false;
}

/* All texts that stand in an element itself, one behind the other: a comment between them hides nothing. */
static bool holds_bsn (const struct elements *elements, const xmlNode *node)
{
    size_t size = 1;
    for (const xmlNode *part = node->children; part; part = part->next)
        size += part->type == XML_TEXT_NODE ? strlen ((const char *)part->content) : 1;
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
        const char *uri = child->ns && child->ns->href ? (const char *)child->ns->href : "";
        const struct mapping_rule *below = rule ? mapping_find (rule, uri, (const char *)child->name) : NULL;
        if (look_through (elements, child, below, error, error_size))
            return true;
    }
    return false;
}

bool numbers_find (const struct elements *elements, const xmlDoc *document, char *error, size_t error_size)
{
    return look_through (elements, xmlDocGetRootElement (document), elements->mapping->root, error, error_size);
}
