#include "store_pages.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "store_file.h"

volatile sig_atomic_t store_pages_in_use;

static char damaged[512], unreadable[512]; /* the sentences; made before, since a handler may do little */
static struct sigaction before;            /* of SIGSEGV */

_Noreturn static void end (const char *sentence, int exit_code)
{
    ssize_t written = write (STDERR_FILENO, sentence, strlen (sentence));
    (void)written; /* there is nobody else to tell */
    _exit (exit_code);
}

/* Where a page says nonsense, LMDB follows it to where nothing is. */
static void take_segv (int number)
{
    if (store_pages_in_use)
        end (damaged, EX_CONFIG);
    sigaction (number, &before, NULL); /* and the instruction that failed is tried again */
}

void store_pages_fail (MDB_env *env, const char *assertion)
{
    (void)env;
    (void)assertion;
    end (damaged, EX_CONFIG);
}

static void take_bus (int number)
{
    (void)number;
    end (unreadable, EX_IOERR);
}

void store_pages_guard (const char *directory)
{
    const struct sigaction segv = {.sa_handler = take_segv, .sa_flags = SA_NODEFER},
                           bus = {.sa_handler = take_bus};
    struct sigaction old;
    snprintf (damaged, sizeof damaged,
              "consentd: %s/" STORE_FILE_NAME ": a page of it is damaged: put back a backup, with --restore\n",
              directory);
    snprintf (unreadable, sizeof unreadable,
              "consentd: %s/" STORE_FILE_NAME
              ": a page of it cannot be read, or it was truncated: look at the disk\n",
              directory);
    sigaction (SIGBUS, &bus, NULL);
    if (sigaction (SIGSEGV, &segv, &old) == 0 && old.sa_handler != take_segv)
        before = old;
}

/* How LMDB 0.9 begins a page on a 64-bit machine. A value that is longer than a page has pages of its own, and
   lies right behind the head of the first. */
struct page_head {
    uint64_t number;
    uint16_t pad, flags;
    uint32_t pages;
};

bool store_pages_hold (MDB_val key, MDB_val value, size_t page_size)
{
    enum { OVERFLOWS = 0x04 };
    struct page_head head;
    if (key.mv_size == 0 || key.mv_size > STORE_MOST_KEY)
        return false;
    if (value.mv_size <= page_size)
        return true;
    memcpy (&head, (const char *)value.mv_data - sizeof head, sizeof head);
    return (head.flags & OVERFLOWS) != 0 && value.mv_size <= head.pages * page_size - sizeof head;
}
