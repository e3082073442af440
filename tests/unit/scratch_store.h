/* A store in a directory of its own, for the tests of daemon/store. Whatever fails here fails the test. */
#pragma once
#include <string.h>
#include "store/store.h"

enum {
    SCRATCH_SIZE = 4 * 1024 * 1024,
    SCRATCH_RESERVE = 1024 * 1024,
};

struct scratch_store {
    char directory[64];
    char path[96]; /* of the database */
    char error[256];
    struct store_options options;
    struct store *store;
    struct store_txn *txn;
};

/* cmocka's setup and teardown: *state is a scratch_store that is open, fresh and of that size. */
int scratch_set_up (void **state);
int scratch_tear_down (void **state);
#define SCRATCH_TEST(name) cmocka_unit_test_setup_teardown (name, scratch_set_up, scratch_tear_down)

/* What the store says, with its options; and that it is STORE_INVALID, and names the file and this cause. */
int scratch_open_again (struct scratch_store *self);
void scratch_assert_refused (struct scratch_store *self, const char *why);

void scratch_begin (struct scratch_store *self);
void scratch_commit (struct scratch_store *self);
/* Is the value of that key, in the transaction that is open; or is there none. */
void scratch_assert_holds (struct scratch_store *self, enum store_table table, const char *key,
                           const char *expected);
void scratch_assert_lacks (struct scratch_store *self, enum store_table table, const char *key);
#define TEXT(text) ((struct bytes){(text), strlen (text)})

/* Puts the numbers `first`, `first` + `step` up to `last` under themselves, big-endian. */
void scratch_put_numbers (struct scratch_store *self, enum store_table table, uint64_t first, uint64_t last,
                          uint64_t step);
/* Commits lines of the log of `value_size` from number `from` on, 20 a transaction, until one does not commit; how
   many did. */
uint64_t scratch_fill (struct scratch_store *self, uint64_t from, size_t value_size, enum store_share share);
struct store_info scratch_info (struct scratch_store *self);
/* What the store says to another size and reserve. */
int scratch_resize (struct scratch_store *self, uint64_t size, uint64_t reserve);
