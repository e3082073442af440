/* Decides what goes and what does not, from the leaves up. Builds the document of what goes. */
#include "elements.h"
#include <stdlib.h>
#include <string.h>

/* The item itself is permitted, in an answer that permits something, and about exactly what was asked. */
static bool permits (const struct consent_answer *answer, const struct element *element)
{
    if (answer->status != CONSENT_OK || answer->verdict == CONSENT_DENY || answer->revoked_since)
        return false;
    if (element->item < 0 || (size_t)element->item >= answer->item_count)
        return false;
    const struct consent_item_answer *item = &answer->items[element->item];
    return item->verdict == CONSENT_PERMIT && strcmp (item->category, element->category) == 0 &&
           strcmp (item->origin, element->origin) == 0;
}

static enum element_outcome settle_value (const struct element *element, const struct consent_answer *answer)
{
    switch (element->use) {
    case MAPPING_ENVELOPE:
    case MAPPING_STRUCTURE:
    case MAPPING_RETURNED:
        return ELEMENT_PASSED;
    case MAPPING_CATEGORY:
        return permits (answer, element) ? ELEMENT_PASSED : ELEMENT_DENIED;
    case MAPPING_NEVER:
    case MAPPING_SAME:
        break;
    }
    return ELEMENT_NEVER;
}

static void drop_with_parent (struct element *element)
{
    for (; element; element = element->next) {
        if (element->outcome == ELEMENT_PASSED)
            element->outcome = ELEMENT_WITH_PARENT;
        drop_with_parent (element->first_child);
    }
}

static bool goes_any (const struct element *parent, const struct mapping_rule *rule)
{
    for (const struct element *child = parent->first_child; child; child = child->next) {
        if (child->rule == rule && child->outcome == ELEMENT_PASSED)
            return true;
    }
    return false;
}

/* A code that only says how to read its neighbours is no reason to pass anything on. */
static bool has_content (const struct element *parent)
{
    for (const struct element *child = parent->first_child; child; child = child->next) {
        if (child->outcome == ELEMENT_PASSED && !(child->value && child->use == MAPPING_STRUCTURE))
            return true;
    }
    return false;
}

static void settle (struct element *element, const struct consent_answer *answer)
{
    if (!element->rule->first_child) {
        element->outcome = settle_value (element, answer);
        return;
    }
    for (struct element *child = element->first_child; child; child = child->next)
        settle (child, answer);
    element->outcome = element->use == MAPPING_NEVER ? ELEMENT_NEVER : ELEMENT_PASSED;
    for (const struct mapping_rule *rule = element->rule->first_child; rule; rule = rule->next) {
        if (element->outcome == ELEMENT_PASSED && mapping_is_required (rule) && !goes_any (element, rule))
            element->outcome = ELEMENT_INCOMPLETE;
    }
    if (element->outcome == ELEMENT_PASSED && !has_content (element))
        element->outcome = ELEMENT_EMPTY;
    if (element->outcome != ELEMENT_PASSED)
        drop_with_parent (element->first_child);
}

bool elements_settle (struct elements *self, const struct consent_answer *answer)
{
    settle (self->root, answer);
    return self->root->outcome == ELEMENT_PASSED;
}

static xmlNs *declare_namespace (xmlNode *root, const struct mapping_namespace *space)
{
    for (xmlNs *ns = root->nsDef; ns; ns = ns->next) {
        if (strcmp ((const char *)ns->href, space->uri) == 0)
            return ns;
    }
    xmlNs *ns = xmlNewNs (root, (const xmlChar *)space->uri, (const xmlChar *)space->prefix);
    if (!ns)
        abort ();
    return ns;
}

static xmlNode *add_node (xmlDoc *document, xmlNode *parent, const struct element *element)
{
    xmlNode *node = xmlNewDocNode (document, NULL, (const xmlChar *)element->rule->output_name, NULL);
    if (!node)
        abort ();
    if (parent)
        xmlAddChild (parent, node);
    else
        xmlDocSetRootElement (document, node);
    xmlSetNs (node, declare_namespace (xmlDocGetRootElement (document), element->rule->output_space));
    if (!element->value || !*element->value)
        return node;
    xmlNode *text = xmlNewDocText (document, (const xmlChar *)element->value);
    if (!text)
        abort ();
    xmlAddChild (node, text);
    return node;
}

static void build (xmlDoc *document, xmlNode *parent, const struct element *element)
{
    if (element->outcome != ELEMENT_PASSED)
        return;
    xmlNode *node = add_node (document, parent, element);
    for (const struct element *child = element->first_child; child; child = child->next)
        build (document, node, child);
}

xmlDoc *elements_build (const struct elements *self)
{
    xmlDoc *document = xmlNewDoc ((const xmlChar *)"1.0");
    if (!document)
        abort ();
    build (document, NULL, self->root);
    return document;
}
