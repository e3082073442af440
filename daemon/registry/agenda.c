#include "agenda.h"
#include <string.h>
#include "../big_endian.h"
#include "record.h"

/* kind, moment, id */
void agenda_key (const struct agenda_entry *entry, uint8_t key[AGENDA_KEY_SIZE])
{
    key[0] = (uint8_t)entry->kind;
    put_be64 (key + 1, entry->when > 0 ? (uint64_t)entry->when : 0); /* before 1970 is long ago */
    memcpy (key + 9, entry->id, sizeof entry->id);
}

int agenda_put (struct turn *turn, const struct agenda_entry *entry)
{
    uint8_t key[AGENDA_KEY_SIZE];
    if (entry->when == MOMENT_NEVER)
        return 0;
    agenda_key (entry, key);
    if (entry->kind != AGENDA_OBLIGATION && entry->when < turn->state.agenda_at)
        turn->state.agenda_at = entry->when;
    turn->changed = true;
    return store_put (turn->txn, STORE_AGENDA, (struct bytes){key, sizeof key},
                      (struct bytes){entry->subject, sizeof entry->subject});
}

int agenda_remove (struct turn *turn, const struct agenda_entry *entry)
{
    uint8_t key[AGENDA_KEY_SIZE];
    agenda_key (entry, key);
    int rc = store_delete (turn->txn, STORE_AGENDA, (struct bytes){key, sizeof key});
    turn->changed = turn->changed || rc == 0;
    return rc;
}

int agenda_seek (struct turn *turn, struct bytes from, struct agenda_entry *entry)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, STORE_AGENDA, from, &scan);
    if (rc == 0)
        rc = store_scan_next (scan, &key, &value);
    if (rc == 0 && (key.size != AGENDA_KEY_SIZE || value.size != sizeof entry->subject))
        rc = RECORD_DAMAGED;
    if (rc == 0) {
        const uint8_t *at = key.data;
        entry->kind = (enum agenda_kind)at[0];
        entry->when = (moment)get_be64 (at + 1);
        memcpy (entry->id, at + 9, sizeof entry->id);
        memcpy (entry->subject, value.data, sizeof entry->subject);
    }
    store_scan_close (&scan);
    return rc;
}

static struct agenda_entry entry_of (const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement,
                                     enum agenda_kind kind, moment when)
{
    struct agenda_entry entry = {.kind = kind, .when = when};
    memcpy (entry.id, statement->id, sizeof entry.id);
    memcpy (entry.subject, subject, sizeof entry.subject);
    return entry;
}

moment agenda_lapse_of (const struct statement *statement)
{
    bool lapses = !statement->refusal && statement->lapses_at <= statement->valid_until;
    return lapses ? statement->lapses_at : MOMENT_NEVER;
}

int agenda_enter (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement)
{
    return agenda_enter_again (turn, subject, statement, INT64_MIN);
}

int agenda_enter_again (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement,
                        moment since)
{
    if (statement->refusal)
        return 0;
    struct agenda_entry end = entry_of (subject, statement, AGENDA_ENDS, statement->valid_until);
    struct agenda_entry lapse = entry_of (subject, statement, AGENDA_LAPSES, agenda_lapse_of (statement));
    int rc = end.when > since ? agenda_put (turn, &end) : 0;
    return rc == 0 && lapse.when > since ? agenda_put (turn, &lapse) : rc;
}

/* The parties know that it has ended: its use they were told at once, its end when that left the agenda. */
static int find_known (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement,
                       bool *known)
{
    struct agenda_entry end = entry_of (subject, statement, AGENDA_ENDS, statement->valid_until);
    uint8_t key[AGENDA_KEY_SIZE];
    struct bytes unused;
    *known = statement->used_at != 0;
    if (*known || statement->valid_until > turn->now)
        return 0;
    agenda_key (&end, key);
    int rc = store_get (turn->txn, STORE_AGENDA, (struct bytes){key, sizeof key}, &unused);
    *known = rc == STORE_NOT_FOUND;
    return *known ? 0 : rc;
}

int agenda_move (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *before,
                 const struct statement *after)
{
    struct agenda_entry from = entry_of (subject, before, AGENDA_LAPSES, agenda_lapse_of (before));
    struct agenda_entry to = entry_of (subject, after, AGENDA_LAPSES, agenda_lapse_of (after));
    if (from.when == to.when)
        return 0;
    int rc = from.when != MOMENT_NEVER ? agenda_remove (turn, &from) : 0;
    /* A lapse that is past was made known already: another moment in the past makes no second event. */
    if (rc == STORE_NOT_FOUND && from.when <= turn->now && to.when <= turn->now)
        return 0;
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc;
    bool known; /* nor does a lapse make one that comes to light behind another end */
    rc = find_known (turn, subject, after, &known);
    return rc == 0 && !known ? agenda_put (turn, &to) : rc;
}
