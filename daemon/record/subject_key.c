#include "subject_key.h"
#include "big_endian.h"
#include "guard.h"
#include "keyring.h"
#include "record.h"

/* While keys of the keyring are replaced, one that was not wrapped anew yet is under the former one. */
static bool unwrap (const struct keyring *keyring, const uint8_t id[VAULT_ID_SIZE], const uint8_t *wrapped,
                    struct vault_key *key)
{
    if (vault_subject_key_unwrap (keyring_key (keyring, id), id, wrapped, key) == 0)
        return true;
    const struct vault_key *former = keyring_former_key (keyring, id);
    return former != NULL && vault_subject_key_unwrap (former, id, wrapped, key) == 0;
}

/* There is no record: was there one? */
static int judge_unknown (struct turn *turn, const uint8_t id[VAULT_ID_SIZE])
{
    uint64_t generation;
    int rc = subject_read_generation (turn, id, &generation);
    if (rc != 0)
        return rc;
    if (generation == 0)
        return SUBJECT_FILE_NOT_FOUND;
    guard_note_damage (turn->guard, STORE_SUBJECT);
    return RECORD_DAMAGED;
}

int subject_key_open (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key,
                      struct bytes *value)
{
    int rc = store_get (turn->txn, STORE_SUBJECT, (struct bytes){id, VAULT_ID_SIZE}, value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? judge_unknown (turn, id) : rc;
    if (value->size >= SUBJECT_WRAPPED_SIZE && unwrap (turn->keyring, id, value->data, key))
        return 0;
    guard_note_damage (turn->guard, STORE_SUBJECT);
    return RECORD_DAMAGED;
}

int subject_key_read (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key)
{
    struct bytes unused;
    return subject_key_open (turn, id, key, &unused);
}

int subject_read_generation (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], uint64_t *generation)
{
    struct bytes value;
    *generation = 0;
    int rc = guard_get (turn, STORE_GENERATION, (struct bytes){id, VAULT_ID_SIZE}, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? 0 : rc;
    if (value.size != 8)
        return RECORD_DAMAGED;
    *generation = get_be64 (value.data);
    return *generation == 0 ? RECORD_DAMAGED : 0;
}

int subject_put_generation (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], uint64_t generation)
{
    uint8_t value[8];
    put_be64 (value, generation);
    return guard_put (turn, STORE_GENERATION, (struct bytes){id, VAULT_ID_SIZE},
                      (struct bytes){value, sizeof value});
}
