/* A new key of a party, with where it finds the registry. */
#pragma once
#include "ctl.h"
#include "parties/party_text.h"
#include "secret_file.h"

/* Where the party reaches the registry, where it is not as the registry is configured now. */
#define PARTY_PLACE_OPTIONS                                                                                    \
    {"requests", "ENDPOINT", "where the party reaches the registry\n(else as the registry is configured)", 0}, \
    {                                                                                                          \
        "events", "ENDPOINT", "the same for events", 0                                                         \
    }

/* A key pair in a new file, with where the registry is; *key is its public half, in the arena, from today on
   unless
   --since says otherwise. 0, or an exit code with its line printed, and then nothing is left. */
struct party_new_key {
    const char *party, *name, *file, *since, *until;
    bool is_operator;
};
int party_make_key (struct ctl *ctl, const struct options *options, const struct party_new_key *wanted,
                    struct party_key *key);
/* What to say, and to take back, where the registry did not take what was asked for with that key. Returns
 * `error`. */
int party_key_refused (int error, const char *party, const char *file);
