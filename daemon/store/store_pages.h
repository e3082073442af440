/* Pages of LMDB's file that are damaged. LMDB believes what is on a page: where its own data begin, how long a
   value is. It may read beyond its map by that, and the process dies of a signal. Here that ends with one
   sentence. Only for store*.c. */
#pragma once
#include <lmdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* From here on SIGSEGV in a call of LMDB that is marked by IN_PAGES, and each SIGBUS, which comes of a file that
   is truncated or cannot be read, end the process: with a sentence on standard error that names the file, and the
   exit code for a store that is damaged, or for a disk that cannot be read. Any other SIGSEGV stays what it was.
   To be called for each store that is opened; the one that was opened last is named. */
void store_pages_guard (const char *directory);

/* For mdb_env_set_assert: a page says what LMDB holds impossible, and would abort for. Ends the process too. */
void store_pages_fail (MDB_env *env, const char *assertion);

extern volatile sig_atomic_t store_pages_in_use;

static inline int store_pages_left (int r)
{
    store_pages_in_use = 0;
    return r;
}

/* A call of LMDB that reads or writes pages. */
#define IN_PAGES(call) (store_pages_in_use = 1, store_pages_left (call))

enum { STORE_MOST_KEY = 511 }; /* bytes: LMDB's */

/* A key that LMDB found is as long as one can be, and its value does not reach beyond the pages that were made for
   it. */
bool store_pages_hold (MDB_val key, MDB_val value, size_t page_size);
