#include "policy_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "policy_error.h"
#include "policy_stanza.h"

const char *const policy_file_names[POLICY_FILES] = {
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

static int find_file (const char *name)
{
    for (int i = 0; i < POLICY_FILES; i++)
        if (strcmp (policy_file_names[i], name) == 0)
            return i;
    return -1;
}

static int fail_unknown_file (const char *name, struct policy_faults *faults)
{
    struct policy_nearest nearest;
    policy_nearest_start (&nearest, name);
    for (size_t i = 0; i < POLICY_FILES; i++)
        policy_nearest_offer (&nearest, policy_file_names[i]);
    char hint[POLICY_CODE_SIZE + 32];
    return policy_faults_set (faults, name, 0, "no file of a pack%s",
                              policy_nearest_hint (&nearest, hint, sizeof hint));
}

/* A pack need not have cases. */
static bool is_optional (size_t file)
{
    return file == CASES;
}

int policy_files_sort (const struct policy_text *files, size_t count, struct policy_text sorted[POLICY_FILES],
                       struct policy_faults *faults)
{
    size_t before = faults->count;
    memset (sorted, 0, POLICY_FILES * sizeof *sorted);
    for (size_t i = 0; i < count; i++) {
        int file = find_file (files[i].name);
        if (file < 0) {
            fail_unknown_file (files[i].name, faults);
            continue;
        }
        if (sorted[file].name != NULL)
            policy_faults_set (faults, files[i].name, 0, "given twice");
        sorted[file] = files[i];
        if (files[i].size > POLICY_FILE_LIMIT) {
            policy_faults_set (faults, files[i].name, 0, "larger than 1 MiB");
            sorted[file].data = NULL;
        }
    }
    for (size_t i = 0; i < POLICY_FILES; i++)
        if (sorted[i].name == NULL && !is_optional (i))
            policy_faults_set (faults, policy_file_names[i], 0, "missing");
    return faults->count == before ? 0 : POLICY_INVALID;
}

static uint8_t *put_sized (uint8_t *out, const void *data, size_t size)
{
    for (unsigned i = 0; i < 8; i++)
        *out++ = (uint8_t)((uint64_t)size >> (56 - 8 * i));
    if (size > 0)
        memcpy (out, data, size);
    return out + size;
}

uint8_t *policy_files_whole (const struct policy_text sorted[POLICY_FILES], size_t *size)
{
    *size = 0;
    for (size_t i = 0; i < POLICY_FILES; i++)
        if (sorted[i].name != NULL)
            *size += 16 + strlen (sorted[i].name) + sorted[i].size;
    uint8_t *bytes = policy_allocate (*size, 1);
    uint8_t *at = bytes;
    for (size_t i = 0; i < POLICY_FILES; i++) {
        if (sorted[i].name == NULL)
            continue;
        at = put_sized (at, sorted[i].name, strlen (sorted[i].name));
        at = put_sized (at, sorted[i].data, sorted[i].size);
    }
    return bytes;
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
        if (strlen (policy_file_names[i]) == size && memcmp (policy_file_names[i], name, size) == 0)
            return policy_file_names[i];
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

/* The directory */

static int fail_errno (const char *name, const char *what, struct policy_faults *faults)
{
    int reason = errno;
    policy_faults_set (faults, name, 0, "%s: %s", policy_in_words (what), policy_in_words (strerror (reason)));
    return -reason;
}

/* Reads one byte more than is allowed, so that a file which is too large, or grows meanwhile, is noticed. */
static int read_all (int fd, struct policy_text *text, struct policy_faults *faults)
{
    char *data = policy_allocate (POLICY_FILE_LIMIT + 1, 1);
    text->data = data;
    while (text->size <= POLICY_FILE_LIMIT) {
        ssize_t got = read (fd, data + text->size, POLICY_FILE_LIMIT + 1 - text->size);
        if (got < 0)
            return fail_errno (text->name, "cannot read it", faults);
        if (got == 0)
            return 0;
        text->size += (size_t)got;
    }
    return 0;
}

/* A file that is not there is no fault here: whether it must be there is looked at when all were read. A link that
   leads nowhere is one, since somebody thought that it counts. */
static int read_file (int directory, const char *name, struct policy_text *text, struct policy_faults *faults)
{
    int fd = openat (directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == ENOENT)
        return faccessat (directory, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0 ||
                       !is_optional ((size_t)find_file (name))
                   ? 0
                   : policy_faults_set (faults, name, 0, "missing");
    if (fd < 0)
        return fail_errno (name, "cannot open it", faults);
    struct stat status = {0};
    fstat (fd, &status); /* if this fails, the mode says that it is no file */
    text->name = name;
    int rc =
        S_ISREG (status.st_mode) ? read_all (fd, text, faults) : policy_faults_set (faults, name, 0, "not a file");
    close (fd);
    return rc;
}

static int looks_like_a_part (const struct dirent *entry)
{
    size_t size = strlen (entry->d_name);
    return size >= 4 && strcmp (entry->d_name + size - 4, ".txt") == 0 && find_file (entry->d_name) < 0;
}

static int by_name (const struct dirent **a, const struct dirent **b)
{
    return strcmp ((*a)->d_name, (*b)->d_name);
}

/* Refuses the files that look like a part of the pack and are not, by their names, so that the answer does not
   depend on the order of the directory. */
static int check_directory (int directory, const char *path, struct policy_faults *faults)
{
    struct dirent **list;
    int count = scandirat (directory, ".", &list, looks_like_a_part, by_name);
    if (count < 0)                                          /* no file system here does: GCOVR_EXCL_BR_LINE */
        return fail_errno (path, "cannot list it", faults); /* GCOVR_EXCL_LINE */
    for (int i = 0; i < count; i++) {
        fail_unknown_file (list[i]->d_name, faults);
        free (list[i]);
    }
    free (list);
    return count == 0 ? 0 : POLICY_INVALID;
}

int policy_files_read (const char *directory, struct policy_text files[POLICY_FILES], size_t *count,
                       struct policy_faults *faults)
{
    *count = 0;
    int opened = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        return fail_errno (directory, "cannot open it", faults);
    int rc = check_directory (opened, directory, faults);
    for (size_t i = 0; i < POLICY_FILES && rc >= 0; i++) {
        struct policy_text *text = &files[*count];
        *text = (struct policy_text){0};
        int read = read_file (opened, policy_file_names[i], text, faults);
        *count += text->name != NULL;
        rc = read != 0 ? read : rc;
    }
    close (opened);
    return rc;
}
