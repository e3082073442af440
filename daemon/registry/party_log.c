#include "party_log.h"
#include <string.h>
#include "../audit/log.h"
#include "history.h"

static int write_line (struct turn *turn, const char *party, const char *result)
{
    struct audit_head head = {
        .time = turn->now, .party = "", .action = "party", .result = result, .origin = AUDIT_DAEMON};
    struct evidence evidence = {.note = party};
    return audit_append (turn, &head, NULL, &evidence);
}

static void digest (struct turn *turn, const struct party_text *text, uint8_t hash[VAULT_HASH_SIZE])
{
    const char *all = arena_printf (turn->arena, "%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%d", text->kind, text->role,
                                    text->public_key, text->secrecy, text->agreement_from, text->agreement_until,
                                    text->agreement_reference, text->contact, text->active);
    vault_hash (all, strlen (all), NULL, 0, hash);
}

static int log_party (struct turn *turn, const struct party_entry *entry)
{
    uint8_t hash[VAULT_HASH_SIZE];
    digest (turn, &entry->text, hash);
    struct bytes key = {entry->text.id, strlen (entry->text.id)}, value;
    int rc = store_get (turn->txn, STORE_PARTY, key, &value);
    if (rc == 0 && value.size == sizeof hash && memcmp (value.data, hash, sizeof hash) == 0)
        return 0;
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc;
    const char *result = rc == STORE_NOT_FOUND ? "added" : entry->text.active ? "changed" : "removed";
    rc = write_line (turn, entry->text.id, result);
    if (rc == 0)
        rc = history_keep_party (turn, &entry->text, turn->state.audit_number);
    return rc == 0 ? store_put (turn->txn, STORE_PARTY, key, (struct bytes){hash, sizeof hash}) : rc;
}

/* A party of which the log spoke and that the table no longer has; NULL if there is none. */
static int find_gone (struct turn *turn, const char **gone)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    *gone = NULL;
    int rc = store_scan_open (turn->txn, STORE_PARTY, (struct bytes){"", 0}, &scan);
    while (rc == 0 && *gone == NULL && (rc = store_scan_next (scan, &key, &value)) == 0) {
        const char *id = arena_strndup (turn->arena, key.data, key.size);
        if (parties_find (turn->parties, id) == NULL)
            *gone = id;
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int party_log_changes (struct turn *turn)
{
    int rc = 0;
    for (size_t i = 0; i < parties_count (turn->parties) && rc == 0; i++)
        rc = log_party (turn, parties_at (turn->parties, i));
    const char *gone = NULL;
    while (rc == 0 && (rc = find_gone (turn, &gone)) == 0 && gone != NULL) {
        rc = write_line (turn, gone, "deleted");
        if (rc == 0)
            rc = store_delete (turn->txn, STORE_PARTY, (struct bytes){gone, strlen (gone)});
    }
    return rc;
}
