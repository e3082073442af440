#include "report.h"
#include <stdlib.h>
#include <string.h>
#include "codec/document.h"
#include "text/escape.h"

enum { LIST_SHOWN = 16 };

static const char *outcome_name (enum passage_outcome outcome)
{
    static const char *const names[] = {"PASSED", "THINNED", "HELD", "BAD_MESSAGE", "NO_ANSWER", "BAD_SCHEMA"};
    return names[outcome];
}

static const char *element_outcome_name (enum element_outcome outcome)
{
    static const char *const names[] = {"PASSED", "DENIED", "NEVER", "INCOMPLETE", "EMPTY", "WITH_PARENT"};
    return names[outcome];
}

static const struct consent_item_answer *item_answer (const struct passage *passage, const struct element *element)
{
    return element->item < 0 ? NULL : passage_item (passage, 0, (size_t)element->item);
}

/* A list of words on one line. Its length is limited, however large the message is. */
struct list {
    FILE *stream;
    const char *program, *title;
    size_t count;
};

static void list_add (struct list *self, const char *word)
{
    if (self->count == 0)
        fprintf (self->stream, "%s: %s: ", self->program, self->title);
    if (self->count < LIST_SHOWN) {
        fputs (self->count ? ", " : "", self->stream);
        escape_put (self->stream, word);
    }
    self->count++;
}

static void list_end (struct list *self)
{
    if (self->count > LIST_SHOWN)
        fprintf (self->stream, " and %zu more (see --report)", self->count - LIST_SHOWN);
    if (self->count > 0)
        fputc ('\n', self->stream);
}

static bool same_reasons (const struct consent_item_answer *a, const struct consent_item_answer *b)
{
    if (a->reason_count != b->reason_count)
        return false;
    for (size_t i = 0; i < a->reason_count; i++) {
        if (strcmp (a->reasons[i].code, b->reasons[i].code) != 0)
            return false;
    }
    return true;
}

static void print_reason (FILE *stream, size_t before, const struct consent_reason *reason)
{
    fprintf (stream, "%s %s (", before ? "," : "", reason->code);
    escape_put (stream, reason->rule);
    fputc (')', stream);
}

/* Prints the categories that are denied for the same reasons as this one. */
static void print_alike (FILE *stream, const struct passage *passage, size_t first, bool told[MAPPING_ITEMS_MAX])
{
    const struct elements *elements = passage_result (passage)->elements;
    const struct consent_item_answer *item = passage_item (passage, 0, first);
    for (size_t i = first, count = 0; i < elements->item_count; i++) {
        const struct consent_item_answer *other = passage_item (passage, 0, i);
        if (!other || other->verdict == CONSENT_PERMIT || !same_reasons (item, other))
            continue;
        fputs (count++ ? ", " : ": ", stream);
        escape_put (stream, elements->items[i].category);
        told[i] = true;
    }
}

/* Prints one line for each set of reasons, with the categories that it is about. */
static void print_denied (FILE *stream, const char *program, const struct passage *passage)
{
    bool told[MAPPING_ITEMS_MAX] = {false};
    for (size_t i = 0; i < passage_result (passage)->elements->item_count; i++) {
        const struct consent_item_answer *item = passage_item (passage, 0, i);
        if (!item || told[i] || item->verdict == CONSENT_PERMIT)
            continue;
        fprintf (stream, "%s: not permitted:", program);
        for (size_t j = 0; j < item->reason_count; j++)
            print_reason (stream, j, &item->reasons[j]);
        print_alike (stream, passage, i, told);
        fputc ('\n', stream);
    }
}

static bool may_go (const struct element *element)
{
    return element->outcome == ELEMENT_PASSED || element->outcome == ELEMENT_WITH_PARENT;
}

/* Its parent cannot go without such an element, and no other of its kind may go. */
static bool is_missed (const struct element *element)
{
    if (!mapping_is_required (element->rule))
        return false;
    for (const struct element *other = element->parent->first_child; other; other = other->next) {
        if (other->rule == element->rule && may_go (other))
            return false;
    }
    return true;
}

/* Marks the denied values without which an element does not go. */
static void mark_blocking (const struct element *element, bool blocking[MAPPING_ITEMS_MAX])
{
    if (element->outcome == ELEMENT_DENIED)
        blocking[element->item] = true;
    for (const struct element *child = element->first_child; child; child = child->next) {
        if (element->outcome == ELEMENT_EMPTY || (element->outcome == ELEMENT_INCOMPLETE && is_missed (child)))
            mark_blocking (child, blocking);
    }
}

static void print_held (FILE *stream, const char *program, const struct elements *elements)
{
    bool blocking[MAPPING_ITEMS_MAX] = {false};
    struct list list = {.stream = stream, .program = program, .title = "held: the message cannot go without"};
    mark_blocking (elements->root, blocking);
    for (size_t i = 0; i < elements->item_count; i++) {
        if (blocking[i])
            list_add (&list, elements->items[i].category);
    }
    list_end (&list);
    if (list.count == 0)
        fprintf (stream, "%s: held: nothing is left that the message could go with\n", program);
}

/* Prints the topmost elements that are left out: first those that may not go, then those that have no place. */
static void print_left_out (FILE *stream, const char *program, const struct elements *elements)
{
    struct list lists[] = {
        {.stream = stream, .program = program, .title = "left out"},
        {.stream = stream, .program = program, .title = "left out, not for this recipient"},
    };
    char path[ELEMENT_PATH];
    for (size_t i = 0; i < 2; i++) {
        for (const struct element *element = elements->root; element; element = element_next (element)) {
            bool topmost = element->outcome != ELEMENT_PASSED && element->parent->outcome == ELEMENT_PASSED;
            if (topmost && (element->outcome == ELEMENT_NEVER) == (i == 1))
                list_add (&lists[i], element_path (element, path));
        }
        list_end (&lists[i]);
    }
}

static void print_unknown (FILE *stream, const char *program, const struct unknown_parts *unknown)
{
    const struct {
        size_t count;
        const char *one, *several;
    } parts[] = {{unknown->elements, "element", "elements"},
                 {unknown->texts, "text between elements", "texts between elements"},
                 {unknown->extras.attributes, "attribute", "attributes"},
                 {unknown->extras.comments, "comment", "comments"},
                 {unknown->extras.instructions, "processing instruction", "processing instructions"}};
    struct list list = {.stream = stream, .program = program, .title = "left out, unknown to the mapping"};
    char words[64];
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf (words, sizeof words, "%zu %s", parts[i].count,
                  parts[i].count == 1 ? parts[i].one : parts[i].several);
        if (parts[i].count > 0)
            list_add (&list, words);
    }
    list_end (&list);
}

void report_print (FILE *stream, const char *program, const struct passage *passage)
{
    const struct passage_result *result = passage_result (passage);
    if (result->error[0])
        escape_line (stream, "%s: %s%s", program, result->outcome == PASSAGE_HELD ? "held: " : "", result->error);
    if (result->outcome > PASSAGE_HELD)
        return;
    if (result->outcome == PASSAGE_HELD && !result->error[0])
        print_held (stream, program, result->elements);
    print_denied (stream, program, passage);
    if (result->outcome == PASSAGE_HELD)
        return;
    print_left_out (stream, program, result->elements);
    print_unknown (stream, program, &result->elements->unknown);
}

static json_t *reasons_json (const struct consent_item_answer *item)
{
    json_t *reasons = json_array ();
    for (size_t i = 0; item && i < item->reason_count; i++)
        json_array_append_new (
            reasons, json_pack ("{s:s, s:s}", "code", item->reasons[i].code, "rule", item->reasons[i].rule));
    return reasons;
}

static json_t *ground_json (const struct consent_item_answer *item)
{
    static const char *const names[] = {
        [CONSENT_GROUND_CONSENT] = "CONSENT",
        [CONSENT_GROUND_STATUTE] = "STATUTE",
        [CONSENT_GROUND_WRITTEN_REQUEST] = "WRITTEN_REQUEST",
        [CONSENT_GROUND_URGENT_REASONS] = "URGENT_REASONS",
    };
    bool is_known = item && item->verdict == CONSENT_PERMIT && (size_t)item->ground < sizeof names / sizeof *names;
    return is_known && names[item->ground] ? json_string (names[item->ground]) : json_null ();
}

static json_t *verdict_json (const struct consent_item_answer *item)
{
    return item ? json_string (item->verdict == CONSENT_PERMIT ? "PERMIT" : "DENY") : json_null ();
}

static json_t *element_json (const struct passage *passage, const struct element *element)
{
    char path[ELEMENT_PATH];
    bool is_datum = element->use == MAPPING_CATEGORY && element->value;
    const struct consent_item_answer *item = item_answer (passage, element);
    return json_pack ("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "path", element_path (element, path), "outcome",
                      element_outcome_name (element->outcome), "category",
                      document_string (is_datum ? element->category : NULL), "origin",
                      document_string (is_datum ? element->origin : NULL), "verdict", verdict_json (item),
                      "ground", ground_json (item), "reasons", reasons_json (item));
}

static json_t *elements_json (const struct passage *passage)
{
    json_t *list = json_array ();
    const struct elements *elements = passage_result (passage)->elements;
    for (const struct element *element = elements->root; element; element = element_next (element)) {
        if (element->value || element->outcome != ELEMENT_PASSED)
            json_array_append_new (list, element_json (passage, element));
    }
    return list;
}

static json_t *unknown_json (const struct unknown_parts *unknown)
{
    return json_pack ("{s:I, s:I, s:I, s:I, s:I}", "elements", (json_int_t)unknown->elements, "texts",
                      (json_int_t)unknown->texts, "attributes", (json_int_t)unknown->extras.attributes, "comments",
                      (json_int_t)unknown->extras.comments, "instructions",
                      (json_int_t)unknown->extras.instructions);
}

const char *report_code_name (enum passage_code code)
{
    static const char *const names[] = {NULL, "DENIED", "NOT_VALID", "CHANGED", "UNWRITABLE"};
    return names[code];
}

/* What is said about the message as a whole. */
static json_t *message_json (const struct passage *passage)
{
    const struct passage_order *order = passage_order (passage);
    const struct passage_result *result = passage_result (passage);
    const struct passage_client *said = result->clients;
    const struct consent_answer *answer = !said ? NULL : said->decision ? said->decision : said->advice;
    bool is_understood = result->elements && result->outcome <= PASSAGE_HELD;
    const char *code = report_code_name (result->code);
    return json_pack ("{s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "outcome",
                      outcome_name (result->outcome), "code", code ? json_string (code) : json_null (), "error",
                      document_string (result->error), "provider", document_string (order->provider), "recipient",
                      document_string (order->recipient), "purpose", document_string (order->purpose), "decision",
                      (json_int_t)(answer ? answer->decision : 0), "policy",
                      document_string (answer ? answer->policy : NULL), "evaluated_at",
                      document_time (answer ? answer->evaluated_at : 0), "mapping",
                      document_string (is_understood ? result->elements->mapping->name : NULL));
}

json_t *report_of_passage (const struct passage *passage)
{
    const struct passage_result *result = passage_result (passage);
    bool is_understood = result->elements && result->outcome <= PASSAGE_HELD;
    json_t *report = message_json (passage);
    json_object_set_new (report, "elements", is_understood ? elements_json (passage) : json_array ());
    json_object_set_new (report, "unknown",
                         is_understood ? unknown_json (&result->elements->unknown) : json_null ());
    return report;
}

char *report_json (const struct passage *passage)
{
    enum { INDENT = 2 };
    return document_text (report_of_passage (passage), INDENT);
}
