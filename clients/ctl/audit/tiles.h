/* A log as a tree of files that any client of C2SP tlog-tiles reads: hashes and entries in tiles of 256, each file
   at a place that its number gives it. This makes each file of the entries, from the first or from a whole tile
   on; what becomes of it, whether it is written or compared, is up to its caller. */
#pragma once
#include "merkle/tile_files.h"

/* Takes a file: its path within the tree, and what it holds. 0, or what tiles_add and tiles_end then return. */
typedef int tiles_put (void *context, const char *path, struct bytes content);

struct tiles {
    tiles_put *put;
    void *context;
    struct merkle_edge edge; /* of all entries so far */
    struct {
        uint64_t index; /* of the tile that is being filled */
        unsigned width; /* hashes in it */
        struct merkle_hash hash[MERKLE_TILE_WIDTH];
    } level[TILES_LEVELS];
    struct {
        uint8_t *data; /* the entries of the newest tile; owned */
        size_t size, room;
    } bundle;
};

/* Begins before the first entry. End it with tiles_free in any case. */
void tiles_begin (struct tiles *self, tiles_put *put, void *context);
/* The next entry, of at most TILES_ENTRY_LIMIT bytes. 0, or what `put` returned. */
int tiles_add (struct tiles *self, struct bytes entry);
/* The files of tiles that are not full. 0, or what `put` returned. */
int tiles_end (struct tiles *self);
void tiles_free (struct tiles *self);

/* Goes on behind whole tiles of entries: first for each level from 1 on, as tiles_count says, the hashes of its
   newest tile, which is not full; then tiles_resume. */
uint64_t tiles_count (uint64_t entries, unsigned level); /* hashes of that level in all */
void tiles_resume (struct tiles *self, uint64_t entries);
