#include "adapter.h"
#include <stdio.h>
#include <stdlib.h>

static enum adapter_outcome end_with (struct adapter_result *result, enum adapter_outcome outcome)
{
    result->outcome = outcome;
    return outcome;
}

static const struct mapping *choose_mapping (const struct adapter_order *order, const xmlDoc *document,
                                             char error[ADAPTER_ERROR])
{
    size_t length = (size_t)snprintf (error, ADAPTER_ERROR, "the root element is not known; it can be");
    for (const struct mapping *const *mapping = order->mappings; *mapping; mapping++) {
        if (elements_fit (*mapping, document)) {
            *error = 0;
            return *mapping;
        }
        if (length < ADAPTER_ERROR)
            length += (size_t)snprintf (error + length, ADAPTER_ERROR - length, "%s %s in %s",
                                        mapping == order->mappings ? "" : ",", (*mapping)->root->name,
                                        (*mapping)->root->space->uri);
    }
    return NULL;
}

static enum adapter_outcome read_elements (const struct adapter_order *order, const xmlDoc *document,
                                           const struct message_extras *extras, struct adapter_result *result)
{
    const struct mapping *mapping = choose_mapping (order, document, result->error);
    if (!mapping || elements_find (mapping, document, &result->elements, result->error, sizeof result->error) < 0)
        return ADAPTER_BAD_MESSAGE;
    result->elements->unknown.extras = *extras;
    return ADAPTER_PASSED;
}

static enum adapter_outcome validate (xmlDoc *document, const char *schema, enum adapter_outcome otherwise,
                                      struct adapter_result *result)
{
    int r = schema ? message_validate (document, schema, result->error, sizeof result->error) : 0;
    if (r < 0)
        return ADAPTER_BAD_SCHEMA;
    return r > 0 ? otherwise : ADAPTER_PASSED;
}

/* Turns the bytes into elements, with the questions that they raise. PASSED (it may be asked about), BAD_MESSAGE
   or BAD_SCHEMA. */
static enum adapter_outcome read_message (const struct adapter_order *order, const char *text, size_t size,
                                          struct adapter_result *result)
{
    *result = (struct adapter_result){0};
    xmlDoc *document;
    struct message_extras extras;
    if (message_read ((struct bytes){text, size}, &document, &extras, result->error, sizeof result->error) < 0)
        return end_with (result, ADAPTER_BAD_MESSAGE);
    enum adapter_outcome outcome = read_elements (order, document, &extras, result);
    if (outcome == ADAPTER_PASSED)
        outcome = validate (document, order->input_schema, ADAPTER_BAD_MESSAGE, result);
    xmlFreeDoc (document);
    return end_with (result, outcome);
}

/* Asks about what was read. PASSED (there is an answer) or NO_ANSWER. */
static enum adapter_outcome ask_about (const struct adapter_order *order, const struct adapter_registry *registry,
                                       struct adapter_result *result)
{
    struct consent_question question = {
        .bsn = result->elements->bsn,
        .provider = order->provider,
        .recipient = order->recipient,
        .purpose = order->purpose,
        .items = result->elements->items,
        .item_count = result->elements->item_count,
        .user = order->user,
        .case_ref = order->case_ref,
        .mode = CONSENT_DISCLOSE,
        .idempotency_key = order->idempotency_key,
    };
    result->answer = registry->ask (registry->context, &question);
    if (result->answer->status == CONSENT_OK)
        return end_with (result, ADAPTER_PASSED);
    snprintf (result->error, sizeof result->error, "%s", result->answer->message);
    return end_with (result, ADAPTER_NO_ANSWER);
}

/* Everything that the message held goes. */
static bool is_whole (const struct elements *elements)
{
    const struct unknown_parts *unknown = &elements->unknown;
    if (unknown->elements || unknown->texts || unknown->extras.attributes || unknown->extras.comments ||
        unknown->extras.instructions)
        return false;
    for (const struct element *element = elements->root; element; element = element_next (element)) {
        if (element->outcome != ELEMENT_PASSED)
            return false;
    }
    return true;
}

/* Decides by the answer. PASSED, THINNED, HELD or BAD_SCHEMA. */
static enum adapter_outcome settle (const struct adapter_order *order, struct adapter_result *result)
{
    if (!elements_settle (result->elements, result->answer))
        return end_with (result, ADAPTER_HELD);
    xmlDoc *document = elements_build (result->elements);
    enum adapter_outcome outcome = validate (document, order->output_schema, ADAPTER_HELD, result);
    if (outcome == ADAPTER_PASSED) {
        result->output = message_write (document, &result->output_size);
        outcome = is_whole (result->elements) ? ADAPTER_PASSED : ADAPTER_THINNED;
    }
    xmlFreeDoc (document);
    return end_with (result, outcome);
}

enum adapter_outcome adapter_run (const struct adapter_order *order, const struct adapter_registry *registry,
                                  const char *text, size_t size, struct adapter_result *result)
{
    enum adapter_outcome outcome = read_message (order, text, size, result);
    if (outcome == ADAPTER_PASSED)
        outcome = ask_about (order, registry, result);
    return outcome == ADAPTER_PASSED ? settle (order, result) : outcome;
}

void adapter_result_clear (struct adapter_result *result)
{
    elements_destroy (&result->elements);
    free (result->output);
    *result = (struct adapter_result){0};
}
