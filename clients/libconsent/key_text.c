#include "key_text.h"

#include <ctype.h>
#include <string.h>

/* The parts of a line `    name = "value"   # comment`. */
struct line {
    size_t indent;
    const char *name, *value;
    size_t name_size, value_size; /* name_size 0: a comment or an empty line. value_size 0: no value */
};

static size_t blanks (const char *text)
{
    return strspn (text, " ");
}

/* Nothing follows, or only a comment. */
static bool is_rest (const char *text)
{
    text += blanks (text);
    return strchr ("#\r\n", *text); /* also finds the end of the text */
}

/* Reads a value: in quotes, or bare up to a comment. */
static bool take_value (const char *text, struct line *line)
{
    text += blanks (text);
    if (*text == '"' || *text == '\'') {
        const char set[] = {*text, '\n', '\0'};
        line->value = text + 1;
        line->value_size = strcspn (text + 1, set);
        const char *end = line->value + line->value_size;
        return *end == *text && is_rest (end + 1);
    }
    line->value = text;
    line->value_size = strcspn (text, "#\r\n");
    while (line->value_size > 0 && text[line->value_size - 1] == ' ')
        line->value_size--;
    return true;
}

static bool take_line (const char *text, struct line *line)
{
    *line = (struct line){.indent = blanks (text)};
    line->name = text + line->indent;
    if (is_rest (text))
        return true;
    while (isalnum ((unsigned char)line->name[line->name_size]) ||
           (line->name[line->name_size] && strchr ("-_./$@", line->name[line->name_size])))
        line->name_size++;
    const char *after = line->name + line->name_size;
    after += blanks (after);
    if (line->name_size == 0)
        return false;
    return *after == '=' ? take_value (after + 1, line) : is_rest (after);
}

static const char *next_line (const char *text)
{
    text += strcspn (text, "\n");
    return *text ? text + 1 : text;
}

unsigned key_text_fault (const char *text)
{
    struct line line;
    for (unsigned number = 1; *text; number++, text = next_line (text))
        if (!take_line (text, &line))
            return number;
    return 0;
}

static bool is_named (const struct line *line, const char *name)
{
    return line->name_size == strlen (name) && memcmp (line->name, name, line->name_size) == 0;
}

bool key_text_copy (const char *text, const char *section, const char *name, char *value, size_t size)
{
    struct line line;
    bool inside = false;
    *value = '\0';
    for (; *text; text = next_line (text)) {
        if (!take_line (text, &line) || line.name_size == 0)
            continue;
        if (line.indent == 0)
            inside = is_named (&line, section);
        else if (inside && is_named (&line, name)) {
            if (line.value_size >= size)
                return false;
            if (line.value_size > 0)
                memcpy (value, line.value, line.value_size);
            value[line.value_size] = '\0';
            return true;
        }
    }
    return true;
}
