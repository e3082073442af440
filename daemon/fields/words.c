#include "words.h"

#include <string.h>

enum { TRIES = 8 };

static uint32_t hash_of (const char *text)
{
    uint32_t hash = UINT32_C (2166136261);
    for (; *text != '\0'; text++)
        hash = (hash ^ (uint8_t)*text) * UINT32_C (16777619);
    return hash;
}

unsigned words_number (struct words *self, const char *text)
{
    uint32_t at = hash_of (text);
    for (unsigned i = 0; i < TRIES; i++, at++) {
        uint8_t *number = &self->slots[at % WORDS_SLOTS];
        if (*number == 0 && self->count == WORDS)
            return 0;
        if (*number == 0) {
            self->word[self->count++] = text;
            return *number = (uint8_t)self->count;
        }
        if (strcmp (self->word[*number - 1], text) == 0)
            return *number;
    }
    return 0;
}
