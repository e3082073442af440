/* A new key of a party, with the place where the party finds the registry. */
#pragma once
#include "ctl.h"
#include "parties/party_text.h"
#include "secret_file.h"

/* Where the party reaches the registry, if that is not as the registry is configured now. */
#define PARTY_PLACE_OPTIONS                                                                                    \
    {"requests", "ENDPOINT", "where the party reaches the registry\n(else as the registry is configured)", 0}, \
    {                                                                                                          \
        "events", "ENDPOINT", "the same for events", 0                                                         \
    }

/* Makes a key pair in a new file, with the place of the registry. *key is its public half, in the arena; it counts
   from today, unless --since says otherwise. 0, or an exit code with its line printed, and no file is left. */
struct party_new_key {
    const char *party, *name, *file, *since, *until;
    bool is_operator;
};
int party_make_key (struct ctl *ctl, const struct options *options, const struct party_new_key *wanted,
                    struct party_key *key);
/* To be called if the registry did not accept a request with that key: says so, and removes the file, unless it is
   not known whether the registry has the key. Returns `error`. */
int party_key_refused (int error, const char *party, const char *file);
/* Says what to do with the file of a key that was accepted. */
void party_say_key (const char *party, const char *file);
