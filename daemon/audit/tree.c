#include "tree.h"
#include <string.h>
#include "big_endian.h"
#include "log.h"

enum {
    KEY_SIZE = 1 + 8, /* tile level, index */
    AT_ONCE = 4096,   /* lines that are added in one turn to a tree that is behind */
    KEPT_LEVELS = MERKLE_LEVELS / MERKLE_TILE_LEVEL,
};

/* --- What is stored ----------------------------------------------------------------------------------- */

static void make_key (unsigned tile_level, uint64_t index, uint8_t key[KEY_SIZE])
{
    key[0] = (uint8_t)tile_level;
    put_be64 (key + 1, index);
}

static int put_kept (struct turn *turn, unsigned tile_level, uint64_t index, const struct merkle_hash *hash)
{
    uint8_t key[KEY_SIZE];
    make_key (tile_level, index, key);
    return store_put (turn->txn, STORE_TREE, (struct bytes){key, sizeof key},
                      (struct bytes){hash->bytes, sizeof hash->bytes});
}

static int get_kept (struct turn *turn, unsigned tile_level, uint64_t index, struct merkle_hash *hash)
{
    uint8_t key[KEY_SIZE];
    struct bytes value;
    make_key (tile_level, index, key);
    int rc = store_get (turn->txn, STORE_TREE, (struct bytes){key, sizeof key}, &value);
    if (rc == 0 && value.size != sizeof hash->bytes)
        return STORE_NOT_FOUND; /* it is made of what is below it */
    if (rc == 0)
        memcpy (hash->bytes, value.data, sizeof hash->bytes);
    return rc;
}

/* How many tiles of this level are stored, all before the last one too. */
static int count_kept (struct turn *turn, unsigned tile_level, uint64_t *count)
{
    uint8_t behind[1] = {(uint8_t)(tile_level + 1)};
    struct bytes key, value;
    *count = 0;
    int rc = store_last (turn->txn, STORE_TREE, (struct bytes){behind, sizeof behind}, &key, &value);
    if (rc == 0 && key.size == KEY_SIZE && *(const uint8_t *)key.data == tile_level)
        *count = get_be64 ((const uint8_t *)key.data + 1) + 1;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int tree_find_tile (struct turn *turn, uint64_t index, struct merkle_hash *hash)
{
    return get_kept (turn, 1, index, hash);
}

int tree_put_tile (struct turn *turn, uint64_t index, const struct merkle_hash *hash)
{
    return put_kept (turn, 1, index, hash);
}

/* --- It grows ----------------------------------------------------------------------------------------- */

int tree_add (struct turn *turn, uint64_t number, struct bytes line)
{
    struct merkle_edge *edge = &turn->state.tree;
    if (edge->size + 1 != number)
        return 0;
    struct merkle_hash leaf = merkle_leaf (line);
    struct merkle_filled filled;
    merkle_add (edge, &leaf, &filled);
    int rc = 0;
    for (unsigned i = 0; i < filled.count && rc == 0; i++)
        rc = put_kept (turn, i + 1, (edge->size >> MERKLE_TILE_LEVEL * (i + 1)) - 1, &filled.kept[i]);
    return rc;
}

bool tree_is_behind (const struct registry_state *state)
{
    return state->tree.size < state->audit_number;
}

static int add_lines (struct turn *turn, uint64_t most)
{
    int rc = 0;
    for (uint64_t left = most; rc == 0 && left > 0 && tree_is_behind (&turn->state); left--) {
        struct arena_mark mark = arena_mark (turn->arena);
        struct audit_record record;
        rc = audit_read (turn, turn->state.tree.size + 1, &record);
        if (rc == 0)
            rc = tree_add (turn, record.head.number, record.raw);
        arena_release (turn->arena, mark);
    }
    return rc;
}

int tree_catch_up (struct turn *turn)
{
    return add_lines (turn, AT_ONCE);
}

/* --- It is read --------------------------------------------------------------------------------------- */

static int read_leaf (struct turn *turn, uint64_t index, struct merkle_hash *hash)
{
    struct arena_mark mark = arena_mark (turn->arena);
    struct audit_record record;
    int rc = audit_read (turn, index + 1, &record);
    if (rc == 0)
        *hash = merkle_leaf (record.raw);
    arena_release (turn->arena, mark);
    return rc;
}

static int read_full (void *context, unsigned level, uint64_t index, struct merkle_hash *hash);

/* Makes it of the full subtrees `down` levels below. */
static int make_full (struct turn *turn, unsigned level, uint64_t index, unsigned down, struct merkle_hash *hash)
{
    struct merkle_edge edge = {.size = 0};
    struct merkle_filled unused;
    int rc = 0;
    for (uint64_t i = index << down; i < (index + 1) << down && rc == 0; i++) {
        struct merkle_hash part;
        rc = read_full (turn, level - down, i, &part);
        merkle_add (&edge, &part, &unused);
    }
    *hash = merkle_root (&edge);
    return rc;
}

/* A merkle_reader. One that is not stored, though it should be, is made again. */
static int read_full (void *context, unsigned level, uint64_t index, struct merkle_hash *hash)
{
    struct turn *turn = context;
    if (level == 0)
        return read_leaf (turn, index, hash);
    if (level % MERKLE_TILE_LEVEL != 0)
        return make_full (turn, level, index, level % MERKLE_TILE_LEVEL, hash);
    int rc = get_kept (turn, level / MERKLE_TILE_LEVEL, index, hash);
    return rc == STORE_NOT_FOUND ? make_full (turn, level, index, MERKLE_TILE_LEVEL, hash) : rc;
}

int tree_root (struct turn *turn, uint64_t size, struct merkle_hash *root)
{
    return merkle_range_hash ((struct merkle_range){0, size}, read_full, turn, root);
}

static int prove (struct turn *turn, const struct merkle_range *ranges, size_t count, struct tree_proof *proof)
{
    int rc = 0;
    proof->count = count;
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = merkle_range_hash (ranges[i], read_full, turn, &proof->hash[i]);
    return rc;
}

int tree_prove_line (struct turn *turn, uint64_t number, uint64_t size, struct tree_proof *proof)
{
    struct merkle_range ranges[MERKLE_PATH_LIMIT];
    return prove (turn, ranges, merkle_inclusion (number - 1, size, ranges), proof);
}

int tree_prove_earlier (struct turn *turn, uint64_t earlier, uint64_t size, struct tree_proof *proof)
{
    struct merkle_range ranges[MERKLE_PATH_LIMIT];
    return prove (turn, ranges, merkle_consistency (earlier, size, ranges), proof);
}

/* --- A start ------------------------------------------------------------------------------------------ */

/* The edge of the tree of so many lines, a multiple of a tile's. */
static int load_edge (struct turn *turn, uint64_t size, struct merkle_edge *edge)
{
    int rc = 0;
    *edge = (struct merkle_edge){.size = size};
    for (unsigned level = MERKLE_TILE_LEVEL; level < MERKLE_LEVELS && rc == 0; level++)
        if ((size >> level & 1) != 0)
            rc = read_full (turn, level, (size >> level) - 1, &edge->full[level]);
    return rc;
}

int tree_load (struct turn *turn)
{
    uint64_t tiles;
    int rc = count_kept (turn, 1, &tiles);
    if (rc == 0 && tiles <= turn->state.audit_number >> MERKLE_TILE_LEVEL)
        rc = load_edge (turn, tiles << MERKLE_TILE_LEVEL, &turn->state.tree);
    return rc == 0 ? add_lines (turn, AT_ONCE) : rc;
}
