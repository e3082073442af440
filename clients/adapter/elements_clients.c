/* Whom the elements of a message are about, and the questions that they raise. */
#include "elements.h"
#include <errno.h>
#include <string.h>
#include "text/burgerservicenummer.h"

/* A BSN as a message has it: all nine digits. */
static bool is_bsn (const char *text)
{
    return strlen (text) == BSN_SIZE && bsn_is_valid (text);
}

static size_t count_clients (const struct elements *self)
{
    const struct mapping *mapping = self->mapping;
    size_t count = 0;
    if (mapping_is_return (mapping))
        return 0;
    if (mapping->clients == MAPPING_ONE_CLIENT)
        return 1;
    for (const struct element *element = self->root; element; element = element_next (element))
        count += element->rule == mapping->client;
    return count;
}

/* Marks all that is in the element of a client. In a return message nobody is asked about, and there is none. */
static void mark (struct elements *self, struct element *element, int client)
{
    for (; element; element = element->next) {
        element->client = client;
        if (self->mapping->client && element->rule == self->mapping->client &&
            !mapping_is_return (self->mapping)) {
            element->client = (int)self->client_count++;
            self->clients[element->client].element = element;
        }
        mark (self, element->first_child, element->client);
    }
}

static int find_subjects (struct elements *self, const struct element **wrong)
{
    for (const struct element *element = self->root; element; element = element_next (element)) {
        if (!self->mapping->subject || element->rule != self->mapping->subject || element->client < 0)
            continue;
        *wrong = element;
        if (!element->value || !is_bsn (element->value))
            return -EINVAL;
        self->clients[element->client].bsn = element->value;
    }
    return 0;
}

/* The question about a category with its origin. The mapping has no more of them than there is room for. */
static int find_item (struct elements *self, const char *category, const char *origin)
{
    size_t i = 0;
    while (i < self->item_count &&
           (strcmp (self->items[i].category, category) != 0 || strcmp (self->items[i].origin, origin) != 0))
        i++;
    if (i == self->item_count)
        self->items[self->item_count++] = (struct consent_item){.category = category, .origin = origin};
    return (int)i;
}

/* What is in no client's part is about each of them: it is asked about all. */
static void ask_about (struct elements *self, struct element *element)
{
    uint64_t item = UINT64_C (1) << (element->item = find_item (self, element->category, element->origin));
    for (size_t i = 0; i < self->client_count; i++) {
        if (element->client < 0 || (size_t)element->client == i)
            self->clients[i].items |= item;
    }
}

/* Finds the questions. Only elements with a value are asked about. */
static void find_items (struct elements *self, struct element *element)
{
    for (; element; element = element->next) {
        if (element->use == MAPPING_CATEGORY && element->value)
            ask_about (self, element);
        find_items (self, element->first_child);
    }
}

int elements_find_clients (struct elements *self, struct arena *arena, const struct element **wrong)
{
    size_t count = count_clients (self);
    bool one = count == 1 && self->mapping->clients == MAPPING_ONE_CLIENT;
    self->clients = arena_array (arena, count, sizeof *self->clients);
    mark (self, self->root, one ? 0 : ELEMENT_OF_ALL);
    self->client_count = count;
    *wrong = self->root;
    int r = find_subjects (self, wrong);
    for (size_t i = 0; r == 0 && i < count; i++) {
        if (!self->clients[i].bsn && !self->mapping->subject_by)
            r = -EINVAL;
    }
    find_items (self, self->root);
    return r;
}
