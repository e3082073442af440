/* What witnesses have signed of the log (A4): C2SP tlog-cosignature, cosignature/v1.

   A witness is a party that listens. It signs a checkpoint after it has verified that this one continues what it
   saw before. The registry keeps the signatures beside the checkpoint, as it signed it itself, and publishes both.
   So whoever trusts one of the witnesses need not trust the registry: a log that was rewritten, or put back, gets
   no signature of theirs.

   Kept in STORE_COSIGNATURES: the newest COSIGNATURES_RECENT checkpoints, and of the ones before those that are
   the newest that some key has signed, COSIGNATURES_KEPT in all at most; each with all signatures that it has. So
   if one witness is away, there is still the checkpoint that it and all others have signed. The registry never
   signs an earlier checkpoint again: what it publishes is what it signed when that was the whole log.

   Nothing is decided by them. Of a table that is damaged nothing is published until a new signature comes. */
#pragma once
#include "merkle/note.h"
#include "turn.h"

struct witness_wish; /* bodies.h */

enum {
    COSIGNATURES_RECENT = 8,
    COSIGNATURES_KEPT = 64,
    COSIGNATURES_KEYS = 4,                            /* of one party */
    COSIGNATURES_PUBLISHED = 16,                      /* signatures of a note, with the registry's own */
    COSIGNATURES_WISHED = COSIGNATURES_PUBLISHED - 4, /* beside as many as the registry may have (log_key.h) */
    COSIGNATURES_AHEAD_S = 300,                       /* how far the clock of a witness may be ahead */
};

/* A signature that is kept. Texts are the arena's. */
struct cosignature {
    uint64_t size; /* lines of the checkpoint */
    const char *party;
    uint8_t id[NOTE_ID_SIZE]; /* of the key */
    moment heard_at;
    const char *key;  /* as text: the verifier key */
    const char *line; /* the signature line, without its newline */
};
/* When the witness says that it signed: in milliseconds. */
moment cosignature_signed_at (const struct cosignature *self);

/* All of them: ordered by size, party and id; and the checkpoints, ordered by size. */
struct cosignatures {
    struct cosignature *item;
    size_t count;
    struct cosigned_note {
        uint64_t size;
        struct bytes note; /* with the signatures of the registry */
    } * note;
    size_t note_count;
};
/* 0 or a failure. A table that is damaged is read as empty. */
int cosignatures_read (struct turn *turn, struct cosignatures *all);
/* The newest signature of each key: ordered by party and id. Returns how many; *newest is the arena's. */
size_t cosignatures_newest (struct turn *turn, const struct cosignatures *all, const struct cosignature ***newest);

/* Keeps a checkpoint that the registry has just signed, and forgets those that nobody can need. 0 or a failure. */
int cosignatures_keep_note (struct turn *turn, uint64_t size, struct bytes note);

/* What came of a signature. */
enum cosigned {
    COSIGNED,           /* it is kept */
    COSIGNED_FIRST,     /* the first by this key */
    COSIGNED_IN_PLACE,  /* the same, in the place of another key of this party */
    COSIGNED_LATE,      /* this key has signed a larger checkpoint: nothing has changed */
    COSIGNED_NOT_KEPT,  /* there is no such checkpoint, or not any more */
    COSIGNED_NOT_OWN,   /* the key is another party's, or is taken for it: its name and id are the same */
    COSIGNED_LOG_NAME,  /* the key has the name of the log, and could be taken for one of the registry */
    COSIGNED_NOT_VALID, /* it is not the signature of this checkpoint by this key */
    COSIGNED_AHEAD,     /* of a time that is yet to come */
};
struct cosigning {
    const char *party;
    struct note_key key;
    uint64_t size;
    const char *line;
    /* Out: */
    enum cosigned outcome;
    uint64_t newest;       /* lines of the newest checkpoint that this key has signed; 0: none */
    const char *forgotten; /* COSIGNED_IN_PLACE: the key that was forgotten */
};
/* Judges a signature, and keeps it. 0 or a failure. */
int cosignatures_take (struct turn *turn, struct cosigning *cosigning);

/* The newest checkpoint that has as many signatures as are wished, of those keys, and at least `least` lines: the
   note with them. An unjudged wish, of no key and none needed, is for whoever has signed, and one of them. 0,
   STORE_NOT_FOUND or a failure. */
int cosignatures_find (struct turn *turn, const struct witness_wish *wish, uint64_t least,
                       struct cosigned_note *found);
/* The signatures of this note that are wished, behind it; *enough: as many as are needed. 0 or a failure. */
int cosignatures_add (struct turn *turn, const struct witness_wish *wish, struct cosigned_note *note,
                      bool *enough);
