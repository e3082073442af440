#include "merkle.h"
#include <nettle/sha2.h>
#include <string.h>

_Static_assert(SHA256_DIGEST_SIZE == MERKLE_HASH_SIZE, "hash size");

struct merkle_hash merkle_leaf (struct bytes entry)
{
    static const uint8_t is_leaf = 0;
    struct sha256_ctx context;
    struct merkle_hash hash;
    sha256_init (&context);
    sha256_update (&context, 1, &is_leaf);
    sha256_update (&context, entry.size, entry.data);
    sha256_digest (&context, sizeof hash.bytes, hash.bytes);
    return hash;
}

struct merkle_hash merkle_node (const struct merkle_hash *left, const struct merkle_hash *right)
{
    uint8_t both[1 + 2 * MERKLE_HASH_SIZE] = {1};
    struct sha256_ctx context;
    struct merkle_hash hash;
    memcpy (both + 1, left->bytes, MERKLE_HASH_SIZE);
    memcpy (both + 1 + MERKLE_HASH_SIZE, right->bytes, MERKLE_HASH_SIZE);
    sha256_init (&context);
    sha256_update (&context, sizeof both, both);
    sha256_digest (&context, sizeof hash.bytes, hash.bytes);
    return hash;
}

struct merkle_hash merkle_empty (void)
{
    struct sha256_ctx context;
    struct merkle_hash hash;
    sha256_init (&context);
    sha256_digest (&context, sizeof hash.bytes, hash.bytes);
    return hash;
}

bool merkle_same (const struct merkle_hash *one, const struct merkle_hash *other)
{
    return memcmp (one->bytes, other->bytes, MERKLE_HASH_SIZE) == 0;
}

/* --- A tree that grows -------------------------------------------------------------------------------- */

void merkle_add (struct merkle_edge *self, const struct merkle_hash *leaf, struct merkle_filled *filled)
{
    struct merkle_hash hash = *leaf;
    unsigned level = 0;
    filled->count = 0;
    for (; (self->size >> level & 1) != 0; level++) {
        hash = merkle_node (&self->full[level], &hash);
        if ((level + 1) % MERKLE_TILE_LEVEL == 0)
            filled->kept[filled->count++] = hash;
    }
    self->full[level] = hash;
    self->size++;
}

struct merkle_hash merkle_root (const struct merkle_edge *self)
{
    struct merkle_hash root = merkle_empty ();
    bool has_root = false;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++)
        if ((self->size >> level & 1) != 0) {
            root = has_root ? merkle_node (&self->full[level], &root) : self->full[level];
            has_root = true;
        }
    return root;
}

/* --- Proofs, made ------------------------------------------------------------------------------------- */

/* The largest power of two that is less than `count`, which is more than 1. */
static uint64_t left_of (uint64_t count)
{
    return UINT64_C (1) << (63 - __builtin_clzll (count - 1));
}

static void turn_round (struct merkle_range *path, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct merkle_range one = path[i];
        path[i] = path[count - 1 - i];
        path[count - 1 - i] = one;
    }
}

/* Goes down one level, to the half of `at` that has the leaf `index`. Returns the other half. */
static struct merkle_range go_down (struct merkle_range *at, uint64_t index)
{
    uint64_t middle = at->begin + left_of (at->end - at->begin);
    struct merkle_range left = {at->begin, middle}, right = {middle, at->end};
    *at = index < middle ? left : right;
    return index < middle ? right : left;
}

size_t merkle_inclusion (uint64_t index, uint64_t size, struct merkle_range path[MERKLE_PATH_LIMIT])
{
    struct merkle_range at = {0, size};
    size_t count = 0;
    while (at.end - at.begin > 1)
        path[count++] = go_down (&at, index);
    turn_round (path, count);
    return count;
}

size_t merkle_consistency (uint64_t earlier, uint64_t size, struct merkle_range path[MERKLE_PATH_LIMIT])
{
    struct merkle_range at = {0, size};
    size_t count = 0;
    while (at.end != earlier)
        path[count++] = go_down (&at, earlier - 1);
    if (at.begin > 0) /* else it is all of the earlier tree, whose root whoever verifies has */
        path[count++] = at;
    turn_round (path, count);
    return count;
}

int merkle_range_hash (struct merkle_range range, merkle_reader *read, void *context, struct merkle_hash *hash)
{
    struct merkle_hash part[MERKLE_LEVELS];
    size_t count = 0;
    *hash = merkle_empty ();
    while (range.begin < range.end) {
        unsigned level = 63 - (unsigned)__builtin_clzll (range.end - range.begin);
        int rc = read (context, level, range.begin >> level, &part[count++]);
        if (rc != 0)
            return rc;
        range.begin += UINT64_C (1) << level;
    }
    if (count > 0)
        *hash = part[--count];
    while (count > 0)
        *hash = merkle_node (&part[--count], hash);
    return 0;
}

/* --- Proofs, verified --------------------------------------------------------------------------------- */

bool merkle_is_subtree (struct merkle_range range)
{
    uint64_t count = range.end - range.begin;
    if (range.end <= range.begin)
        return false;
    if (count > UINT64_C (1) << 63)
        return range.begin == 0;
    return range.begin % (count == 1 ? 1 : 2 * left_of (count)) == 0;
}

bool merkle_includes (uint64_t index, struct merkle_range range, const struct merkle_hash *leaf,
                      struct merkle_path path, const struct merkle_hash *root)
{
    if (!merkle_is_subtree (range) || index < range.begin || index >= range.end)
        return false;
    uint64_t at = index - range.begin, last = range.end - range.begin - 1;
    struct merkle_hash hash = *leaf;
    size_t used = 0;
    for (; last > 0; at >>= 1, last >>= 1) {
        if ((at & 1) == 0 && at == last)
            continue; /* at the right edge, without a sibling on this level */
        if (used == path.count)
            return false;
        const struct merkle_hash *sibling = &path.hash[used++];
        hash = (at & 1) != 0 ? merkle_node (sibling, &hash) : merkle_node (&hash, sibling);
    }
    return used == path.count && merkle_same (&hash, root);
}

/* Where the part lies, on the level that was reached: its first node, its last, and the last of the whole tree. */
struct ascent {
    uint64_t first, last, whole;
};

static void rise (struct ascent *at)
{
    at->first >>= 1;
    at->last >>= 1;
    at->whole >>= 1;
}

/* To the largest full subtree with which the part ends: its hash is the first that both trees are made of. */
static void rise_to_common (struct ascent *at)
{
    bool ends_together = at->last == at->whole;
    while (at->first < at->last && (ends_together || (at->last & 1) != 0))
        rise (at);
}

/* Adds one hash of the proof. */
static void add_step (struct ascent *at, const struct merkle_hash *hash, struct merkle_hash *part,
                      struct merkle_hash *whole)
{
    if ((at->last & 1) != 0 || at->last == at->whole) {
        if (at->first < at->last)
            *part = merkle_node (hash, part);
        *whole = merkle_node (hash, whole);
        while ((at->last & 1) == 0 && at->last > 0)
            rise (at);
    } else
        *whole = merkle_node (whole, hash);
    rise (at);
}

bool merkle_is_consistent (struct merkle_range range, uint64_t size, const struct merkle_hash *part,
                           const struct merkle_hash *whole, struct merkle_path path)
{
    struct merkle_hash empty = merkle_empty ();
    if (range.end > size)
        return false;
    if (range.begin == range.end)
        return path.count == 0 && merkle_same (part, &empty);
    if (!merkle_is_subtree (range))
        return false;
    struct ascent at = {range.begin, range.end - 1, size - 1};
    rise_to_common (&at);
    size_t used = 0;
    if (at.first < at.last && path.count == 0)
        return false;
    struct merkle_hash made_part = at.first == at.last ? *part : path.hash[used++], made_whole = made_part;
    for (; used < path.count; used++) {
        if (at.whole == 0)
            return false;
        add_step (&at, &path.hash[used], &made_part, &made_whole);
    }
    return at.whole == 0 && merkle_same (&made_part, part) && merkle_same (&made_whole, whole);
}
