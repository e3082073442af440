/* A receipt as a file: what it says (receipt_claims.h), the lines that prove it, and words for its codes, which
   prove nothing. Pure.

   Of each line it has the C2SP tlog-proof, in which the line stands as its `extra`, and the line's own key if the
   line may be opened. */
#pragma once
#include <jansson.h>
#include "bytes.h"

struct arena;

enum {
    RECEIPT_FILE_SIZE = 4 * 1024 * 1024, /* bytes, at most */
    RECEIPT_KEY_SIZE = 32,
    RECEIPT_FILE_LINES = 8,
};

#define RECEIPT_EVIDENCE "consentd:evidence"
#define RECEIPT_WORDS "consentd:words"

struct receipt_proof {
    struct bytes text; /* a tlog-proof */
    struct bytes key;  /* RECEIPT_KEY_SIZE bytes; size 0: the line is closed */
};

struct receipt_file {
    json_t *claims; /* with all that the file has; owned */
    struct receipt_proof proof[RECEIPT_FILE_LINES];
    size_t count;
};

/* Texts and keys are the arena's. NULL, or why it is no receipt: a sentence in Dutch, without its end. End it with
   receipt_file_clear in any case. */
const char *receipt_file_read (struct receipt_file *self, struct arena *arena, struct bytes raw);
/* The text. Adds the proofs to self->claims, and `words`, which it takes over. Caller must free it. */
char *receipt_file_write (struct receipt_file *self, json_t *words);
void receipt_file_clear (struct receipt_file *self);
