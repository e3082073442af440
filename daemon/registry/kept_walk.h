/* The walk of keeping.h itself: what it has counted so far, and what follows from it. For keeping.c, and for the
   round that erases. */
#pragma once
#include "disclosed.h"
#include "turn.h"

/* What one kind of party holds under one law. */
struct walked_part {
    code holder, law;
    uint64_t disclosures;
    moment first, last;
};

/* A consent, and the last disclosure in a part that rested on it. */
struct justified {
    uint8_t consent[16];
    size_t part;
    moment last;
};

/* The newest event that a party was told about the subject. */
struct kept_telling {
    char party[VAULT_PARTY_LIMIT + 1];
    uint64_t event; /* its number */
};

/* What of the subject, as it is now, the end of a period depends on besides. */
struct kept_about {
    struct day birth;                  /* month 0: not known */
    struct day care_ended[CODE_LIMIT]; /* under each law; month 0: not recorded */
};

struct kept_walk {
    struct kept_telling *told;
    size_t told_count;
    uint8_t subject[VAULT_ID_SIZE];
    uint8_t policy[32]; /* the hash of the pack with which it was begun; zero: none was begun */
    uint64_t number;    /* the lines up to this one were looked at */
    struct kept_about about;
    uint64_t lines, disclosures, unreadable;
    bool archive_is_damaged; /* some cannot be read only as long as a file of the archive is; */
    bool begins_anew;        /* and so the next walk does not go on where this one ended */
    moment last_line;
    moment last[CODE_LIMIT]; /* disclosure under each law; 0: none */
    struct walked_part *parts;
    size_t part_count;
    struct justified *justified;
    size_t justified_count;
};

void kept_walk_clear (struct kept_walk *self);
/* Goes on, up to the newest line; or begins, if it was another's walk. `about` is set by the caller. 0;
   KEEPING_LATER; RECORD_DAMAGED or a failure: then nothing is begun. */
int kept_walk_on (struct turn *turn, struct kept_walk *self, const uint8_t subject[VAULT_ID_SIZE]);
/* Whether it is a walk for this subject that can be gone on with. */
bool kept_walk_is_of (const struct kept_walk *self, const struct turn *turn, const uint8_t subject[VAULT_ID_SIZE]);

/* Once it is through. Until when this record must be kept that came to be at `receipt`. */
moment kept_walk_until (const struct kept_walk *self, const struct record_period *period, moment receipt);
/* Until when a line must be kept that tells of this disclosure; 0: no entry of the pack is about it. */
moment kept_walk_until_of (const struct kept_walk *self, const struct policy *policy,
                           const struct disclosed *disclosed);
/* Until when what is kept longest must be kept; 0: no entry of the pack is about any of it. */
moment kept_walk_longest (const struct kept_walk *self, const struct policy *policy);
/* Until when a consent must be kept: as long as the longest record that it justified; 0: it justified none. */
moment kept_walk_until_of_consent (const struct kept_walk *self, const struct policy *policy,
                                   const uint8_t consent[16]);
