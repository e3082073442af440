#include "lines.h"
#include <sodium.h>
#include <string.h>

_Static_assert((int)LINES_HASH_SIZE ==
                   sodium_base64_ENCODED_LEN (MERKLE_HASH_SIZE, sodium_base64_VARIANT_ORIGINAL),
               "hash size");

bool lines_next (struct bytes *rest, struct bytes *line)
{
    const char *end = rest->size > 0 ? memchr (rest->data, '\n', rest->size) : NULL;
    if (end == NULL)
        return false;
    *line = (struct bytes){rest->data, (size_t)(end - (const char *)rest->data)};
    *rest = (struct bytes){end + 1, rest->size - line->size - 1};
    return true;
}

bool lines_number (struct bytes line, uint64_t *number)
{
    const char *digit = line.data;
    uint64_t made = 0;
    if (line.size == 0 || line.size > 19 || (digit[0] == '0' && line.size > 1))
        return false;
    for (size_t i = 0; i < line.size; i++) {
        if (digit[i] < '0' || digit[i] > '9')
            return false;
        made = made * 10 + (uint64_t)(digit[i] - '0');
    }
    *number = made;
    return made <= INT64_MAX;
}

/* libsodium takes bytes beyond ASCII for digits too. */
bool lines_base64 (struct bytes text, uint8_t *out, size_t limit, size_t *size)
{
    const char *end, *first = text.data;
    for (size_t i = 0; i < text.size; i++)
        if ((uint8_t)first[i] > 0x7f)
            return false;
    return sodium_base642bin (out, limit, first, text.size, NULL, size, &end, sodium_base64_VARIANT_ORIGINAL) ==
               0 &&
           end == first + text.size;
}

bool lines_hash (struct bytes line, struct merkle_hash *hash)
{
    size_t size;
    return line.size == LINES_HASH_SIZE - 1 && lines_base64 (line, hash->bytes, sizeof hash->bytes, &size) &&
           size == sizeof hash->bytes;
}

void lines_put_hash (const struct merkle_hash *hash, char text[LINES_HASH_SIZE])
{
    sodium_bin2base64 (text, LINES_HASH_SIZE, hash->bytes, sizeof hash->bytes, sodium_base64_VARIANT_ORIGINAL);
}
