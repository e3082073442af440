#include "signed_log.h"
#include <stdio.h>
#include <string.h>
#include "testing.h"

const char signed_log_origin[] = "gemeente-voorbeeld.nl/toestemmingen";

struct note_signer signed_log_signer (const char *name, enum note_algorithm algorithm, unsigned number)
{
    struct note_signer made;
    uint8_t secret[NOTE_SECRET_SIZE];
    memset (secret, (int)number, sizeof secret);
    assert_true (note_signer_of (&made, name, algorithm, secret));
    return made;
}

static struct merkle_hash leaf_of (const struct signed_log *self, uint64_t index)
{
    char line[64];
    bool is_other = self->changed_from > 0 && index + 1 >= self->changed_from;
    int size = snprintf (line, sizeof line, "%s %llu", is_other ? "other" : "line", (unsigned long long)index + 1);
    return merkle_leaf ((struct bytes){line, (size_t)size});
}

static struct merkle_hash root_of (const struct signed_log *self, uint64_t begin, uint64_t end)
{
    struct merkle_edge edge = {.size = 0};
    struct merkle_filled filled;
    for (uint64_t i = begin; i < end; i++) {
        struct merkle_hash leaf = leaf_of (self, i);
        merkle_add (&edge, &leaf, &filled);
    }
    return merkle_root (&edge);
}

size_t signed_log_note (const struct signed_log *self, const struct note_signer *signers, size_t count,
                        char text[SIGNED_LOG_NOTE])
{
    struct checkpoint checkpoint = {.size = self->lines, .root = root_of (self, 0, self->lines)};
    snprintf (checkpoint.origin, sizeof checkpoint.origin, "%s", self->origin);
    size_t signed_size = checkpoint_write (&checkpoint, text), size = signed_size;
    text[size++] = '\n';
    for (size_t i = 0; i < count; i++) {
        size_t line = note_sign (&signers[i], (struct bytes){text, signed_size}, 1764000000, text + size,
                                 SIGNED_LOG_NOTE - size);
        assert_true (line > 0);
        size += line;
    }
    return size;
}

size_t signed_log_proof (const struct signed_log *self, uint64_t earlier,
                         struct merkle_hash proof[MERKLE_PATH_LIMIT])
{
    struct merkle_range path[MERKLE_PATH_LIMIT];
    size_t count = merkle_consistency (earlier, self->lines, path);
    for (size_t i = 0; i < count; i++)
        proof[i] = root_of (self, path[i].begin, path[i].end);
    return count * sizeof *proof;
}
