/* Looks for numbers through a whole message. */
#include "numbers.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "text/burgerservicenummer.h"

struct looking {
    const struct elements *elements;
    const char **own; /* the BSNs of whom the message is about */
    size_t own_count;
    char *error;
    size_t error_size;
};

static bool is_subject (const struct elements *elements, const struct mapping_rule *rule)
{
    return rule && rule == elements->mapping->subject;
}

static void add_own (struct looking *self, const char *bsn)
{
    if (bsn && strlen (bsn) == BSN_SIZE)
        self->own[self->own_count++] = bsn;
}

/* Also of a return message, which is about nobody who is asked about. */
static void find_own (struct looking *self)
{
    const struct elements *elements = self->elements;
    size_t most = elements->client_count;
    for (const struct element *element = elements->root; element; element = element_next (element))
        most += is_subject (elements, element->rule);
    self->own = calloc (most + 1, sizeof *self->own);
    if (!self->own)
        abort ();
    for (const struct element *element = elements->root; element; element = element_next (element)) {
        if (is_subject (elements, element->rule))
            add_own (self, element->value);
    }
    for (size_t i = 0; !elements->mapping->subject && i < elements->client_count; i++)
        add_own (self, elements->clients[i].bsn);
}

static bool complain (const struct looking *self, const struct mapping_rule *rule)
{
    snprintf (self->error, self->error_size, "%s: holds a number that could be somebody's BSN",
              rule ? rule->path : "an element that the mapping does not know");
    return true;
}

/* All texts that stand in an element itself, one behind the other: a comment between them hides nothing. */
static bool holds_bsn (const struct looking *self, const xmlNode *node)
{
    const xmlNode *first = node->children;
    if (first && !first->next && first->type == XML_TEXT_NODE)
        return numbers_hold_bsn ((const char *)first->content, self->own, self->own_count);
    size_t size = 1;
    bool any = false;
    for (const xmlNode *part = node->children; part; part = part->next) {
        size += part->type == XML_TEXT_NODE ? strlen ((const char *)part->content) : 1;
        any = any || (part->type == XML_TEXT_NODE && !xmlIsBlankNode (part));
    }
    if (!any)
        return false;
    char *text = malloc (size), *end = text;
    if (!text)
        abort ();
    for (const xmlNode *part = node->children; part; part = part->next)
        end = part->type == XML_TEXT_NODE ? stpcpy (end, (const char *)part->content) : stpcpy (end, ";");
    *end = 0;
    bool found = numbers_hold_bsn (text, self->own, self->own_count);
    explicit_bzero (text, size);
    free (text);
    return found;
}

static bool look_through (const struct looking *self, const xmlNode *node, const struct mapping_rule *rule)
{
    if (!is_subject (self->elements, rule) && holds_bsn (self, node))
        return complain (self, rule);
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE && look_through (self, child, child->_private))
            return true;
    }
    return false;
}

bool numbers_find (const struct elements *elements, const xmlDoc *document, char *error, size_t error_size)
{
    struct looking self = {.elements = elements, .error = error, .error_size = error_size};
    find_own (&self);
    bool found = look_through (&self, xmlDocGetRootElement (document), elements->mapping->root);
    free (self.own);
    return found;
}

bool numbers_find_again (const struct elements *elements, char *error, size_t error_size)
{
    struct looking self = {.elements = elements, .error = error, .error_size = error_size};
    bool found = false;
    find_own (&self);
    for (const struct element *element = elements->root; element && !found; element = element_next (element)) {
        if (element->value && !is_subject (elements, element->rule) &&
            numbers_hold_bsn (element->value, self.own, self.own_count))
            found = complain (&self, element->rule);
    }
    free (self.own);
    return found;
}
