/* From the bytes of a message to its elements. */
#include "passage_parts.h"
#include <stdio.h>
#include "message.h"
#include "numbers.h"
#include "xml_memory.h"

static const struct mapping *choose_mapping (const struct passage_order *order, const xmlDoc *document,
                                             char error[PASSAGE_ERROR])
{
    size_t length = (size_t)snprintf (error, PASSAGE_ERROR, "the root element is not known; it can be");
    for (const struct mapping *const *mapping = order->mappings; *mapping; mapping++) {
        if (elements_fit (*mapping, document)) {
            *error = 0;
            return *mapping;
        }
        if (length < PASSAGE_ERROR)
            length += (size_t)snprintf (error + length, PASSAGE_ERROR - length, "%s %s in %s",
                                        mapping == order->mappings ? "" : ",", (*mapping)->root->name,
                                        (*mapping)->root->space->uri);
    }
    return NULL;
}

/* Clients who are decided together are one batch of the registry. */
static bool is_too_large (struct passage *self, const struct elements *elements)
{
    size_t items = 0;
    for (size_t i = 0; i < elements->client_count; i++)
        items += (size_t)__builtin_popcountll (elements->clients[i].items);
    if (!passage_is_whole (self) ||
        (elements->client_count <= CONSENT_BATCH_MAX && items <= PASSAGE_TOGETHER_ITEMS_MAX))
        return false;
    snprintf (self->result.error, PASSAGE_ERROR,
              "it is about more clients than can be decided together: %d, with %d data in all", CONSENT_BATCH_MAX,
              PASSAGE_TOGETHER_ITEMS_MAX);
    return true;
}

static enum passage_outcome read_elements (struct passage *self, xmlDoc *document,
                                           const struct message_extras *extras)
{
    struct passage_result *result = &self->result;
    const struct mapping *mapping = choose_mapping (self->order, document, result->error);
    if (mapping)
        result->elements = elements_find (self->kept, mapping, document, result->error, PASSAGE_ERROR);
    if (!result->elements)
        return PASSAGE_BAD_MESSAGE;
    result->elements->unknown.extras = *extras;
    if (is_too_large (self, result->elements))
        return PASSAGE_BAD_MESSAGE;
    if (numbers_find (result->elements, document, result->error, PASSAGE_ERROR)) {
        result->code = PASSAGE_BSN_IN_TEXT;
        return PASSAGE_HELD;
    }
    const char *schema = self->order->input_schema;
    int r = schema ? schemas_validate (self->order->schemas, schema, document, result->error, PASSAGE_ERROR) : 0;
    return r < 0 ? PASSAGE_BAD_SCHEMA : r > 0 ? PASSAGE_BAD_MESSAGE : PASSAGE_PASSED;
}

enum passage_outcome passage_read (struct passage *self, const char *text, size_t size)
{
    xmlDoc *document;
    struct message_extras extras;
    enum passage_outcome outcome = PASSAGE_BAD_MESSAGE;
    xml_memory_begin ();
    if (message_read ((struct bytes){text, size}, self->order->limit, &document, &extras, self->result.error) ==
        0) {
        outcome = read_elements (self, document, &extras);
        xml_memory_free (document);
    }
    xml_memory_end ();
    return outcome;
}
