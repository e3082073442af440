/* The keys on which the records hang: for who changes the vault's key, or wants to know what an erasure has left.
 */
#include <string.h>
#include "keyring.h"
#include "registry/marks.h"
#include "verbs.h"

/* How many wrapped keys stand in the store, by whom they are of. */
static int count_wrapped (struct turn *turn, struct handling *handling)
{
    int rc = store_count (turn->txn, STORE_SUBJECT, &handling->reply.as.keys_list.subjects);
    if (rc == 0)
        rc = store_count (turn->txn, STORE_UNKNOWN, &handling->reply.as.keys_list.unknown);
    return rc == 0 ? store_count (turn->txn, STORE_EXTRACT, &handling->reply.as.keys_list.extracts) : rc;
}

static void name_vault (const struct vault *vault, struct handling *handling)
{
    const struct vault_key *former = vault_former_keyring_key (vault);
    vault_key_name (vault_keyring_key (vault), handling->reply.as.keys_list.vault.bytes);
    handling->reply.as.keys_list.has_former = former != NULL;
    handling->reply.as.keys_list.own_root = vault_has_own_root (vault);
    if (former != NULL)
        vault_key_name (former, handling->reply.as.keys_list.vault_former.bytes);
}

int verb_keys_list (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    (void)caller;
    (void)request;
    const uint16_t *buckets;
    struct erasure_mark *marks;
    size_t marked;
    handling->reply.body = REPLY_KEYS_LIST;
    name_vault (turn->vault, handling);
    memcpy (handling->reply.as.keys_list.keyring.bytes, keyring_id (turn->keyring), VAULT_ID_SIZE);
    handling->reply.as.keys_list.generation = keyring_generation (turn->keyring);
    handling->reply.as.keys_list.replaced = (unsigned)keyring_formers (turn->keyring, &buckets);
    int rc = marks_read (turn, &marks, &marked);
    handling->reply.as.keys_list.marked = marked;
    return rc == 0 ? count_wrapped (turn, handling) : rc;
}
