#include "proof_text.h"
#include <sodium.h>
#include <string.h>
#include "arena.h"
#include "merkle/proof_file.h"

static bool take_path (struct proof_file *proof, struct bytes hashes)
{
    proof->path_count = hashes.size / MERKLE_HASH_SIZE;
    if (hashes.size % MERKLE_HASH_SIZE != 0 || proof->path_count > MERKLE_LEVELS)
        return false;
    if (hashes.size > 0)
        memcpy (proof->path, hashes.data, hashes.size);
    return true;
}

static struct bytes in_base64 (struct arena *arena, struct bytes line)
{
    size_t room = sodium_base64_ENCODED_LEN (line.size, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc (arena, room);
    sodium_bin2base64 (text, room, line.data, line.size, sodium_base64_VARIANT_ORIGINAL);
    return (struct bytes){text, room - 1};
}

struct bytes proof_text (struct arena *arena, const struct proven_line *proven)
{
    struct proof_file proof = {
        .index = proven->number - 1, .extra = in_base64 (arena, proven->line), .checkpoint = proven->checkpoint};
    char *text = arena_alloc (arena, PROOF_FILE_SIZE + 1);
    bool is_one = proven->number > 0 && take_path (&proof, proven->proof);
    return (struct bytes){text, is_one ? proof_file_write (&proof, text, PROOF_FILE_SIZE + 1) : 0};
}
