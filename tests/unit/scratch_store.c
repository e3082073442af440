#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "scratch_store.h"
#include "testing.h"

int scratch_open_again (struct scratch_store *self)
{
    self->error[0] = '\0';
    return store_open (&self->store, &self->options, self->error, sizeof self->error);
}

int scratch_set_up (void **state)
{
    struct scratch_store *self = calloc (1, sizeof *self);
    strcpy (self->directory, "/tmp/test-store-XXXXXX");
    assert_non_null (mkdtemp (self->directory));
    snprintf (self->path, sizeof self->path, "%s/consentd.mdb", self->directory);
    self->options =
        (struct store_options){.directory = self->directory, .size = SCRATCH_SIZE, .reserve = SCRATCH_RESERVE};
    assert_int_equal (scratch_open_again (self), 0);
    *state = self;
    return 0;
}

int scratch_tear_down (void **state)
{
    struct scratch_store *self = *state;
    store_abort (&self->txn);
    store_close (&self->store);
    assert_null (self->store);
    const char *const names[] = {"consentd.mdb", "consentd.journal", "consentd.witness", "elsewhere"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[96];
        snprintf (path, sizeof path, "%s/%s", self->directory, names[i]);
        unlink (path);
    }
    assert_int_equal (rmdir (self->directory), 0); /* so a store leaves nothing else behind */
    free (self);
    return 0;
}

void scratch_begin (struct scratch_store *self)
{
    assert_int_equal (store_begin (self->store, &self->txn), 0);
}

void scratch_commit (struct scratch_store *self)
{
    assert_int_equal (store_commit (&self->txn), 0);
    assert_null (self->txn);
}

void scratch_assert_holds (struct scratch_store *self, enum store_table table, const char *key,
                           const char *expected)
{
    struct bytes value;
    assert_int_equal (store_get (self->txn, table, TEXT (key), &value), 0);
    assert_int_equal (value.size, strlen (expected));
    assert_memory_equal (value.data, expected, value.size);
}

void scratch_assert_lacks (struct scratch_store *self, enum store_table table, const char *key)
{
    struct bytes value;
    assert_int_equal (store_get (self->txn, table, TEXT (key), &value), STORE_NOT_FOUND);
}

void scratch_put_numbers (struct scratch_store *self, enum store_table table, uint64_t first, uint64_t last,
                          uint64_t step)
{
    for (uint64_t number = first; number <= last; number += step) {
        uint64_t key = htobe64 (number);
        assert_int_equal (
            store_put (self->txn, table, (struct bytes){&key, sizeof key}, (struct bytes){&number, sizeof number}),
            0);
    }
}

uint64_t scratch_fill (struct scratch_store *self, uint64_t from, size_t value_size, enum store_share share)
{
    static const char filler[8192];
    for (uint64_t number = from;; number += 20) {
        scratch_begin (self);
        store_use_share (self->txn, share);
        for (uint64_t i = 0; i < 20; i++) {
            uint64_t key = htobe64 (number + i);
            store_append (self->txn, STORE_AUDIT, (struct bytes){&key, sizeof key},
                          (struct bytes){filler, value_size});
        }
        int r = store_commit (&self->txn);
        if (r != 0) {
            assert_int_equal (r, STORE_FULL);
            return number - from;
        }
    }
}

struct store_info scratch_info (struct scratch_store *self)
{
    struct store_info info;
    assert_int_equal (store_info (self->store, &info), 0);
    return info;
}

int scratch_resize (struct scratch_store *self, uint64_t size, uint64_t reserve)
{
    struct store_options options = {.directory = self->directory, .size = size, .reserve = reserve};
    self->error[0] = '\0';
    return store_resize (self->store, &options, self->error, sizeof self->error);
}

void scratch_assert_refused (struct scratch_store *self, const char *why)
{
    assert_int_equal (scratch_open_again (self), STORE_INVALID);
    assert_null (self->store);
    assert_non_null (strstr (self->error, self->path));
    if (!strstr (self->error, why))
        fail_msg ("'%s' is not in '%s'", why, self->error);
}
