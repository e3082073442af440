/* From the answers to what goes. */
#include "passage_parts.h"
#include <stdlib.h>
#include "message.h"
#include "xml_memory.h"

static enum passage_outcome hold (struct passage *self, enum passage_code code)
{
    self->result.code = code;
    return PASSAGE_HELD;
}

/* A question has at least one item: with nothing to ask about, nothing that is anybody's goes either. */
static bool goes_any (const struct elements *elements)
{
    for (size_t i = 0; i < elements->client_count; i++) {
        if (elements->clients[i].goes)
            return true;
    }
    return false;
}

/* Holds it against the schema that was given, or else the mapping's. A standard's that is not on this machine
   cannot be held against. 0, 1 or -EINVAL, as schemas_validate. */
static int validate (struct passage *self, xmlDoc *document)
{
    const struct passage_order *order = self->order;
    const struct mapping *mapping = self->result.elements->mapping;
    char *found = order->output_schema ? NULL : mapping_find_schema (mapping, order->schema_directory);
    const char *schema = order->output_schema ? order->output_schema : found;
    int r = schema ? schemas_validate (order->schemas, schema, document, self->result.error, PASSAGE_ERROR) : 0;
    self->result.not_validated = !schema && mapping->schema;
    free (found);
    return r;
}

enum passage_outcome passage_build (struct passage *self)
{
    struct elements *elements = self->result.elements;
    bool returns = mapping_is_return (elements->mapping);
    free (self->output);
    self->output = NULL;
    if (!elements_settle (elements) || !(returns || goes_any (elements)))
        return hold (self, PASSAGE_DENIED);
    xml_memory_begin ();
    xmlDoc *document = elements_build (elements);
    int r = validate (self, document);
    if (r == 0)
        self->output = message_write (document, &self->output_size);
    xml_memory_free (document);
    xml_memory_end ();
    if (r != 0)
        return r < 0 ? PASSAGE_BAD_SCHEMA : hold (self, PASSAGE_NOT_VALID);
    return elements_are_whole (elements) ? PASSAGE_PASSED : PASSAGE_THINNED;
}
