#include "backup.h"
#include <stdio.h>
#include <string.h>
#include "audit/counted.h"
#include "store/store_copy.h"

void backup_begin (struct turn *turn, const uint8_t id[16], const char *party, const char *user)
{
    struct backup *self = &turn->backup;
    *self = (struct backup){.is_under_way = true, .asked_at = turn->steady};
    memcpy (self->id, id, sizeof self->id);
    snprintf (self->party, sizeof self->party, "%s", party);
    snprintf (self->user, sizeof self->user, "%s", user);
    store_copy_begin (turn->store);
}

/* All that was given stays, until another backup begins: the last piece may be asked again. */
int backup_read (struct turn *turn, uint64_t from, const struct connection_id *connection,
                 struct store_piece *piece)
{
    struct backup *self = &turn->backup;
    int rc = store_copy_read (turn->txn, from, piece);
    if (rc != 0)
        return rc;
    self->asked_at = turn->steady;
    self->asked_on = *connection;
    self->is_left = false;
    self->bytes = from + piece->bytes.size;
    if (piece->is_last) {
        self->is_under_way = false;
        self->is_given = true;
    }
    return 0;
}

void backup_end (struct turn *turn, bool is_given_up)
{
    turn->backup.is_under_way = turn->backup.is_given = false;
    turn->backup.is_given_up = is_given_up;
    store_copy_end (turn->store);
}

void backup_settle (struct backup *self, const struct turn *turn, bool happened)
{
    if (happened)
        *self = turn->backup;
    else if ((!self->is_under_way && !self->is_given) || memcmp (self->id, turn->backup.id, sizeof self->id) != 0)
        store_copy_end (turn->store); /* it was to begin */
}

void backup_connection_gone (struct backup *self, const struct connection_id *gone)
{
    const struct connection_id *asked_on = &self->asked_on;
    if (asked_on->number == gone->number && asked_on->fd == gone->fd && asked_on->channel == gone->channel)
        self->is_left = true;
}

static const char *why_given_up (const struct turn *turn)
{
    if (!store_copy_is_under_way (turn->store))
        return "more was written than was asked for";
    return turn->backup.is_left ? "whoever made it has gone" : "nobody asked for more";
}

bool backup_is_lost (const struct backup *self, const struct store *store, moment steady)
{
    return self->is_under_way && (!store_copy_is_under_way (store) || steady - self->asked_at > BACKUP_PAUSE_MS);
}

int backup_give_up (struct turn *turn)
{
    const struct backup *self = &turn->backup;
    char note[96];
    snprintf (note, sizeof note, "%llu bytes: %s", (unsigned long long)self->bytes, why_given_up (turn));
    const struct audit_head head = {
        .time = turn->now, .party = self->party, .action = "backup", .result = "given-up", .origin = AUDIT_DAEMON};
    const struct evidence evidence = {.user = self->user, .note = note};
    enum store_share share = store_share_of (turn->txn);
    store_use_share (turn->txn, STORE_OWN);
    int rc = counted_log (turn, &head, NULL, &evidence);
    store_use_share (turn->txn, share);
    if (rc == 0)
        backup_end (turn, true);
    return rc;
}
