#include "chain_kept.h"
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "audit/log.h"

static bool read_one (const char *text, uint64_t *number, uint8_t hash[VAULT_HASH_SIZE])
{
    char *colon;
    size_t size;
    const char *end;
    errno = 0;
    *number = strtoull (text, &colon, 10);
    return text[0] >= '1' && text[0] <= '9' && errno == 0 && *colon == ':' &&
           strlen (colon + 1) == 2 * VAULT_HASH_SIZE &&
           sodium_hex2bin (hash, VAULT_HASH_SIZE, colon + 1, 2 * VAULT_HASH_SIZE, NULL, &size, &end) == 0 &&
           size == VAULT_HASH_SIZE;
}

int chain_kept_read (struct ctl *ctl, const struct options *options, struct chain_kept *self)
{
    char **texts = options_list (options, "kept", ctl->arena, &self->count);
    if (self->count > CHAIN_KEPT)
        return ctl_fail (EX_USAGE, "--kept: at most %d", CHAIN_KEPT);
    for (size_t i = 0; i < self->count; i++)
        if (!read_one (texts[i], &self->kept[i].number, self->kept[i].hash))
            return ctl_fail (EX_USAGE, "--kept is NUMBER:HASH, an entry and 64 hexadecimal digits");
    return 0;
}

int chain_kept_follow (struct chain_kept *self, struct bytes line)
{
    struct audit_head head;
    uint8_t hash[VAULT_HASH_SIZE];
    uint64_t number = ++self->number;
    if (!audit_read_numbers (line, &head) || head.number != number)
        return ctl_fail (CTL_NO, "entry %" PRIu64 " is no line of a log, or says another number", number);
    vault_hash (self->hash, sizeof self->hash, line.data, line.size, hash);
    memcpy (self->hash, hash, sizeof hash);
    for (size_t i = 0; i < self->count; i++)
        if (self->kept[i].number == number && memcmp (self->kept[i].hash, hash, sizeof hash) != 0)
            return ctl_fail (CTL_NO,
                             "entry %" PRIu64
                             " has another hash than was kept of it: it, or one before it, was changed",
                             number);
    return 0;
}

int chain_kept_end (const struct chain_kept *self)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->kept[i].number > self->number)
            return ctl_fail (CTL_NO, "entry %" PRIu64 ", of which a hash was kept, is not there",
                             self->kept[i].number);
    return 0;
}
