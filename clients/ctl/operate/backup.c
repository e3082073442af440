/* consentctl backup */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ask.h"
#include "audit/log.h"
#include "codec/document.h"
#include "config/file_write.h"
#include "ctl.h"
#include "moments.h"
#include "outcome.h"
#include "recording_key.h"
#include "store/store_copy.h"
#include "text/escape.h"
#include "text/progress.h"

#define FILE_NAME "consentd.mdb"
#define LEFT_BEHIND FILE_NAME ".new" /* of a backup that was killed */

struct backup_run {
    struct ctl *ctl;
    const char *directory;
    bool is_made; /* the directory is this run's */
    Consentd__BackupRequest body;
    struct store_copy_file *file;
    struct store_copy_made made;
    struct audit_end log;
    char error[512];
};

/* --- The directory ------------------------------------------------------------------------------------- */

static bool holds_something (DIR *listing)
{
    static const char *const passed_over[] = {".", "..", LEFT_BEHIND};
    for (const struct dirent *entry = readdir (listing); entry; entry = readdir (listing)) {
        bool counts = true;
        for (size_t i = 0; i < sizeof passed_over / sizeof *passed_over; i++)
            counts = counts && strcmp (entry->d_name, passed_over[i]) != 0;
        if (counts)
            return true;
    }
    return false;
}

/* A directory that is there is ours alone, and empty: nothing is overwritten. */
static int judge_directory (const char *directory)
{
    struct stat about;
    DIR *listing = opendir (directory);
    if (!listing)
        return ctl_fail (EX_CANTCREAT, "cannot use %s: %s", directory, strerror (errno));
    bool is_ours = fstat (dirfd (listing), &about) == 0 && about.st_uid == geteuid () && !(about.st_mode & 022);
    bool is_empty = !holds_something (listing);
    closedir (listing);
    if (!is_ours)
        return ctl_fail (EX_CANTCREAT, "%s belongs to another user, or others can write in it", directory);
    return is_empty ? 0
                    : ctl_fail (EX_CANTCREAT, "%s is not empty: a backup wants a directory of its own", directory);
}

static int make_directory (struct backup_run *self)
{
    self->is_made = mkdir (self->directory, 0700) == 0;
    if (!self->is_made && errno != EEXIST)
        return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", self->directory, strerror (errno));
    int rc = self->is_made ? file_sync_directory_of (self->directory) : 0;
    if (rc != 0)
        return ctl_fail (EX_IOERR, "cannot make %s: %s", self->directory, outcome_sentence (rc));
    return judge_directory (self->directory);
}

/* --- The copy ------------------------------------------------------------------------------------------ */

/* What the file says of itself goes before the outcome. */
static int fail_file (const struct backup_run *self, int rc)
{
    return ctl_fail (rc == STORE_IN_USE ? EX_TEMPFAIL : rc < 0 ? EX_IOERR : EX_DATAERR, "%s", self->error);
}

static void show_progress (const struct backup_run *self, const Consentd__BackupReply *reply)
{
    progress_show ("%.1f MiB, of about %.1f", (double)self->body.from / (1 << 20),
                   (double)reply->store_used / (1 << 20));
}

/* Asks for the next piece, and takes it. 0, with *more, or an exit code with its line printed. */
static int take_piece (struct backup_run *self, bool *more)
{
    Consentd__Request request = ASK_REQUEST (BACKUP, backup, &self->body);
    Consentd__Reply *reply;
    int error = ask (self->ctl, &request, CONSENTD__REPLY__BODY_BACKUP, &reply);
    if (error)
        return error;
    const ProtobufCBinaryData *piece = &reply->backup->piece;
    int rc = store_copy_file_take (self->file, (struct bytes){piece->data, piece->len});
    self->body.from += piece->len;
    *more = reply->backup->more;
    show_progress (self, reply->backup);
    consentd__reply__free_unpacked (reply, NULL);
    return rc == 0 ? 0 : fail_file (self, rc);
}

/* Tells the registry how it ended, for its log, and so that the next backup need not wait. If the registry does
   not hear, the copy is what it is. */
static void tell_end (struct backup_run *self, bool is_verified)
{
    Consentd__Request request = ASK_REQUEST (BACKUP, backup, &self->body);
    Consentd__Reply *reply = NULL;
    self->body.verified = is_verified;
    self->body.give_up = !is_verified;
    request.user = arena_strdup (self->ctl->arena, self->ctl->user);
    if (self->ctl->registry && consent_call (self->ctl->registry, &request, &reply) == CONSENT_OK)
        consentd__reply__free_unpacked (reply, NULL);
}

/* Follows the log in the finished file (A4). */
static int look (void *context, enum store_table table, struct bytes key, struct bytes value)
{
    struct backup_run *self = context;
    return table == STORE_AUDIT ? audit_follow (&self->log, key, value) : 0;
}

static int finish (struct backup_run *self)
{
    int rc = store_copy_file_finish (self->file, look, self, &self->made);
    if (rc == RECORD_DAMAGED)
        return ctl_fail (CTL_NO, "the audit log is broken at entry %" PRIu64 ": see consentctl audit verify",
                         self->log.number + 1);
    return rc == 0 ? 0 : fail_file (self, rc);
}

static int make_copy (struct backup_run *self)
{
    int rc = store_copy_file_open (&self->file, self->directory, self->error, sizeof self->error);
    if (rc != 0)
        return fail_file (self, rc);
    bool more = true;
    int error = 0;
    while (error == 0 && more)
        error = take_piece (self, &more);
    progress_end ();
    if (!error)
        error = finish (self);
    if (self->body.from > 0)
        tell_end (self, !error);
    store_copy_file_close (&self->file);
    return error;
}

/* --- The command --------------------------------------------------------------------------------------- */

static void print_made (const struct backup_run *self)
{
    const char *file = arena_printf (self->ctl->arena, "%s/" FILE_NAME, self->directory);
    uint64_t subjects = self->made.count[STORE_SUBJECT], consents = self->made.count[STORE_CONSENT];
    char hash[2 * VAULT_HASH_SIZE + 1], time[MOMENT_TEXT];
    consent_hex (self->log.hash, VAULT_HASH_SIZE, hash);
    if (self->ctl->json)
        document_print (json_pack ("{s:o, s:I, s:I, s:I, s:I, s:o, s:s}", "file", document_string (file), "bytes",
                                   (json_int_t)self->made.bytes, "subjects", (json_int_t)subjects, "statements",
                                   (json_int_t)consents, "entries", (json_int_t)self->log.number, "time",
                                   document_time (self->log.time), "newest_hash", hash));
    else
        escape_line (stdout,
                     "%s: %" PRIu64 " subjects, %" PRIu64 " statements, %" PRIu64
                     " audit entries, the newest of %s, its hash %s",
                     file, subjects, consents, self->log.number, moment_print (self->log.time, time), hash);
}

static int run_backup (struct ctl *ctl, const struct options *options)
{
    struct backup_run self = {.ctl = ctl, .directory = options->arguments[0]};
    uint8_t id[16];
    recording_key_new (id, ctl->now);
    consentd__backup_request__init (&self.body);
    self.body.backup = (ProtobufCBinaryData){sizeof id, id};
    int error = make_directory (&self);
    if (!error)
        error = make_copy (&self);
    if (!error)
        print_made (&self);
    else if (self.is_made)
        rmdir (self.directory); /* if it is empty */
    return error;
}

const struct command backup_commands[] = {
    {"backup", "DIR", "a copy of the store, made while the registry is in use, and verified",
     "Makes DIR/consentd.mdb, of one moment: everything that was answered before is in it. DIR must not exist, "
     "or\n"
     "be empty and your own. The file gets its name when all of it was read back: every table, and the chain of\n"
     "the audit log. What is sealed in it stays sealed: without the vault key nobody reads it, so keep that\n"
     "elsewhere. One backup at a time; one that is not taken is given up after half a minute. Its beginning and "
     "its\n"
     "end are in the log.",
     NULL, run_backup},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
