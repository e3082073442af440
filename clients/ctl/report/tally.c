#include "tally.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t tally_add (json_t *counts, const char *name, uint64_t more)
{
    uint64_t count = tally_of (counts, name) + more;
    json_object_set_new (counts, name, json_integer ((json_int_t)count));
    return count;
}

uint64_t tally_of (const json_t *counts, const char *name)
{
    return (uint64_t)tally_number (counts, name);
}

json_t *tally_names (json_t *counts)
{
    json_t *names = json_array (), *count;
    const char *name;
    json_object_foreach (counts, name, count) json_array_append_new (names, json_string (name));
    return names;
}

char *tally_join (json_t *counts, const char *between)
{
    char *text;
    size_t size;
    const char *name, *before = "";
    json_t *count;
    FILE *out = open_memstream (&text, &size);
    if (!out)
        abort ();
    json_object_foreach (counts, name, count)
    {
        fprintf (out, "%s%s", before, name);
        before = between;
    }
    if (fclose (out) != 0)
        abort ();
    return text;
}

const char *tally_text (const json_t *object, const char *key)
{
    const char *text = json_string_value (json_object_get (object, key));
    return text ? text : "";
}

int64_t tally_number (const json_t *object, const char *key)
{
    return json_integer_value (json_object_get (object, key));
}

json_t *tally_within (json_t *object, const char *key)
{
    if (!json_object_get (object, key))
        json_object_set_new (object, key, json_object ());
    return json_object_get (object, key);
}
