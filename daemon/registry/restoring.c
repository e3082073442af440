#include "restoring.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "config/file_write.h"
#include "say.h"
#include "text/progress.h"
#include "state.h"

enum { PATH_SIZE = 480 };

static const char store_name[] = "consentd.mdb";

struct work {
    const struct restoring *asked;
    struct restored *told;
    struct settings_error *error;
    const char *target;    /* the store's directory */
    char fresh[PATH_SIZE]; /* where the copy is made; after the change of places it is what was the store */
    bool is_made;          /* that directory is this run's, and goes with it */
    int locked;            /* the directory that was the store; -1: there was none */
};

static int fail (const struct work *self, const char *path, int outcome, const char *why)
{
    snprintf (self->error->text, sizeof self->error->text, "%.300s: %.180s", path, why);
    return outcome;
}

static int fail_errno (const struct work *self, const char *path, const char *step)
{
    char why[200];
    int rc = -errno;
    snprintf (why, sizeof why, "%s: %s", step, outcome_sentence (rc));
    return fail (self, path, rc, why);
}

/* --- The directories ----------------------------------------------------------------------------------- */

/* So that no daemon begins meanwhile. The lock goes with the directory when that changes its name. */
static int lock_target (struct work *self)
{
    self->locked = open (self->target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->locked < 0)
        return errno == ENOENT ? 0 : fail_errno (self, self->target, "cannot be opened");
    if (flock (self->locked, LOCK_EX | LOCK_NB) == 0)
        return 0;
    return errno == EWOULDBLOCK ? fail (self, self->target, REGISTRY_IN_USE, "in use: stop the daemon first")
                                : fail_errno (self, self->target, "cannot be locked");
}

static int make_fresh (struct work *self)
{
    self->is_made = mkdir (self->fresh, 0700) == 0;
    return self->is_made ? 0 : fail_errno (self, self->fresh, "cannot be made");
}

static void drop_fresh (const struct work *self)
{
    DIR *opened = self->is_made ? opendir (self->fresh) : NULL;
    const struct dirent *entry;
    while (opened != NULL && (entry = readdir (opened)) != NULL)
        unlinkat (dirfd (opened), entry->d_name, 0);
    if (opened != NULL)
        closedir (opened);
    if (self->is_made)
        rmdir (self->fresh);
}

/* In one step: at every moment one of the two is the store. */
static int change_places (struct work *self)
{
    struct tm parts;
    time_t wall = (time_t)(self->asked->wall / 1000);
    char when[32];
    bool had_one = self->locked >= 0;
    int rc = had_one ? renameat2 (AT_FDCWD, self->fresh, AT_FDCWD, self->target, RENAME_EXCHANGE)
                     : renameat2 (AT_FDCWD, self->fresh, AT_FDCWD, self->target, RENAME_NOREPLACE);
    if (rc != 0)
        return fail_errno (self, self->target,
                           "cannot change places with the copy (is it where a disk is mounted?)");
    self->is_made = false; /* what is there now is to stay */
    strftime (when, sizeof when, "%Y%m%dT%H%M%SZ", gmtime_r (&wall, &parts));
    if (had_one && rmdir (self->fresh) != 0) { /* unless it was empty */
        snprintf (self->told->aside, sizeof self->told->aside, "%s.before-%s", self->target, when);
        if (renameat2 (AT_FDCWD, self->fresh, AT_FDCWD, self->told->aside, RENAME_NOREPLACE) != 0)
            snprintf (self->told->aside, sizeof self->told->aside, "%s", self->fresh);
    }
    /* It has happened, and what cannot be synced now the kernel writes later: only a power cut before that brings
     * back what was. */
    if (file_sync_directory_of (self->target) != 0)
        say (SAY_WARNING, "restore", "%s: cannot sync its directory: %s; the store is the backup all the same",
             self->target, strerror (errno));
    return 0;
}

/* --- The copy ------------------------------------------------------------------------------------------ */

static int copy_file (const struct work *self, int from)
{
    char path[PATH_SIZE + sizeof store_name + 1];
    struct stat about;
    snprintf (path, sizeof path, "%s/%s", self->fresh, store_name);
    if (fstat (from, &about) != 0 || !S_ISREG (about.st_mode))
        return fail (self, self->asked->backup, REGISTRY_CANNOT_OPEN, "no regular file");
    int to = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0)
        return fail_errno (self, path, "cannot be made");
    int rc = file_copy (from, to);
    close (to);
    return rc < 0 ? fail (self, path, rc, outcome_sentence (rc)) : 0;
}

static int open_backup (const struct work *self, int *from)
{
    int directory = open (self->asked->backup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *from = directory >= 0 ? openat (directory, store_name, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
                           : open (self->asked->backup, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    int rc = *from < 0 ? fail_errno (self, self->asked->backup, "has no consentd.mdb that can be read") : 0;
    if (directory >= 0)
        close (directory);
    return rc;
}

static int make_copy (struct work *self)
{
    int from = -1;
    int rc = open_backup (self, &from);
    if (rc == 0)
        rc = make_fresh (self);
    if (rc == 0)
        rc = copy_file (self, from);
    if (from >= 0)
        close (from);
    return rc;
}

/* --- What is in it ------------------------------------------------------------------------------------- */

static int follow_log (struct turn *turn, struct audit_end *log)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, STORE_AUDIT, (struct bytes){NULL, 0}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        rc = audit_follow (log, key, value);
        progress_show ("line %llu of the log", (unsigned long long)log->number);
    }
    store_scan_close (&scan);
    progress_end ();
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* In the registry as it will be: the log is whole, and has the line that it was restored. */
static int look_into (struct turn *turn, struct restored *told)
{
    int rc = store_count (turn->txn, STORE_SUBJECT, &told->subjects);
    if (rc == 0)
        rc = store_count (turn->txn, STORE_CONSENT, &told->statements);
    if (rc == 0)
        rc = follow_log (turn, &told->log);
    if (rc != 0)
        return rc;
    store_use_share (turn->txn, STORE_OWN);
    struct audit_head head = {.time = turn->now, .party = "", .action = "restore", .result = "ok"};
    struct evidence evidence = {
        .note = arena_printf (turn->arena, "a backup of %llu lines", (unsigned long long)told->log.number)};
    return audit_append (turn, &head, NULL, &evidence);
}

static int say_broken (const struct work *self, int rc)
{
    char why[120];
    if (rc != RECORD_DAMAGED)
        return fail (self, self->asked->backup, rc, outcome_sentence (rc));
    snprintf (why, sizeof why, "the audit log is broken at entry %llu",
              (unsigned long long)self->told->log.number + 1);
    return fail (self, self->asked->backup, REGISTRY_CANNOT_OPEN, why);
}

/* What is wrong with the copy is wrong with the backup: that is what whoever reads it knows, and the copy is gone
 * then. */
static void name_backup (const struct work *self, int rc)
{
    char why[sizeof self->error->text];
    size_t prefix = strlen (self->fresh);
    snprintf (why, sizeof why, "%s", self->error->text);
    const char *rest = strncmp (why, self->fresh, prefix) == 0 ? strstr (why + prefix, ": ") : NULL;
    if (snprintf (self->error->text, sizeof self->error->text,
                  "%s cannot be put back, and nothing was changed: %s", self->asked->backup,
                  rest != NULL ? rest + 2
                  : *why       ? why
                               : outcome_sentence (rc)) < 0)
        abort ();
}

/* Its time stands still: it is that of the last day of work, and a start judges how long ago that is (C14). */
static int try_copy (struct work *self)
{
    struct registry registry;
    struct registry_options options = self->asked->options;
    options.store.directory = self->fresh;
    options.store.restored = options.restored = true;
    int rc = registry_open (&registry, &options, self->asked->in_force, self->asked->wall, self->error);
    if (rc != 0)
        name_backup (self, rc);
    if (rc == 0) {
        struct turn turn;
        rc = registry_begin (&registry, self->asked->in_force, NULL, registry.state.time, &turn);
        if (rc == 0)
            rc = look_into (&turn, self->told);
        rc = registry_end (&registry, &turn, rc);
        if (rc == 0)
            rc = store_sync (registry.store);
        if (rc != 0)
            rc = say_broken (self, rc);
    }
    registry_close (&registry);
    return rc;
}

int registry_restore (const struct restoring *self, struct restored *told, struct settings_error *error)
{
    struct work work = {
        .asked = self, .told = told, .error = error, .target = self->options.store.directory, .locked = -1};
    int written = snprintf (work.fresh, sizeof work.fresh, "%s.restored-%lld", work.target, (long long)self->wall);
    *told = (struct restored){.subjects = 0};
    if (written < 0 || (size_t)written >= sizeof work.fresh)
        return fail (&work, work.target, REGISTRY_CANNOT_OPEN, "the path is too long");
    int rc = lock_target (&work);
    if (rc == 0)
        rc = make_copy (&work);
    if (rc == 0)
        rc = try_copy (&work);
    if (rc == 0)
        rc = change_places (&work);
    if (rc != 0)
        drop_fresh (&work);
    if (work.locked >= 0)
        close (work.locked);
    return rc;
}
