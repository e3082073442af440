/* The words of a message while it is written: texts that stand in it once, and are named by their number wherever
   they are meant. */
#pragma once
#include <stdint.h>

enum {
    WORDS = 255,       /* at most in one message; further texts stand where they are meant */
    WORDS_SLOTS = 512, /* of the table; a power of two */
};

struct words {
    const char *word[WORDS]; /* borrowed; the first has number 1 */
    unsigned count;
    uint8_t slots[WORDS_SLOTS]; /* numbers, by hash; 0: free */
};

/* The number of the text, which becomes a word if it is none. 0: it is none, and cannot become one. The work is
   bounded, whatever the texts are. */
unsigned words_number (struct words *self, const char *text);
