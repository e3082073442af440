/* The client that is tested: a program of its own, run for each case. What it permits and hears it says in lines.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "middle.h"

enum { LINES = 256, LINE_SIZE = 160 };

struct tested {
    int pid;
    int in, out; /* pipes; -1: closed */
    bool ended;
    int code;                    /* then: its exit code, or 128 + the number of the signal */
    char line[LINES][LINE_SIZE]; /* without the newline; of a longer one its beginning */
    size_t count;
    char rest[LINE_SIZE]; /* of a line that is not whole yet */
    size_t rest_size;
};

/* Starts the program with its own words and then `words`; both end with NULL. `text` goes to its standard input,
   which is then closed unless `stays`. 0 or -errno. */
int tested_start (struct tested *self, char *const *program, const char *const *words, const char *text,
                  bool stays);
/* Reads what it has said by now, and notices that it has ended. */
void tested_read (struct tested *self);
/* Closes its standard input: it is to end. */
void tested_let_go (struct tested *self);
/* Ends it, and waits for that. */
void tested_stop (struct tested *self);

/* It said this line. */
bool tested_said (const struct tested *self, const char *line);
/* The first line of which the words 1 and 3 of "event NUMBER KIND CONSENT_ID" are these; 0: none. The number of
   the event. */
uint64_t tested_heard (const struct tested *self, const char *kind, const char *consent_id);
/* What it permits: the categories in the order in which it said them, with blanks between them. */
void tested_permits (const struct tested *self, char *text, size_t size);
