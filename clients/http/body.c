#include "body.h"

#include <stdbool.h>

/* Counts what is open outside texts. What is no JSON at all is left to the parser, which recurses as deep as this
   allows and no deeper. */
static bool is_deeper (const char *data, size_t size, size_t most)
{
    size_t depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < size; i++) {
        char c = data[i];
        if (in_text && c == '\\')
            i++;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && (c == '{' || c == '['))
            depth++;
        else if (!in_text && (c == '}' || c == ']') && depth > 0)
            depth--;
        if (depth > most)
            return true;
    }
    return false;
}

json_t *body_read (const char *data, size_t size, const char **why)
{
    if (size == 0) {
        *why = "the body is empty";
        return NULL;
    }
    if (is_deeper (data, size, BODY_DEPTH)) {
        *why = "the body has objects or lists too deep within each other";
        return NULL;
    }
    json_t *body = json_loadb (data, size, JSON_REJECT_DUPLICATES, NULL);
    if (!body)
        *why = "the body is not JSON in UTF-8, or has a name twice in one object, or a NUL";
    else if (!json_is_object (body)) {
        json_decref (body);
        body = NULL;
        *why = "the body is not an object";
    }
    return body;
}
