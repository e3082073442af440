/* A copy of the store that is made while it is in use. */
#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "broker/waiting.h"
#include "scratch_store.h"
#include "store/store_copy.h"
#include "testing.h"
#include "turn.h"
#include "vault.h"

enum { KEYS = 600, TURNS = 4000, FEW = 8 };

/* Where the copy is made. */
struct target {
    char directory[64], file[96], error[256];
    struct store_copy_file *copy;
};

static struct target target_make (void)
{
    struct target self = {.directory = "/tmp/test-copy-XXXXXX"};
    assert_non_null (mkdtemp (self.directory));
    snprintf (self.file, sizeof self.file, "%s/consentd.mdb", self.directory);
    return self;
}

static int target_open (struct target *self)
{
    self->error[0] = '\0';
    return store_copy_file_open (&self->copy, self->directory, self->error, sizeof self->error);
}

static void target_remove (struct target *self)
{
    static const char *const names[] = {"consentd.mdb", "consentd.journal", "consentd.witness"};
    store_copy_file_close (&self->copy);
    for (size_t i = 0; i < COUNT (names); i++) {
        char path[96];
        snprintf (path, sizeof path, "%s/%s", self->directory, names[i]);
        unlink (path);
    }
    assert_int_equal (rmdir (self->directory), 0); /* so nothing else is left */
}

static int look_at_all (void *context, enum store_table table, struct bytes key, struct bytes value)
{
    (void)table;
    (void)key;
    (void)value;
    ++*(unsigned *)context;
    return 0;
}

static bool is_of_file (struct bytes key)
{
    return (key.size == 6 && memcmp (key.data, "schema", 6) == 0) ||
           (key.size == 7 && memcmp (key.data, "journal", 7) == 0);
}

/* A hash of everything in the store, as the transaction sees it. */
struct digest {
    uint8_t hash[VAULT_HASH_SIZE];
};

static struct digest digest_of (struct store_txn *txn)
{
    struct digest self = {{0}};
    for (int table = 0; table < STORE_TABLES; table++) {
        struct store_scan *scan;
        struct bytes key, value;
        assert_int_equal (store_scan_open (txn, (enum store_table)table, (struct bytes){NULL, 0}, &scan), 0);
        while (store_scan_next (scan, &key, &value) == 0) {
            uint8_t head[VAULT_HASH_SIZE + 1];
            if (table == STORE_META && is_of_file (key))
                continue;
            memcpy (head, self.hash, VAULT_HASH_SIZE);
            head[VAULT_HASH_SIZE] = (uint8_t)table;
            vault_hash (head, sizeof head, key.data, key.size, self.hash);
            vault_hash (self.hash, VAULT_HASH_SIZE, value.data, value.size, self.hash);
        }
        store_scan_close (&scan);
    }
    return self;
}

/* The file is a store, if it is said to be restored, and only then; what it holds. */
static struct digest digest_of_file (const struct target *target)
{
    struct scratch_store again = {.options = {.directory = target->directory, .size = SCRATCH_SIZE}};
    snprintf (again.path, sizeof again.path, "%s", target->file);
    scratch_assert_refused (&again, "journal");
    again.options.restored = true;
    assert_int_equal (scratch_open_again (&again), 0);
    scratch_begin (&again);
    struct digest found = digest_of (again.txn);
    store_abort (&again.txn);
    store_close (&again.store);
    return found;
}

static bool is_equal (const struct digest *a, const struct digest *b)
{
    return memcmp (a, b, sizeof *a) == 0;
}

/* --- Random work ---------------------------------------------------------------------------------------- */

static unsigned pick (unsigned *seed, unsigned below)
{
    return (unsigned)rand_r (seed) % below;
}

static uint64_t line; /* the newest key of STORE_AUDIT that was committed */

static void write_something (struct scratch_store *self, unsigned *seed, uint64_t *next_line)
{
    static const enum store_table tables[] = {STORE_META, STORE_SUBJECT, STORE_EVENT, STORE_COUNTED};
    char key[16], value[700];
    size_t size = pick (seed, sizeof value);
    memset (value, (int)pick (seed, 256), size);
    snprintf (key, sizeof key, "%u", pick (seed, KEYS));
    enum store_table table = tables[pick (seed, 4)];
    uint64_t number = htobe64 (*next_line + 1);
    switch (pick (seed, 3)) {
    case 0:
        assert_int_equal (store_put (self->txn, table, TEXT (key), (struct bytes){value, size}), 0);
        break;
    case 1:
        store_delete (self->txn, table, TEXT (key));
        break;
    default:
        assert_int_equal (store_append (self->txn, STORE_AUDIT, (struct bytes){&number, sizeof number},
                                        (struct bytes){value, size}),
                          0);
        ++*next_line;
    }
}

/* One transaction: some writes, a piece in between, and the commit, or not. True after the last piece. */
static bool work (struct scratch_store *self, struct target *target, unsigned *seed, uint64_t *from)
{
    uint64_t next_line = line;
    struct store_piece piece = {.is_last = false};
    bool takes = pick (seed, 4) == 0 && pick (seed, 4) > 0; /* or the answer is lost */
    unsigned before = pick (seed, FEW), after = pick (seed, FEW);
    while (before-- > 0)
        write_something (self, seed, &next_line);
    if (takes) {
        assert_int_equal (store_copy_read (self->txn, *from, &piece), 0);
        assert_int_equal (store_copy_file_take (target->copy, piece.bytes), 0);
        *from += piece.bytes.size;
    }
    while (after-- > 0)
        write_something (self, seed, &next_line);
    if (pick (seed, 3) > 0) {
        scratch_commit (self);
        line = next_line;
    } else
        store_abort (&self->txn);
    return piece.is_last;
}

static void copy_under_work (struct scratch_store *self, unsigned seed)
{
    struct target target = target_make ();
    struct store_copy_made made;
    unsigned entries = 0, turns = 0;
    uint64_t from = 0;
    assert_int_equal (target_open (&target), 0);
    store_copy_begin (self->store);
    scratch_begin (self);
    struct digest as_it_was = digest_of (self->txn);
    while (!work (self, &target, &seed, &from)) {
        assert_true (turns++ < TURNS);
        if (pick (&seed, 40) == 0)
            assert_int_equal (store_checkpoint (self->store), 0);
        scratch_begin (self);
    }
    assert_true (turns > FEW);
    assert_int_equal (store_copy_file_finish (target.copy, look_at_all, &entries, &made), 0);
    store_copy_file_close (&target.copy);
    struct digest found = digest_of_file (&target);
    assert_true (is_equal (&found, &as_it_was));
    target_remove (&target);
}

static void test_a_copy_made_in_use_is_the_store_as_it_was_when_it_began (void **state)
{
    struct scratch_store *self = *state;
    unsigned seed = 2015;
    line = 0;
    for (unsigned turn = 0; turn < 300; turn++) { /* more than one piece */
        uint64_t next_line = line;
        scratch_begin (self);
        for (unsigned i = 0; i < FEW; i++)
            write_something (self, &seed, &next_line);
        scratch_commit (self);
        line = next_line;
    }
    for (unsigned i = 0; i < 12; i++)
        copy_under_work (self, i);
}

/* --- One at a time -------------------------------------------------------------------------------------- */

static void read_piece (struct scratch_store *self, uint64_t from, struct store_piece *piece)
{
    scratch_begin (self);
    assert_int_equal (store_copy_read (self->txn, from, piece), 0);
}

/* Takes all that is left of the copy. */
static void take_rest (struct scratch_store *self, struct target *target, uint64_t from)
{
    struct store_piece piece = {.is_last = false};
    while (!piece.is_last) {
        read_piece (self, from, &piece);
        assert_int_equal (store_copy_file_take (target->copy, piece.bytes), 0);
        from += piece.bytes.size;
        store_abort (&self->txn);
    }
}

static void put (struct scratch_store *self, enum store_table table, const char *key, size_t size)
{
    char *value = calloc (1, size);
    scratch_begin (self);
    assert_int_equal (store_put (self->txn, table, TEXT (key), (struct bytes){value, size}), 0);
    scratch_commit (self);
    free (value);
}

static void test_a_piece_can_be_asked_again_until_a_later_one_is_asked (void **state)
{
    struct scratch_store *self = *state;
    struct store_piece piece, again;
    put (self, STORE_SUBJECT, "large", 2 * STORE_COPY_PIECE); /* a value may be larger than a piece */
    store_copy_begin (self->store);
    read_piece (self, 0, &piece);
    assert_int_equal (piece.bytes.size, STORE_COPY_PIECE);
    uint8_t first[64];
    memcpy (first, piece.bytes.data, sizeof first);
    store_abort (&self->txn);
    put (self, STORE_META, "meanwhile", 10);
    read_piece (self, 0, &again);
    assert_memory_equal (again.bytes.data, first, sizeof first);
    assert_int_equal (store_copy_read (self->txn, STORE_COPY_PIECE, &again), 0);
    assert_int_equal (store_copy_read (self->txn, STORE_COPY_PIECE - 1, &again), STORE_NOT_FOUND);
    assert_int_equal (store_copy_read (self->txn, UINT64_MAX, &again), STORE_NOT_FOUND);
    store_abort (&self->txn);
    store_copy_end (self->store);
    scratch_begin (self);
    assert_int_equal (store_copy_read (self->txn, 0, &again), STORE_NOT_FOUND);
}

/* A party that makes a backup has its share of a turn, and no more. */
static void test_a_piece_costs_no_more_than_a_share_of_a_turn (void **state)
{
    struct scratch_store *self = *state;
    struct store_piece piece;
    for (char key[] = "a"; key[0] <= 'z'; key[0]++)
        put (self, STORE_SUBJECT, key, STORE_COPY_PIECE / 16);
    store_copy_begin (self->store);
    read_piece (self, 0, &piece);
    assert_int_equal (piece.bytes.size, STORE_COPY_PIECE);
    uint64_t cost = TURN_REQUEST_COST + TURN_STORE_COST * store_operations (self->txn);
    assert_true (cost > WAITING_QUANTUM / 4); /* it is not for nothing */
    assert_true (cost <= WAITING_QUANTUM);
}

/* Of a transaction that is undone nothing is in the copy: not what was read in it either. */
static void test_what_is_undone_was_never_copied (void **state)
{
    struct scratch_store *self = *state;
    struct target target = target_make ();
    struct store_copy_made made;
    struct store_piece piece;
    unsigned entries = 0;
    assert_int_equal (target_open (&target), 0);
    put (self, STORE_SUBJECT, "kept", 10);
    store_copy_begin (self->store);
    scratch_begin (self);
    struct digest before = digest_of (self->txn);
    assert_int_equal (store_put (self->txn, STORE_SUBJECT, TEXT ("undone"), TEXT ("x")), 0);
    assert_int_equal (store_delete (self->txn, STORE_SUBJECT, TEXT ("kept")), 0);
    assert_int_equal (store_copy_read (self->txn, 0, &piece), 0);
    assert_null (memmem (piece.bytes.data, piece.bytes.size, "journal", 7)); /* whose is the source's alone */
    assert_null (memmem (piece.bytes.data, piece.bytes.size, "schema", 6));
    store_abort (&self->txn);
    take_rest (self, &target, 0);
    assert_int_equal (store_copy_file_finish (target.copy, look_at_all, &entries, &made), 0);
    assert_int_equal (made.count[STORE_SUBJECT], 1);
    assert_true (entries >= 3); /* the subject, the schema, the place of the journal */
    store_copy_file_close (&target.copy);
    struct digest found = digest_of_file (&target);
    assert_true (is_equal (&found, &before));
    target_remove (&target);
}

static void test_what_is_written_around_the_place_of_the_copy_is_not_in_it (void **state)
{
    struct scratch_store *self = *state;
    struct target target = target_make ();
    struct store_copy_made made;
    struct store_piece piece;
    unsigned entries = 0;
    put (self, STORE_SUBJECT, "b", 2 * STORE_COPY_PIECE); /* the copy stands behind it */
    put (self, STORE_SUBJECT, "d", 10);
    put (self, STORE_EVENT, "e", 10);
    assert_int_equal (target_open (&target), 0);
    store_copy_begin (self->store);
    scratch_begin (self);
    struct digest as_it_was = digest_of (self->txn);
    assert_int_equal (store_copy_read (self->txn, 0, &piece), 0);
    static const char *const keys[] = {"a", "b", "c", "d", "e"};
    for (size_t i = 0; i < COUNT (keys); i++) { /* new before, between and behind; twice; and then gone */
        store_put (self->txn, STORE_SUBJECT, TEXT (keys[i]), TEXT ("new"));
        store_put (self->txn, STORE_SUBJECT, TEXT (keys[i]), TEXT ("newer"));
        store_put (self->txn, STORE_AUDIT, TEXT (keys[i]), TEXT ("new"));
        if (i % 2 == 1)
            store_delete (self->txn, STORE_SUBJECT, TEXT (keys[i]));
    }
    assert_int_equal (store_delete (self->txn, STORE_EVENT, TEXT ("e")), 0);
    assert_int_equal (store_put (self->txn, STORE_EVENT, TEXT ("e"), TEXT ("again")), 0);
    scratch_commit (self);
    take_rest (self, &target, 0);
    assert_int_equal (store_copy_file_finish (target.copy, look_at_all, &entries, &made), 0);
    store_copy_file_close (&target.copy);
    struct digest found = digest_of_file (&target);
    assert_true (is_equal (&found, &as_it_was));
    target_remove (&target);
}

/* Writes so many keys from this one on, and deletes them, as long as there is a copy. How many they were. */
static uint64_t write_and_delete (struct scratch_store *self, uint64_t from, uint64_t most)
{
    enum { A_TURN = 4000 };
    uint64_t number = 0;
    scratch_begin (self);
    while (number < most && store_copy_is_under_way (self->store)) {
        uint64_t key = htobe64 (from + number++);
        struct bytes name = {&key, sizeof key};
        assert_int_equal (store_put (self->txn, STORE_EVENT, name, TEXT ("x")), 0);
        assert_int_equal (store_delete (self->txn, STORE_EVENT, name), 0);
        if (number % A_TURN == 0) {
            scratch_commit (self);
            scratch_begin (self);
        }
    }
    scratch_commit (self);
    return number;
}

/* What waits for who does not ask has a limit, and the store has no less room. What comes behind all that is
   copied need not be kept. */
static void test_a_copy_that_is_not_taken_is_given_up (void **state)
{
    struct scratch_store *self = *state;
    struct store_piece piece;
    enum { MANY = STORE_COPY_WAITING / 128 };
    scratch_begin (self);
    scratch_put_numbers (self, STORE_EVENT, MANY + 1, MANY + 1, 1);
    scratch_commit (self);
    store_copy_begin (self->store);
    assert_int_equal (write_and_delete (self, MANY + 2, MANY), MANY);
    assert_true (store_copy_is_under_way (self->store));
    uint64_t kept = write_and_delete (self, 1, MANY);
    assert_false (store_copy_is_under_way (self->store));
    assert_true (kept < MANY && kept > MANY / 2);
    scratch_begin (self);
    assert_int_equal (store_copy_read (self->txn, 0, &piece), STORE_NOT_FOUND);
    store_abort (&self->txn);
    assert_true (scratch_info (self).used < SCRATCH_SIZE / 2);
}

/* A store that is full can be copied: that takes no page of it. */
static void test_a_full_store_is_copied (void **state)
{
    struct scratch_store *self = *state;
    struct target target = target_make ();
    struct store_copy_made made;
    unsigned entries = 0;
    assert_true (scratch_fill (self, 1, 900, STORE_GENERAL) > 0);
    uint64_t used = scratch_info (self).used;
    assert_int_equal (target_open (&target), 0);
    store_copy_begin (self->store);
    take_rest (self, &target, 0);
    assert_int_equal (store_copy_file_finish (target.copy, look_at_all, &entries, &made), 0);
    assert_int_equal (scratch_info (self).used, used);
    assert_true (made.bytes <= used + 64 * 1024); /* what is appended fills its pages */
    target_remove (&target);
}

/* --- The file ------------------------------------------------------------------------------------------- */

static bool is_there (const char *path)
{
    struct stat about;
    return lstat (path, &about) == 0;
}

static void test_what_is_not_whole_gets_no_name (void **state)
{
    struct scratch_store *self = *state;
    struct target target = target_make ();
    struct store_copy_made made;
    struct store_piece piece;
    unsigned entries = 0;
    put (self, STORE_SUBJECT, "a", 10);
    store_copy_begin (self->store);
    read_piece (self, 0, &piece);
    assert_true (piece.is_last);
    piece.bytes.size--;
    assert_int_equal (target_open (&target), 0);
    assert_int_equal (store_copy_file_take (target.copy, piece.bytes), 0);
    assert_int_equal (store_copy_file_finish (target.copy, look_at_all, &entries, &made), STORE_INVALID);
    assert_non_null (strstr (target.error, "did not give all of it"));
    store_copy_file_close (&target.copy);
    assert_false (is_there (target.file));
    target_remove (&target);
}

/* The byte of the stream that is so far behind `from` is changed. */
static int take_changed (struct scratch_store *self, struct target *target, const char *from, size_t behind,
                         uint8_t to)
{
    struct store_copy_made made;
    struct store_piece piece;
    unsigned entries = 0;
    store_copy_begin (self->store);
    read_piece (self, 0, &piece);
    assert_true (piece.is_last);
    uint8_t *changed = memcpy (malloc (piece.bytes.size), piece.bytes.data, piece.bytes.size);
    uint8_t *found = memmem (changed, piece.bytes.size, from, strlen (from));
    assert_non_null (found);
    found[behind] = to;
    assert_int_equal (target_open (target), 0);
    int rc = store_copy_file_take (target->copy, (struct bytes){changed, piece.bytes.size});
    free (changed);
    store_abort (&self->txn);
    if (rc == 0)
        rc = store_copy_file_finish (target->copy, look_at_all, &entries, &made);
    store_copy_file_close (&target->copy);
    return rc;
}

static void test_another_version_and_other_bytes_are_refused (void **state)
{
    struct scratch_store *self = *state;
    struct target target = target_make ();
    put (self, STORE_SUBJECT, "key-1", 10);
    put (self, STORE_SUBJECT, "key-2", 10);
    assert_int_equal (take_changed (self, &target, "", 0, 0), STORE_INVALID);
    assert_non_null (strstr (target.error, "another version"));
    assert_int_equal (take_changed (self, &target, "", 1, 0xee), STORE_INVALID); /* no such kind of write */
    assert_int_equal (take_changed (self, &target, "", 1, 2), STORE_INVALID);    /* a deletion */
    assert_int_equal (take_changed (self, &target, "key-2", 4, '1'), STORE_INVALID);
    assert_non_null (strstr (target.error, "does not hold as much"));
    assert_false (is_there (target.file));
    target_remove (&target);
}

static int refuse_audit (void *context, enum store_table table, struct bytes key, struct bytes value)
{
    (void)context;
    (void)key;
    (void)value;
    return table == STORE_AUDIT ? RECORD_DAMAGED : 0;
}

static void test_a_file_that_who_looks_refuses_gets_no_name (void **state)
{
    struct scratch_store *self = *state;
    struct target target = target_make ();
    struct store_copy_made made;
    put (self, STORE_AUDIT, "a", 10);
    assert_int_equal (target_open (&target), 0);
    store_copy_begin (self->store);
    take_rest (self, &target, 0);
    assert_int_equal (store_copy_file_finish (target.copy, refuse_audit, NULL, &made), RECORD_DAMAGED);
    store_copy_file_close (&target.copy);
    assert_false (is_there (target.file));
    target_remove (&target);
}

static void test_a_directory_has_one_copy_that_is_never_overwritten (void **state)
{
    (void)state;
    struct target target = target_make (), second = target;
    char left_behind[128];
    snprintf (left_behind, sizeof left_behind, "%s.new", target.file);
    close (open (left_behind, O_CREAT | O_WRONLY, 0600)); /* of a run that was killed */
    assert_int_equal (target_open (&target), 0);
    assert_int_equal (target_open (&second), STORE_IN_USE);
    assert_true (is_there (left_behind)); /* and is the first one's now */
    store_copy_file_close (&target.copy);
    assert_false (is_there (left_behind));
    close (open (target.file, O_CREAT | O_WRONLY, 0600));
    assert_int_equal (target_open (&target), STORE_INVALID);
    assert_non_null (strstr (target.error, "not overwritten"));
    assert_true (is_there (target.file));
    target_remove (&target);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST (test_a_copy_made_in_use_is_the_store_as_it_was_when_it_began),
        SCRATCH_TEST (test_a_piece_can_be_asked_again_until_a_later_one_is_asked),
        SCRATCH_TEST (test_a_piece_costs_no_more_than_a_share_of_a_turn),
        SCRATCH_TEST (test_what_is_undone_was_never_copied),
        SCRATCH_TEST (test_what_is_written_around_the_place_of_the_copy_is_not_in_it),
        SCRATCH_TEST (test_a_copy_that_is_not_taken_is_given_up),
        SCRATCH_TEST (test_a_full_store_is_copied),
        SCRATCH_TEST (test_what_is_not_whole_gets_no_name),
        SCRATCH_TEST (test_another_version_and_other_bytes_are_refused),
        SCRATCH_TEST (test_a_file_that_who_looks_refuses_gets_no_name),
        SCRATCH_TEST (test_a_directory_has_one_copy_that_is_never_overwritten),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
