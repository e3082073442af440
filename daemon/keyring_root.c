#include "keyring_root.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config/file.h"
#include "config/file_write.h"

enum {
    FORMAT = 1,
    HEAD_SIZE = 10, /* magic (8), format (be16) */
    ROOT_SIZE = sizeof (struct vault_key),
    FILE_SIZE = HEAD_SIZE + ROOT_SIZE + VAULT_SEAL_OVERHEAD,
};

static const uint8_t head[HEAD_SIZE] = {'c', 'o', 'n', 's', 'e', 'n', 't', 'R', 0, FORMAT};

static struct vault_binding binding (void)
{
    return (struct vault_binding){.table = "root", .version = FORMAT, .key = head, .key_size = sizeof head};
}

static int fail (const struct keyring_place *place, const char *path, int outcome, const char *why)
{
    snprintf (place->error, place->error_size, "%s: %s", path, why);
    return outcome;
}

/* --- Finding it --------------------------------------------------------------------------------------- */

/* True: the file opened under the vault's key or its former one; *is_under_former says under which. */
static bool take (struct vault *vault, const uint8_t *file, bool *is_under_former)
{
    const struct vault_binding bound = binding ();
    const struct vault_key *former = vault_former_keyring_key (vault);
    struct vault_key root;
    const uint8_t *sealed = file + HEAD_SIZE;
    size_t size = FILE_SIZE - HEAD_SIZE;
    bool opens = vault_unseal (vault_keyring_key (vault), &bound, sealed, size, root.bytes) == 0;
    if (!opens && former != NULL)
        opens = *is_under_former = vault_unseal (former, &bound, sealed, size, root.bytes) == 0;
    if (opens)
        vault_use_root (vault, &root);
    vault_key_wipe (&root);
    return opens;
}

static int take_file (struct vault *vault, const struct keyring_place *place, const char *path)
{
    struct file_why why;
    char *file = NULL;
    size_t size = 0;
    int rc = file_check_writers (path, &why);
    if (rc == 0)
        rc = file_read (path, FILE_SIZE, &file, &size, &why);
    if (rc != 0)
        return fail (place, path, rc < 0 ? rc : VAULT_INVALID, why.text);
    bool is_whole = size == FILE_SIZE && memcmp (file, head, HEAD_SIZE) == 0, is_under_former = false;
    if (!is_whole || !take (vault, (const uint8_t *)file, &is_under_former))
        rc = fail (place, path, VAULT_INVALID, "damaged, or made under another vault key");
    free (file);
    return rc == 0 && is_under_former ? keyring_root_keep (place) : rc;
}

/* None is kept: either there was never another key, or the process before this one ended before it kept it, and
   the keyring still opens under the former one alone. */
static int take_that_of_keyring (struct vault *vault, const struct keyring_place *place)
{
    if (vault_former_keyring_key (vault) == NULL || !keyring_is_under_former (place))
        return 0;
    vault_use_former_as_root (vault);
    return keyring_root_keep (place);
}

int keyring_root_find (struct vault *vault, const struct keyring_place *place)
{
    char *path = keyring_path_of (place, KEYRING_ROOT_NAME);
    struct stat status;
    int rc = 0;
    if (lstat (path, &status) < 0 && (errno == ENOENT || errno == ENOTDIR))
        rc = take_that_of_keyring (vault, place);
    else
        rc = take_file (vault, place, path);
    free (path);
    return rc;
}

/* --- Keeping it --------------------------------------------------------------------------------------- */

/* Writes nothing over what the file was before it was replaced: a former key opens it. */
static void wipe (int former)
{
    const uint8_t nothing[FILE_SIZE] = {0};
    if (former >= 0 && file_write_all_at (former, nothing, sizeof nothing, 0) == 0)
        fdatasync (former);
    if (former >= 0)
        close (former);
}

int keyring_root_keep (const struct keyring_place *place)
{
    const struct vault_binding bound = binding ();
    char *path = keyring_path_of (place, KEYRING_ROOT_NAME);
    uint8_t file[FILE_SIZE];
    memcpy (file, head, HEAD_SIZE);
    vault_seal (vault_keyring_key (place->vault), &bound, vault_root (place->vault)->bytes, ROOT_SIZE,
                file + HEAD_SIZE);
    int former = open (path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    int rc = file_replace (path, file, FILE_SIZE);
    if (rc < 0)
        fail (place, path, rc, outcome_sentence (rc));
    if (rc == 0)
        wipe (former);
    else if (former >= 0)
        close (former);
    free (path);
    return rc;
}
