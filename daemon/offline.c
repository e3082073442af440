#include "offline.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "codec/codec.h"
#include "config/config.h"
#include "config/file_write.h"
#include "outcome.h"
#include "registry/registry.h"
#include "registry/restoring.h"
#include "store/store.h"
#include "text/escape.h"
#include "text/timestamp.h"

/* Whatever ends it does no harm. */
static struct registry_options begin (const struct config *config)
{
    sigset_t signals;
    sigfillset (&signals);
    sigprocmask (SIG_UNBLOCK, &signals, NULL);
    return (struct registry_options){.vault_key = config->vault_key,
                                     .vault_former = config->vault_former,
                                     .store = registry_store_options (config)};
}

/* Says it once a second, and when all is done. */
static void tell_progress (uint64_t done, uint64_t unreadable, uint64_t all)
{
    static time_t told;
    if (time (NULL) == told && done + unreadable < all)
        return;
    told = time (NULL);
    fprintf (stderr, "consentd: %llu of %llu subjects taken up", (unsigned long long)done,
             (unsigned long long)all);
    if (unreadable > 0)
        fprintf (stderr, ", of %llu a record cannot be read", (unsigned long long)unreadable);
    fputc ('\n', stderr);
}

int offline_upgrade (const struct in_force *in_force)
{
    struct settings_error error = {""};
    struct registry registry = {.store = NULL};
    if (!store_exists (in_force->config->store_directory)) {
        fprintf (stderr, "consentd: there is no store yet\n");
        return SETTINGS_INVALID;
    }
    const struct registry_options options = begin (in_force->config);
    int rc = registry_upgrade (&registry, &options, in_force, tell_progress, &error);
    registry_close (&registry);
    if (rc == 0)
        fprintf (stderr, "consentd: the store is of this version\n");
    else
        escape_line (stderr, "consentd: %s", error.text[0] != 0 ? error.text : outcome_sentence (rc));
    return rc;
}

/* --- The same, tried on a copy -------------------------------------------------------------------------- */

enum { PATH_SIZE = 512 };

static const char *const store_files[] = {"consentd.mdb", "consentd.journal", "consentd.witness"};

static int copy_one (int from_directory, int to_directory, const char *name)
{
    int from = openat (from_directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (from < 0)
        return errno == ENOENT ? 0 : -errno; /* what is missing the upgrade misses too */
    int to = openat (to_directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int rc = to < 0 ? -errno : file_copy (from, to);
    close (from);
    if (to >= 0)
        close (to);
    return rc;
}

/* Of a store that no other process has: it is locked for as long as `from` is open. */
static int copy_store (int from, const char *path)
{
    if (flock (from, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? REGISTRY_IN_USE : -errno;
    int to = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = to < 0 ? -errno : 0;
    for (size_t i = 0; i < sizeof store_files / sizeof *store_files && rc == 0; i++)
        rc = copy_one (from, to, store_files[i]);
    if (to >= 0)
        close (to);
    return rc;
}

static void drop_copy (const char *path)
{
    char file[PATH_SIZE + 32];
    for (size_t i = 0; i < sizeof store_files / sizeof *store_files; i++) {
        snprintf (file, sizeof file, "%s/%s", path, store_files[i]);
        unlink (file);
    }
    rmdir (path);
}

static int try_copy (const struct in_force *in_force, const char *path, struct settings_error *error)
{
    struct registry registry = {.store = NULL};
    struct registry_options options = begin (in_force->config);
    options.store.directory = path;
    int rc = registry_upgrade (&registry, &options, in_force, tell_progress, error);
    registry_close (&registry);
    return rc;
}

/* In a directory beside the store, which is this run's alone. */
static int try_beside (const struct in_force *in_force, int from, struct settings_error *error)
{
    char path[PATH_SIZE];
    snprintf (path, sizeof path, "%s.trial-%ld", in_force->config->store_directory, (long)getpid ());
    int rc = mkdir (path, 0700) != 0 ? -errno : 0;
    if (rc != 0)
        return rc;
    rc = copy_store (from, path);
    if (rc == 0)
        rc = try_copy (in_force, path, error);
    drop_copy (path);
    return rc;
}

int offline_try_upgrade (const struct in_force *in_force)
{
    struct settings_error error = {""};
    struct timespec began, ended;
    clock_gettime (CLOCK_MONOTONIC, &began);
    int from = open (in_force->config->store_directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = from < 0 ? -errno : try_beside (in_force, from, &error);
    clock_gettime (CLOCK_MONOTONIC, &ended);
    if (from >= 0)
        close (from);
    if (rc == 0)
        fprintf (stderr, "consentd: a copy of the store was taken up, in %lld seconds; the store is as it was\n",
                 (long long)(ended.tv_sec - began.tv_sec));
    else
        escape_line (stderr, "consentd: tried on a copy: %s",
                     error.text[0] != '\0' ? error.text : outcome_sentence (rc));
    return rc;
}

/* --- A backup is put back ------------------------------------------------------------------------------ */

static void say_restored (const char *backup, const struct restored *told)
{
    char time[TIMESTAMP_SIZE] = "-", hash[2 * VAULT_HASH_SIZE + 1];
    timestamp_print (told->log.time, time);
    for (size_t i = 0; i < VAULT_HASH_SIZE; i++)
        snprintf (hash + 2 * i, 3, "%02x", told->log.hash[i]);
    escape_line (stderr,
                 "consentd: the store is now %s: %" PRIu64 " subjects, %" PRIu64 " statements, %" PRIu64
                 " audit entries, the newest of %s, its hash %s",
                 backup, told->subjects, told->statements, told->log.number, time, hash);
    if (told->aside[0] != '\0')
        escape_line (stderr, "consentd: what was the store is in %s", told->aside);
    fprintf (stderr,
             "consentd: a new epoch begins: subscribers stop, and are started anew; what was recorded since the "
             "backup is to be recorded again\n");
}

int offline_restore (const struct in_force *in_force, const char *backup, bool without_list)
{
    struct settings_error error = {""};
    struct restored told;
    struct timespec wall;
    clock_gettime (CLOCK_REALTIME, &wall);
    struct restoring asked = {.backup = backup,
                              .options = begin (in_force->config),
                              .in_force = in_force,
                              .wall = (moment)wall.tv_sec * 1000};
    asked.options.without_list = without_list;
    codec_begin ();
    int rc = registry_restore (&asked, &told, &error);
    if (rc == 0)
        say_restored (backup, &told);
    else
        escape_line (stderr, "consentd: %s", error.text[0] != '\0' ? error.text : outcome_sentence (rc));
    return rc;
}
