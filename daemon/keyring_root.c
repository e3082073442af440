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

/* Whose key the root is: that of the first key file, or nobody's. */
enum format { FORMAT_OF_FILE = 1, FORMAT_OWN = 2 };

enum {
    HEAD_SIZE = 10, /* magic (8), format (be16) */
    ROOT_SIZE = sizeof (struct vault_key),
    FILE_SIZE = HEAD_SIZE + ROOT_SIZE + VAULT_SEAL_OVERHEAD,
};

static const uint8_t heads[][HEAD_SIZE] = {
    [FORMAT_OF_FILE] = {'c', 'o', 'n', 's', 'e', 'n', 't', 'R', 0, FORMAT_OF_FILE},
    [FORMAT_OWN] = {'c', 'o', 'n', 's', 'e', 'n', 't', 'R', 0, FORMAT_OWN},
};

static struct vault_binding binding (enum format format)
{
    return (struct vault_binding){
        .table = "root", .version = (uint16_t)format, .key = heads[format], .key_size = HEAD_SIZE};
}

static int fail (const struct keyring_place *place, const char *path, int outcome, const char *why)
{
    snprintf (place->error, place->error_size, "%s: %s", path, why);
    return outcome;
}

/* --- Finding it --------------------------------------------------------------------------------------- */

/* Takes the root out of the file, if that opens under the vault's key. */
static bool take (struct vault *vault, enum format format, const uint8_t *file)
{
    const struct vault_binding bound = binding (format);
    struct vault_key root;
    bool opens =
        vault_unseal (vault_keyring_key (vault), &bound, file + HEAD_SIZE, FILE_SIZE - HEAD_SIZE, root.bytes) == 0;
    if (opens)
        vault_use_root (vault, &root, format == FORMAT_OWN);
    vault_key_wipe (&root);
    return opens;
}

/* The same, or under its former one: then the vault has gone back to that. */
static bool take_either (struct vault *vault, const uint8_t *file)
{
    enum format format = memcmp (file, heads[FORMAT_OWN], HEAD_SIZE) == 0 ? FORMAT_OWN : FORMAT_OF_FILE;
    if (memcmp (file, heads[format], HEAD_SIZE) != 0)
        return false;
    if (take (vault, format, file))
        return true;
    if (vault_former_keyring_key (vault) == NULL)
        return false;
    vault_go_back (vault);
    return take (vault, format, file);
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
    if (size != FILE_SIZE || !take_either (vault, (const uint8_t *)file))
        rc = fail (place, path, VAULT_INVALID, "damaged, or made under another vault key");
    free (file);
    return rc;
}

static bool is_there (const char *path)
{
    struct stat status;
    return lstat (path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* No root was kept: the key under which the keyring still is, is the first one. */
static void go_back_to_first (struct vault *vault)
{
    vault_go_back (vault);
    vault_use_key_as_root (vault);
}

int keyring_root_find (struct vault *vault, const struct keyring_place *place)
{
    char *path = keyring_path_of (place, KEYRING_ROOT_NAME);
    int rc = 0;
    if (is_there (path))
        rc = take_file (vault, place, path);
    else if (vault_former_keyring_key (vault) != NULL && keyring_is_under_former (place))
        go_back_to_first (vault);
    free (path);
    return rc;
}

int keyring_root_make (struct vault *vault, const struct keyring_place *place)
{
    char *root = keyring_path_of (place, KEYRING_ROOT_NAME), *keyring = keyring_path_of (place, KEYRING_NAME);
    bool is_new = !is_there (root) && !is_there (keyring);
    free (root);
    free (keyring);
    if (!is_new)
        return keyring_root_find (vault, place);
    int rc = keyring_make_directory (place);
    if (rc != 0)
        return rc;
    vault_use_new_root (vault);
    return keyring_root_keep (place);
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
    enum format format = vault_has_own_root (place->vault) ? FORMAT_OWN : FORMAT_OF_FILE;
    const struct vault_binding bound = binding (format);
    char *path = keyring_path_of (place, KEYRING_ROOT_NAME);
    uint8_t file[FILE_SIZE];
    memcpy (file, heads[format], HEAD_SIZE);
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
