/* Decides what goes and what does not, from the leaves up. Builds the document of what goes. */
#include "elements.h"
#include <stdlib.h>
#include <string.h>

uint64_t elements_permitted (const struct elements *self, uint64_t asked, const struct consent_answer *answer)
{
    uint64_t permitted = 0;
    size_t at = 0;
    if (answer->status != CONSENT_OK || answer->verdict == CONSENT_DENY || answer->revoked_since)
        return 0;
    for (size_t i = 0; i < self->item_count; i++) {
        if (!(asked >> i & 1))
            continue;
        if (at == answer->item_count)
            return 0;
        const struct consent_item_answer *item = &answer->items[at++];
        if (item->verdict == CONSENT_PERMIT && strcmp (item->category, self->items[i].category) == 0 &&
            strcmp (item->origin, self->items[i].origin) == 0)
            permitted |= UINT64_C (1) << i;
    }
    return at == answer->item_count ? permitted : 0;
}

/* What is about all clients is permitted if it is of each of them. */
static bool is_permitted (const struct elements *self, const struct element *element)
{
    for (size_t i = 0; i < self->client_count; i++) {
        bool about = element->client < 0 || (size_t)element->client == i;
        if (about && !(self->clients[i].permitted >> element->item & 1))
            return false;
    }
    return self->client_count > 0;
}

static enum element_outcome settle_value (const struct elements *self, const struct element *element)
{
    switch (element->use) {
    case MAPPING_ENVELOPE:
    case MAPPING_STRUCTURE:
    case MAPPING_RETURNED:
        return ELEMENT_PASSED;
    case MAPPING_CATEGORY:
        return is_permitted (self, element) ? ELEMENT_PASSED : ELEMENT_DENIED;
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

static void settle (const struct elements *self, struct element *element)
{
    if (!element->rule->first_child) {
        element->outcome = settle_value (self, element);
        return;
    }
    for (struct element *child = element->first_child; child; child = child->next)
        settle (self, child);
    element->outcome = element->use == MAPPING_NEVER ? ELEMENT_NEVER : ELEMENT_PASSED;
    for (const struct mapping_rule *rule = element->rule->first_child; rule; rule = rule->next) {
        if (element->outcome == ELEMENT_PASSED && mapping_is_required (rule) && !goes_any (element, rule))
            element->outcome = ELEMENT_INCOMPLETE;
    }
    if (element->outcome == ELEMENT_PASSED && !has_content (element))
        element->outcome = ELEMENT_EMPTY;
    if (element->taken_back)
        element->outcome = ELEMENT_TAKEN_BACK;
    if (element->outcome != ELEMENT_PASSED)
        drop_with_parent (element->first_child);
}

static bool client_goes (const struct element_client *client)
{
    return !client->element || client->element->outcome == ELEMENT_PASSED;
}

/* Notes what of each client goes: of whom nothing goes, nothing that is about all goes either. */
static void note_what_goes (struct elements *self)
{
    for (size_t i = 0; i < self->client_count; i++)
        self->clients[i].goes = 0;
    for (const struct element *element = self->root; element; element = element_next (element)) {
        if (element->outcome != ELEMENT_PASSED || element->item == ELEMENT_NO_ITEM)
            continue;
        for (size_t i = 0; i < self->client_count; i++) {
            bool about = element->client < 0 ? client_goes (&self->clients[i]) : (size_t)element->client == i;
            if (about)
                self->clients[i].goes |= UINT64_C (1) << element->item;
        }
    }
}

/* Nobody may be missing where the message would no longer be true without him. */
static bool lacks_somebody (const struct elements *self)
{
    if (self->mapping->clients != MAPPING_CLIENTS_WHOLE)
        return false;
    for (size_t i = 0; i < self->client_count; i++) {
        if (!client_goes (&self->clients[i]))
            return true;
    }
    return false;
}

bool elements_settle (struct elements *self)
{
    settle (self, self->root);
    self->settled = true;
    note_what_goes (self);
    return self->root->outcome == ELEMENT_PASSED && !lacks_somebody (self);
}

bool elements_are_whole (const struct elements *self)
{
    const struct unknown_parts *unknown = &self->unknown;
    if (unknown->elements || unknown->texts || unknown->extras.attributes || unknown->extras.comments ||
        unknown->extras.instructions)
        return false;
    for (const struct element *element = self->root; element; element = element_next (element)) {
        if (element->outcome != ELEMENT_PASSED)
            return false;
    }
    return true;
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

/* In the order of the mapping, which is that of the schema: the order of the message may be another. */
static void build (xmlDoc *document, xmlNode *parent, const struct element *element)
{
    if (element->outcome != ELEMENT_PASSED)
        return;
    xmlNode *node = add_node (document, parent, element);
    for (const struct mapping_rule *rule = element->rule->first_child; rule; rule = rule->next) {
        for (const struct element *child = element->first_child; child; child = child->next) {
            if (child->rule == rule)
                build (document, node, child);
        }
    }
}

xmlDoc *elements_build (const struct elements *self)
{
    xmlDoc *document = xmlNewDoc ((const xmlChar *)"1.0");
    if (!document)
        abort ();
    build (document, NULL, self->root);
    return document;
}
