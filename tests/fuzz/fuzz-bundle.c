/* libFuzzer: any bytes as a file of the log's archive. What is read of it is all of it, and in its order. */
#include <stdlib.h>
#include <string.h>
#include "audit/archive.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void must (bool it)
{
    if (!it)
        abort ();
}

/* Each entry lies right behind the one before it, its length between. Returns how many there are. */
static size_t follow (struct bytes *rest)
{
    const uint8_t *at = rest->data, *end = at + rest->size;
    struct bytes entry;
    size_t count = 0;
    for (; tiles_next_entry (rest, &entry); count++) {
        must (entry.data == at + 2 && entry.size == (size_t)(at[0] << 8 | at[1]));
        at += 2 + entry.size;
        must (rest->data == at && rest->size == (size_t)(end - at));
    }
    return count;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const uint8_t before[VAULT_HASH_SIZE];
    struct archive_bundle *bundle = calloc (1, sizeof *bundle);
    must (bundle != NULL && (bundle->data = malloc (size > 0 ? size : 1)) != NULL); /* who reads more is seen */
    bundle->size = size;
    memcpy (bundle->data, data, size);
    struct bytes rest = {bundle->data, size};
    bool is_whole = follow (&rest) == MERKLE_TILE_WIDTH && rest.size == 0;
    must (archive_cut (bundle, before) == is_whole);
    for (size_t i = 0; is_whole && i + 1 < MERKLE_TILE_WIDTH; i++)
        must ((const uint8_t *)bundle->line[i].data + bundle->line[i].size + 2 == bundle->line[i + 1].data);
    free (bundle->data);
    free (bundle);
    return 0;
}
