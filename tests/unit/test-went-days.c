/* What went is forgotten after its days: that and nothing else, and the ledger does not grow with what it forgot.
 */
#include "testing.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "spool/went.h"

static const int64_t DAY = 86400000;
static const int64_t FIRST = 20000; /* a day of 2024 */
static const char SECRET[] = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

struct setting {
    char directory[64], path[128], file[192];
    struct ledger *ledger;
    int made;
};

static int setup (void **state)
{
    struct setting *self = calloc (1, sizeof *self);
    char error[256];
    strcpy (self->directory, "/tmp/test-went-XXXXXX");
    assert_non_null (mkdtemp (self->directory));
    snprintf (self->path, sizeof self->path, "%s/ledger", self->directory);
    snprintf (self->file, sizeof self->file, "%s/ledger.mdb", self->path);
    const struct ledger_place place = {.directory = self->path, .secret_key = SECRET};
    assert_int_equal (ledger_open (&self->ledger, &place, error, sizeof error), 0);
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

/* So many messages that went on that day. */
static void put (struct setting *self, int64_t day, int count)
{
    ledger_begin (self->ledger);
    for (int i = 0; i < count; i++) {
        char text[32], mark[WENT_DAY];
        uint8_t key[LEDGER_KEY];
        json_t *record = json_pack ("{s:I}", "at", (json_int_t)(day * DAY + i));
        const struct ledger_mark marks[] = {{WENT_DAY_MARK, went_day (day * DAY + i, mark)}, {NULL, NULL}};
        snprintf (text, sizeof text, "%d", self->made++);
        ledger_key_of (self->ledger, "test", text, key);
        ledger_put (self->ledger, LEDGER_WENT, key, record, marks);
        json_decref (record);
    }
    assert_int_equal (ledger_commit (self->ledger), 0);
}

static void forget (struct setting *self, int64_t day)
{
    int r;
    while ((r = went_forget_before (self->ledger, day * DAY + DAY / 2)) == WENT_MORE)
        continue;
    assert_int_equal (r, 0);
}

static int count_one (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    (void)record;
    ++*(int *)context;
    return 0;
}

static int known (struct setting *self)
{
    int count = 0;
    assert_int_equal (ledger_each (self->ledger, LEDGER_WENT, count_one, &count), 0);
    return count;
}

static void what_went_before_the_day_is_forgotten_and_nothing_else (void **state)
{
    struct setting *self = *state;
    forget (self, FIRST);
    put (self, FIRST, 3);
    put (self, FIRST + 1, 4);
    put (self, FIRST + 5, 5);
    forget (self, FIRST);
    assert_int_equal (known (self), 12);
    forget (self, FIRST + 1);
    assert_int_equal (known (self), 9);
    forget (self, FIRST + 5);
    assert_int_equal (known (self), 5);
    put (self, FIRST + 5, 1);
    forget (self, FIRST + 5);
    assert_int_equal (known (self), 6);
    forget (self, FIRST + 6);
    assert_int_equal (known (self), 0);
}

/* A moment before what was looked at already is no moment of anything that comes: here one does, which shows it.
 */
static void that_nothing_is_old_is_found_out_once (void **state)
{
    struct setting *self = *state;
    put (self, FIRST + 1, 3);
    forget (self, FIRST);
    put (self, FIRST - 1, 1);
    forget (self, FIRST);
    assert_int_equal (known (self), 4);
    forget (self, FIRST + 2);
    assert_int_equal (known (self), 1);
}

static void it_is_done_in_bounded_parts (void **state)
{
    struct setting *self = *state;
    put (self, FIRST, 600);
    put (self, FIRST + 3, 1);
    assert_int_equal (went_forget_before (self->ledger, (FIRST + 3) * DAY), WENT_MORE);
    assert_in_range (known (self), 1, 600);
    forget (self, FIRST + 3);
    assert_int_equal (known (self), 1);
}

static void a_ledger_that_forgets_does_not_grow (void **state)
{
    struct setting *self = *state;
    struct stat early, late;
    for (int64_t day = FIRST; day < FIRST + 24; day++) {
        put (self, day, 200);
        forget (self, day - 2);
        assert_int_equal (stat (self->file, day < FIRST + 8 ? &early : &late), 0);
    }
    assert_int_equal (known (self), 3 * 200);
    assert_true (late.st_size <= early.st_size + early.st_size / 2);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (what_went_before_the_day_is_forgotten_and_nothing_else, setup, teardown),
        cmocka_unit_test_setup_teardown (that_nothing_is_old_is_found_out_once, setup, teardown),
        cmocka_unit_test_setup_teardown (it_is_done_in_bounded_parts, setup, teardown),
        cmocka_unit_test_setup_teardown (a_ledger_that_forgets_does_not_grow, setup, teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
