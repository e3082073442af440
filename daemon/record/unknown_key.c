#include "unknown_key.h"
#include "guard.h"
#include "keyring.h"
#include "subject_key.h"

int unknown_key_read (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key)
{
    struct bytes value;
    int rc = store_get (turn->txn, STORE_UNKNOWN, (struct bytes){id, VAULT_ID_SIZE}, &value);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? SUBJECT_FILE_NOT_FOUND : rc;
    if (value.size == SUBJECT_WRAPPED_SIZE && subject_key_unwrap (turn, id, value, key) != WRAPPED_UNREADABLE)
        return 0;
    guard_note_damage (turn->guard, STORE_UNKNOWN);
    return RECORD_DAMAGED;
}

int unknown_key_make (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key)
{
    uint8_t wrapped[SUBJECT_WRAPPED_SIZE];
    vault_subject_key_new (key);
    vault_subject_key_wrap (keyring_key (turn->keyring, id), id, key, wrapped);
    return store_put (turn->txn, STORE_UNKNOWN, (struct bytes){id, VAULT_ID_SIZE},
                      (struct bytes){wrapped, sizeof wrapped});
}

int unknown_key_delete (struct turn *turn, const uint8_t id[VAULT_ID_SIZE])
{
    int rc = store_delete (turn->txn, STORE_UNKNOWN, (struct bytes){id, VAULT_ID_SIZE});
    return rc == STORE_NOT_FOUND ? 0 : rc;
}
