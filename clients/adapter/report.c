#include "report.h"
#include "report_hide.h"
#include <string.h>
#include "text/escape.h"

enum { LIST_SHOWN = 16 };

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

/* What is denied of a client, and may be named; NULL: nothing of this item. */
static const struct consent_item_answer *denied_item (const struct passage *passage, size_t client, size_t item)
{
    const struct consent_item_answer *answer = passage_item (passage, client, item);
    bool told = answer && answer->verdict != CONSENT_PERMIT && !report_hides_item (passage, client, item);
    return told ? answer : NULL;
}

static bool is_any_denied (const struct passage *passage, size_t client)
{
    size_t count = passage_result (passage)->elements->item_count, item = 0;
    while (item < count && !denied_item (passage, client, item))
        item++;
    return item < count;
}

/* Prints the categories that are denied for the same reasons as this one. */
static void print_alike (FILE *stream, const struct passage *passage, size_t client, size_t first,
                         bool told[MAPPING_ITEMS_MAX])
{
    const struct elements *elements = passage_result (passage)->elements;
    const struct consent_item_answer *item = denied_item (passage, client, first);
    for (size_t i = first, count = 0; i < elements->item_count; i++) {
        const struct consent_item_answer *other = denied_item (passage, client, i);
        if (!other || !same_reasons (item, other))
            continue;
        fputs (count++ ? ", " : ": ", stream);
        escape_put (stream, elements->items[i].category);
        told[i] = true;
    }
}

static void print_denied_of (FILE *stream, const char *program, const struct passage *passage, size_t client)
{
    bool told[MAPPING_ITEMS_MAX] = {false};
    const struct elements *elements = passage_result (passage)->elements;
    for (size_t i = 0; i < elements->item_count; i++) {
        const struct consent_item_answer *item = denied_item (passage, client, i);
        if (!item || told[i])
            continue;
        fprintf (stream, "%s: ", program);
        if (elements->client_count > 1)
            fprintf (stream, "client %zu: ", client + 1);
        fputs ("not permitted:", stream);
        for (size_t j = 0; j < item->reason_count; j++)
            print_reason (stream, j, &item->reasons[j]);
        print_alike (stream, passage, client, i, told);
        fputc ('\n', stream);
    }
}

/* Prints one line for each set of reasons, with the categories that it is about. */
static void print_denied (FILE *stream, const char *program, const struct passage *passage)
{
    size_t count = passage_result (passage)->elements->client_count, told = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_denied = is_any_denied (passage, i);
        told += is_denied;
        if (is_denied && told <= LIST_SHOWN)
            print_denied_of (stream, program, passage, i);
    }
    if (told > LIST_SHOWN)
        fprintf (stream, "%s: and of %zu clients more (see --report)\n", program, told - LIST_SHOWN);
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
    if (element->outcome == ELEMENT_DENIED && !element->hidden)
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
        {.stream = stream, .program = program, .title = "left out, taken back before it went"},
    };
    char path[ELEMENT_PATH];
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (const struct element *element = elements->root; element; element = element_next (element)) {
            bool topmost = !element->hidden && element->outcome != ELEMENT_PASSED &&
                           element->parent->outcome == ELEMENT_PASSED;
            if (topmost && (element->outcome == ELEMENT_NEVER) == (i == 1) &&
                (element->outcome == ELEMENT_TAKEN_BACK) == (i == 2))
                list_add (&lists[i], element_path (element, path));
        }
        list_end (&lists[i]);
    }
}

/* Says where in the message elements stand for which the mapping has no line. */
static void print_places (FILE *stream, const char *program, const struct elements *elements)
{
    const struct unknown_parts *unknown = &elements->unknown;
    char title[300], place[ELEMENT_PATH];
    snprintf (title, sizeof title, "%s has no line for elements at", elements->mapping->name);
    struct list list = {.stream = stream, .program = program, .title = title};
    for (size_t i = 0; i < unknown->elements && i < UNKNOWN_PLACES_MAX; i++) {
        const struct unknown_place *at = &unknown->places[i];
        if (i > 0 && at->line == at[-1].line && at->parent == at[-1].parent)
            continue;
        snprintf (place, sizeof place, "line %ld in %s", at->line, at->parent->path);
        list_add (&list, place);
    }
    list_end (&list);
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
    if (result->outcome > PASSAGE_HELD || !result->elements->settled)
        return;
    size_t hidden = report_hide (passage);
    if (result->outcome == PASSAGE_HELD && !result->error[0])
        print_held (stream, program, result->elements);
    print_denied (stream, program, passage);
    if (result->outcome == PASSAGE_HELD)
        return;
    print_left_out (stream, program, result->elements);
    print_unknown (stream, program, &result->elements->unknown);
    print_places (stream, program, result->elements);
    if (hidden > 0)
        fprintf (stream, "%s: something else was left out\n", program);
}
