#include "secret_file.h"

#include <fcntl.h>
#include <unistd.h>
#include "ctl.h"

/* The certificate's own writer replaces what is there; so the name is taken first, by us alone. */
static int take_name (const char *file)
{
    int fd = open (file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", file, strerror (errno));
    close (fd);
    return 0;
}

static int sync_file (const char *file)
{
    int fd = open (file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int error = fsync (fd) == 0 ? 0 : -errno;
    close (fd);
    return error;
}

static void set_meta (zcert_t *pair, const char *name, const char *value)
{
    if (value && *value)
        zcert_set_meta (pair, name, "%s", value);
}

int secret_file_write (const char *file, zcert_t *pair, const char *party, const struct secret_place *place)
{
    int error = take_name (file);
    if (error)
        return error;
    set_meta (pair, "party", party);
    set_meta (pair, "requests", place->requests);
    set_meta (pair, "events", place->events);
    set_meta (pair, "operators", place->operators);
    set_meta (pair, "server-key", place->server_key);
    errno = 0;
    if (zcert_save_secret (pair, file) == 0 && sync_file (file) == 0)
        return 0;
    error = errno;
    unlink (file);
    return ctl_fail (EX_IOERR, "cannot write %s: %s", file, error ? strerror (error) : "not written");
}
