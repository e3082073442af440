/* Where the files of a log lie that C2SP tlog-tiles lays out, and how entries stand in them: for whoever writes
   them and whoever reads them. */
#pragma once
#include "merkle.h"

enum { TILES_PATH = 64, TILES_LEVELS = MERKLE_LEVELS / MERKLE_TILE_LEVEL, TILES_ENTRY_LIMIT = 65535 };

/* tile/<level>/<N>, or tile/entries/<N> for level TILES_ENTRIES; with .p/<width> unless it is full. */
enum { TILES_ENTRIES = TILES_LEVELS };
void tiles_path (unsigned level, uint64_t index, unsigned width, char path[TILES_PATH]);

/* The next entry of a file of entries. Moves *rest behind it. False: there is none, or it is cut off. */
bool tiles_next_entry (struct bytes *rest, struct bytes *entry);
/* The most bytes that a full file of entries has. */
enum { TILES_ENTRIES_SIZE = MERKLE_TILE_WIDTH * (2 + TILES_ENTRY_LIMIT) };
