/* From the answers to what goes. */
#include "passage_parts.h"
#include <stdlib.h>
#include "message.h"

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

enum passage_outcome passage_build (struct passage *self)
{
    struct elements *elements = self->result.elements;
    free (self->output);
    self->output = NULL;
    if (!elements_settle (elements) || !goes_any (elements))
        return hold (self, PASSAGE_DENIED);
    xmlDoc *document = elements_build (elements);
    const char *schema = self->order->output_schema;
    int r =
        schema ? schemas_validate (self->order->schemas, schema, document, self->result.error, PASSAGE_ERROR) : 0;
    if (r == 0)
        self->output = message_write (document, &self->output_size);
    xmlFreeDoc (document);
    if (r != 0)
        return r < 0 ? PASSAGE_BAD_SCHEMA : hold (self, PASSAGE_NOT_VALID);
    return elements_are_whole (elements) ? PASSAGE_PASSED : PASSAGE_THINNED;
}
