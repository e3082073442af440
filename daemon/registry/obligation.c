#include "obligation.h"
#include <string.h>
#include "big_endian.h"
#include "record/guard.h"
#include "agenda.h"

/* The key: subject id, decision, kind. */
static struct bytes key_of (const struct subject_file *file, uint64_t decision, enum obligation kind,
                            uint8_t key[OBLIGATION_KEY_SIZE])
{
    memcpy (key, file->id, VAULT_ID_SIZE);
    put_be64 (key + VAULT_ID_SIZE, decision);
    key[VAULT_ID_SIZE + 8] = (uint8_t)kind;
    return (struct bytes){key, OBLIGATION_KEY_SIZE};
}

/* The id of an obligation on the agenda. */
static void agenda_id_of (uint64_t decision, enum obligation kind, uint8_t id[16])
{
    put_be64 (id, decision);
    put_be64 (id + 8, kind);
}

void obligation_of_agenda_id (const uint8_t id[16], uint64_t *decision, enum obligation *kind)
{
    *decision = get_be64 (id);
    *kind = (enum obligation)get_be64 (id + 8);
}

static struct agenda_entry entry_of (const struct subject_file *file, const struct kept_duty *duty)
{
    struct agenda_entry entry = {.kind = AGENDA_OBLIGATION, .when = duty->due};
    agenda_id_of (duty->decision, duty->kind, entry.id);
    memcpy (entry.subject, file->id, sizeof entry.subject);
    return entry;
}

static int write (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty)
{
    uint8_t buffer[OBLIGATION_KEY_SIZE];
    struct bytes key = key_of (file, duty->decision, duty->kind, buffer);
    struct record_place place = {"obligation", key.data, key.size, &file->key};
    int rc = guard_put (turn, STORE_OBLIGATION, key, record_seal_obligation (turn->arena, &place, duty));
    if (rc != 0 || duty->done_at != 0)
        return rc;
    struct agenda_entry entry = entry_of (file, duty);
    return agenda_put (turn, &entry);
}

int obligation_add (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty)
{
    return write (turn, file, duty);
}

int obligation_rewrite (struct turn *turn, const struct subject_file *file, const struct kept_duty *before,
                        const struct kept_duty *now)
{
    struct agenda_entry entry = entry_of (file, before);
    int rc = agenda_remove (turn, &entry);
    return rc == 0 || rc == STORE_NOT_FOUND ? write (turn, file, now) : rc;
}

static int open_one (struct turn *turn, const struct subject_file *file, struct bytes key, struct bytes value,
                     struct kept_duty *duty)
{
    const uint8_t *at = key.data;
    struct record_place place = {"obligation", key.data, key.size, &file->key};
    int rc = record_open_obligation (turn->arena, &place, value, duty);
    duty->decision = get_be64 (at + VAULT_ID_SIZE);
    duty->kind = (enum obligation)at[VAULT_ID_SIZE + 8];
    return rc;
}

int obligation_read (struct turn *turn, const struct subject_file *file, uint64_t decision, enum obligation kind,
                     struct kept_duty *duty)
{
    uint8_t buffer[OBLIGATION_KEY_SIZE];
    struct bytes key = key_of (file, decision, kind, buffer), value;
    int rc = guard_get (turn, STORE_OBLIGATION, key, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? OBLIGATION_NOT_FOUND : rc;
    return open_one (turn, file, key, value, duty);
}

int obligation_enter_again (struct turn *turn, const struct subject_file *file,
                            const uint8_t key[OBLIGATION_KEY_SIZE])
{
    struct kept_duty duty;
    int rc = obligation_read (turn, file, get_be64 (key + VAULT_ID_SIZE), (enum obligation)key[VAULT_ID_SIZE + 8],
                              &duty);
    if (rc != 0 || duty.done_at != 0)
        return rc;
    struct agenda_entry entry = entry_of (file, &duty);
    return agenda_put (turn, &entry);
}

int obligation_next (struct turn *turn, const struct subject_file *file, uint64_t decision, enum obligation kind,
                     struct kept_duty *duty)
{
    uint8_t buffer[OBLIGATION_KEY_SIZE];
    struct store_scan *scan = NULL;
    struct bytes key, value;
    struct bytes from = key_of (file, decision, kind + 1, buffer);
    int rc = guard_check (turn, STORE_OBLIGATION, from);
    if (rc == 0)
        rc = store_scan_open (turn->txn, STORE_OBLIGATION, from, &scan);
    if (rc == 0)
        rc = store_scan_next (scan, &key, &value);
    if (rc == STORE_NOT_FOUND ||
        (rc == 0 && (key.size != OBLIGATION_KEY_SIZE || memcmp (key.data, file->id, VAULT_ID_SIZE) != 0)))
        rc = OBLIGATION_NOT_FOUND;
    if (rc == 0)
        rc = open_one (turn, file, key, value, duty);
    store_scan_close (&scan);
    return rc;
}

static int take_out_one (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty)
{
    uint8_t buffer[OBLIGATION_KEY_SIZE];
    struct agenda_entry entry = entry_of (file, duty);
    int rc = agenda_remove (turn, &entry);
    if (rc == 0 || rc == STORE_NOT_FOUND)
        rc = guard_delete (turn, STORE_OBLIGATION, key_of (file, duty->decision, duty->kind, buffer));
    return rc;
}

int obligation_take_out (struct turn *turn, const struct subject_file *file)
{
    struct kept_duty duty = {0};
    int rc;
    while ((rc = obligation_next (turn, file, duty.decision, duty.kind, &duty)) == 0)
        if ((rc = take_out_one (turn, file, &duty)) != 0)
            return rc;
    return rc == OBLIGATION_NOT_FOUND ? 0 : rc;
}
