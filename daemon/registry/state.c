#include "state.h"
#include <errno.h>
#include <string.h>
#include "audit/log.h"
#include "audit/since.h"
#include "record/guard.h"

static const struct bytes epoch_name = {"epoch", 5}, vault_name = {"vault", 5}, clock_name = {"clock", 5};

/* The store remembers its vault key. Under another key every subject would look unknown, and refusals would not
   count (C12). */
static int check_vault (struct turn *turn, bool is_new)
{
    const struct bytes nothing = {NULL, 0};
    uint8_t fingerprint[VAULT_ID_SIZE];
    struct bytes value;
    vault_fingerprint (turn->vault, "store", nothing, nothing, fingerprint);
    if (is_new)
        return guard_put (turn, STORE_META, vault_name, (struct bytes){fingerprint, sizeof fingerprint});
    int rc = store_get (turn->txn, STORE_META, vault_name, &value);
    if (rc == STORE_NOT_FOUND)
        return STORE_OTHER_VAULT;
    if (rc != 0)
        return rc;
    return value.size == sizeof fingerprint && vault_equal (value.data, fingerprint, sizeof fingerprint)
               ? 0
               : STORE_OTHER_VAULT;
}

int state_new_epoch (struct turn *turn)
{
    vault_random (turn->state.epoch, sizeof turn->state.epoch);
    struct bytes epoch = {turn->state.epoch, sizeof turn->state.epoch};
    int rc = guard_put (turn, STORE_META, epoch_name, epoch);
    return rc == 0 ? since_note (turn, SINCE_EPOCH, epoch) : rc;
}

int state_keep_clock (struct turn *turn)
{
    uint8_t stopped = turn->state.clock_stopped;
    return guard_put (turn, STORE_META, clock_name, (struct bytes){&stopped, sizeof stopped});
}

/* Reads whether the clock is stopped. Nothing is kept of a clock that was never wrong. */
static int load_clock (struct turn *turn)
{
    struct bytes value;
    int rc = store_get (turn->txn, STORE_META, clock_name, &value);
    if (rc == STORE_NOT_FOUND)
        return 0;
    if (rc == 0 && value.size != 1)
        return RECORD_DAMAGED;
    if (rc == 0)
        turn->state.clock_stopped = *(const uint8_t *)value.data != 0;
    return rc;
}

int state_load (struct turn *turn)
{
    struct bytes value;
    memset (&turn->state, 0, sizeof turn->state);
    int rc = store_get (turn->txn, STORE_META, epoch_name, &value);
    if (rc == STORE_NOT_FOUND) {
        rc = check_vault (turn, true);
        return rc == 0 ? state_new_epoch (turn) : rc;
    }
    if (rc != 0)
        return rc;
    if (value.size != sizeof turn->state.epoch)
        return RECORD_DAMAGED;
    memcpy (turn->state.epoch, value.data, sizeof turn->state.epoch);
    rc = check_vault (turn, false);
    if (rc == 0)
        rc = load_clock (turn);
    return rc == 0 ? audit_load_state (turn) : rc;
}
