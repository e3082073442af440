/* Old lines of the log leave the store, for a directory that has them (audit/archive.h). */
#include "audit/archive.h"
#include "audit/archiving.h"
#include "config/config.h"
#include "verbs.h"

/* False, with the answer, if it may not be so. */
static bool may_leave (struct turn *turn, uint64_t until, uint64_t may_until, struct handling *handling)
{
    if (until % MERKLE_TILE_WIDTH != 0)
        handling_invalid (handling, "log_archive.until", "lines leave by the 256: this is not the last of them");
    else if (until > may_until)
        handling_invalid (handling, "log_archive.until",
                          "these lines are younger than is configured, or no checkpoint has them yet");
    else if (until > 0 && turn->backup.is_under_way)
        handling_status (handling, STATUS_UNAVAILABLE, "a backup is made just now, which is to have all lines");
    else
        return true;
    return false;
}

/* Some bundles, up to `until`. What was done before one that cannot be used is done. */
static int take_out (struct turn *turn, const struct request *request, uint64_t *archived, char why[ARCHIVING_WHY])
{
    int rc = 0;
    for (uint32_t left = request->page.limit; rc == 0 && left > 0 && *archived < request->as.log_archive.until;
         left--) {
        rc = archiving_take_out (turn, *archived / MERKLE_TILE_WIDTH, why);
        if (rc == 0)
            *archived += MERKLE_TILE_WIDTH;
    }
    return rc;
}

int verb_log_archive (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    (void)caller;
    uint64_t archived, may_until, until = request->as.log_archive.until;
    char why[ARCHIVING_WHY];
    if (turn->config->log_archive == NULL)
        return handling_status (handling, STATUS_NOT_FOUND, "no archive is configured: log/archive");
    int rc = archive_count (turn, &archived);
    if (rc == 0)
        rc = archiving_find_until (turn, &may_until);
    if (rc != 0 || !may_leave (turn, until, may_until, handling))
        return rc;
    rc = take_out (turn, request, &archived, why);
    if (rc == ARCHIVE_DAMAGED || rc == RECORD_DAMAGED)
        return handling_status (handling, STATUS_UNAVAILABLE, arena_printf (turn->arena, "%s", why));
    handling->reply.body = REPLY_LOG_ARCHIVE;
    handling->reply.as.log_archive.directory = turn->config->log_archive;
    handling->reply.as.log_archive.archived = archived;
    handling->reply.as.log_archive.until = may_until;
    handling->reply.more = archived < until;
    handling->reply.next.order = archived;
    return rc;
}
