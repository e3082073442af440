#include "event_json.h"

#include <ctype.h>
#include <string.h>
#include "codec/document.h"

static json_t *list_json (const char *const *list)
{
    json_t *array = json_array ();
    for (; *list; list++)
        json_array_append_new (array, document_string (*list));
    return array;
}

/* A word of a closed list, in capitals. null: none. */
static json_t *word_json (const char *word)
{
    char name[32];
    size_t size = strnlen (word, sizeof name - 1);
    for (size_t i = 0; i < size; i++)
        name[i] = (char)toupper ((unsigned char)word[i]);
    return size > 0 ? json_stringn (name, size) : json_null ();
}

json_t *event_document (const struct consent_event *event)
{
    const struct {
        const char *key;
        json_t *value;
    } members[] = {
        {"number", json_integer ((json_int_t)event->number)},
        {"type", document_string (event->type)},
        {"time", document_time (event->time)},
        {"consent_id", document_string (event->consent_id)},
        {"subject_ref", document_string (event->subject_ref)},
        {"providers", list_json (event->providers)},
        {"recipients", list_json (event->recipients)},
        {"categories", list_json (event->categories)},
        {"purpose", document_string (event->purpose)},
        {"whole", json_boolean (event->whole)},
        {"revision", json_integer ((json_int_t)event->revision)},
        {"answer", word_json (event->answer)},
        {"obligation", word_json (event->obligation)},
        {"decision", json_integer ((json_int_t)event->decision)},
        {"alarm", document_string (event->alarm)},
        {"party", document_string (event->party)},
        {"consumer", document_string (event->consumer)},
        {"request", json_integer ((json_int_t)event->request)},
        {"rights", word_json (event->rights)},
        {"due", document_time (event->due)},
    };
    json_t *object = json_object ();
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_object_set_new (object, members[i].key, members[i].value);
    return object;
}
