/* What is to be remembered of a message that goes. */
#include "passage_parts.h"
#include "address.h"
#include <stdio.h>
#include <string.h>

static bool is_below (const struct element *element, const struct element *parent)
{
    while (element && element != parent)
        element = element->parent;
    return element == parent;
}

static const char *value_below (const struct element *parent, const struct mapping_rule *rule)
{
    for (const struct element *element = parent; element && is_below (element, parent);
         element = element_next (element)) {
        if (element->rule == rule && element->value)
            return element->value;
    }
    return "";
}

static const char *product_key (struct passage *self, const struct element *product)
{
    const struct mapping_rules *same_as = &self->result.elements->mapping->removal.same_as;
    const char *key = "";
    for (size_t i = 0; i < same_as->count; i++)
        key = arena_printf (self->kept, "%s%s\n", key, value_below (product, same_as->rules[i]));
    return key;
}

static void list_products (struct passage *self, struct passage_facts *facts)
{
    const struct elements *elements = self->result.elements;
    const struct mapping_removal *removal = &elements->mapping->removal;
    size_t count = 0;
    for (const struct element *element = elements->root; element; element = element_next (element))
        count += removal->rule && element->rule == removal->rule;
    struct passage_product *products = arena_array (self->kept, count, sizeof *products);
    for (const struct element *element = elements->root; element && count > 0; element = element_next (element)) {
        if (element->rule != removal->rule)
            continue;
        products[facts->product_count++] =
            (struct passage_product){.client = element->client < 0 ? 0 : (size_t)element->client,
                                     .key = product_key (self, element->parent),
                                     .takes_back = element->value && strcmp (element->value, removal->value) == 0};
    }
    facts->products = products;
}

static const char *or_none (const char *text)
{
    return text ? text : "";
}

const struct passage_facts *passage_facts (struct passage *self)
{
    const struct mapping *mapping = self->result.elements->mapping;
    if (self->facts)
        return self->facts;
    struct passage_facts *facts = self->facts = arena_alloc (self->kept, sizeof *facts);
    facts->identification = or_none (address_value (self->result.elements, mapping->identification));
    facts->root = mapping->root->space->uri;
    facts->provider = self->order->provider;
    facts->recipient = or_none (self->recipient);
    facts->purpose = or_none (passage_purpose (self));
    facts->references = passage_values (self, mapping->references.rules, mapping->references.count);
    list_products (self, facts);
    return facts;
}
