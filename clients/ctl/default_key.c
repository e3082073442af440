#include "default_key.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "arena.h"

const char *default_key_of_user (struct arena *arena)
{
    const char *base = getenv ("XDG_CONFIG_HOME"), *home = getenv ("HOME");
    if (base && base[0] == '/')
        return arena_printf (arena, "%s/consentd/operator.key", base);
    return home && home[0] == '/' ? arena_printf (arena, "%s/.config/consentd/operator.key", home) : NULL;
}

const char *default_key (struct arena *arena)
{
    const char *own = default_key_of_user (arena);
    struct stat about;
    return own && lstat (own, &about) == 0 ? own : DEFAULT_KEY_SYSTEM;
}

/* Makes the directories above the file, as far as they are not there. */
static int make_above (const char *file)
{
    char path[4096];
    if (strlen (file) >= sizeof path)
        return -ENAMETOOLONG;
    strcpy (path, file);
    for (char *slash = strchr (path + 1, '/'); slash; slash = strchr (slash + 1, '/')) {
        *slash = '\0';
        if (mkdir (path, 0755) != 0 && errno != EEXIST)
            return -errno;
        *slash = '/';
    }
    return 0;
}

int default_key_link (const char *place, const char *key_file)
{
    mode_t before = umask (022); /* of the directories: what is a secret is the file, and has its own mode */
    int error = make_above (place);
    umask (before);
    if (error)
        return error;
    return symlink (key_file, place) == 0 ? 0 : -errno;
}
