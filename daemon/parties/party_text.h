/* A party as operators write it, and as the store keeps it: texts, checked here for their syntax, whether they
   came in a file or in a message. Whether its kind and its role exist, parties.h says. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum {
    PARTY_KEYS = 8,            /* most keys of a party */
    PARTY_KEY_NAME = 24,       /* longest name of a key */
    PARTY_LIMIT_MOST = 1000000 /* highest number of each limit */
};

/* With which a party signs in. Days are calendar days in Amsterdam. */
struct party_key {
    const char *name;       /* tells the keys of one party apart */
    const char *public_key; /* Z85, 40 characters */
    const char *since;      /* first day; "": from always */
    const char *until;      /* first day without; "": open */
};

/* What a party may take (L3, L4, L6). 0: as the configuration says. */
struct party_limits {
    uint32_t requests_per_second, requests_burst;
    uint32_t log_per_second, log_burst; /* KiB */
    uint32_t connections;
    uint32_t subjects_per_hour;
};

/* "" is what is not said. A party that is not active has no key. */
struct party_text {
    const char *id, *kind, *role;
    const char *secrecy;                          /* official or professional: raises that of its kind */
    const char *agreement_from, *agreement_until; /* first day, first day without */
    const char *agreement_reference, *contact;    /* of the organisation, not of a person */
    const char *agb, *gemeentecode, *oin;         /* 8, 4 and 20 digits: how others call it */
    const struct party_key *keys;                 /* 1-8 of an active party */
    size_t key_count;
    struct party_limits limits;
    bool active;
};

/* The settings of a party, by the names that they have in its file, in the order in which they are written. */
struct party_setting {
    const char *name; /* "role", "identifiers/agb" */
    size_t offset;    /* of the text in struct party_text, or of the number */
};
enum { PARTY_SETTINGS = 10, PARTY_LIMITS = 6 };
extern const struct party_setting party_settings[PARTY_SETTINGS]; /* texts */
extern const struct party_setting party_limits[PARTY_LIMITS];     /* uint32_t */

const char *party_setting (const struct party_text *party, size_t index);
void party_setting_set (struct party_text *party, size_t index, const char *text);
uint32_t party_limit (const struct party_text *party, size_t index);
void party_limit_set (struct party_text *party, size_t index, uint32_t number);

/* What is wrong with a party. */
struct party_fault {
    const char *name;    /* of the setting; of a key's: "public-key" */
    int key;             /* index of that key; -1: none */
    const char *message; /* NULL: nothing is wrong */
};

/* Checks what can be told from the text alone. The message is static or the arena's. True if nothing is wrong. */
bool party_text_check (const struct party_text *party, struct arena *arena, struct party_fault *fault);
/* The field of a message that the fault is about, of a party at `path`: "party.keys[0].public_key". The arena's.
 */
const char *party_fault_field (const char *path, const struct party_fault *fault, struct arena *arena);
/* A copy in the arena, with "" for NULL, and without the keys of one that is not active. */
struct party_text party_text_copy (const struct party_text *party, struct arena *arena);
bool party_text_equal (const struct party_text *a, const struct party_text *b);
/* The key of that name, or NULL. */
const struct party_key *party_text_key (const struct party_text *party, const char *name);
