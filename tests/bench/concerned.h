/* Those whom a withdrawal concerns: parties of the bench's own, consents that name many of them, and the
   withdrawals of these. */
#pragma once
#include "setting.h"

enum { CONCERNED_PARTIES = 63 /* a consent names at most 32 providers and 32 recipients */ };

struct concerned {
    char id[33];
    struct bench_identity identity; /* at the events endpoint */
};

/* Makes the parties, with keys of their own, as an operator does. */
void concerned_add (struct setting *setting, struct concerned all[CONCERNED_PARTIES]);

/* Consents that name the first so many of the parties, each about somebody else. */
struct concerned_consents {
    size_t parties; /* 2 to CONCERNED_PARTIES */
    uint8_t (*ids)[16];
    size_t count, withdrawn;
};

/* Records these people, who are new, each with such a consent. Caller frees `ids`. */
void concerned_grant (struct setting *setting, struct people people, size_t parties,
                      struct concerned_consents *consents);
/* Writes the withdrawal of the next of them into `message`, and returns its size. Ends the program if none is
 * left.
 */
size_t concerned_withdraw (struct concerned_consents *consents, uint8_t *message);
