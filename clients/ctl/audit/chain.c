#include "chain.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void name (struct chain *self, uint64_t number, const char *why)
{
    if (self->bad++ > 0)
        return;
    self->first_bad = number;
    self->broken = why;
}

/* Notes the entries up to this number as missing. */
static void miss_until (struct chain *self, uint64_t number)
{
    if (number > self->target)
        number = self->target;
    while (self->entries < number) {
        name (self, ++self->entries, "it is missing");
        self->hash_unknown = true;
    }
}

/* Who has all keys can make the chain fit other entries. What was signed of them says that they are others. */
static void grow_tree (struct chain *self, const Consentd__AuditEntry *entry)
{
    struct merkle_hash leaf = merkle_leaf ((struct bytes){entry->raw.data, entry->raw.len}), root;
    struct merkle_filled unused;
    if (self->tree.size + 1 != entry->number || self->tree.size >= self->signed_of.size)
        return;
    merkle_add (&self->tree, &leaf, &unused);
    if (self->tree.size < self->signed_of.size)
        return;
    root = merkle_root (&self->tree);
    if (!merkle_same (&root, &self->signed_of.root))
        name (self, entry->number, "the entries up to it are not those that were signed");
}

/* The registry says of an entry in its archive which file is wrong. */
static void name_unreadable (struct chain *self, const Consentd__AuditEntry *entry)
{
    json_t *details = json_loads (entry->details, 0, NULL);
    const char *note = json_string_value (json_object_get (details, "note"));
    if (self->bad == 0)
        snprintf (self->why, sizeof self->why, "it is missing or cannot be read%s%s", note ? ": " : "",
                  note ? note : "");
    name (self, entry->number, self->why);
    json_decref (details);
}

/* Follows one entry. Its hash must be that of the hash before it and its own bytes; its number must be the
   next. */
static void follow_entry (struct chain *self, const Consentd__AuditEntry *entry)
{
    uint8_t hash[VAULT_HASH_SIZE];
    if (entry->number > self->entries + 1)
        miss_until (self, entry->number - 1);
    if (entry->number != self->entries + 1)
        return; /* it was followed before */
    self->entries++;
    if (entry->hash.len != sizeof hash || entry->raw.len == 0) {
        name_unreadable (self, entry);
        self->hash_unknown = true;
        return;
    }
    vault_hash (self->hash, sizeof self->hash, entry->raw.data, entry->raw.len, hash);
    if (!self->hash_unknown && memcmp (entry->hash.data, hash, sizeof hash) != 0)
        name (self, entry->number, "its hash does not follow from the entry and the hash before it");
    else if (entry->record_is_older)
        name (self, entry->number, "the record that it changed is older than it, or cannot be read");
    grow_tree (self, entry);
    memcpy (self->hash, entry->hash.data, sizeof hash);
    self->hash_unknown = false;
}

static void set_target (struct chain *self, const Consentd__AuditListReply *page)
{
    self->started = true;
    self->target = page->newest;
    if (page->newest_hash.len == sizeof self->target_hash)
        memcpy (self->target_hash, page->newest_hash.data, sizeof self->target_hash);
}

void chain_follow (struct chain *self, const Consentd__AuditListReply *page)
{
    if (!self->started)
        set_target (self, page);
    for (size_t i = 0; i < page->n_entries && !chain_is_done (self); i++)
        follow_entry (self, page->entries[i]);
    if (page->n_entries == 0)
        miss_until (self, self->target);
    if (chain_is_done (self) && !self->hash_unknown &&
        memcmp (self->hash, self->target_hash, sizeof self->hash) != 0)
        name (self, self->entries, "its hash is another than the log's newest");
}

bool chain_is_done (const struct chain *self)
{
    return self->started && self->entries == self->target;
}
