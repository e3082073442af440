#include "report.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *outcome_name (enum adapter_outcome outcome)
{
    static const char *const names[] = {"passed", "thinned", "held", "bad-message", "no-answer", "bad-schema"};
    return names[outcome];
}

static const char *element_outcome_name (enum element_outcome outcome)
{
    static const char *const names[] = {"passed", "denied", "never", "incomplete", "empty", "with-parent"};
    return names[outcome];
}

static const struct consent_item_answer *item_answer (const struct adapter_result *result,
                                                      const struct element *element)
{
    if (!result->answer || element->item < 0 || (size_t)element->item >= result->answer->item_count)
        return NULL;
    return &result->answer->items[element->item];
}

static void print_reasons (FILE *stream, const struct consent_item_answer *item)
{
    for (size_t i = 0; item && i < item->reason_count; i++)
        fprintf (stream, "%s%s (%s)", i ? ", " : ": ", item->reasons[i].code, item->reasons[i].rule);
    fputc ('\n', stream);
}

/* One line a category that was denied, with the first element that it concerns. */
static void print_denied (FILE *stream, const char *program, const struct adapter_result *result)
{
    bool told[MAPPING_ITEMS_MAX] = {false};
    char path[ELEMENT_PATH];
    for (const struct element *element = result->elements->root; element; element = element_next (element)) {
        if (element->outcome != ELEMENT_DENIED || told[element->item])
            continue;
        told[element->item] = true;
        fprintf (stream, "%s: not permitted: %s (%s)", program, element->category, element_path (element, path));
        print_reasons (stream, item_answer (result, element));
    }
}

static const struct mapping_rule *first_missing (const struct element *parent)
{
    for (const struct mapping_rule *rule = parent->rule->first_child; rule; rule = rule->next) {
        const struct element *child = parent->first_child;
        while (child && !(child->rule == rule &&
                          (child->outcome == ELEMENT_PASSED || child->outcome == ELEMENT_WITH_PARENT)))
            child = child->next;
        if (!child && mapping_is_required (rule))
            return rule;
    }
    return NULL;
}

/* Elements that fell because of what is in them, the deepest reason first to be found from the line itself. */
static void print_consequences (FILE *stream, const char *program, const struct adapter_result *result)
{
    char path[ELEMENT_PATH];
    for (const struct element *element = result->elements->root; element; element = element_next (element)) {
        element_path (element, path);
        if (element->outcome == ELEMENT_INCOMPLETE) {
            const struct mapping_rule *missing = first_missing (element);
            fprintf (stream, "%s: left out: %s: it cannot go without %s\n", program, path,
                     missing ? missing->name : "what is in it");
        } else if (element->outcome == ELEMENT_EMPTY) {
            fprintf (stream, "%s: left out: %s: nothing in it may go\n", program, path);
        } else if (element->outcome == ELEMENT_NEVER && element->parent->outcome != ELEMENT_NEVER) {
            fprintf (stream, "%s: left out: %s: not for this recipient\n", program, path);
        }
    }
}

static void print_unknown (FILE *stream, const char *program, const struct unknown_parts *unknown)
{
    const struct {
        size_t count;
        const char *what;
    } parts[] = {{unknown->elements, "elements"},
                 {unknown->texts, "texts between elements"},
                 {unknown->extras.attributes, "attributes"},
                 {unknown->extras.comments, "comments"},
                 {unknown->extras.instructions, "processing instructions"}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].count > 0)
            fprintf (stream, "%s: left out: %s that the mapping does not know: %zu\n", program, parts[i].what,
                     parts[i].count);
    }
}

void report_print (FILE *stream, const char *program, const struct adapter_result *result)
{
    if (result->error[0])
        fprintf (stream, "%s: %s%s\n", program, result->outcome == ADAPTER_HELD ? "held: " : "", result->error);
    if (result->outcome > ADAPTER_HELD || result->outcome == ADAPTER_PASSED)
        return;
    if (result->outcome == ADAPTER_HELD && !result->error[0]) {
        const struct mapping_rule *missing = first_missing (result->elements->root);
        fprintf (stream, "%s: held: what the message cannot go without may not go (%s)\n", program,
                 missing ? missing->name : "all of it");
    }
    print_denied (stream, program, result);
    if (result->outcome == ADAPTER_THINNED)
        print_consequences (stream, program, result);
    print_unknown (stream, program, &result->elements->unknown);
}

static json_t *json_reasons (const struct consent_item_answer *item)
{
    json_t *reasons = json_array ();
    for (size_t i = 0; i < item->reason_count; i++)
        json_array_append_new (
            reasons, json_pack ("{s:s, s:s}", "code", item->reasons[i].code, "rule", item->reasons[i].rule));
    return reasons;
}

static json_t *json_element (const struct adapter_result *result, const struct element *element)
{
    static const char *const grounds[] = {"none", "consent", "statute"};
    char path[ELEMENT_PATH];
    json_t *object = json_pack ("{s:s, s:s}", "path", element_path (element, path), "outcome",
                                element_outcome_name (element->outcome));
    if (element->use == MAPPING_CATEGORY && element->value) {
        json_object_set_new (object, "category", json_string (element->category));
        json_object_set_new (object, "origin", json_string (element->origin));
    }
    const struct consent_item_answer *item = item_answer (result, element);
    if (!item)
        return object;
    json_object_set_new (object, "verdict", json_string (item->verdict == CONSENT_PERMIT ? "PERMIT" : "DENY"));
    if (item->verdict == CONSENT_PERMIT && (size_t)item->ground < sizeof grounds / sizeof *grounds)
        json_object_set_new (object, "ground", json_string (grounds[item->ground]));
    if (item->reason_count > 0)
        json_object_set_new (object, "reasons", json_reasons (item));
    return object;
}

static void add_elements (json_t *report, const struct adapter_result *result)
{
    const struct elements *elements = result->elements;
    json_t *list = json_array ();
    for (const struct element *element = elements->root; element; element = element_next (element)) {
        if (element->value || element->outcome != ELEMENT_PASSED)
            json_array_append_new (list, json_element (result, element));
    }
    json_object_set_new (report, "mapping", json_string (elements->mapping->name));
    json_object_set_new (report, "elements", list);
    const struct unknown_parts *unknown = &elements->unknown;
    json_object_set_new (report, "unknown",
                         json_pack ("{s:I, s:I, s:I, s:I, s:I}", "elements", (json_int_t)unknown->elements,
                                    "texts", (json_int_t)unknown->texts, "attributes",
                                    (json_int_t)unknown->extras.attributes, "comments",
                                    (json_int_t)unknown->extras.comments, "instructions",
                                    (json_int_t)unknown->extras.instructions));
}

char *report_json (const struct adapter_order *order, const struct adapter_result *result)
{
    json_t *report = json_pack ("{s:s, s:s, s:s, s:s}", "outcome", outcome_name (result->outcome), "provider",
                                order->provider, "recipient", order->recipient, "purpose", order->purpose);
    if (result->error[0])
        json_object_set_new (report, "error", json_string (result->error));
    const struct consent_answer *answer = result->answer;
    if (answer && answer->status == CONSENT_OK) {
        json_object_set_new (report, "decision", json_integer ((json_int_t)answer->decision));
        json_object_set_new (report, "policy", json_string (answer->policy));
        json_object_set_new (report, "evaluated_at", json_integer (answer->evaluated_at));
    }
    if (result->elements && result->outcome <= ADAPTER_HELD)
        add_elements (report, result);
    char *text = json_dumps (report, JSON_INDENT (2));
    json_decref (report);
    if (!text)
        abort ();
    return text;
}
