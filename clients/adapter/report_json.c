#include "report.h"
#include "report_hide.h"

static const char *outcome_name (enum passage_outcome outcome)
{
    static const char *const names[] = {"PASSED", "THINNED", "HELD", "BAD_MESSAGE", "NO_ANSWER", "BAD_SCHEMA"};
    return names[outcome];
}

static const char *element_outcome_name (enum element_outcome outcome)
{
    static const char *const names[] = {"PASSED", "DENIED",      "NEVER",     "INCOMPLETE",
                                        "EMPTY",  "WITH_PARENT", "TAKEN_BACK"};
    return names[outcome];
}

/* Of what is about all clients: the answer that keeps it from going, if there is one. */
static const struct consent_item_answer *item_answer (const struct passage *passage, const struct element *element)
{
    const struct consent_item_answer *answer = NULL;
    size_t count = element->item < 0 ? 0 : passage_result (passage)->elements->client_count;
    for (size_t i = 0; i < count && !(answer && answer->verdict != CONSENT_PERMIT); i++) {
        if (element->client < 0 || (size_t)element->client == i)
            answer = passage_item (passage, i, (size_t)element->item);
    }
    return answer;
}

static void write_reasons (struct document_writer *to, const struct consent_item_answer *item)
{
    document_open_list (to, "reasons");
    for (size_t i = 0; item && i < item->reason_count; i++) {
        document_open_object (to, NULL);
        document_put_text (to, "code", item->reasons[i].code);
        document_put_text (to, "rule", item->reasons[i].rule);
        document_close_object (to);
    }
    document_close_list (to);
}

static const char *ground_name (const struct consent_item_answer *item)
{
    static const char *const names[] = {
        [CONSENT_GROUND_CONSENT] = "CONSENT",
        [CONSENT_GROUND_STATUTE] = "STATUTE",
        [CONSENT_GROUND_WRITTEN_REQUEST] = "WRITTEN_REQUEST",
        [CONSENT_GROUND_URGENT_REASONS] = "URGENT_REASONS",
    };
    bool is_known = item && item->verdict == CONSENT_PERMIT && (size_t)item->ground < sizeof names / sizeof *names;
    return is_known ? names[item->ground] : NULL;
}

static const char *verdict_name (const struct consent_item_answer *item)
{
    return !item ? NULL : item->verdict == CONSENT_PERMIT ? "PERMIT" : "DENY";
}

static void write_element (struct document_writer *to, const struct passage *passage,
                           const struct element *element)
{
    char path[ELEMENT_PATH];
    bool is_datum = element->use == MAPPING_CATEGORY && element->value;
    const struct consent_item_answer *item = item_answer (passage, element);
    document_open_object (to, NULL);
    document_put_text (to, "path", element_path (element, path));
    document_put_word (to, "outcome", element_outcome_name (element->outcome));
    document_put_text (to, "category", is_datum ? element->category : NULL);
    document_put_text (to, "origin", is_datum ? element->origin : NULL);
    document_put_word (to, "verdict", verdict_name (item));
    document_put_word (to, "ground", ground_name (item));
    write_reasons (to, item);
    document_close_object (to);
}

static void write_elements (struct document_writer *to, const struct passage *passage)
{
    const struct elements *elements = passage_result (passage)->elements;
    for (const struct element *element = elements->root; element; element = element_next (element)) {
        if (!element->hidden && (element->value || element->outcome != ELEMENT_PASSED))
            write_element (to, passage, element);
    }
}

/* Whom it is about, by the names that only this party has for them. */
static void write_clients (struct document_writer *to, const struct passage *passage)
{
    const struct passage_result *result = passage_result (passage);
    document_open_list (to, "clients");
    for (size_t i = 0; result->clients && i < result->elements->client_count; i++) {
        const struct consent_answer *answer = passage_answer (passage, i);
        document_open_object (to, NULL);
        document_put_text (to, "subject_ref", answer ? answer->subject_ref : "");
        document_put_number (to, "decision", answer ? (int64_t)answer->decision : 0);
        document_put_truth (to, "goes", result->clients[i].decision != NULL);
        document_close_object (to);
    }
    document_close_list (to);
}

/* Out of how many messages it takes back. */
static void write_takes_back (struct document_writer *to, const struct passage *passage)
{
    size_t count, went = 0, held = 0, taking = 0;
    const struct passage_product *products = passage_products (passage, &count);
    for (size_t i = 0; i < count; i++) {
        taking += products[i].takes_back;
        went += products[i].went;
        held += products[i].held;
    }
    if (taking == 0) {
        document_put_word (to, "takes_back", NULL);
        return;
    }
    document_open_object (to, "takes_back");
    document_put_number (to, "products", (int64_t)taking);
    document_put_number (to, "went", (int64_t)went);
    document_put_number (to, "held", (int64_t)held);
    document_close_object (to);
}

static void write_places (struct document_writer *to, const struct unknown_parts *unknown)
{
    document_open_list (to, "places");
    for (size_t i = 0; i < unknown->elements && i < UNKNOWN_PLACES_MAX; i++) {
        document_open_object (to, NULL);
        document_put_text (to, "parent", unknown->places[i].parent->path);
        document_put_number (to, "line", unknown->places[i].line);
        document_close_object (to);
    }
    document_close_list (to);
}

static void write_unknown (struct document_writer *to, const struct unknown_parts *unknown)
{
    document_open_object (to, "unknown");
    document_put_number (to, "elements", (int64_t)unknown->elements);
    document_put_number (to, "texts", (int64_t)unknown->texts);
    document_put_number (to, "attributes", (int64_t)unknown->extras.attributes);
    document_put_number (to, "comments", (int64_t)unknown->extras.comments);
    document_put_number (to, "instructions", (int64_t)unknown->extras.instructions);
    write_places (to, unknown);
    document_close_object (to);
}

const char *report_code_name (enum passage_code code)
{
    static const char *const names[] = {
        NULL,
        "DENIED",
        "BSN_IN_TEXT",
        "WRONG_SENDER",
        "WRONG_RECEIVER",
        "NO_IDENTIFIER",
        "UNKNOWN_RECEIVER",
        "ANSWERS_NOTHING",
        "NOT_VALID",
        "CHANGED",
        "REVOKED_SINCE",
        "UNWRITABLE",
        "TAKEN_BACK",
    };
    return names[code];
}

/* What is said about the message as a whole. */
static void write_message (struct document_writer *to, const struct passage *passage, const char *code)
{
    const struct passage_result *result = passage_result (passage);
    const struct consent_answer *answer = passage_answer (passage, 0);
    const struct mapping *mapping = result->elements ? result->elements->mapping : NULL;
    document_put_word (to, "outcome", outcome_name (result->outcome));
    document_put_word (to, "code", code ? code : report_code_name (result->code));
    document_put_text (to, "error", result->error);
    document_put_text (to, "provider", passage_provider (passage));
    document_put_text (to, "recipient", passage_recipient (passage));
    document_put_text (to, "purpose", passage_purpose (passage));
    document_put_number (to, "decision", answer ? (int64_t)answer->decision : 0);
    document_put_text (to, "policy", answer ? answer->policy : NULL);
    document_put_time (to, "evaluated_at", answer ? answer->evaluated_at : 0);
    document_put_text (to, "mapping", mapping ? mapping->name : NULL);
    document_put_text (to, "release", mapping ? mapping->release : NULL);
}

void report_write (struct document_writer *to, const struct passage *passage, const char *code)
{
    const struct passage_result *result = passage_result (passage);
    bool is_understood = result->elements && result->outcome <= PASSAGE_HELD;
    bool is_settled = is_understood && result->elements->settled;
    size_t hidden = is_settled ? report_hide (passage) : 0;
    write_message (to, passage, code);
    write_clients (to, passage);
    document_open_list (to, "elements");
    if (is_settled)
        write_elements (to, passage);
    document_close_list (to);
    write_takes_back (to, passage);
    document_put_number (to, "not_told", (int64_t)hidden);
    if (is_understood)
        write_unknown (to, &result->elements->unknown);
    else
        document_put_word (to, "unknown", NULL);
}

char *report_json (const struct passage *passage)
{
    enum { INDENT = 2 };
    struct document_writer writer;
    document_begin (&writer, INDENT);
    document_open_object (&writer, NULL);
    report_write (&writer, passage, NULL);
    document_close_object (&writer);
    return document_end (&writer);
}
