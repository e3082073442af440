#include "tiles.h"
#include <stdlib.h>
#include <string.h>

void tiles_begin (struct tiles *self, tiles_put *put, void *context)
{
    memset (self, 0, sizeof *self);
    self->put = put;
    self->context = context;
}

void tiles_free (struct tiles *self)
{
    free (self->bundle.data);
    self->bundle.data = NULL;
}

static int put_level (struct tiles *self, unsigned level)
{
    char path[TILES_PATH];
    tiles_path (level, self->level[level].index, self->level[level].width, path);
    return self->put (
        self->context, path,
        (struct bytes){self->level[level].hash, self->level[level].width * sizeof (struct merkle_hash)});
}

static int put_bundle (struct tiles *self)
{
    char path[TILES_PATH];
    tiles_path (TILES_ENTRIES, self->level[0].index, self->level[0].width, path);
    return self->put (self->context, path, (struct bytes){self->bundle.data, self->bundle.size});
}

static void keep_entry (struct tiles *self, struct bytes entry)
{
    size_t needed = self->bundle.size + 2 + entry.size;
    if (needed > self->bundle.room) {
        self->bundle.room = 2 * needed;
        self->bundle.data = realloc (self->bundle.data, self->bundle.room);
        if (self->bundle.data == NULL)
            abort ();
    }
    uint8_t *at = self->bundle.data + self->bundle.size;
    at[0] = (uint8_t)(entry.size >> 8);
    at[1] = (uint8_t)entry.size;
    memcpy (at + 2, entry.data, entry.size);
    self->bundle.size = needed;
}

/* Adds a hash to a level. A tile that is full by it becomes a hash of the level above. */
static int add_hash (struct tiles *self, const struct merkle_hash *hash)
{
    struct merkle_hash added = *hash;
    for (unsigned level = 0; level < TILES_LEVELS; level++) {
        self->level[level].hash[self->level[level].width++] = added;
        if (self->level[level].width < MERKLE_TILE_WIDTH)
            return 0;
        struct merkle_edge tile = {.size = 0};
        struct merkle_filled unused;
        for (unsigned i = 0; i < MERKLE_TILE_WIDTH; i++)
            merkle_add (&tile, &self->level[level].hash[i], &unused);
        added = merkle_root (&tile);
        int rc = level == 0 ? put_bundle (self) : 0;
        if (rc == 0)
            rc = put_level (self, level);
        if (rc != 0)
            return rc;
        if (level == 0)
            self->bundle.size = 0;
        self->level[level].index++;
        self->level[level].width = 0;
    }
    return 0;
}

int tiles_add (struct tiles *self, struct bytes entry)
{
    struct merkle_hash leaf = merkle_leaf (entry);
    struct merkle_filled unused;
    merkle_add (&self->edge, &leaf, &unused);
    keep_entry (self, entry);
    return add_hash (self, &leaf);
}

int tiles_end (struct tiles *self)
{
    int rc = self->level[0].width > 0 ? put_bundle (self) : 0;
    for (unsigned level = 0; level < TILES_LEVELS && rc == 0; level++)
        if (self->level[level].width > 0)
            rc = put_level (self, level);
    return rc;
}

uint64_t tiles_count (uint64_t entries, unsigned level)
{
    return entries >> level * MERKLE_TILE_LEVEL;
}

void tiles_resume (struct tiles *self, uint64_t entries)
{
    self->edge = (struct merkle_edge){.size = entries};
    for (unsigned level = 0; level < TILES_LEVELS; level++) {
        uint64_t count = tiles_count (entries, level);
        self->level[level].index = count / MERKLE_TILE_WIDTH;
        self->level[level].width = count % MERKLE_TILE_WIDTH;
        struct merkle_edge tile = {.size = 0};
        struct merkle_filled unused;
        for (unsigned i = 0; i < self->level[level].width; i++)
            merkle_add (&tile, &self->level[level].hash[i], &unused);
        memcpy (&self->edge.full[level * MERKLE_TILE_LEVEL], tile.full,
                MERKLE_TILE_LEVEL * sizeof (struct merkle_hash));
    }
}
