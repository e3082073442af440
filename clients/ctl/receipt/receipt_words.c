#include "receipt_words.h"
#include <string.h>
#include "text/utf8.h"

enum { LABEL_SIZE = 255 /* bytes of a label, at most */ };

/* In JSON-LD a name with one of these can be a keyword, or of a vocabulary. */
static bool is_plain_name (const char *name)
{
    return strpbrk (name, "@:") == NULL;
}

static bool is_list_of_labels (json_t *list)
{
    const char *code;
    json_t *label;
    bool valid = json_is_object (list);
    json_object_foreach (list, code, label) valid = valid && is_plain_name (code) && json_is_string (label);
    return valid;
}

bool receipt_words_are_valid (json_t *words)
{
    const char *kind;
    json_t *one;
    bool valid = words == NULL || json_is_object (words);
    json_object_foreach (words, kind, one)
    {
        bool is_controller = strcmp (kind, "controller") == 0 && json_is_string (one);
        valid = valid && is_plain_name (kind) && (is_controller || is_list_of_labels (one));
    }
    return valid;
}

/* Letters of Latin script, and the signs that stand between them: none that is unseen, turns the line around, or
   is like a bracket. */
static bool is_seen (uint32_t point)
{
    return (point >= ' ' && point <= '~') || (point > 0xa0 && point < 0x250 && point != 0xad) ||
           (point >= 0x2010 && point <= 0x2027) || point == 0x20ac;
}

/* Every bracket in it is opened before it is closed, and closed. */
static bool stays_in_brackets (const char *label)
{
    size_t size = strlen (label), open = 0;
    if (size == 0 || size > LABEL_SIZE)
        return false;
    for (size_t at = 0, step; at < size; at += step) {
        uint32_t point;
        step = utf8_decode (label + at, size - at, &point);
        if (step == 0 || !is_seen (point) || (point == ')' && open == 0))
            return false;
        open += point == '(';
        open -= point == ')';
    }
    return open == 0;
}

const char *receipt_words_of (const json_t *words, const char *kind, const char *code)
{
    const char *label = json_string_value (json_object_get (json_object_get (words, kind), code));
    return label != NULL && stays_in_brackets (label) ? label : NULL;
}
