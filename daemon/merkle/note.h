/* Signed notes, as C2SP signed-note has them: a text, an empty line, and a line for each signature. And the keys
   by which they are signed and verified. Pure: allocates nothing.

   A signature has the name of its key, and four bytes of a hash over name and key. Those of keys that nobody asks
   about are passed over. One that has the name and the hash of a key that is asked about, and is not by it, spoils
   the whole note. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"

enum {
    NOTE_SIZE = 64 * 1024, /* bytes of a note, at most */
    NOTE_NAME_SIZE = 255,  /* of a key's name */
    NOTE_SIGNATURES = 64,  /* of a note, at most; the format asks for at least 16 */
    NOTE_KEY_SIZE = 32,
    NOTE_SECRET_SIZE = 32,
    NOTE_ID_SIZE = 4,
    NOTE_KEY_TEXT_SIZE = NOTE_NAME_SIZE + 80, /* of a key as text, with its end */
};

enum note_algorithm {
    NOTE_ED25519 = 1,     /* signs the text */
    NOTE_COSIGNATURE = 4, /* cosignature/v1: signs when a witness had seen a checkpoint, and its text */
};

/* A key that verifies. */
struct note_key {
    char name[NOTE_NAME_SIZE + 1];
    enum note_algorithm algorithm;
    uint8_t public_key[NOTE_KEY_SIZE];
    uint8_t id[NOTE_ID_SIZE];
};

/* A key that signs. Wipe it with note_signer_wipe. */
struct note_signer {
    struct note_key key;
    uint8_t secret[NOTE_SECRET_SIZE];
};

enum note_outcome {
    NOTE_OK,
    NOTE_TOO_LONG,   /* more bytes, or more signatures, than may be */
    NOTE_MALFORMED,  /* not a signed note */
    NOTE_SPOILT,     /* a known key's signature does not fit */
    NOTE_NOT_SIGNED, /* none of the known keys has signed it */
};
/* A sentence without its end: "is not a signed note". */
const char *note_outcome_text (enum note_outcome outcome);

/* A name that a key may have: visible UTF-8, no spaces and no plus. */
bool note_is_name (const char *name, size_t size);
/* Makes a new key pair. False: `name` is none. */
bool note_signer_new (struct note_signer *self, const char *name, enum note_algorithm algorithm);
/* Of a secret that was kept. */
bool note_signer_of (struct note_signer *self, const char *name, enum note_algorithm algorithm,
                     const uint8_t secret[NOTE_SECRET_SIZE]);
void note_signer_wipe (struct note_signer *self);
/* A signing key as text: PRIVATE+KEY+name+hash+base64. Both are secret: wipe the text. */
bool note_signer_read (struct note_signer *self, const char *text);
void note_signer_write (const struct note_signer *self, char text[NOTE_KEY_TEXT_SIZE]);
/* A verifier key as text: name+hash+base64. False: it is none, or its hash is not of that name and key. */
bool note_key_read (struct note_key *self, const char *text);
void note_key_write (const struct note_key *self, char text[NOTE_KEY_TEXT_SIZE]);

/* One signature line. */
struct note_signature {
    struct bytes name; /* borrowed from the note */
    uint8_t id[NOTE_ID_SIZE];
    uint8_t value[8 + 64]; /* for Ed25519 the first 64; a cosignature has its time before */
    size_t size;           /* of the value; 0: of another kind than these */
};

/* A note that was read. Borrows from its bytes. */
struct note {
    struct bytes text; /* with the newline at its end */
    struct note_signature signature[NOTE_SIGNATURES];
    size_t count;
};
/* NOTE_OK, NOTE_TOO_LONG or NOTE_MALFORMED. Says nothing of the signatures yet. */
enum note_outcome note_read (struct note *self, struct bytes raw);

/* Looks for signatures by this key. NOTE_OK: it has signed, for a cosignature at *time (seconds since 1970; may be
   NULL); NOTE_SPOILT; or NOTE_NOT_SIGNED. */
enum note_outcome note_verify (const struct note *self, const struct note_key *key, uint64_t *time);

/* Writes one signature line of `text` into `line`, of `size` bytes, with its newline and its end. `time`: of a
   cosignature. Returns its length; 0: no room. */
size_t note_sign (const struct note_signer *signer, struct bytes text, uint64_t time, char *line, size_t size);
enum { NOTE_LINE_SIZE = 4 + NOTE_NAME_SIZE + 128 }; /* is room enough */
