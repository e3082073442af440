#include "state.h"
#include <errno.h>
#include <string.h>
#include "../big_endian.h"

/* Fixed layout, in the store under "state". */
enum { STATE_VERSION = 1, STATE_SIZE = 1 + 16 + 8 + 8 + 8 + 8 + 32 };

static const struct bytes key = {"state", 5}, vault_key = {"vault", 5};

/* The store remembers under which vault key it is: under another one every subject would look unknown, refusals
   included (C12). */
static int check_vault (struct turn *turn, bool is_new)
{
    uint8_t fingerprint[VAULT_ID_SIZE];
    struct bytes value;
    vault_fingerprint (turn->vault, "store", NULL, 0, NULL, 0, fingerprint);
    if (is_new)
        return store_put (turn->txn, STORE_META, vault_key, (struct bytes){fingerprint, sizeof fingerprint});
    int rc = store_get (turn->txn, STORE_META, vault_key, &value);
    if (rc == STORE_NOT_FOUND)
        return STATE_OTHER_VAULT;
    if (rc != 0)
        return rc;
    return value.size == sizeof fingerprint && vault_equal (value.data, fingerprint, sizeof fingerprint) ? 0
                                                                                                         : STATE_OTHER_VAULT;
}

int state_load (struct turn *turn)
{
    struct registry_state *state = &turn->state;
    struct bytes value;
    int rc = store_get (turn->txn, STORE_META, key, &value);
    if (rc == STORE_NOT_FOUND) {
        memset (state, 0, sizeof *state);
        vault_random (state->epoch, sizeof state->epoch);
        turn->changed = true;
        return check_vault (turn, true);
    }
    if (rc != 0)
        return rc;
    const uint8_t *data = value.data;
    if (value.size != STATE_SIZE || data[0] != STATE_VERSION)
        return -EINVAL;
    memcpy (state->epoch, data + 1, 16);
    state->revision = get_be64 (data + 17);
    state->time = (moment) get_be64 (data + 25);
    state->order = get_be64 (data + 33);
    state->audit_number = get_be64 (data + 41);
    memcpy (state->audit_hash, data + 49, 32);
    return check_vault (turn, false);
}

int state_save (struct turn *turn)
{
    const struct registry_state *state = &turn->state;
    uint8_t data[STATE_SIZE] = {STATE_VERSION};
    memcpy (data + 1, state->epoch, 16);
    put_be64 (data + 17, state->revision);
    put_be64 (data + 25, (uint64_t) state->time);
    put_be64 (data + 33, state->order);
    put_be64 (data + 41, state->audit_number);
    memcpy (data + 49, state->audit_hash, 32);
    return store_put (turn->txn, STORE_META, key, (struct bytes){data, sizeof data});
}
