#include "policy_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "arena.h"
#include "policy/cases/policy_cases.h"
#include "policy_error.h"
#include "policy_parts.h"
#include "unconst.h"

/* The policy, and the memory to which its pointers lead. */
struct pack {
    struct policy policy;      /* first, so that policy_destroy finds the rest */
    char *texts[POLICY_FILES]; /* codes, labels and sources point into these */
    char *id;
    struct arena *cases; /* holds the pack's cases */
    uint8_t *whole;
};

enum { CASES_LIMIT = 1 << 30 /* bytes: far more than 255 cases can take */ };

/* The files by name. They are hashed in this order. */
enum file {
    AGES,
    CASES,
    CATEGORIES,
    FLOWS,
    NOTICES,
    ORIGINS,
    PACK,
    PARTIES,
    PURPOSES,
    REPRESENTATIVES,
    RETENTION,
    STATUTES,
    URGENT_REASONS
};

static const char *const file_names[POLICY_FILES] = {
    [AGES] = "ages.txt",
    [CASES] = "cases.txt",
    [CATEGORIES] = "categories.txt",
    [FLOWS] = "flows.txt",
    [NOTICES] = "notices.txt",
    [ORIGINS] = "origins.txt",
    [PACK] = "pack.txt",
    [PARTIES] = "parties.txt",
    [PURPOSES] = "purposes.txt",
    [REPRESENTATIVES] = "representatives.txt",
    [RETENTION] = "retention.txt",
    [STATUTES] = "statutes.txt",
    [URGENT_REASONS] = "urgent-reasons.txt",
};

/* The files in the order of reading: each is read after the files whose codes it names. */
static const struct {
    enum file file;
    void (*read) (struct policy_reading *self, const struct policy_document *document);
} steps[POLICY_FILES] = {
    {ORIGINS, policy_read_origins},
    {PARTIES, policy_read_parties},
    {CATEGORIES, policy_read_categories},
    {PURPOSES, policy_read_purposes},
    {STATUTES, policy_read_statutes},
    {URGENT_REASONS, policy_read_urgent_reasons},
    {FLOWS, policy_read_flows},
    {REPRESENTATIVES, policy_read_representatives},
    {AGES, policy_read_ages},
    {NOTICES, policy_read_notices},
    {RETENTION, policy_read_retention},
    {PACK, policy_read_settings},
    {CASES, policy_read_cases}, /* last: the cases are decided by everything above */
};

static int find_file (const char *name)
{
    for (int i = 0; i < POLICY_FILES; i++)
        if (strcmp (file_names[i], name) == 0)
            return i;
    return -1;
}

static int fail_unknown_file (const char *name, struct policy_error *error)
{
    struct policy_nearest nearest;
    policy_nearest_start (&nearest, name);
    for (size_t i = 0; i < POLICY_FILES; i++)
        policy_nearest_offer (&nearest, file_names[i]);
    char hint[POLICY_CODE_SIZE + 32];
    return policy_error_set (error, name, 0, "no file of a pack%s",
                             policy_nearest_hint (&nearest, hint, sizeof hint));
}

static int fail_too_big (const char *name, struct policy_error *error)
{
    return policy_error_set (error, name, 0, "larger than 1 MiB");
}

/* A pack need not have cases. */
static bool is_optional (size_t file)
{
    return file == CASES;
}

/* Puts the files in the order of file_names. name NULL: the file was not given. */
static int sort_files (const struct policy_text *files, size_t count, struct policy_text sorted[POLICY_FILES],
                       struct policy_error *error)
{
    memset (sorted, 0, POLICY_FILES * sizeof *sorted);
    for (size_t i = 0; i < count; i++) {
        int file = find_file (files[i].name);
        if (file < 0)
            return fail_unknown_file (files[i].name, error);
        if (sorted[file].name != NULL)
            return policy_error_set (error, files[i].name, 0, "given twice");
        if (files[i].size > POLICY_FILE_LIMIT)
            return fail_too_big (files[i].name, error);
        sorted[file] = files[i];
    }
    for (size_t i = 0; i < POLICY_FILES; i++)
        if (sorted[i].name == NULL && !is_optional (i))
            return policy_error_set (error, file_names[i], 0, "missing");
    return 0;
}

static uint8_t *put_sized (uint8_t *out, const void *data, size_t size)
{
    for (unsigned i = 0; i < 8; i++)
        *out++ = (uint8_t)((uint64_t)size >> (56 - 8 * i));
    if (size > 0)
        memcpy (out, data, size);
    return out + size;
}

/* Hashes every name and every content, each after its length (8 bytes, big-endian), so that two different packs
   never give the same bytes. A file that is not there is not hashed. */
static void hash_files (const struct policy_text sorted[POLICY_FILES], policy_hash_function *hash,
                        struct pack *pack)
{
    size_t size = 0;
    for (size_t i = 0; i < POLICY_FILES; i++)
        if (sorted[i].name != NULL)
            size += 16 + strlen (sorted[i].name) + sorted[i].size;
    uint8_t *bytes = policy_allocate (size, 1);
    uint8_t *at = bytes;
    for (size_t i = 0; i < POLICY_FILES; i++) {
        if (sorted[i].name == NULL)
            continue;
        at = put_sized (at, sorted[i].name, strlen (sorted[i].name));
        at = put_sized (at, sorted[i].data, sorted[i].size);
    }
    hash (bytes, size, "", 0, pack->policy.hash);
    pack->policy.whole = pack->whole = bytes;
    pack->policy.whole_size = size;
}

/* Takes the next name or content, with its length before it, from what is left. */
static bool take_sized (const uint8_t **at, size_t *left, const uint8_t **data, size_t *size)
{
    uint64_t length = 0;
    if (*left < 8)
        return false;
    for (unsigned i = 0; i < 8; i++)
        length = length << 8 | *(*at)++;
    *left -= 8;
    if (length > *left)
        return false;
    *data = *at;
    *size = (size_t)length;
    *at += length;
    *left -= (size_t)length;
    return true;
}

/* Which of a pack's files has this name, which need not end with a NUL. NULL: none. */
static const char *known_name (const uint8_t *name, size_t size)
{
    for (size_t i = 0; i < POLICY_FILES; i++)
        if (strlen (file_names[i]) == size && memcmp (file_names[i], name, size) == 0)
            return file_names[i];
    return NULL;
}

int policy_whole_files (const uint8_t *whole, size_t size, struct policy_text files[POLICY_FILES], size_t *count)
{
    const uint8_t *name, *data;
    size_t name_size, data_size;
    for (*count = 0; size > 0; ++*count) {
        if (*count == POLICY_FILES || !take_sized (&whole, &size, &name, &name_size) ||
            !take_sized (&whole, &size, &data, &data_size))
            return POLICY_INVALID;
        files[*count] = (struct policy_text){known_name (name, name_size), (const char *)data, data_size};
        if (files[*count].name == NULL)
            return POLICY_INVALID;
    }
    return 0;
}

static int read_pack (struct pack *pack, const struct policy_text sorted[POLICY_FILES], struct policy_error *error)
{
    pack->cases = arena_new (CASES_LIMIT);
    struct policy_reading reading = {.policy = &pack->policy, .error = error, .arena = pack->cases};
    for (size_t i = 0; i < POLICY_FILES && !reading.failed; i++) {
        const struct policy_text *text = &sorted[steps[i].file];
        if (text->name == NULL)
            continue;
        char *copy = policy_allocate (text->size + 1, 1);
        if (text->size > 0)
            memcpy (copy, text->data, text->size);
        pack->texts[i] = copy;
        reading.file = file_names[steps[i].file];
        struct policy_document document;
        if (policy_document_parse (&document, reading.file, copy, text->size, error) == 0)
            steps[i].read (&reading, &document);
        else
            reading.failed = true;
        policy_document_clear (&document);
    }
    free (reading.kind_groups);
    free (reading.category_groups);
    if (reading.failed)
        return POLICY_INVALID;
    size_t size = strlen (pack->policy.name) + strlen (pack->policy.version) + 2;
    pack->policy.id = pack->id = policy_allocate (size, 1);
    snprintf (pack->id, size, "%s/%s", pack->policy.name, pack->policy.version);
    return 0;
}

/* Refuses the pack at the first item of a case whose decision is not the expected one. */
static int try_cases (const struct policy *policy, struct policy_error *error)
{
    for (size_t i = 0; i < policy->case_count; i++) {
        const struct policy_case *one = &policy->cases[i];
        struct decision decision;
        policy_case_decide (policy, one, &decision);
        for (size_t item = 0; item < one->check.item_count; item++) {
            char asked[POLICY_CASE_TEXT], expected[POLICY_CASE_TEXT], decided[POLICY_CASE_TEXT];
            if (policy_case_is_met (one, &decision, item))
                continue;
            policy_case_item_text (policy, one, item, asked);
            policy_case_expected_text (policy, one, item, expected);
            policy_case_decided_text (policy, one, &decision, item, decided);
            return policy_error_set (error, file_names[CASES], one->expected[item].line,
                                     "expected %s for %s, decided %s", expected, asked, decided);
        }
    }
    return 0;
}

static int read_texts (struct policy **policy_p, const struct policy_text *files, size_t count,
                       policy_hash_function *hash, struct policy_error *error)
{
    *policy_p = NULL;
    struct policy_text sorted[POLICY_FILES];
    if (sort_files (files, count, sorted, error) != 0)
        return POLICY_INVALID;
    struct pack *pack = policy_allocate (1, sizeof *pack);
    struct policy *policy = &pack->policy;
    if (read_pack (pack, sorted, error) != 0) {
        policy_destroy (&policy);
        return POLICY_INVALID;
    }
    if (hash != NULL)
        hash_files (sorted, hash, pack);
    *policy_p = policy;
    return 0;
}

/* Destroys a pack that its own cases contradict. */
static int try_or_destroy (struct policy **policy_p, struct policy_error *error)
{
    int rc = try_cases (*policy_p, error) != 0 ? POLICY_INVALID : 0;
    if (rc != 0)
        policy_destroy (policy_p);
    return rc;
}

int policy_read_whole (struct policy **policy_p, const uint8_t *whole, size_t size, policy_hash_function *hash,
                       struct policy_error *error)
{
    struct policy_text files[POLICY_FILES];
    size_t count;
    *policy_p = NULL;
    if (policy_whole_files (whole, size, files, &count) != 0)
        return policy_error_set (error, "", 0, "these are not the bytes of a pack");
    return read_texts (policy_p, files, count, hash, error);
}

int policy_read_texts (struct policy **policy_p, const struct policy_text *files, size_t count,
                       policy_hash_function *hash, struct policy_error *error)
{
    int rc = read_texts (policy_p, files, count, hash, error);
    return rc == 0 ? try_or_destroy (policy_p, error) : rc;
}

void policy_destroy (struct policy **self_p)
{
    if (*self_p == NULL)
        return;
    struct pack *pack = (void *)*self_p;
    struct policy *policy = &pack->policy;
    for (size_t i = 0; i < policy->flow_count; i++)
        free (policy->flows[i].statutes);
    free (policy->kinds);
    free (policy->categories);
    free (policy->purposes);
    free (policy->origins);
    free (policy->statutes);
    free (policy->urgent_reasons);
    free (policy->flows);
    free (policy->representatives);
    free (policy->notices);
    free (policy->retentions);
    free (policy->ages);
    free (policy->cases);
    arena_destroy (&pack->cases);
    for (size_t i = 0; i < POLICY_FILES; i++)
        free (pack->texts[i]);
    free (pack->id);
    free (pack->whole);
    free (pack);
    *self_p = NULL;
}

/* The directory */

static int fail_errno (const char *name, const char *what, struct policy_error *error)
{
    int reason = errno;
    policy_error_set (error, name, 0, "%s: %s", what, strerror (reason));
    return -reason;
}

/* Reads one byte more than is allowed, so that a file which grows meanwhile is noticed. */
static int read_all (int fd, const char *name, struct policy_text *text, struct policy_error *error)
{
    char *data = policy_allocate (POLICY_FILE_LIMIT + 1, 1);
    text->name = name;
    text->data = data;
    while (text->size <= POLICY_FILE_LIMIT) {
        ssize_t got = read (fd, data + text->size, POLICY_FILE_LIMIT + 1 - text->size);
        if (got < 0)
            return fail_errno (name, "cannot read it", error);
        if (got == 0)
            return 0;
        text->size += (size_t)got;
    }
    return fail_too_big (name, error);
}

static int read_file (int directory, const char *name, struct policy_text *text, struct policy_error *error)
{
    int fd = openat (directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == ENOENT)
        return policy_error_set (error, name, 0, "missing");
    if (fd < 0)
        return fail_errno (name, "cannot open it", error);
    struct stat status = {0};
    fstat (fd, &status); /* if this fails, the mode says that it is no file */
    int rc = S_ISREG (status.st_mode) ? read_all (fd, name, text, error)
                                      : policy_error_set (error, name, 0, "not a file");
    close (fd);
    return rc;
}

static bool ends_in_txt (const char *name)
{
    size_t size = strlen (name);
    return size >= 4 && strcmp (name + size - 4, ".txt") == 0;
}

/* Refuses a file that looks like a part of the pack and is not. If there are several, it names the first by name,
   so that the answer does not depend on the order of the directory. */
static int check_directory (DIR *directory, const char *path, struct policy_error *error)
{
    char first[256] = "";
    errno = 0;
    for (struct dirent *entry; (entry = readdir (directory)) != NULL; errno = 0)
        if (ends_in_txt (entry->d_name) && find_file (entry->d_name) < 0 &&
            (first[0] == '\0' || strcmp (entry->d_name, first) < 0))
            snprintf (first, sizeof first, "%s", entry->d_name);
    if (errno != 0)                                        /* no file system here does: GCOVR_EXCL_BR_LINE */
        return fail_errno (path, "cannot list it", error); /* GCOVR_EXCL_LINE */
    return first[0] == '\0' ? 0 : fail_unknown_file (first, error);
}

static int read_directory (struct policy **policy_p, const char *directory, policy_hash_function *hash, bool try,
                           struct policy_error *error)
{
    *policy_p = NULL;
    DIR *opened = opendir (directory);
    if (opened == NULL)
        return fail_errno (directory, "cannot open it", error);
    struct policy_text files[POLICY_FILES] = {0};
    size_t count = 0;
    int rc = check_directory (opened, directory, error);
    for (size_t i = 0; i < POLICY_FILES && rc == 0; i++) {
        if (is_optional (i) && faccessat (dirfd (opened), file_names[i], F_OK, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        rc = read_file (dirfd (opened), file_names[i], &files[count++], error);
    }
    if (rc == 0)
        rc = read_texts (policy_p, files, count, hash, error);
    if (rc == 0 && try)
        rc = try_or_destroy (policy_p, error);
    for (size_t i = 0; i < POLICY_FILES; i++)
        free (unconst (files[i].data));
    closedir (opened);
    return rc;
}

int policy_read (struct policy **policy_p, const char *directory, policy_hash_function *hash,
                 struct policy_error *error)
{
    return read_directory (policy_p, directory, hash, true, error);
}

int policy_read_untried (struct policy **policy_p, const char *directory, policy_hash_function *hash,
                         struct policy_error *error)
{
    return read_directory (policy_p, directory, hash, false, error);
}
