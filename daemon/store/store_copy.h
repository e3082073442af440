/* A copy of the store, made while it is in use: given out as a stream of bytes, piece by piece, and made into a
   file elsewhere (consentctl backup).

   It is the store as it was at one moment: at the beginning of the first transaction after store_copy_begin. The
   stream holds each table, key by key. A key that is written before the copy has come to it is given first, as it
   was; so each key is given once, and what is new is not. The stream ends with the number of keys of each table.
   Keys and values are given as they are kept: what is sealed stays sealed.

   A copy costs the store no page. What had to be given early waits in memory, with the keys of it: at most
   STORE_COPY_WAITING bytes. */
#pragma once
#include "store.h"

enum {
    STORE_COPY_PIECE = 192 * 1024,         /* bytes, at most. A piece costs less than a party's share of a turn */
    STORE_COPY_WAITING = 64 * 1024 * 1024, /* bytes; if more would wait, the copy is given up */
};

/* Begins a copy, in place of any other. */
void store_copy_begin (struct store *self);
/* There is one, and it was not given up. */
bool store_copy_is_under_way (const struct store *self);

struct store_piece {
    struct bytes bytes; /* lent until the next piece, or the end of the transaction */
    bool is_last;       /* the stream ends with it */
};
/* Gives the bytes of the stream from `from` on, as many as there are for one piece, which may be none. Who asks
   has all before `from`, and can ask from there again. 0; STORE_NOT_FOUND: there is no copy, or it has no such
   place; or a failure. */
int store_copy_read (struct store_txn *txn, uint64_t from, struct store_piece *piece);
/* Forgets the copy. */
void store_copy_end (struct store *self);

/* --- Making it a file --------------------------------------------------------------------------------- */

struct store_copy_file;

/* Begins a file for the store in `directory`, which must be there, with no store in it. Until it is finished it
   has another name, and what a run that was killed has left under that name is removed. The directory is locked
   meanwhile. 0; STORE_IN_USE; STORE_INVALID: there is a store; or negative; each with one sentence in `error`,
   which must live as long, as `directory`. Caller owns *self_p. */
int store_copy_file_open (struct store_copy_file **self_p, const char *directory, char *error, size_t error_size);
/* Takes the next bytes of the stream. 0; STORE_INVALID: they are not of a store as this program knows it; or
   negative; with one sentence. */
int store_copy_file_take (struct store_copy_file *self, struct bytes piece);

/* Looks at one entry of the finished file. Anything but 0 says that it may not be so, and ends the look. */
typedef int store_copy_look (void *context, enum store_table table, struct bytes key, struct bytes value);
struct store_copy_made {
    uint64_t bytes; /* of the file */
    uint64_t count[STORE_TABLES];
};
/* Ends it: the file is synced, opened anew and read to its end, each entry shown to `look`, and gets its name only
   then, mode 0600, durably. 0; STORE_INVALID: the stream is not whole, or the file does not hold what it must;
   what `look` returned, without a sentence; or negative. */
int store_copy_file_finish (struct store_copy_file *self, store_copy_look *look, void *context,
                            struct store_copy_made *made);
/* Removes a file that was not finished. */
void store_copy_file_close (struct store_copy_file **self_p);
