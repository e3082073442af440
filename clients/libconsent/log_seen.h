/* What a subscriber keeps of the registry's log, and what it thinks of each checkpoint that it is shown (A4): a
   registry that was put back or rewritten cannot show one that continues the one before. Pure: no connection, no
   file, no clock. */
#pragma once
#include "merkle/checkpoint.h"
#include "merkle/note.h"

enum {
    LOG_KEYS_KNOWN = 8,       /* verifier keys, at most */
    LOG_NOTE_SIZE = 32 * 1024 /* bytes of a signed note that is kept, at most */
};

/* Keys that sign the log. Each is Ed25519. */
struct log_keys {
    struct note_key key[LOG_KEYS_KNOWN];
    size_t count;
};

/* Begins zeroed: nothing was seen yet. */
struct log_seen {
    struct log_keys keys;         /* by which the next one is believed */
    struct checkpoint checkpoint; /* the newest that was verified, and what its note says */
    int64_t at;                   /* when it was first seen: ms since 1970, by the clock of this machine */
    size_t note_size;             /* 0: none was seen */
    char note[LOG_NOTE_SIZE];     /* signed, as it came */
};

/* What the registry shows. Borrowed. */
struct log_told {
    struct bytes note;  /* size 0: it has none */
    struct bytes proof; /* hashes, that its log begins with ... */
    uint64_t earlier;   /* ... so many lines. 0: it was asked for no proof */
    char *const *keys;  /* verifier keys that it says sign now */
    size_t key_count;
    int64_t at;
};

enum log_verdict {
    /* The log goes on from what was seen, or nothing contradicts it. */
    LOG_NOTHING,   /* there is none, and none was seen before: nothing is known */
    LOG_SAME,      /* the one that was seen; its keys may be new */
    LOG_CONTINUED, /* a newer one, or the first */
    LOG_UNPROVEN,  /* a newer one, and no proof was asked that begins with ours: ask again */
    /* Contradictions. */
    LOG_GONE,       /* none is shown any more */
    LOG_BEHIND,     /* fewer lines than were seen */
    LOG_REWRITTEN,  /* it does not begin with the lines that were seen */
    LOG_UNKNOWN,    /* no key that is known has signed it */
    LOG_SPOILT,     /* a known key's signature does not fit */
    LOG_OTHER,      /* of a log of another name */
    LOG_UNREADABLE, /* no checkpoint at all */
};

struct log_finding {
    enum log_verdict verdict;
    uint64_t size;        /* lines of what was shown; 0: not known */
    const char *fault;    /* LOG_UNREADABLE: why, a sentence without its beginning and end */
    struct log_seen next; /* LOG_SAME, LOG_CONTINUED: to be kept from now on. Else what was kept before */
};

/* `given` are keys that are believed besides, whatever the registry says of them. Where neither they nor those of
   *self are any, nothing is known of the registry's log, and the keys that it says now are believed. The keys that
   it says are learned only from who shows a note that a known key has signed. */
void log_seen_judge (const struct log_seen *self, const struct log_keys *given, const struct log_told *told,
                     struct log_finding *found);
bool log_is_contradiction (enum log_verdict verdict);

enum { LOG_SENTENCE_SIZE = 256 };
/* What does not fit, in a sentence without its end: "the registry's log has 812 lines, and it signed 1,034 on
   2026-11-28T17:44:26.000Z". Only of a contradiction. */
void log_seen_sentence (const struct log_seen *self, const struct log_finding *found,
                        char text[LOG_SENTENCE_SIZE]);

/* Reads a note, and the checkpoint in it. NULL, or what is wrong. */
const char *log_note_read (struct bytes raw, struct note *note, struct checkpoint *checkpoint);
/* Reads a key that signs a log. */
bool log_key_text_read (struct note_key *key, const char *text);
