/* Lines of the log that have left the store, for a directory of files (A4): bundles of 256, at the places that C2SP
   tlog-tiles gives them (merkle/tile_files.h), as `consentctl audit export` writes them.

   Under the number of the last line of such a bundle the store has a mark instead of a line: the hash of that line,
   and its time. So each line says itself where it is, and audit/log.h reads it from there: nobody else asks.

   No file is believed. A bundle is read whole, and its lines must lead from the hash of the line before it to that
   of its last line, and have the root of their tile. The newest few that were read stay in memory. */
#pragma once
#include "merkle/tile_files.h"
#include "turn.h"

/* Caller owns it. */
struct archive;
struct archive *archive_new (void);
void archive_destroy (struct archive **self_p);
/* A turn begins. A file that could not be used is not read again in the same turn. */
void archive_begin_turn (struct archive *self);

/* --- Marks -------------------------------------------------------------------------------------------- */

struct archive_mark {
    uint8_t hash[VAULT_HASH_SIZE]; /* of the last line of the bundle */
    moment time;                   /* of that line */
};
/* A value of STORE_AUDIT is a mark, and no line. */
bool archive_is_mark (struct bytes value);
/* The mark of the bundle that has this line. 0; STORE_NOT_FOUND: the line has not left the store; or a failure. */
int archive_find_mark (struct turn *turn, uint64_t number, struct archive_mark *mark);
/* In place of the line at the end of a bundle, whose other lines are deleted. 0 or a failure. */
int archive_put_mark (struct turn *turn, uint64_t index, const struct archive_mark *mark);
/* How many lines have left: all from the first on. 0 or a failure. */
int archive_count (struct turn *turn, uint64_t *lines);

/* --- Lines -------------------------------------------------------------------------------------------- */

struct archived_line {
    struct bytes raw; /* lent until another line is read */
    uint8_t hash[VAULT_HASH_SIZE];
};
/* Reads a line. 0; STORE_NOT_FOUND: it has not left the store; ARCHIVE_DAMAGED: its file is missing, or is not what
   was archived, as archive_fault says; RECORD_DAMAGED: the mark before it is missing; or a failure. */
int archive_read (struct turn *turn, uint64_t number, struct archived_line *line);

/* The lines of a bundle, cut apart, with the hash of each. */
struct archive_bundle {
    char *data; /* owned */
    size_t size;
    struct bytes line[MERKLE_TILE_WIDTH]; /* within data */
    uint8_t hash[MERKLE_TILE_WIDTH][VAULT_HASH_SIZE];
    struct merkle_hash root;
};
/* Cuts apart what a file has, and makes the hashes; `before` is that of the line before. False: it is not a file of
   256 lines. */
bool archive_cut (struct archive_bundle *bundle, const uint8_t before[VAULT_HASH_SIZE]);
/* The hash of the last line before a bundle. 0, RECORD_DAMAGED or a failure. */
int archive_hash_before (struct turn *turn, uint64_t index, uint8_t hash[VAULT_HASH_SIZE]);

/* --- What is wrong with it ---------------------------------------------------------------------------- */

enum { ARCHIVE_FAULTS = 16 };
struct archive_fault {
    uint64_t index;        /* of the bundle */
    char path[TILES_PATH]; /* within the directory */
    char why[160];         /* "cannot be read: No such file or directory" */
    uint64_t turn;         /* in which it was found last */
    bool is_told;
};
/* A file that could not be used when it was last read, the newest first. NULL past the last; at most
   ARCHIVE_FAULTS. */
const struct archive_fault *archive_fault (const struct archive *self, size_t index);
/* One that operators were not told of. NULL: there is none. They are told of as many as are kept, until all can be
   used again. */
const struct archive_fault *archive_untold (const struct archive *self);
void archive_tell (struct archive *self);
