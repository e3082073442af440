#include "subject_key.h"
#include "record.h"

int subject_key_open (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key,
                      struct bytes *sealed)
{
    struct bytes value;
    int rc = store_get (turn->txn, STORE_SUBJECT, (struct bytes){id, VAULT_ID_SIZE}, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? SUBJECT_FILE_NOT_FOUND : rc;
    if (value.size < SUBJECT_WRAPPED_SIZE || vault_subject_key_unwrap (turn->vault, id, value.data, key) != 0)
        return RECORD_DAMAGED;
    *sealed = (struct bytes){(const uint8_t *)value.data + SUBJECT_WRAPPED_SIZE, value.size - SUBJECT_WRAPPED_SIZE};
    return 0;
}

int subject_key_read (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key)
{
    struct bytes unused;
    return subject_key_open (turn, id, key, &unused);
}
