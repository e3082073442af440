/* A checkpoint of a log, as C2SP tlog-checkpoint has it: the text of a signed note (note.h) that says how large
   the log's tree is, and its root. Pure: allocates nothing. */
#pragma once
#include "merkle.h"

enum {
    CHECKPOINT_ORIGIN_SIZE = 255, /* bytes of an origin: a URL without its scheme; the name of the log's key */
    CHECKPOINT_TEXT_SIZE = CHECKPOINT_ORIGIN_SIZE + 128, /* of a text without extensions, with its end */
};

struct checkpoint {
    char origin[CHECKPOINT_ORIGIN_SIZE + 1];
    uint64_t size; /* leaves; less than 2^63 */
    struct merkle_hash root;
};

/* Reads the text of a note. Lines of extensions are passed over. False: it is no checkpoint; *fault then says what
   is wrong with it, a sentence without its beginning and end: "has no root". */
bool checkpoint_read (struct checkpoint *self, struct bytes text, const char **fault);
/* Returns the length of the text. The origin must be one. */
size_t checkpoint_write (const struct checkpoint *self, char text[CHECKPOINT_TEXT_SIZE]);
