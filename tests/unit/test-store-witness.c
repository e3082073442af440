/* The witness beside a store: an older store is not believed, unless somebody says that it was put back. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "scratch_store.h"
#include "testing.h"

enum { MAP, JOURNAL, WITNESS, FILES };
static const char *const names[FILES] = {"consentd.mdb", "consentd.journal", "consentd.witness"};

struct copy {
    char *bytes[FILES];
    size_t sizes[FILES];
};

static void path_of (const struct scratch_store *self, int file, char *path, size_t size)
{
    snprintf (path, size, "%s/%s", self->directory, names[file]);
}

static void take_copy (const struct scratch_store *self, struct copy *copy)
{
    for (int i = 0; i < FILES; i++) {
        char path[128];
        path_of (self, i, path, sizeof path);
        FILE *file = fopen (path, "rb");
        assert_non_null (file);
        fseek (file, 0, SEEK_END);
        copy->sizes[i] = (size_t)ftell (file);
        rewind (file);
        copy->bytes[i] = malloc (copy->sizes[i]);
        assert_int_equal (fread (copy->bytes[i], 1, copy->sizes[i], file), copy->sizes[i]);
        fclose (file);
    }
}

static void put_back (const struct scratch_store *self, const struct copy *copy, int i)
{
    char path[128];
    path_of (self, i, path, sizeof path);
    FILE *file = fopen (path, "r+b");
    assert_non_null (file);
    assert_int_equal (fwrite (copy->bytes[i], 1, copy->sizes[i], file), copy->sizes[i]);
    fclose (file);
}

static void release (struct copy *copy)
{
    for (int i = 0; i < FILES; i++)
        free (copy->bytes[i]);
}

static void put (struct scratch_store *self, const char *value)
{
    scratch_begin (self);
    assert_int_equal (store_put (self->txn, STORE_CONSENT, TEXT ("a"), TEXT (value)), 0);
    scratch_commit (self);
}

/* Leaves a store that is closed and holds "new", and a copy of it as it was when it held "old". */
static void make_history (struct scratch_store *self, struct copy *old)
{
    put (self, "old");
    store_close (&self->store);
    take_copy (self, old);
    assert_int_equal (scratch_open_again (self), 0);
    put (self, "new");
    store_close (&self->store);
}

static void assert_opens_with (struct scratch_store *self, const char *value)
{
    assert_int_equal (scratch_open_again (self), 0);
    scratch_begin (self);
    scratch_assert_holds (self, STORE_CONSENT, "a", value);
    store_abort (&self->txn);
    store_close (&self->store);
}

static void test_an_older_store_is_refused_unless_it_was_restored (void **state)
{
    struct scratch_store *self = *state;
    struct copy old;
    make_history (self, &old);
    put_back (self, &old, MAP);
    put_back (self, &old, JOURNAL);
    for (int i = 0; i < 2; i++) /* and the refusal changes nothing */
        scratch_assert_refused (self, "older than its witness");
    self->options.restored = true;
    assert_opens_with (self, "old");
    self->options.restored = false;
    assert_opens_with (self, "old"); /* from then on it is the newest */
    release (&old);
}

/* The journal still has what came after the checkpoint before, and no more. */
static void test_an_older_map_is_brought_up_to_date_by_its_journal_or_refused (void **state)
{
    struct scratch_store *self = *state;
    struct copy old;
    make_history (self, &old);
    put_back (self, &old, MAP);
    assert_opens_with (self, "new");
    assert_int_equal (scratch_open_again (self), 0);
    put (self, "newer");
    store_close (&self->store);
    put_back (self, &old, MAP);
    scratch_assert_refused (self, "its journal is damaged or of a later state");
    self->options.restored = true;
    assert_opens_with (self, "old");
    self->options.restored = false;
    assert_opens_with (self, "old");
    release (&old);
}

/* Under another vault key no turn in the journal is whole. Even who puts a copy back must not lose them by it. */
static void test_another_key_gives_up_nothing_that_is_in_the_journal_only (void **state)
{
    static const struct vault_key other = {"another key"};
    struct scratch_store *self = *state;
    struct copy killed;
    put (self, "acknowledged");
    take_copy (self, &killed);
    store_close (&self->store);
    for (int i = 0; i < FILES; i++)
        put_back (self, &killed, i);
    for (int i = 0; i < 2; i++) {
        self->options.journal_key = &other;
        self->options.restored = i == 1;
        assert_int_equal (scratch_open_again (self), STORE_OTHER_VAULT);
        assert_non_null (strstr (self->error, "another vault key"));
    }
    self->options.journal_key = NULL;
    self->options.restored = false;
    assert_opens_with (self, "acknowledged");
    release (&killed);
}

/* The witness alone may be older: a machine can stop between a checkpoint and its word to the witness. */
static void test_an_older_witness_knows_less_and_is_believed (void **state)
{
    struct scratch_store *self = *state;
    struct copy old;
    make_history (self, &old);
    put_back (self, &old, WITNESS);
    assert_opens_with (self, "new");
    release (&old);
}

static void test_a_store_without_its_witness_is_refused_unless_it_was_restored (void **state)
{
    struct scratch_store *self = *state;
    char path[128];
    put (self, "a");
    store_close (&self->store);
    path_of (self, WITNESS, path, sizeof path);
    assert_int_equal (unlink (path), 0);
    scratch_assert_refused (self, "consentd.witness is missing");
    self->options.restored = true;
    assert_opens_with (self, "a");
}

/* An empty store in the place of one that is lost would know of no refusal. */
static void test_a_store_that_is_lost_is_not_made_anew (void **state)
{
    struct scratch_store *self = *state;
    char map[128], kept[136];
    path_of (self, MAP, map, sizeof map);
    snprintf (kept, sizeof kept, "%s.kept", map);
    for (int checkpoints = 0; checkpoints < 2; checkpoints++) {
        put (self, "a");
        if (checkpoints > 0)
            assert_int_equal (store_checkpoint (self->store), 0);
        store_close (&self->store);
        assert_int_equal (rename (map, kept), 0);
        for (int i = 0; i < 2; i++) {
            self->options.restored = i > 0;
            scratch_assert_refused (self, "missing, and beside its place");
        }
        self->options.restored = false;
        assert_int_equal (rename (kept, map), 0);
        assert_int_equal (scratch_open_again (self), 0);
    }
}

static void test_the_witness_of_another_store_is_refused (void **state)
{
    struct scratch_store *self = *state, *other;
    struct copy theirs;
    void *made;
    assert_int_equal (scratch_set_up (&made), 0);
    other = made;
    put (other, "theirs");
    store_close (&other->store);
    take_copy (other, &theirs);
    put (self, "ours");
    put (self, "ours again");
    store_close (&self->store);
    put_back (self, &theirs, WITNESS);
    scratch_assert_refused (self, "older than its witness");
    release (&theirs);
    scratch_tear_down (&made);
}

/* A torn write leaves the other places. Where all are gone, nobody knows. */
static void test_a_damaged_place_is_passed_over_and_a_witness_without_one_is_refused (void **state)
{
    struct scratch_store *self = *state;
    char path[128];
    for (int i = 0; i < 3; i++) { /* so that all places have been written */
        put (self, "a");
        assert_int_equal (store_checkpoint (self->store), 0);
    }
    store_close (&self->store);
    path_of (self, WITNESS, path, sizeof path);
    int fd = open (path, O_WRONLY);
    for (off_t place = 0; place < 4; place++) {
        assert_int_equal (pwrite (fd, "?", 1, place * 4096 + 30), 1);
        assert_opens_with (self, "a"); /* and writes that place anew */
    }
    for (off_t place = 0; place < 4; place++)
        assert_int_equal (pwrite (fd, "?", 1, place * 4096 + 30), 1);
    close (fd);
    scratch_assert_refused (self, "cannot be read");
}

/* What a process that is killed leaves, and of that one file as it was a turn before. */
static void test_what_was_acknowledged_after_the_checkpoint_is_known (void **state)
{
    struct scratch_store *self = *state;
    struct copy old, killed;
    put (self, "old");
    take_copy (self, &old);
    put (self, "new");
    take_copy (self, &killed);
    store_close (&self->store);
    for (int i = 0; i < FILES; i++)
        put_back (self, &killed, i);
    put_back (self, &old, JOURNAL);
    scratch_assert_refused (self, "ends with number 1, and number 2 was acknowledged");
    put_back (self, &killed, JOURNAL);
    put_back (self, &old, WITNESS);
    assert_opens_with (self, "new");
    for (int i = 0; i < FILES; i++)
        put_back (self, i == JOURNAL ? &old : &killed, i);
    self->options.restored = true;
    assert_opens_with (self, "old");
    self->options.restored = false;
    assert_opens_with (self, "old");
    release (&killed);
    release (&old);
}

static void test_the_mark_of_the_last_checkpoint_is_remembered (void **state)
{
    struct scratch_store *self = *state;
    const struct store_mark first = {.number = 7, .hash = "seven"}, second = {.number = 8, .hash = "eight"};
    scratch_begin (self);
    store_set_mark (self->txn, &first);
    assert_int_equal (store_put (self->txn, STORE_CONSENT, TEXT ("a"), TEXT ("x")), 0);
    scratch_commit (self);
    scratch_begin (self);
    store_set_mark (self->txn, &second);
    assert_int_equal (store_put (self->txn, STORE_CONSENT, TEXT ("a"), TEXT ("y")), 0);
    store_abort (&self->txn); /* has not happened, and neither has its mark */
    store_close (&self->store);
    assert_int_equal (scratch_open_again (self), 0);
    assert_int_equal (store_witnessed (self->store)->number, 7);
    assert_string_equal (store_witnessed (self->store)->hash, "seven");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST (test_an_older_store_is_refused_unless_it_was_restored),
        SCRATCH_TEST (test_an_older_map_is_brought_up_to_date_by_its_journal_or_refused),
        SCRATCH_TEST (test_another_key_gives_up_nothing_that_is_in_the_journal_only),
        SCRATCH_TEST (test_an_older_witness_knows_less_and_is_believed),
        SCRATCH_TEST (test_a_store_without_its_witness_is_refused_unless_it_was_restored),
        SCRATCH_TEST (test_a_store_that_is_lost_is_not_made_anew),
        SCRATCH_TEST (test_the_witness_of_another_store_is_refused),
        SCRATCH_TEST (test_a_damaged_place_is_passed_over_and_a_witness_without_one_is_refused),
        SCRATCH_TEST (test_what_was_acknowledged_after_the_checkpoint_is_known),
        SCRATCH_TEST (test_the_mark_of_the_last_checkpoint_is_remembered),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
