#include "copied_files.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include "keyring_list.h"

void copy_file (const char *from, const char *to)
{
    static char bytes[1 << 16];
    FILE *in = fopen (from, "r");
    if (in == NULL && errno == ENOENT) {
        assert_true (unlink (to) == 0 || errno == ENOENT);
        return;
    }
    FILE *out = fopen (to, "w");
    assert_non_null (in);
    assert_non_null (out);
    for (size_t got; (got = fread (bytes, 1, sizeof bytes, in)) > 0;)
        assert_int_equal (fwrite (bytes, 1, got, out), got);
    assert_int_equal (fclose (out), 0);
    fclose (in);
}

const char *path_of (struct simulation *sim, const char *file, const char *ending)
{
    return arena_printf (sim->arena, "%s/%s%s", sim->directory, file, ending);
}

static void copy_files (struct simulation *sim, const char *const *files, const char *from, const char *to)
{
    for (; *files != NULL; files++)
        copy_file (path_of (sim, *files, from), path_of (sim, *files, to));
}

void copy_store (struct simulation *sim, const char *from, const char *to)
{
    static const char *const files[] = {"data/consentd.mdb", "data/consentd.journal", "data/consentd.witness",
                                        NULL};
    copy_files (sim, files, from, to);
}

void copy_keys (struct simulation *sim, const char *from, const char *to)
{
    static const char *const files[] = {KEYRING_NAME, KEYRING_LIST_NAME, NULL};
    copy_files (sim, files, from, to);
}

void kill_and_start (struct simulation *sim)
{
    copy_store (sim, "", ".killed");
    copy_keys (sim, "", ".killed");
    simulation_stop (sim);
    copy_store (sim, ".killed", "");
    copy_keys (sim, ".killed", "");
    if (simulation_start (sim) != 0)
        fail_msg ("%s", sim->refusal);
}
