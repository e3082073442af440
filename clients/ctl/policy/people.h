/* How many people something is about, by the pseudonyms that the registry gives this key (V6). */
#pragma once
#include <stdint.h>

enum { PEOPLE_REF = 16 /* bytes of a pseudonym */ };

/* Begins as {0}. */
struct people {
    void *seen;
    uint64_t count;
};

/* Counts the person, if it is one who was not counted before. */
void people_add (struct people *self, const uint8_t ref[PEOPLE_REF]);
void people_clear (struct people *self);
