#include "subject_key.h"
#include "big_endian.h"
#include "guard.h"
#include "record.h"

int subject_key_open (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key,
                      struct bytes *value)
{
    int rc = store_get (turn->txn, STORE_SUBJECT, (struct bytes){id, VAULT_ID_SIZE}, value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? SUBJECT_FILE_NOT_FOUND : rc;
    if (value->size < SUBJECT_WRAPPED_SIZE || vault_subject_key_unwrap (turn->vault, id, value->data, key) != 0)
        return RECORD_DAMAGED;
    return 0;
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
    int rc = guard_get (turn, GUARDED_GENERATION, (struct bytes){id, VAULT_ID_SIZE}, &value);
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
    return guard_put (turn, GUARDED_GENERATION, (struct bytes){id, VAULT_ID_SIZE},
                      (struct bytes){value, sizeof value});
}
