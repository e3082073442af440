#include "obligation.h"
#include <string.h>
#include "big_endian.h"
#include "record/guard.h"

/* The key: subject id, decision, kind; of what several may hold also which of them. */
enum { AT_DECISION = VAULT_ID_SIZE, AT_KIND = AT_DECISION + 8, AT_NTH = AT_KIND + 1 };

/* Its key in the store is longer. */
static bool has_holders (enum obligation kind)
{
    return kind >= OBLIGATIONS_OF_DISCLOSURE;
}

/* It outlives the subject's key. */
static bool outlives_key (enum obligation kind)
{
    return kind == OBLIGATION_ERASE_DATA;
}

struct duty_name obligation_name (const struct kept_duty *duty)
{
    return (struct duty_name){duty->decision, duty->kind, duty->nth};
}

bool obligation_is_key_size (size_t size)
{
    return size == OBLIGATION_KEY_SIZE || size == OBLIGATION_NTH_KEY_SIZE;
}

static struct bytes key_of (const struct subject_file *file, struct duty_name name,
                            uint8_t key[OBLIGATION_NTH_KEY_SIZE])
{
    memcpy (key, file->id, VAULT_ID_SIZE);
    put_be64 (key + AT_DECISION, name.decision);
    key[AT_KIND] = (uint8_t)name.kind;
    key[AT_NTH] = (uint8_t)(name.nth >> 8);
    key[AT_NTH + 1] = (uint8_t)name.nth;
    return (struct bytes){key, has_holders (name.kind) ? OBLIGATION_NTH_KEY_SIZE : OBLIGATION_KEY_SIZE};
}

static struct duty_name name_of_key (struct bytes key)
{
    const uint8_t *at = key.data;
    struct duty_name name = {get_be64 (at + AT_DECISION), (enum obligation)at[AT_KIND], 0};
    if (key.size == OBLIGATION_NTH_KEY_SIZE)
        name.nth = (uint16_t)(at[AT_NTH] << 8 | at[AT_NTH + 1]);
    return name;
}

static struct record_place place_of (struct turn *turn, const struct subject_file *file, struct bytes key,
                                     enum obligation kind)
{
    const struct vault_key *seal = outlives_key (kind) ? vault_system_key (turn->vault) : &file->key;
    return (struct record_place){"obligation", key.data, key.size, seal};
}

/* --- The agenda --------------------------------------------------------------------------------------- */

/* Its id there: the decision; which of the holders, and in the last byte the kind. */
static struct agenda_entry entry_of (const struct subject_file *file, const struct kept_duty *duty)
{
    struct agenda_entry entry = {.kind = AGENDA_OBLIGATION, .when = duty->due};
    put_be64 (entry.id, duty->decision);
    put_be64 (entry.id + 8, (uint64_t)duty->nth << 8 | duty->kind);
    memcpy (entry.subject, file->id, sizeof entry.subject);
    return entry;
}

static struct duty_name name_of_entry (const struct agenda_entry *entry)
{
    uint64_t rest = get_be64 (entry->id + 8);
    return (struct duty_name){get_be64 (entry->id), (enum obligation) (rest & UINT8_MAX), (uint16_t)(rest >> 8)};
}

/* Of the file only what the obligation needs: the pseudonym and, if it is sealed under it, the key. Close it in
   any case. */
static int open_bare (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], enum obligation kind,
                      struct subject_file *bare)
{
    *bare = (struct subject_file){.known = true};
    memcpy (bare->id, subject, sizeof bare->id);
    return outlives_key (kind) ? 0 : subject_key_read (turn, bare->id, &bare->key);
}

int obligation_read_by_entry (struct turn *turn, const struct agenda_entry *entry, struct kept_duty *duty)
{
    struct subject_file bare;
    struct duty_name name = name_of_entry (entry);
    int rc = open_bare (turn, entry->subject, name.kind, &bare);
    if (rc == 0)
        rc = obligation_read (turn, &bare, name, duty);
    subject_file_close (&bare);
    return rc;
}

int obligation_enter_again (struct turn *turn, const uint8_t *key, size_t key_size)
{
    struct subject_file bare;
    struct kept_duty duty;
    struct duty_name name = name_of_key ((struct bytes){key, key_size});
    int rc = open_bare (turn, key, name.kind, &bare);
    if (rc == 0)
        rc = obligation_read (turn, &bare, name, &duty);
    if (rc == 0 && duty.done_at == 0) {
        struct agenda_entry entry = entry_of (&bare, &duty);
        rc = agenda_put (turn, &entry);
    }
    subject_file_close (&bare);
    return rc;
}

/* --- The record --------------------------------------------------------------------------------------- */

static int write (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty)
{
    uint8_t buffer[OBLIGATION_NTH_KEY_SIZE];
    struct bytes key = key_of (file, obligation_name (duty), buffer);
    struct record_place place = place_of (turn, file, key, duty->kind);
    int rc = guard_put (turn, STORE_OBLIGATION, key, record_seal_obligation (turn->arena, &place, duty));
    if (rc != 0 || duty->done_at != 0)
        return rc;
    struct agenda_entry entry = entry_of (file, duty);
    return agenda_put (turn, &entry);
}

/* Without its entry of the agenda. */
static int delete (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty)
{
    uint8_t buffer[OBLIGATION_NTH_KEY_SIZE];
    return guard_delete (turn, STORE_OBLIGATION, key_of (file, obligation_name (duty), buffer));
}

int obligation_add (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty)
{
    return write (turn, file, duty);
}

/* R7: of who was erased nothing is kept that has no use any more. */
int obligation_rewrite (struct turn *turn, const struct subject_file *file, const struct kept_duty *before,
                        const struct kept_duty *now)
{
    struct agenda_entry entry = entry_of (file, before);
    int rc = agenda_remove (turn, &entry);
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc;
    bool is_past = outlives_key (now->kind) && now->done_at != 0;
    return is_past ? delete (turn, file, now) : write (turn, file, now);
}

static int open_one (struct turn *turn, const struct subject_file *file, struct bytes key, struct bytes value,
                     struct kept_duty *duty)
{
    struct duty_name name = name_of_key (key);
    struct record_place place = place_of (turn, file, key, name.kind);
    int rc = record_open_obligation (turn->arena, &place, value, duty);
    duty->decision = name.decision;
    duty->kind = name.kind;
    duty->nth = name.nth;
    return rc;
}

int obligation_read (struct turn *turn, const struct subject_file *file, struct duty_name name,
                     struct kept_duty *duty)
{
    uint8_t buffer[OBLIGATION_NTH_KEY_SIZE];
    struct bytes key = key_of (file, name, buffer), value;
    int rc = guard_get (turn, STORE_OBLIGATION, key, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? OBLIGATION_NOT_FOUND : rc;
    return open_one (turn, file, key, value, duty);
}

/* The lowest name behind this one. */
static struct duty_name next_name (struct duty_name name)
{
    if (has_holders (name.kind) && name.nth < UINT16_MAX)
        return (struct duty_name){name.decision, name.kind, (uint16_t)(name.nth + 1)};
    return (struct duty_name){name.decision, name.kind + 1, 0};
}

int obligation_next (struct turn *turn, const struct subject_file *file, struct duty_name after,
                     struct kept_duty *duty)
{
    uint8_t buffer[OBLIGATION_NTH_KEY_SIZE];
    struct store_scan *scan = NULL;
    struct bytes key, value;
    struct bytes from = key_of (file, next_name (after), buffer);
    int rc = guard_check (turn, STORE_OBLIGATION, from);
    if (rc == 0)
        rc = store_scan_open (turn->txn, STORE_OBLIGATION, from, &scan);
    if (rc == 0)
        rc = store_scan_next (scan, &key, &value);
    if (rc == STORE_NOT_FOUND ||
        (rc == 0 && (!obligation_is_key_size (key.size) || memcmp (key.data, file->id, VAULT_ID_SIZE) != 0)))
        rc = OBLIGATION_NOT_FOUND;
    if (rc == 0)
        rc = open_one (turn, file, key, value, duty);
    store_scan_close (&scan);
    return rc;
}

static int take_out_one (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty)
{
    struct agenda_entry entry = entry_of (file, duty);
    int rc = agenda_remove (turn, &entry);
    return rc == 0 || rc == STORE_NOT_FOUND ? delete (turn, file, duty) : rc;
}

bool obligation_outlives_subject (enum store_table table, struct bytes key)
{
    const uint8_t *at = key.data;
    if (table == STORE_OBLIGATION)
        return obligation_is_key_size (key.size) && outlives_key (name_of_key (key).kind);
    return key.size == AGENDA_KEY_SIZE && at[0] == AGENDA_OBLIGATION &&
           outlives_key ((enum obligation)at[key.size - 1]);
}

int obligation_take_out (struct turn *turn, const struct subject_file *file)
{
    struct kept_duty duty = {0};
    int rc;
    while ((rc = obligation_next (turn, file, obligation_name (&duty), &duty)) == 0)
        if (!outlives_key (duty.kind) && (rc = take_out_one (turn, file, &duty)) != 0)
            return rc;
    return rc == OBLIGATION_NOT_FOUND ? 0 : rc;
}
