/* A party as operators write it, and as the store keeps it: texts. Their syntax is checked here, whether they came
   in a file or in a message. parties.h checks whether the kind and the role exist. */
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

/* A key with which the party signs in. Days are calendar days in Amsterdam. */
struct party_key {
    const char *name;       /* tells the keys of one party apart */
    const char *public_key; /* Z85, 40 characters */
    const char *since;      /* first day; "": from always */
    const char *until;      /* first day without the key; "": open */
};

/* What a party may take (L3, L4, L6). 0: what the configuration says. */
struct party_limits {
    uint32_t requests_per_second, requests_burst;
    uint32_t log_per_second, log_burst; /* KiB */
    uint32_t connections;
    uint32_t subjects_per_hour;
};

/* "" means: not given. A party that is not active has no keys. */
struct party_text {
    const char *id, *kind, *role;
    const char *secrecy;                          /* official or professional: raises the secrecy of its kind */
    const char *agreement_from, *agreement_until; /* first day, first day without */
    const char *agreement_reference, *contact;    /* of the organisation, not of a person */
    const char *agb, *gemeentecode, *oin;         /* 8, 4 and 20 digits: its names with others */
    const struct party_key *keys;                 /* 1-8 of an active party */
    size_t key_count;
    struct party_limits limits;
    bool active;
};

/* A setting of a party. The lists below are in the order in which a file is written. */
struct party_setting {
    const char *name; /* "role", "identifiers/agb" */
    size_t offset;    /* of the text, or the number, in struct party_text */
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
    const char *name;    /* of the setting; for a key: "public-key" */
    int key;             /* index of the key; -1: the fault is not in a key */
    const char *message; /* NULL: nothing is wrong */
};

/* Checks what the text alone can tell. True if nothing is wrong. The message is static or the arena's. */
bool party_text_check (const struct party_text *party, struct arena *arena, struct party_fault *fault);
/* The field of a message that the fault is about: "party.keys[0].public_key" for a party at `path`. The
   arena's. */
const char *party_fault_field (const char *path, const struct party_fault *fault, struct arena *arena);
/* A copy in the arena, with "" for NULL. The copy of a party that is not active has no keys. */
struct party_text party_text_copy (const struct party_text *party, struct arena *arena);
bool party_text_equal (const struct party_text *a, const struct party_text *b);
/* The key of that name. NULL: there is none. */
const struct party_key *party_text_key (const struct party_text *party, const char *name);
