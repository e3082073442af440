#include "agenda.h"
#include <string.h>
#include "big_endian.h"
#include "record/guard.h"
#include "record/record.h"

/* Writes the key: kind, moment, id. */
void agenda_key (const struct agenda_entry *entry, uint8_t key[AGENDA_KEY_SIZE])
{
    key[0] = (uint8_t)entry->kind;
    put_be64 (key + 1, entry->when > 0 ? (uint64_t)entry->when : 0); /* a moment before 1970 is long ago */
    memcpy (key + 9, entry->id, sizeof entry->id);
}

void agenda_step (uint8_t key[AGENDA_KEY_SIZE])
{
    for (size_t i = AGENDA_KEY_SIZE; i-- > 0 && ++key[i] == 0;)
        ;
}

/* ending.h handles it when its moment has come; the others are only listed. */
static bool is_made_known (enum agenda_kind kind)
{
    return kind != AGENDA_OBLIGATION && kind != AGENDA_RIGHTS && kind != AGENDA_VIEW;
}

int agenda_put (struct turn *turn, const struct agenda_entry *entry)
{
    uint8_t key[AGENDA_KEY_SIZE];
    if (entry->when == MOMENT_NEVER)
        return 0;
    agenda_key (entry, key);
    if (is_made_known (entry->kind) && entry->when < turn->state.agenda_at)
        turn->state.agenda_at = entry->when;
    return guard_put (turn, STORE_AGENDA, (struct bytes){key, sizeof key},
                      (struct bytes){entry->subject, sizeof entry->subject});
}

int agenda_remove (struct turn *turn, const struct agenda_entry *entry)
{
    uint8_t key[AGENDA_KEY_SIZE];
    agenda_key (entry, key);
    return guard_delete (turn, STORE_AGENDA, (struct bytes){key, sizeof key});
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
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc;
    uint8_t found[AGENDA_KEY_SIZE];
    struct bytes to = {found, sizeof found};
    if (rc == 0)
        agenda_key (entry, found);
    int checked = guard_check_between (turn, STORE_AGENDA, from, rc == 0 ? &to : NULL);
    return checked != 0 ? checked : rc;
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
    if (statement->refusal || statement->lapses_at > statement->valid_until)
        return MOMENT_NEVER;
    return statement->lapses_at > 0 ? statement->lapses_at : 0; /* if it never counted, it lapsed long ago */
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

static struct agenda_entry return_of (const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement)
{
    return entry_of (subject, statement, AGENDA_RETURNS,
                     0); /* the moment does not matter: one entry for a consent is enough */
}

/* Removes an entry, and says whether it was still there. If it was not, it has been handled. */
static int take (struct turn *turn, const struct agenda_entry *entry, bool *was_there)
{
    int rc = entry->when != MOMENT_NEVER ? agenda_remove (turn, entry) : STORE_NOT_FOUND;
    *was_there = rc == 0;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int agenda_pass_over (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement)
{
    struct agenda_entry ends[] = {entry_of (subject, statement, AGENDA_ENDS, statement->valid_until),
                                  entry_of (subject, statement, AGENDA_LAPSES, agenda_lapse_of (statement))};
    bool unused;
    int rc = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends && rc == 0; i++)
        if (ends[i].when <= turn->now)
            rc = take (turn, &ends[i], &unused);
    return rc;
}

int agenda_take_out (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement)
{
    struct agenda_entry all[] = {entry_of (subject, statement, AGENDA_ENDS, statement->valid_until),
                                 entry_of (subject, statement, AGENDA_LAPSES, agenda_lapse_of (statement)),
                                 return_of (subject, statement)};
    bool unused;
    int rc = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all && rc == 0; i++)
        rc = take (turn, &all[i], &unused);
    return rc;
}

/* The end of its validity was told: its entry is no longer on the agenda. */
static int find_expiry_told (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE],
                             const struct statement *statement, bool *told)
{
    struct agenda_entry end = entry_of (subject, statement, AGENDA_ENDS, statement->valid_until);
    uint8_t key[AGENDA_KEY_SIZE];
    struct bytes unused;
    agenda_key (&end, key);
    int rc = guard_get (turn, STORE_AGENDA, (struct bytes){key, sizeof key}, &unused);
    *told = rc == STORE_NOT_FOUND;
    return *told ? 0 : rc;
}

/* Removes the old lapse from the agenda, and says whether the parties know that the consent has ended. They know
   of a withdrawal, of use and of superseding at once. They know of an end by time once its entry has left the
   agenda. And they still think it has ended as long as a return is not told. */
static int find_known_ended (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE],
                             const struct agenda_change *change, bool *ended)
{
    struct agenda_entry lapse =
        entry_of (subject, change->before, AGENDA_LAPSES, agenda_lapse_of (change->before));
    struct agenda_entry back = return_of (subject, change->before);
    bool lapse_waits, return_waits;
    int rc = take (turn, &lapse, &lapse_waits);
    if (rc == 0)
        rc = take (turn, &back, &return_waits);
    if (rc != 0)
        return rc;
    *ended = return_waits ||
             (change->state_before != STATE_GRANTED && !(change->state_before == STATE_LAPSED && lapse_waits));
    return change->state_before == STATE_EXPIRED && !return_waits
               ? find_expiry_told (turn, subject, change->before, ended)
               : 0;
}

int agenda_move (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct agenda_change *change)
{
    moment lapses = agenda_lapse_of (change->after);
    bool ended;
    if (change->after->refusal ||
        (lapses == agenda_lapse_of (change->before) && change->state_before == change->state_after))
        return 0;
    int rc = find_known_ended (turn, subject, change, &ended);
    /* A lapse in the past makes no event, if the parties know already that the consent has ended. */
    struct agenda_entry lapse = entry_of (subject, change->after, AGENDA_LAPSES, lapses);
    if (rc == 0 && (lapses > turn->now || !ended))
        rc = agenda_put (turn, &lapse);
    if (rc != 0 || !ended)
        return rc;
    struct agenda_entry back = return_of (subject, change->after);
    return change->state_after == STATE_GRANTED ? agenda_put (turn, &back)
                                                : agenda_pass_over (turn, subject, change->after);
}
