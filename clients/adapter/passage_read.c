/* From the bytes of a message to its elements. */
#include "passage_parts.h"
#include <stdio.h>
#include "message.h"

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

static enum passage_outcome read_elements (struct passage *self, xmlDoc *document,
                                           const struct message_extras *extras)
{
    struct passage_result *result = &self->result;
    const struct mapping *mapping = choose_mapping (self->order, document, result->error);
    if (!mapping || elements_find (mapping, document, &result->elements, result->error, PASSAGE_ERROR) < 0)
        return PASSAGE_BAD_MESSAGE;
    result->elements->unknown.extras = *extras;
    const char *schema = self->order->input_schema;
    int r = schema ? schemas_validate (self->order->schemas, schema, document, result->error, PASSAGE_ERROR) : 0;
    return r < 0 ? PASSAGE_BAD_SCHEMA : r > 0 ? PASSAGE_BAD_MESSAGE : PASSAGE_PASSED;
}

enum passage_outcome passage_read (struct passage *self, const char *text, size_t size)
{
    xmlDoc *document;
    struct message_extras extras;
    if (message_read ((struct bytes){text, size}, &document, &extras, self->result.error, PASSAGE_ERROR) < 0)
        return PASSAGE_BAD_MESSAGE;
    enum passage_outcome outcome = read_elements (self, document, &extras);
    xmlFreeDoc (document);
    return outcome;
}
