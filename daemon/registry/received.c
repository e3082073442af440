#include "received.h"
#include <string.h>

enum { KEY_LIMIT = VAULT_ID_SIZE + VAULT_PARTY_LIMIT };

/* The key: subject id, party id. */
static struct bytes key_of (const uint8_t subject[VAULT_ID_SIZE], const char *party, uint8_t key[KEY_LIMIT])
{
    size_t size = strnlen (party, VAULT_PARTY_LIMIT);
    memcpy (key, subject, VAULT_ID_SIZE);
    memcpy (key + VAULT_ID_SIZE, party, size);
    return (struct bytes){key, VAULT_ID_SIZE + size};
}

static bool is_of (struct bytes key, const uint8_t subject[VAULT_ID_SIZE])
{
    return key.size > VAULT_ID_SIZE && memcmp (key.data, subject, VAULT_ID_SIZE) == 0;
}

/* Copies the list into room for about twice as many. */
static struct received_record *grown (struct arena *arena, const struct received_record *all, size_t count)
{
    struct received_record *made = arena_array (arena, 2 * count + 4, sizeof *made);
    if (count > 0)
        memcpy (made, all, count * sizeof *made);
    return made;
}

int received_find_records (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE],
                           const struct received_record **all, size_t *count)
{
    struct received_record *made = NULL;
    size_t found = 0, room = 0;
    struct store_scan *scan = NULL;
    struct bytes at, value;
    int rc = store_scan_open (turn->txn, STORE_RECEIVED, (struct bytes){subject, VAULT_ID_SIZE}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &at, &value)) == 0 && is_of (at, subject)) {
        if (found == room) {
            made = grown (turn->arena, made, found);
            room = 2 * found + 4;
        }
        made[found++] = (struct received_record){at, value};
    }
    store_scan_close (&scan);
    *all = made;
    *count = found;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int received_open (struct arena *arena, const struct vault_key *key, const struct received_record *records,
                   size_t count, const struct received **all)
{
    struct received *made = arena_array (arena, count, sizeof *made);
    *all = made;
    for (size_t i = 0; i < count; i++) {
        struct bytes at = records[i].key;
        struct record_place place = {"received", at.data, at.size, key};
        if (record_open_received (arena, &place, records[i].value, &made[i]) != 0)
            return RECORD_DAMAGED;
        made[i].party = arena_strndup (arena, (const char *)at.data + VAULT_ID_SIZE, at.size - VAULT_ID_SIZE);
    }
    return 0;
}

int received_write (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct vault_key *key,
                    const struct received *one)
{
    uint8_t buffer[KEY_LIMIT];
    struct bytes at = key_of (subject, one->party, buffer);
    struct record_place place = {"received", at.data, at.size, key};
    return store_put (turn->txn, STORE_RECEIVED, at, record_seal_received (turn->arena, &place, one));
}

const struct received *received_find (const struct received *all, size_t count, const char *party)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (all[i].party, party) == 0)
            return &all[i];
    return NULL;
}

/* Joins both sets in `all`. True if `more` has something that `before` does not have. */
static bool add (struct arena *arena, const struct text_set *before, const struct text_set *more,
                 struct text_set *all)
{
    all->item = arena_array (arena, before->count + more->count, sizeof *all->item);
    all->count = before->count;
    if (before->count > 0)
        memcpy (all->item, before->item, before->count * sizeof *all->item);
    for (size_t i = 0; i < more->count; i++)
        if (!text_set_has (all, more->item[i]))
            all->item[all->count++] = more->item[i];
    return all->count > before->count;
}

bool received_add (struct arena *arena, const struct received *before, const struct received *more,
                   struct received *all)
{
    static const struct received nothing;
    if (before == NULL)
        before = &nothing;
    all->party = more->party;
    bool received = add (arena, &before->categories, &more->categories, &all->categories);
    bool informed = add (arena, &before->informed, &more->informed, &all->informed);
    bool sources = add (arena, &before->sources, &more->sources, &all->sources);
    return received || informed || sources;
}
