#include "policy_error.h"

#include <stdio.h>
#include <string.h>
#include "text/likely.h"
#include "text/utf8.h"

static const char *(*words_of) (const char *english);

void policy_error_speak (const char *(*words) (const char *english))
{
    words_of = words;
}

const char *policy_in_words (const char *english)
{
    return words_of != NULL ? words_of (english) : english;
}

/* Makes the message one line of whole characters. A word that was cut off may end in half a character, and the
   name of a file may hold anything. */
static void make_presentable (char *text)
{
    char *out = text;
    for (size_t left = strlen (text), size; left > 0; text += size, left -= size) {
        uint32_t point;
        size = utf8_decode (text, left, &point);
        if (size == 0)
            size = 1; /* a byte that is not part of a character */
        else if (point < 0x20 || point == 0x7F)
            *out++ = '?';
        else {
            memmove (out, text, size);
            out += size;
        }
    }
    *out = '\0';
}

int policy_error_vset (struct policy_error *error, const char *file, unsigned line, const char *format,
                       va_list list)
{
    error->stanza[0] = error->field[0] = '\0';
    snprintf (error->file, sizeof error->file, "%s", file);
    make_presentable (error->file);
    error->line = line;
    vsnprintf (error->message, sizeof error->message, policy_in_words (format), list);
    make_presentable (error->message);
    return POLICY_INVALID;
}

int policy_error_set (struct policy_error *error, const char *file, unsigned line, const char *format, ...)
{
    va_list list;
    va_start (list, format);
    policy_error_vset (error, file, line, format, list);
    va_end (list);
    return POLICY_INVALID;
}

void policy_error_place (struct policy_error *error, const char *sort, const char *name, const char *field)
{
    snprintf (error->stanza, sizeof error->stanza, "%.48s%s%.48s", sort, name[0] != '\0' ? " " : "", name);
    snprintf (error->field, sizeof error->field, "%.48s", field);
    make_presentable (error->stanza);
    make_presentable (error->field);
}

int policy_faults_add (struct policy_faults *self, const struct policy_error *error)
{
    if (self->count < self->limit)
        self->list[self->count] = *error;
    self->count++;
    return POLICY_INVALID;
}

int policy_faults_set (struct policy_faults *self, const char *file, unsigned line, const char *format, ...)
{
    struct policy_error error;
    va_list list;
    va_start (list, format);
    policy_error_vset (&error, file, line, format, list);
    va_end (list);
    return policy_faults_add (self, &error);
}

void policy_error_text (const struct policy_error *error, const char *directory, char text[POLICY_ERROR_TEXT])
{
    bool named = error->file[0] != '\0' && strcmp (error->file, directory) != 0;
    char line[16] = "";
    if (error->line > 0)
        snprintf (line, sizeof line, ":%u", error->line);
    snprintf (text, POLICY_ERROR_TEXT, "%s%s%s: %s%s%s%s%s", named ? "/" : "", named ? error->file : "", line,
              error->stanza, error->field[0] != '\0' ? ", " : "", error->field,
              error->stanza[0] != '\0' ? ": " : "", error->message);
}

void policy_nearest_start (struct policy_nearest *self, const char *word)
{
    size_t size = strlen (word);
    *self = (struct policy_nearest){.word = size <= POLICY_CODE_SIZE ? word : NULL};
    self->distance = 2 + size / 4; /* words that differ more are not alike */
}

void policy_nearest_offer (struct policy_nearest *self, const char *known)
{
    if (self->word == NULL)
        return;
    size_t size = strlen (known), distance = likely_distance (self->word, strlen (self->word), known, size);
    if (distance < self->distance && distance < size) {
        self->distance = distance;
        self->best = known;
    }
}

const char *policy_nearest_hint (const struct policy_nearest *self, char *hint, size_t size)
{
    hint[0] = '\0';
    if (self->best != NULL)
        snprintf (hint, size, policy_in_words ("; did you mean \"%s\"?"), self->best);
    return hint;
}
