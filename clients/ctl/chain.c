#include "chain.h"

#include <stdlib.h>
#include <string.h>

/* Each entry's hash is that of the hash before it and its own bytes; numbers go up by one. */
static void follow_entry (struct chain *self, const Consentd__AuditEntry *entry)
{
    uint8_t hash[VAULT_HASH_SIZE];
    if (entry->number != self->entries + 1) {
        self->broken = "it is missing";
        return;
    }
    vault_hash (self->hash, sizeof self->hash, entry->raw.data, entry->raw.len, hash);
    if (entry->hash.len != sizeof hash || memcmp (entry->hash.data, hash, sizeof hash) != 0) {
        self->broken = "its hash does not follow from the entry and the hash before it";
        return;
    }
    memcpy (self->hash, hash, sizeof hash);
    self->entries++;
}

static void start (struct chain *self, const Consentd__AuditListReply *page)
{
    self->started = true;
    self->target = page->newest;
    if (page->newest_hash.len == sizeof self->target_hash)
        memcpy (self->target_hash, page->newest_hash.data, sizeof self->target_hash);
}

void chain_follow (struct chain *self, const Consentd__AuditListReply *page)
{
    if (!self->started)
        start (self, page);
    for (size_t i = 0; i < page->n_entries && !chain_is_done (self); i++)
        follow_entry (self, page->entries[i]);
    if (page->n_entries == 0 && !chain_is_done (self))
        self->broken = "it is missing";
    if (!self->broken && chain_is_done (self) && memcmp (self->hash, self->target_hash, sizeof self->hash) != 0) {
        self->broken = "its hash is another than the log's newest";
        self->entries--;
    }
}

bool chain_is_done (const struct chain *self)
{
    return self->broken || (self->started && self->entries == self->target);
}
