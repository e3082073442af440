/* From the bytes of a message to its elements. */
#include "passage_parts.h"
#include <stdio.h>
#include <string.h>
#include "message.h"
#include "numbers.h"
#include "xml_memory.h"

/* The namespaces differ in nothing but one step of digits: "/3_1/" and "/3_2/". */
static bool is_of_other_release (const char *uri, const char *known)
{
    size_t step = 0, same = 0;
    for (; uri[same] && uri[same] == known[same]; same++)
        step = uri[same] == '/' ? same + 1 : step;
    const char *digits = "0123456789_", *end = uri + step + strspn (uri + step, digits);
    const char *known_end = known + step + strspn (known + step, digits);
    return end > uri + step && known_end > known + step && *end == '/' && strcmp (end, known_end) == 0;
}

/* Says which messages there are mappings for. The root's own name is not repeated: it may be anything. */
static void say_unknown (const struct mapping *const *mappings, const xmlNode *root, char error[PASSAGE_ERROR])
{
    enum { NAMED = 3 };
    size_t count = 0, length = 0;
    for (; mappings[count]; count++) {
        const struct mapping_rule *known = mappings[count]->root;
        if (root->ns && strcmp ((const char *)root->name, known->name) == 0 &&
            is_of_other_release ((const char *)root->ns->href, known->space->uri)) {
            snprintf (error, PASSAGE_ERROR, "the message is of another release; its mapping is for %s (%s in %s)",
                      mappings[count]->release, known->name, known->space->uri);
            return;
        }
        const char *before = count == 0 ? "the root element is not known; it can be" : ",";
        if (count < NAMED && length < PASSAGE_ERROR)
            length += (size_t)snprintf (error + length, PASSAGE_ERROR - length, "%s %s in %s", before, known->name,
                                        known->space->uri);
    }
    if (count > NAMED && length < PASSAGE_ERROR)
        snprintf (error + length, PASSAGE_ERROR - length, ", or one of %zu others", count - NAMED);
}

static const struct mapping *choose_mapping (const struct passage_order *order, const xmlDoc *document,
                                             char error[PASSAGE_ERROR])
{
    *error = 0;
    for (const struct mapping *const *mapping = order->mappings; *mapping; mapping++) {
        if (elements_fit (*mapping, document))
            return *mapping;
    }
    say_unknown (order->mappings, xmlDocGetRootElement (document), error);
    return NULL;
}

/* Clients who are decided together are one batch of the registry. */
static bool is_too_large (struct passage *self, const struct elements *elements)
{
    size_t items = 0;
    for (size_t i = 0; i < elements->client_count; i++)
        items += (size_t)__builtin_popcountll (elements->clients[i].items);
    if (!passage_is_whole (self) ||
        (elements->client_count <= CONSENT_TOGETHER_MAX && items <= CONSENT_TOGETHER_ITEMS_MAX))
        return false;
    snprintf (self->result.error, PASSAGE_ERROR,
              "it is about more clients than can be decided together: %d, with %d data in all",
              CONSENT_TOGETHER_MAX, CONSENT_TOGETHER_ITEMS_MAX);
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
