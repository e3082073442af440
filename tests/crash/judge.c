#include "judge.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "turns.h"

void scratch_make (char path[64], const char *name)
{
    snprintf (path, 64, "%s/test-%s-XXXXXX", access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", name);
    assert_non_null (mkdtemp (path));
}

void scratch_empty (const char *directory)
{
    DIR *entries = opendir (directory);
    assert_non_null (entries);
    for (struct dirent *entry; (entry = readdir (entries)) != NULL;)
        if (entry->d_name[0] != '.')
            unlinkat (dirfd (entries), entry->d_name, 0);
    closedir (entries);
}

void scratch_remove (const char *directory)
{
    scratch_empty (directory);
    assert_int_equal (rmdir (directory), 0);
}

/* What is wrong with the store as it is opened; in `newest` its newest turn. */
static const char *judge_first (struct store *store, uint64_t told, uint64_t begun, uint64_t *newest)
{
    const char *wrong = turns_compare (store, newest);
    if (wrong != NULL)
        return wrong;
    if (*newest < told)
        return "an acknowledged turn is lost";
    if (*newest > begun)
        return "a turn is there that was never begun";
    return turns_write (store, *newest + 1) == 0 ? NULL : "it cannot go on";
}

static const char *judge_again (struct store *store, uint64_t expected)
{
    uint64_t newest;
    const char *wrong = turns_compare (store, &newest);
    return wrong == NULL && newest != expected ? "what was written after it is lost" : wrong;
}

const char *judge_store (const char *directory, uint64_t told, uint64_t begun)
{
    static char error[256];
    uint64_t newest = 0;
    struct store *store = turns_open (directory, TURNS_SIZE, error);
    if (store == NULL)
        return error;
    const char *wrong = judge_first (store, told, begun, &newest);
    store_close (&store);
    if (wrong != NULL)
        return wrong;
    store = turns_open (directory, TURNS_SIZE, error);
    if (store == NULL)
        return error;
    wrong = judge_again (store, newest + 1);
    store_close (&store);
    return wrong;
}

void judge_die_silently (void)
{
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        signal (fatal[i], SIG_DFL); /* and not cmocka's */
    fclose (stderr);
    alarm (10);
}

bool judge_is_wrong (const char *directory, uint64_t told, uint64_t begun)
{
    int status;
    pid_t child = fork ();
    assert_true (child >= 0);
    if (child == 0) {
        judge_die_silently ();
        _exit (judge_store (directory, told, begun) == NULL ? 0 : 1);
    }
    assert_int_equal (waitpid (child, &status, 0), child);
    return !WIFEXITED (status) || WEXITSTATUS (status) != 0;
}

unsigned long assert_survives_cuts (const struct disk_trace *trace, uint64_t seed, unsigned long count,
                                    const char *scratch)
{
    struct disk disk;
    unsigned long each = count / (trace->count + 1) + 1, cuts = 0;
    uint64_t series = seed;
    disk_start (&disk, trace);
    disk.seed = seed;
    do {
        for (unsigned long i = 0; i < each; i++, cuts++) {
            uint64_t image = disk_random (&series);
            disk_cut (&disk, image, scratch);
            const char *wrong = judge_store (scratch, disk.told, disk.begun);
            if (wrong != NULL)
                fail_msg (
                    "seed %llu, after step %zu of %zu, image %016llx; turn %llu was acknowledged, %llu begun: %s",
                    (unsigned long long)seed, disk.at, trace->count, (unsigned long long)image,
                    (unsigned long long)disk.told, (unsigned long long)disk.begun, wrong);
        }
    } while (disk_step (&disk));
    disk_free (&disk);
    return cuts;
}
