/* A backup, piece by piece. */
#include <string.h>
#include "registry/backup.h"
#include "store/store_copy.h"
#include "verbs.h"

static bool is_asked (const struct backup *backup, const struct caller *caller, const uint8_t id[16])
{
    return memcmp (backup->id, id, sizeof backup->id) == 0 && strcmp (backup->party, caller->party->text.id) == 0;
}

static int refuse_piece (struct turn *turn, struct handling *handling)
{
    return handling_invalid (
        handling, "backup.from",
        turn->backup.is_given_up
            ? "this backup was given up: it was not taken as fast as the registry changes, or "
              "not for half a minute; begin anew"
            : "there is no such backup, or it has no such place");
}

/* The line says how it ended, and how much was given. */
static void end (struct turn *turn, struct handling *handling, const char *result, const char *why)
{
    handling->result = result;
    handling->note = arena_printf (turn->arena, "%llu bytes%s", (unsigned long long)turn->backup.bytes, why);
    backup_end (turn, strcmp (result, "ok") != 0);
}

/* Whoever makes it says how it ended. */
static int take_end (struct turn *turn, const struct request *request, struct handling *handling)
{
    handling->reply.body = REPLY_BACKUP;
    if (request->as.backup.give_up)
        end (turn, handling, "given-up", ": whoever made it gave it up");
    else
        end (turn, handling, "ok", ", verified");
    return 0;
}

/* Only the first piece and the last have a line: that all was given does not say that it was taken. */
static int give (struct turn *turn, const struct caller *caller, uint64_t from, bool is_first,
                 struct handling *handling)
{
    struct store_piece piece;
    struct store_info info;
    bool was_given = turn->backup.is_given;
    int rc = backup_read (turn, from, &caller->connection, &piece);
    if (rc == STORE_NOT_FOUND && !store_copy_is_under_way (turn->store))
        end (turn, handling, "given-up", ": more was written than was asked for");
    if (rc == STORE_NOT_FOUND)
        return refuse_piece (turn, handling);
    if (rc == 0)
        rc = store_info (turn->store, &info);
    if (rc != 0)
        return rc;
    handling->reply.body = REPLY_BACKUP;
    handling->reply.as.backup.piece = piece.bytes;
    handling->reply.as.backup.more = !piece.is_last;
    handling->reply.as.backup.store_used = info.used;
    handling->is_logged = !is_first && (!piece.is_last || was_given);
    if (piece.is_last && !was_given) {
        handling->result = "given";
        handling->note = arena_printf (turn->arena, "%llu bytes", (unsigned long long)turn->backup.bytes);
    }
    return 0;
}

int verb_backup (struct turn *turn, const struct caller *caller, const struct request *request,
                 struct handling *handling)
{
    const struct backup *backup = &turn->backup;
    const uint8_t *id = request->as.backup.backup;
    uint64_t from = request->as.backup.from;
    bool is_this = is_asked (backup, caller, id) && (backup->is_under_way || backup->is_given);
    handling->reply.status = STATUS_OK;
    if (request->as.backup.give_up || request->as.backup.verified)
        return is_this && (backup->is_given || request->as.backup.give_up) ? take_end (turn, request, handling)
                                                                           : refuse_piece (turn, handling);
    if (!is_this && from > 0)
        return refuse_piece (turn, handling);
    if (!is_this && backup->is_under_way && !backup->is_left)
        return handling_status (
            handling, STATUS_UNAVAILABLE,
            "another backup is under way; one that is not taken is given up after half a minute");
    int rc = !is_this && backup->is_under_way ? backup_give_up (turn) : 0;
    if (rc != 0)
        return rc;
    if (!is_this) {
        backup_begin (turn, id, caller->party->text.id, request->user);
        handling->result = "begun";
    }
    return give (turn, caller, from, !is_this, handling);
}
