/* The products of a message: what a later one may take back, and what takes back. */
#include "passage_parts.h"
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

/* Each with its length: so no two lists of values are the same text. Blanks around a value are no part of it. */
static const char *key_of (struct passage *self, const struct element *product)
{
    static const char blanks[] = " \t\r\n";
    const struct mapping_rules *same_as = &self->result.elements->mapping->removal.same_as;
    const char *key = "";
    for (size_t i = 0; i < same_as->count; i++) {
        const char *value = value_below (product, same_as->rules[i]);
        value += strspn (value, blanks);
        size_t size = strlen (value);
        while (size > 0 && strchr (blanks, value[size - 1]))
            size--;
        key = arena_printf (self->kept, "%s%zu:%.*s\n", key, size, (int)size, value);
    }
    return key;
}

static bool has_value (const struct element *element, const char *value)
{
    return value && element->value && strcmp (element->value, value) == 0;
}

void passage_find_products (struct passage *self)
{
    const struct elements *elements = self->result.elements;
    const struct mapping_removal *removal = &elements->mapping->removal;
    size_t count = 0;
    for (const struct element *element = elements->root; element && removal->rule;
         element = element_next (element))
        count += element->rule == removal->rule;
    self->products = arena_array (self->kept, count, sizeof *self->products);
    for (const struct element *element = elements->root; element && count > 0; element = element_next (element)) {
        if (element->rule != removal->rule)
            continue;
        self->products[self->product_count++] =
            (struct passage_product){.client = element->client < 0 ? 0 : (size_t)element->client,
                                     .key = key_of (self, element->parent),
                                     .takes_back = has_value (element, removal->value),
                                     .is_first = has_value (element, removal->first),
                                     .element = element->parent};
    }
}

const struct passage_product *passage_products (const struct passage *self, size_t *count)
{
    *count = self->product_count;
    return self->products;
}

bool passage_has_products (const struct passage *self)
{
    for (size_t i = 0; i < self->product_count; i++) {
        if (!self->products[i].is_taken_back)
            return true;
    }
    return false;
}

bool passage_take_back (struct passage *self, const struct passage_product *told)
{
    bool is_any_left = self->product_count == 0;
    for (size_t i = 0; i < self->product_count; i++) {
        struct passage_product *product = &self->products[i];
        product->went += told[i].went;
        product->held += told[i].held;
        product->is_taken_back |= told[i].is_taken_back;
        product->element->taken_back = product->is_taken_back;
        is_any_left |= !product->is_taken_back;
    }
    return !is_any_left;
}
