/* What fails within a change of an adapter's ledger, and what only reads, leave the ledger as it was. */
#include "testing.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "spool/ledger.h"

static const char SECRET[] = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
static const char OTHER[] = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";
static const struct ledger_mark OF_A_SUBJECT = {"subject", "s1"};

static char directory[64], path[128];
static struct ledger *ledger;

static int open_as (const struct ledger_place *place)
{
    char error[512];
    ledger_destroy (&ledger);
    return ledger_open (&ledger, place, error, sizeof error);
}

static int set_up (void **state)
{
    (void)state;
    strcpy (directory, "/tmp/test-ledger-changes-XXXXXX");
    assert_non_null (mkdtemp (directory));
    snprintf (path, sizeof path, "%s/ledger", directory);
    assert_int_equal (open_as (&(struct ledger_place){path, SECRET, NULL}), 0);
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    char command[128];
    ledger_destroy (&ledger);
    snprintf (command, sizeof command, "rm -rf %s", directory);
    return system (command);
}

static void put (const char *text)
{
    uint8_t key[LEDGER_KEY];
    const struct ledger_mark marks[] = {OF_A_SUBJECT, {NULL, NULL}};
    json_t *record = json_pack ("{s:s}", "text", text);
    ledger_key_of (ledger, "test", text, key);
    ledger_put (ledger, LEDGER_WENT, key, record, marks);
    json_decref (record);
}

static void put_committed (const char *text)
{
    ledger_begin (ledger);
    put (text);
    assert_int_equal (ledger_commit (ledger), 0);
}

static void change (const char *text)
{
    uint8_t key[LEDGER_KEY];
    json_t *record = json_pack ("{s:s}", "text", "changed");
    ledger_key_of (ledger, "test", text, key);
    ledger_change (ledger, LEDGER_WENT, key, record);
    json_decref (record);
}

static void delete (const char *text)
{
    uint8_t key[LEDGER_KEY];
    ledger_key_of (ledger, "test", text, key);
    ledger_delete (ledger, LEDGER_WENT, key);
}

static int get (const char *text)
{
    uint8_t key[LEDGER_KEY];
    json_t *record;
    ledger_key_of (ledger, "test", text, key);
    int r = ledger_get (ledger, LEDGER_WENT, key, &record);
    if (r == 0)
        assert_string_equal (json_string_value (json_object_get (record, "text")), text);
    json_decref (record);
    return r;
}

static void a_change_of_which_a_part_failed_is_not_made (void **state)
{
    (void)state;
    put_committed ("one");
    ledger_begin (ledger);
    put ("two");
    ledger_fail (ledger, -EIO);
    ledger_fail (ledger, -ENOSPC);
    put ("three");
    change ("one");
    delete ("one");
    assert_int_equal (ledger_commit (ledger), -EIO); /* what failed first */
    assert_int_equal (get ("one"), 0);
    assert_int_equal (get ("two"), LEDGER_NONE);
    assert_int_equal (get ("three"), LEDGER_NONE);
    put_committed ("four");
    assert_int_equal (get ("four"), 0);
}

static void what_was_not_begun_is_not_committed (void **state)
{
    (void)state;
    assert_int_equal (ledger_commit (ledger), -EINVAL);
    ledger_begin (ledger);
    ledger_abort (ledger);
    assert_int_equal (ledger_commit (ledger), -EINVAL);
}

static void a_record_that_is_not_there_is_not_changed (void **state)
{
    (void)state;
    ledger_begin (ledger);
    change ("one");
    assert_int_equal (ledger_commit (ledger), 0);
    assert_int_equal (get ("one"), LEDGER_NONE);
}

static int stop (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    enum { STOPPED = 7 };
    (void)key;
    (void)record;
    ++*(int *)context;
    return STOPPED;
}

static void a_visitor_who_stops_is_shown_no_more (void **state)
{
    (void)state;
    int shown = 0;
    put_committed ("one");
    put_committed ("two");
    assert_int_equal (ledger_each (ledger, LEDGER_WENT, stop, &shown), 7);
    assert_int_equal (shown, 1);
    assert_int_equal (ledger_find (ledger, LEDGER_WENT, &OF_A_SUBJECT, stop, &shown), 7);
    assert_int_equal (shown, 2);
}

static void who_only_reads_makes_no_ledger_and_hands_none_on (void **state)
{
    (void)state;
    char nowhere[192];
    put_committed ("one");
    assert_int_equal (open_as (&(struct ledger_place){path, OTHER, SECRET, .reads_only = true}), 0);
    assert_int_equal (get ("one"), 0);
    assert_int_equal (open_as (&(struct ledger_place){path, OTHER, NULL}), LEDGER_REFUSED);
    assert_int_equal (open_as (&(struct ledger_place){path, SECRET, NULL}), 0);
    snprintf (nowhere, sizeof nowhere, "%s/nowhere", directory);
    assert_int_equal (open_as (&(struct ledger_place){nowhere, SECRET, NULL, .reads_only = true}), LEDGER_NONE);
    assert_null (ledger);
    assert_int_equal (access (nowhere, F_OK), -1);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (a_change_of_which_a_part_failed_is_not_made),      TEST (what_was_not_begun_is_not_committed),
        TEST (a_record_that_is_not_there_is_not_changed),        TEST (a_visitor_who_stops_is_shown_no_more),
        TEST (who_only_reads_makes_no_ledger_and_hands_none_on),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
