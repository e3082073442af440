#include "codec/document.h"
#include "report.h"
#include "report_hide.h"

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

/* Of each element of each message, so it does without looking at codes as if they could be anything. */
static void set_word (json_t *object, const char *key, const char *word)
{
    json_object_set_new_nocheck (object, key, json_string_nocheck (word ? word : ""));
}

static json_t *element_json (const struct passage *passage, const struct element *element)
{
    char path[ELEMENT_PATH];
    bool is_datum = element->use == MAPPING_CATEGORY && element->value;
    const struct consent_item_answer *item = item_answer (passage, element);
    json_t *object = json_object ();
    set_word (object, "path", element_path (element, path));
    set_word (object, "outcome", element_outcome_name (element->outcome));
    set_word (object, "category", is_datum ? element->category : NULL);
    set_word (object, "origin", is_datum ? element->origin : NULL);
    json_object_set_new_nocheck (object, "verdict", verdict_json (item));
    json_object_set_new_nocheck (object, "ground", ground_json (item));
    json_object_set_new_nocheck (object, "reasons", reasons_json (item));
    return object;
}

static json_t *elements_json (const struct passage *passage)
{
    json_t *list = json_array ();
    const struct elements *elements = passage_result (passage)->elements;
    for (const struct element *element = elements->root; element; element = element_next (element)) {
        if (!element->hidden && (element->value || element->outcome != ELEMENT_PASSED))
            json_array_append_new (list, element_json (passage, element));
    }
    return list;
}

/* Whom it is about, by the names that only this party has for them. */
static json_t *clients_json (const struct passage *passage)
{
    const struct passage_result *result = passage_result (passage);
    json_t *list = json_array ();
    for (size_t i = 0; result->clients && i < result->elements->client_count; i++) {
        const struct passage_client *said = &result->clients[i];
        const struct consent_answer *answer = said->decision ? said->decision : said->advice;
        json_array_append_new (
            list, json_pack ("{s:s, s:I, s:b}", "subject_ref", answer ? answer->subject_ref : "", "decision",
                             (json_int_t)(answer ? answer->decision : 0), "goes", said->decision != NULL));
    }
    return list;
}

static json_t *places_json (const struct unknown_parts *unknown)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < unknown->elements && i < UNKNOWN_PLACES_MAX; i++)
        json_array_append_new (list, json_pack ("{s:s, s:I}", "parent", unknown->places[i].parent->path, "line",
                                                (json_int_t)unknown->places[i].line));
    return list;
}

static json_t *unknown_json (const struct unknown_parts *unknown)
{
    return json_pack ("{s:I, s:I, s:I, s:I, s:I, s:o}", "elements", (json_int_t)unknown->elements, "texts",
                      (json_int_t)unknown->texts, "attributes", (json_int_t)unknown->extras.attributes, "comments",
                      (json_int_t)unknown->extras.comments, "instructions",
                      (json_int_t)unknown->extras.instructions, "places", places_json (unknown));
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
    };
    return names[code];
}

/* What is said about the message as a whole. */
static json_t *message_json (const struct passage *passage)
{
    const struct passage_result *result = passage_result (passage);
    const struct passage_client *said = result->clients;
    const struct consent_answer *answer = !said ? NULL : said->decision ? said->decision : said->advice;
    const struct mapping *mapping = result->elements ? result->elements->mapping : NULL;
    const char *code = report_code_name (result->code);
    return json_pack (
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "outcome", outcome_name (result->outcome),
        "code", code ? json_string (code) : json_null (), "error", document_string (result->error), "provider",
        document_string (passage_order (passage)->provider), "recipient",
        document_string (passage_recipient (passage)), "purpose", document_string (passage_purpose (passage)),
        "decision", (json_int_t)(answer ? answer->decision : 0), "policy",
        document_string (answer ? answer->policy : NULL), "evaluated_at",
        document_time (answer ? answer->evaluated_at : 0), "mapping",
        document_string (mapping ? mapping->name : NULL), "release",
        document_string (mapping ? mapping->release : NULL));
}

json_t *report_of_passage (const struct passage *passage)
{
    const struct passage_result *result = passage_result (passage);
    bool is_understood = result->elements && result->outcome <= PASSAGE_HELD;
    bool is_settled = is_understood && result->elements->settled;
    size_t hidden = is_settled ? report_hide (passage) : 0;
    json_t *report = message_json (passage);
    json_object_set_new (report, "clients", clients_json (passage));
    json_object_set_new (report, "elements", is_settled ? elements_json (passage) : json_array ());
    json_object_set_new (report, "not_told", json_integer ((json_int_t)hidden));
    json_object_set_new (report, "unknown",
                         is_understood ? unknown_json (&result->elements->unknown) : json_null ());
    return report;
}

char *report_json (const struct passage *passage)
{
    enum { INDENT = 2 };
    return document_text (report_of_passage (passage), INDENT);
}
