/* The Merkle paths of RFC 6962, written down once more from the root down, as the RFC does. */
#include "merkle_model.h"

/* What is left of a path, of which the definition takes the last hash first. */
struct rest {
    const struct merkle_hash *hash;
    size_t count;
};

static bool take_last (struct rest *rest, struct merkle_hash *hash)
{
    if (rest->count == 0)
        return false;
    *hash = rest->hash[--rest->count];
    return true;
}

/* The largest power of two below `count`, which is more than 1. */
static uint64_t half_of (uint64_t count)
{
    uint64_t half = 1;
    while (half < count - half)
        half *= 2;
    return half;
}

/* PATH: the root over [begin, end) that the path makes of the leaf `index`. False: it has another length. */
static bool go_in (uint64_t index, struct merkle_range range, struct rest rest, struct merkle_hash *root)
{
    struct merkle_hash other;
    if (range.end - range.begin == 1)
        return rest.count == 0; /* *root is the leaf */
    if (!take_last (&rest, &other))
        return false;
    uint64_t middle = range.begin + half_of (range.end - range.begin);
    bool is_left = index < middle;
    if (!go_in (index,
                is_left ? (struct merkle_range){range.begin, middle} : (struct merkle_range){middle, range.end},
                rest, root))
        return false;
    *root = is_left ? merkle_node (root, &other) : merkle_node (&other, root);
    return true;
}

/* SUBPROOF, right of where the part begins: in [begin, end) the part ends at `part_end`. */
static bool go_along (uint64_t part_end, struct merkle_range range, struct rest rest,
                      struct merkle_model_roots *made)
{
    struct merkle_hash other;
    if (!take_last (&rest, &other))
        return false;
    if (part_end == range.end) {
        made->part = made->whole = other;
        return rest.count == 0;
    }
    if (range.end - range.begin < 2)
        return false;
    uint64_t middle = range.begin + half_of (range.end - range.begin);
    bool is_left = part_end <= middle;
    if (!go_along (part_end,
                   is_left ? (struct merkle_range){range.begin, middle} : (struct merkle_range){middle, range.end},
                   rest, made))
        return false;
    made->part = is_left ? made->part : merkle_node (&other, &made->part);
    made->whole = is_left ? merkle_node (&made->whole, &other) : merkle_node (&other, &made->whole);
    return true;
}

/* SUBPROOF. made->part and made->whole begin as the part's own root. */
static bool go_to (struct merkle_range part, struct merkle_range range, struct rest rest,
                   struct merkle_model_roots *made)
{
    struct merkle_hash other;
    if (part.begin == range.begin && part.end == range.end)
        return rest.count == 0;
    if (range.end - range.begin < 2 || !take_last (&rest, &other))
        return false;
    uint64_t middle = range.begin + half_of (range.end - range.begin);
    struct merkle_range left = {range.begin, middle}, right = {middle, range.end};
    if (part.end <= middle || part.begin >= middle) {
        bool is_left = part.end <= middle;
        if (!go_to (part, is_left ? left : right, rest, made))
            return false;
        made->whole = is_left ? merkle_node (&made->whole, &other) : merkle_node (&other, &made->whole);
        return true;
    }
    if (!go_along (part.end, right, rest, made))
        return false;
    made->part = merkle_node (&other, &made->part);
    made->whole = merkle_node (&other, &made->whole);
    return true;
}

bool merkle_model_inclusion (uint64_t index, struct merkle_range range, struct merkle_path path,
                             struct merkle_hash *root)
{
    return merkle_is_subtree (range) && index >= range.begin && index < range.end &&
           go_in (index, range, (struct rest){path.hash, path.count}, root);
}

bool merkle_model_consistency (struct merkle_range part, uint64_t size, struct merkle_path path,
                               struct merkle_model_roots *made)
{
    return merkle_is_subtree (part) && part.end <= size &&
           go_to (part, (struct merkle_range){0, size}, (struct rest){path.hash, path.count}, made);
}
