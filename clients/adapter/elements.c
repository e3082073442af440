/* From the tree of a message to the elements that its mapping knows. */
#include "elements.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "unconst.h"

struct finder {
    struct arena *arena;
    struct elements *elements;
    char *error;
    size_t error_size;
};

/* Puts as much of a text at the end of a path as there is room for. */
static size_t path_add (char path[ELEMENT_PATH], size_t length, const char *text)
{
    size_t size = strlen (text), room = ELEMENT_PATH - 1 - length;
    size = size < room ? size : room;
    memcpy (path + length, text, size);
    path[length + size] = 0;
    return length + size;
}

/* The digits of a number, in brackets. */
static size_t path_add_position (char path[ELEMENT_PATH], size_t length, unsigned position)
{
    char text[16];
    size_t at = sizeof text;
    text[--at] = 0;
    text[--at] = ']';
    do
        text[--at] = (char)('0' + position % 10);
    while ((position /= 10) > 0);
    text[--at] = '[';
    return path_add (path, length, text + at);
}

static size_t path_of (const struct element *element, char path[ELEMENT_PATH])
{
    size_t length = 0;
    if (element->parent && element->parent->parent) {
        length = path_of (element->parent, path);
        length = path_add (path, length, "/");
    }
    length = path_add (path, length, element->rule->name);
    if (!element->parent || !mapping_is_repeated (element->rule))
        return length;
    return path_add_position (path, length, element->position);
}

const char *element_path (const struct element *element, char path[ELEMENT_PATH])
{
    path_of (element, path);
    return path;
}

const struct element *element_next (const struct element *element)
{
    if (element->first_child)
        return element->first_child;
    while (element && !element->next)
        element = element->parent;
    return element ? element->next : NULL;
}

__attribute__ ((format (printf, 3, 4))) static int refuse (struct finder *self, const struct element *element,
                                                           const char *format, ...)
{
    char path[ELEMENT_PATH];
    char reason[192];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (reason, sizeof reason, format, arguments);
    va_end (arguments);
    snprintf (self->error, self->error_size, "%s: %s", element_path (element, path), reason);
    return -EINVAL;
}

static struct element *add_element (struct arena *arena, struct element *parent, const struct mapping_rule *rule)
{
    struct element *element = arena_alloc (arena, sizeof *element);
    element->rule = rule;
    element->parent = parent;
    element->position = 1;
    element->item = ELEMENT_NO_ITEM;
    element->client = ELEMENT_OF_ALL;
    if (!parent)
        return element;
    /* Searches backwards: the one wanted is mostly the last, and a message may hold many. */
    const struct element *same = parent->last_child;
    while (same && same->rule != rule)
        same = same->previous;
    if (same)
        element->position = same->position + 1;
    element->previous = parent->last_child;
    if (parent->last_child)
        parent->last_child->next = element;
    else
        parent->first_child = element;
    parent->last_child = element;
    return element;
}

static bool is_known (const struct mapping_rule *rule, const xmlNode *node)
{
    return node->ns && node->ns->href && strcmp ((const char *)node->name, rule->name) == 0 &&
           strcmp ((const char *)node->ns->href, rule->space->uri) == 0;
}

static bool is_space (const xmlChar *text)
{
    return text[strspn ((const char *)text, " \t\r\n")] == 0;
}

/* Takes away the blanks around a value. By XML Schema they are no part of a day or a number. */
static void trim (char *value)
{
    static const char blanks[] = " \t\r\n";
    size_t before = strspn (value, blanks), size = strlen (value);
    while (size > before && strchr (blanks, value[size - 1]))
        size--;
    memmove (value, value + before, size - before);
    value[size - before] = 0;
}

/* A value that must look like something does so with or without blanks around it. */
static bool fits (const struct mapping_rule *rule, char *value)
{
    if (!rule->regexp || xmlRegexpExec (rule->regexp, (const xmlChar *)value) == 1)
        return true;
    trim (value);
    return xmlRegexpExec (rule->regexp, (const xmlChar *)value) == 1;
}

/* Reads the value of an element that may hold only text. */
static int read_value (struct finder *self, struct element *element, const xmlNode *node)
{
    size_t size = 0;
    for (const xmlNode *part = node->children; part; part = part->next) {
        if (part->type != XML_TEXT_NODE)
            return refuse (self, element, "holds an element where only text is expected");
        size += strlen ((const char *)part->content);
    }
    if (size > ELEMENT_VALUE_MAX)
        return refuse (self, element, "longer than %d bytes", ELEMENT_VALUE_MAX);
    element->value = arena_alloc (self->arena, size + 1);
    char *end = element->value;
    for (const xmlNode *part = node->children; part; part = part->next)
        end = stpcpy (end, (const char *)part->content);
    return fits (element->rule, element->value)
               ? 0
               : refuse (self, element, "does not match %s", element->rule->pattern);
}

/* What the mapping lacks, for who has to mend it. */
static void note_unknown (struct unknown_parts *unknown, const struct mapping_rule *parent, const xmlNode *node)
{
    if (unknown->elements < UNKNOWN_PLACES_MAX)
        unknown->places[unknown->elements] = (struct unknown_place){parent, xmlGetLineNo (node)};
    unknown->elements++;
}

static int find_children (struct finder *self, struct element *parent, xmlNode *parent_node);

static int find_child (struct finder *self, struct element *parent, xmlNode *node)
{
    if (node->type == XML_TEXT_NODE) {
        self->elements->unknown.texts += !is_space (node->content);
        return 0;
    }
    const struct mapping_rule *rule =
        node->ns && node->ns->href
            ? mapping_find (parent->rule, (const char *)node->ns->href, (const char *)node->name)
            : NULL;
    if (!rule) {
        note_unknown (&self->elements->unknown, parent->rule, node);
        return 0;
    }
    node->_private = unconst (rule);
    struct element *element = add_element (self->arena, parent, rule);
    if (element->position > 1 && !mapping_is_repeated (rule))
        return refuse (self, element, "occurs more than once");
    bool whole = rule->use == MAPPING_NEVER && rule->when_count == 0 && !rule->first_child;
    if (rule->first_child)
        return find_children (self, element, node);
    /* An element that never goes is read only if it is a value: the category of another may depend on it. */
    if (whole && (!node->children || node->children->next || node->children->type != XML_TEXT_NODE))
        return 0;
    return read_value (self, element, node);
}

static int find_children (struct finder *self, struct element *parent, xmlNode *parent_node)
{
    for (xmlNode *node = parent_node->children; node; node = node->next) {
        int r = find_child (self, parent, node);
        if (r < 0)
            return r;
    }
    for (const struct mapping_rule *rule = parent->rule->first_child; rule; rule = rule->next) {
        const struct element *child = parent->first_child;
        while (child && child->rule != rule)
            child = child->next;
        if (!child && mapping_is_required (rule))
            return refuse (self, parent, "%s is missing in it", rule->name);
    }
    return 0;
}

static const char *value_of (const struct element *parent, const struct mapping_rule *rule)
{
    const struct element *child = parent->first_child;
    while (child && child->rule != rule)
        child = child->next;
    return child && child->value ? child->value : "";
}

/* Finds what lets this element go: its own rule, unless that depends on the value of a sibling, or is the parent's
   rule. */
static void resolve_use (struct element *element)
{
    const struct mapping_rule *rule = element->rule;
    element->use = rule->use;
    element->category = rule->category;
    element->origin = rule->origin;
    if (rule->use == MAPPING_SAME) {
        element->use = element->parent->use;
        element->category = element->parent->category;
        element->origin = element->parent->origin;
    }
    for (size_t i = 0; i < rule->when_count; i++) {
        if (strcmp (value_of (element->parent, rule->whens[i].sibling), rule->whens[i].value) == 0) {
            element->use = MAPPING_CATEGORY;
            element->category = rule->whens[i].category;
        }
    }
}

/* Parents come before their children. */
static void resolve_uses (struct element *element)
{
    for (; element; element = element->next) {
        resolve_use (element);
        resolve_uses (element->first_child);
    }
}

bool elements_fit (const struct mapping *mapping, const xmlDoc *document)
{
    const xmlNode *root = xmlDocGetRootElement (document);
    return root && is_known (mapping->root, root);
}

struct elements *elements_find (struct arena *arena, const struct mapping *mapping, xmlDoc *document, char *error,
                                size_t error_size)
{
    struct elements *elements = arena_alloc (arena, sizeof *elements);
    struct finder self = {.arena = arena, .elements = elements, .error = error, .error_size = error_size};
    elements->mapping = mapping;
    elements->root = add_element (arena, NULL, mapping->root);
    int r = 0;
    if (!elements_fit (mapping, document))
        r = refuse (&self, elements->root, "is not the root of this message, in the namespace %s",
                    mapping->root->space->uri);
    if (r == 0)
        r = find_children (&self, elements->root, xmlDocGetRootElement (document));
    const struct element *wrong = elements->root;
    if (r == 0) {
        resolve_uses (elements->root);
        if (elements_find_clients (elements, arena, &wrong) < 0)
            r = refuse (&self, wrong, "is not a valid BSN");
    }
    return r < 0 ? NULL : elements;
}
