/* libFuzzer: paths of any length, for places and trees of any size up to 2^64, against the definition of RFC 6962
   written down once more, from the root down. What the definition makes of a path is the only root that verifies
   with it; a path that is too short or too long verifies with none. */
#include <stdlib.h>
#include <string.h>
#include "big_endian.h"
#include "merkle_model.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { HASHES = 80, NUMBERS = 3, HEAD = NUMBERS * 9 + 1 };

static void must (bool it)
{
    if (!it)
        abort ();
}

static struct merkle_hash spoilt (struct merkle_hash hash)
{
    hash.bytes[31] ^= 1;
    return hash;
}

static void try_inclusion (uint64_t index, struct merkle_range range, struct merkle_path path)
{
    struct merkle_hash leaf = merkle_leaf ((struct bytes){"x", 1}), root = leaf;
    bool holds = merkle_model_inclusion (index, range, path, &root);
    must (merkle_includes (index, range, &leaf, path, &root) == holds);
    root = spoilt (root);
    must (!merkle_includes (index, range, &leaf, path, &root));
}

static void try_consistency (struct merkle_range part, uint64_t size, struct merkle_path path)
{
    struct merkle_hash own = merkle_leaf ((struct bytes){"y", 1});
    struct merkle_model_roots made = {own, own};
    bool holds = merkle_model_consistency (part, size, path, &made);
    struct merkle_model_roots wrong = {spoilt (made.part), spoilt (made.whole)};
    if (part.begin == part.end) /* proves nothing of a tree */
        return;
    must (merkle_is_consistent (part, size, &made.part, &made.whole, path) == holds);
    must (!merkle_is_consistent (part, size, &wrong.part, &made.whole, path));
    must (!merkle_is_consistent (part, size, &made.part, &wrong.whole, path));
}

/* Nine bytes: by how many bits it is shorter than 64, and the number. */
static uint64_t read_number (const uint8_t *data)
{
    return get_be64 (data + 1) >> data[0] % 64;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    struct merkle_hash hash[HASHES];
    uint64_t number[NUMBERS];
    if (size < HEAD)
        return 0;
    for (size_t i = 0; i < NUMBERS; i++)
        number[i] = read_number (data + i * 9);
    for (size_t i = 0; i < HASHES; i++)
        hash[i] = (struct merkle_hash){{(uint8_t)i}};
    struct merkle_path path = {hash, data[HEAD - 1] % HASHES};
    struct merkle_range range = {number[1], number[1] + number[2]}, whole = {0, number[1]};
    try_inclusion (number[0], whole, path);
    try_inclusion (number[0], range, path);
    try_consistency ((struct merkle_range){0, number[0]}, number[1], path);
    try_consistency (range, number[0], path);
    struct merkle_range ranges[MERKLE_PATH_LIMIT]; /* a path of the right length */
    if (number[0] < number[1])
        try_inclusion (number[0], whole,
                       (struct merkle_path){hash, merkle_inclusion (number[0], number[1], ranges)});
    if (number[0] > 0 && number[0] <= number[1])
        try_consistency ((struct merkle_range){0, number[0]}, number[1],
                         (struct merkle_path){hash, merkle_consistency (number[0], number[1], ranges)});
    return 0;
}
