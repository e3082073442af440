/* libFuzzer: any bytes as a file of entries, as an export and an archive have it. What is read of it is written
   again, and is the same bytes; the hashes beside it are those of its entries; and an export that goes on behind
   whole tiles comes to the same tree. The first bytes are a number: each has a path of its own, which fits in its
   place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/tiles.h"
#include "big_endian.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { ROOM = 1 << 20, MOST = 1000 /* entries of a file that are looked at: more would only take time */ };

/* What was put of files of one kind, one behind the other. */
struct written {
    uint8_t data[ROOM];
    size_t size;
};

struct export
{
    struct written entries, hashes;                           /* hashes: of the lowest level */
    struct merkle_hash last[TILES_LEVELS][MERKLE_TILE_WIDTH]; /* of each level the newest tile */
};

static struct export whole;

static void must (bool it)
{
    if (!it)
        abort ();
}

static void put (struct written *self, struct bytes content)
{
    must (content.size <= sizeof self->data - self->size);
    memcpy (self->data + self->size, content.data, content.size);
    self->size += content.size;
}

/* A tiles_put. */
static int take (void *context, const char *path, struct bytes content)
{
    struct export *self = context;
    unsigned level;
    if (strncmp (path, "tile/entries/", 13) == 0) {
        put (&self->entries, content);
        return 0;
    }
    must (sscanf (path, "tile/%u/", &level) == 1 && level < TILES_LEVELS);
    must (content.size <= sizeof self->last[level] && content.size % MERKLE_HASH_SIZE == 0);
    memcpy (self->last[level], content.data, content.size);
    if (level == 0)
        put (&self->hashes, content);
    return 0;
}

/* The leaf hashes that were written are those of the entries, and so is the root. */
static void compare_tree (const struct merkle_edge *made, struct bytes file)
{
    struct merkle_edge edge = {.size = 0};
    struct merkle_filled unused;
    struct bytes entry;
    while (tiles_next_entry (&file, &entry)) {
        struct merkle_hash leaf = merkle_leaf (entry);
        must (memcmp (whole.hashes.data + edge.size * MERKLE_HASH_SIZE, leaf.bytes, MERKLE_HASH_SIZE) == 0);
        merkle_add (&edge, &leaf, &unused);
    }
    struct merkle_hash root = merkle_root (&edge), other = merkle_root (made);
    must (edge.size == made->size && merkle_same (&root, &other));
    must (whole.hashes.size == edge.size * MERKLE_HASH_SIZE);
}

/* Goes on behind the whole tiles of entries. */
static void resume (const struct merkle_edge *made, struct bytes file)
{
    static struct export again;
    struct tiles tiles;
    struct bytes entry;
    uint64_t behind = made->size / MERKLE_TILE_WIDTH * MERKLE_TILE_WIDTH;
    again.entries.size = again.hashes.size = 0;
    tiles_begin (&tiles, take, &again);
    for (unsigned level = 1; level < TILES_LEVELS; level++)
        memcpy (tiles.level[level].hash, whole.last[level], sizeof whole.last[level]);
    tiles_resume (&tiles, behind);
    for (uint64_t i = 0; tiles_next_entry (&file, &entry); i++)
        if (i >= behind)
            must (tiles_add (&tiles, entry) == 0);
    struct merkle_hash root = merkle_root (&tiles.edge), other = merkle_root (made);
    must (tiles.edge.size == made->size && merkle_same (&root, &other));
    tiles_free (&tiles);
}

static void try_file (struct bytes file)
{
    struct tiles tiles;
    struct bytes rest = file, entry;
    whole.entries.size = whole.hashes.size = 0;
    tiles_begin (&tiles, take, &whole);
    while (tiles_next_entry (&rest, &entry)) {
        must (entry.size <= TILES_ENTRY_LIMIT);
        must (tiles_add (&tiles, entry) == 0);
    }
    must (tiles_end (&tiles) == 0);
    must (whole.entries.size == file.size - rest.size);
    must (file.size == rest.size || memcmp (whole.entries.data, file.data, whole.entries.size) == 0);
    compare_tree (&tiles.edge, file);
    resume (&tiles.edge, file);
    tiles_free (&tiles);
}

/* The path says level, number and width again. */
static void try_path (uint64_t index, unsigned level, unsigned width)
{
    char path[TILES_PATH], expected[32];
    tiles_path (level, index, width, path);
    must (strlen (path) < sizeof path);
    int head = level == TILES_ENTRIES ? snprintf (expected, sizeof expected, "tile/entries/")
                                      : snprintf (expected, sizeof expected, "tile/%u/", level);
    const char *at = path + head;
    must (strncmp (path, expected, (size_t)(at - path)) == 0);
    uint64_t number = 0;
    for (; *at != 0 && *at != '.'; at++)
        if (*at >= '0' && *at <= '9')
            number = number * 10 + (uint64_t)(*at - '0');
        else
            must (*at == 'x' || *at == '/');
    must (number == index);
    snprintf (expected, sizeof expected, ".p/%u", width);
    must (strcmp (at, width == MERKLE_TILE_WIDTH ? "" : expected) == 0);
}

/* As much of it as has so many entries, and whatever comes behind one that is none. */
static struct bytes cut (struct bytes file)
{
    struct bytes rest = file, entry;
    for (unsigned count = 0; count < MOST; count++)
        if (!tiles_next_entry (&rest, &entry))
            return file;
    return (struct bytes){file.data, file.size - rest.size};
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    if (size < 10)
        return 0;
    try_path (get_be64 (data) >> data[8] % 64, data[8] % (TILES_ENTRIES + 1), 1 + data[9] % MERKLE_TILE_WIDTH);
    try_file (cut ((struct bytes){data + 10, size - 10}));
    return 0;
}
