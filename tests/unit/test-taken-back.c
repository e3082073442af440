/* What was taken back is known when it comes afterwards, if it was written before. */
#include "testing.h"
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "spool/taken_back.h"
#include "spool/went.h"

static const int64_t DAY = 86400000;
static const int64_t FIRST = 20000; /* a day of 2024 */
static const char SECRET[] = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

struct setting {
    char directory[64], path[128], file[192];
    struct ledger *ledger;
};

static int open_ledger (struct setting *self, bool reads_only)
{
    char error[256];
    const struct ledger_place place = {.directory = self->path, .secret_key = SECRET, .reads_only = reads_only};
    ledger_destroy (&self->ledger);
    return ledger_open (&self->ledger, &place, error, sizeof error);
}

static int setup (void **state)
{
    struct setting *self = calloc (1, sizeof *self);
    strcpy (self->directory, "/tmp/test-taken-XXXXXX");
    assert_non_null (mkdtemp (self->directory));
    snprintf (self->path, sizeof self->path, "%s/ledger", self->directory);
    snprintf (self->file, sizeof self->file, "%s/ledger.mdb", self->path);
    assert_int_equal (open_ledger (self, false), 0);
    *state = self;
    return 0;
}

static int teardown (void **state)
{
    struct setting *self = *state;
    char command[128];
    ledger_destroy (&self->ledger);
    snprintf (command, sizeof command, "rm -rf %s", self->directory);
    assert_int_equal (system (command), 0);
    free (self);
    return 0;
}

static void put (struct setting *self, struct taken_back what, const char *subject, int64_t day)
{
    ledger_begin (self->ledger);
    taken_back_put (self->ledger, &what, subject, day * DAY);
    assert_int_equal (ledger_commit (self->ledger), 0);
}

/* Of a message that was written at that moment. */
static int later (struct setting *self, const char *recipient, const char *product, int64_t came)
{
    return taken_back_later (self->ledger, &(struct taken_back){recipient, product, "message", came});
}

static void what_was_written_before_is_taken_back_and_what_was_written_later_is_not (void **state)
{
    struct setting *self = *state;
    assert_int_equal (later (self, "r", "p", 10), 0);
    put (self, (struct taken_back){"r", "p", "removal", 10}, "s", FIRST);
    assert_int_equal (later (self, "r", "p", 9), 1);
    assert_int_equal (later (self, "r", "p", 10), 1);
    assert_int_equal (later (self, "r", "p", 11), 0);
    assert_int_equal (later (self, "r", "q", 9), 0);
    assert_int_equal (later (self, "q", "p", 9), 0);
    assert_int_equal (open_ledger (self, false), 0);
    assert_int_equal (later (self, "r", "p", 9), 1);
}

static void of_several_the_last_that_was_written_counts_whichever_came_first (void **state)
{
    struct setting *self = *state;
    put (self, (struct taken_back){"r", "p", "removal", 20}, "s", FIRST);
    put (self, (struct taken_back){"r", "p", "other", 10}, "s", FIRST);
    assert_int_equal (later (self, "r", "p", 20), 1);
    put (self, (struct taken_back){"r", "p", "another", 30}, "s", FIRST);
    assert_int_equal (later (self, "r", "p", 30), 1);
    assert_int_equal (later (self, "r", "p", 31), 0);
}

static void a_message_takes_back_nothing_of_itself (void **state)
{
    struct setting *self = *state;
    put (self, (struct taken_back){"r", "p", "message", 20}, "s", FIRST);
    assert_int_equal (later (self, "r", "p", 20), 0);
}

static void forget (struct setting *self, const char *subject)
{
    ledger_begin (self->ledger);
    assert_int_equal (taken_back_forget (self->ledger, subject), 0);
    assert_int_equal (ledger_commit (self->ledger), 0);
}

static void it_is_forgotten_with_its_subject_also_when_that_is_known_from_before (void **state)
{
    struct setting *self = *state;
    put (self, (struct taken_back){"r", "p", "removal", 20}, "s", FIRST);
    put (self, (struct taken_back){"r", "p", "other", 30}, NULL, FIRST);
    put (self, (struct taken_back){"r", "q", "removal", 20}, "t", FIRST);
    put (self, (struct taken_back){"r", "u", "removal", 20}, NULL, FIRST);
    forget (self, "s");
    assert_int_equal (later (self, "r", "p", 1), 0);
    assert_int_equal (later (self, "r", "q", 1), 1);
    assert_int_equal (later (self, "r", "u", 1), 1);
}

static void it_is_forgotten_with_what_went_on_its_day (void **state)
{
    struct setting *self = *state;
    put (self, (struct taken_back){"r", "p", "removal", 20}, "s", FIRST);
    put (self, (struct taken_back){"r", "q", "removal", 20}, NULL, FIRST + 1);
    assert_int_equal (went_forget_before (self->ledger, FIRST * DAY), 0);
    assert_int_equal (later (self, "r", "p", 1), 1);
    int r;
    while ((r = went_forget_before (self->ledger, (FIRST + 1) * DAY)) == WENT_MORE)
        continue;
    assert_int_equal (r, 0);
    assert_int_equal (later (self, "r", "p", 1), 0);
    assert_int_equal (later (self, "r", "q", 1), 1);
}

/* As it was before there was such a table. */
static void drop_table (const struct setting *self)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    assert_int_equal (mdb_env_create (&env), 0);
    assert_int_equal (mdb_env_set_maxdbs (env, 2), 0);
    assert_int_equal (mdb_env_open (env, self->file, MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
    assert_int_equal (mdb_txn_begin (env, NULL, 0, &txn), 0);
    assert_int_equal (mdb_dbi_open (txn, "taken_back", 0, &dbi), 0);
    assert_int_equal (mdb_drop (txn, dbi, 1), 0);
    assert_int_equal (mdb_txn_commit (txn), 0);
    mdb_env_close (env);
}

static void a_ledger_from_before_knows_of_nothing_and_learns_it (void **state)
{
    struct setting *self = *state;
    ledger_destroy (&self->ledger);
    drop_table (self);
    assert_int_equal (open_ledger (self, true), 0);
    assert_int_equal (later (self, "r", "p", 1), 0);
    assert_int_equal (open_ledger (self, false), 0);
    assert_int_equal (later (self, "r", "p", 1), 0);
    put (self, (struct taken_back){"r", "p", "removal", 20}, "s", FIRST);
    assert_int_equal (later (self, "r", "p", 1), 1);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (what_was_written_before_is_taken_back_and_what_was_written_later_is_not,
                                         setup, teardown),
        cmocka_unit_test_setup_teardown (of_several_the_last_that_was_written_counts_whichever_came_first, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (a_message_takes_back_nothing_of_itself, setup, teardown),
        cmocka_unit_test_setup_teardown (it_is_forgotten_with_its_subject_also_when_that_is_known_from_before,
                                         setup, teardown),
        cmocka_unit_test_setup_teardown (it_is_forgotten_with_what_went_on_its_day, setup, teardown),
        cmocka_unit_test_setup_teardown (a_ledger_from_before_knows_of_nothing_and_learns_it, setup, teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
