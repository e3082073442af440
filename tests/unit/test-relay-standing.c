/* What the relay makes of what it finds in the stream: from where it goes on, and when it must not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "relay/standing.h"
#include "testing.h"

#define EPOCH "0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210"
#define PARTY "zorgaanbieder-horizon"
#define ID(epoch, number) epoch "-" PARTY "-" number

/* Events up to 10 are acknowledged, 10 is at 20 in a stream that ends with 12 at 22. */
static struct standing usual (void)
{
    return (struct standing){
        .party = PARTY,
        .mark = {.stream = "EVENTS", .created = 5, .epoch = EPOCH, .event = {10, 20}},
        .placed = true,
        .epoch = EPOCH,
        .acknowledged = 10,
        .created = 5,
        .first = 1,
        .last = 22,
        .last_of_ours = 22,
        .last_id = ID (EPOCH, "12"),
    };
}

/* Of a first start: nothing is known. */
static struct standing fresh (void)
{
    return (struct standing){.party = PARTY, .created = 5, .last_id = ""};
}

static void test_a_stream_that_is_as_it_was_goes_on (void **state)
{
    (void)state;
    struct standing standing = usual ();
    assert_int_equal (standing_judge (&standing), STANDING_GOES_ON);
    standing = fresh ();
    assert_int_equal (standing_judge (&standing), STANDING_GOES_ON);
}

static void test_what_was_lost_before_it_settled_is_no_fault (void **state)
{
    (void)state;
    struct standing standing = usual ();
    standing.last = standing.last_of_ours = 20;
    standing.last_id = ID (EPOCH, "10");
    assert_int_equal (standing_judge (&standing), STANDING_GOES_ON);
    standing.mark.stream[0] = 0; /* nothing settled: whatever it lost is still with the registry */
    standing.acknowledged = 0;
    standing.created = 6;
    standing.last = standing.last_of_ours = 0;
    assert_int_equal (standing_judge (&standing), STANDING_GOES_ON);
}

static void test_a_stream_that_lost_what_had_settled_is_put_back (void **state)
{
    (void)state;
    struct standing standing = usual ();
    standing.last = standing.last_of_ours = 19;
    standing.last_id = ID (EPOCH, "9");
    assert_int_equal (standing_judge (&standing), STANDING_PUT_BACK);
    standing.mark.stream[0] = 0; /* the position alone says it too */
    assert_int_equal (standing_judge (&standing), STANDING_PUT_BACK);
    standing.from = 11; /* an operator knows, and goes on */
    assert_int_equal (standing_judge (&standing), STANDING_GOES_ON);
}

static void test_a_stream_that_was_made_anew_lacks_everything (void **state)
{
    (void)state;
    struct standing standing = usual ();
    standing.created = 6; /* though it has as many messages again */
    assert_int_equal (standing_judge (&standing), STANDING_ANEW);
}

static void test_events_of_another_epoch_are_other_events (void **state)
{
    (void)state;
    struct standing standing = usual ();
    standing.last_id = ID (OTHER, "12");
    assert_int_equal (standing_judge (&standing), STANDING_OTHER_EPOCH);
    standing = usual ();
    memcpy (standing.epoch, OTHER, sizeof OTHER);
    assert_int_equal (standing_judge (&standing), STANDING_OTHER_EPOCH);
    standing.placed = false;
    standing.last_id = ID (OTHER, "12");
    assert_int_equal (standing_judge (&standing), STANDING_OTHER_EPOCH);
}

static void test_what_others_wrote_is_foreign (void **state)
{
    (void)state;
    static const char *const foreign[] = {
        "",
        "12",
        EPOCH "-" PARTY,
        ID (EPOCH, ""),
        ID (EPOCH, "0"),
        ID (EPOCH, "012"),
        ID (EPOCH, "12x"),
        ID (EPOCH, "-1"),
        ID (EPOCH, "99999999999999999999"),
        EPOCH "-cak-12",
        ID ("0123", "12"),
        ID (EPOCH "0", "12"),
    };
    struct standing standing = usual ();
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        standing.last_id = foreign[i];
        assert_int_equal (standing_judge (&standing), STANDING_FOREIGN);
    }
}

static void test_it_goes_on_behind_the_last_event_without_a_gap (void **state)
{
    (void)state;
    struct standing standing = usual ();
    char epoch[CONSENT_ID_SIZE];
    struct shelf *shelf = shelf_new (&standing);
    assert_int_equal (shelf_until (shelf), 20);
    assert_int_equal (shelf_base (shelf), 10);
    assert_int_equal (shelf_note (shelf, 24, ID (EPOCH, "14")), 14);
    assert_int_equal (shelf_note (shelf, 23, "foreign"), 0);
    assert_int_equal (shelf_note (shelf, 23, ID (OTHER, "13")), 0);
    assert_int_equal (shelf_note (shelf, 22, ID (EPOCH, "12")), 12);
    assert_int_equal (shelf_note (shelf, 21, ID (EPOCH, "11")), 11);
    struct settled through = shelf_through (shelf, epoch);
    assert_int_equal (through.number, 12);
    assert_int_equal (through.sequence, 22);
    assert_string_equal (epoch, EPOCH);
    assert_int_equal (shelf_find (shelf, EPOCH, 13), 0);
    assert_int_equal (shelf_find (shelf, EPOCH, 14), 24);
    assert_int_equal (shelf_find (shelf, OTHER, 14), 0);
    assert_int_equal (shelf_find (shelf, EPOCH, 1000000), 0);
    shelf_destroy (&shelf);
    assert_null (shelf);
}

static void test_what_the_stream_dropped_as_its_oldest_is_not_lost (void **state)
{
    (void)state;
    struct standing standing = usual ();
    char epoch[CONSENT_ID_SIZE];
    standing.first = 22;
    struct shelf *shelf = shelf_new (&standing);
    shelf_note (shelf, 22, ID (EPOCH, "12"));
    assert_int_equal (shelf_through (shelf, epoch).number, 12);
    shelf_destroy (&shelf);
    standing.first = 1; /* but here 11 is missing from between */
    shelf = shelf_new (&standing);
    shelf_note (shelf, 22, ID (EPOCH, "12"));
    assert_int_equal (shelf_through (shelf, epoch).number, 10);
    shelf_destroy (&shelf);
}

static void test_a_mark_beyond_the_position_counts (void **state)
{
    (void)state;
    struct standing standing = usual ();
    char epoch[CONSENT_ID_SIZE];
    standing.acknowledged = 8; /* it died between the two */
    struct shelf *shelf = shelf_new (&standing);
    struct settled through = shelf_through (shelf, epoch);
    assert_int_equal (through.number, 10);
    assert_int_equal (through.sequence, 20);
    shelf_destroy (&shelf);
    standing.acknowledged = 11; /* and a position beyond the mark too: the registry has no more before it */
    shelf = shelf_new (&standing);
    assert_int_equal (shelf_through (shelf, epoch).number, 11);
    shelf_destroy (&shelf);
}

static void test_without_a_position_the_stream_says_how_far_it_came (void **state)
{
    (void)state;
    struct standing standing = fresh ();
    char epoch[CONSENT_ID_SIZE];
    struct shelf *shelf = shelf_new (&standing);
    assert_int_equal (shelf_through (shelf, epoch).number, 0);
    assert_string_equal (epoch, "");
    shelf_destroy (&shelf);
    standing.last = standing.last_of_ours = 22;
    standing.last_id = ID (EPOCH, "12");
    shelf = shelf_new (&standing);
    assert_int_equal (shelf_through (shelf, epoch).number, 12);
    assert_string_equal (epoch, EPOCH);
    assert_int_equal (shelf_until (shelf), 22);
    shelf_destroy (&shelf);
}

static void test_where_an_operator_says_is_begun_and_what_is_there_is_not_doubled (void **state)
{
    (void)state;
    struct standing standing = usual ();
    char epoch[CONSENT_ID_SIZE];
    standing.from = 11;
    struct shelf *shelf = shelf_new (&standing);
    assert_int_equal (shelf_base (shelf), 10);
    shelf_note (shelf, 21, ID (EPOCH, "11"));
    assert_int_equal (shelf_find (shelf, EPOCH, 11), 21);
    assert_int_equal (shelf_find (shelf, OTHER, 11), 0); /* the registry was put back: its 11 is another */
    (void)epoch;
    shelf_destroy (&shelf);
}

static void test_what_an_operator_went_on_behind_is_not_judged_again (void **state)
{
    (void)state;
    struct standing standing = usual ();
    standing.created = 6; /* made anew, with two events of the former epoch in it */
    standing.last = standing.last_of_ours = 2;
    standing.last_id = ID (OTHER, "12");
    assert_int_equal (standing_judge (&standing), STANDING_ANEW);
    standing.from = 11;
    struct shelf *shelf = shelf_new (&standing);
    shelf_note (shelf, 2, ID (OTHER, "12"));
    assert_int_equal (shelf_before (shelf, EPOCH, 2).number, 10);
    standing.from = 0;
    standing.mark.created = 6;
    assert_int_equal (shelf_before (shelf, OTHER, 5).sequence,
                      1); /* if 12 were of this registry, it would be found */
    standing.mark.event = shelf_before (shelf, EPOCH, 5);
    assert_int_equal (standing.mark.event.sequence, 5);
    shelf_destroy (&shelf);
    standing.last = 5;
    assert_int_equal (standing_judge (&standing), STANDING_GOES_ON);
    standing.last = standing.last_of_ours = 6;
    standing.last_id = "foreign";
    assert_int_equal (standing_judge (&standing), STANDING_FOREIGN);
}

static void test_the_mark_is_read_as_it_was_written_or_not_at_all (void **state)
{
    (void)state;
    char path[] = "/tmp/relay-mark-XXXXXX", text[512];
    struct mark mark = usual ().mark, read;
    close (mkstemp (path));
    assert_int_equal (mark_write (&mark, path), 0);
    assert_int_equal (mark_read (&read, path), 0);
    assert_memory_equal (&read, &mark, sizeof mark);
    FILE *file = fopen (path, "r");
    size_t size = fread (text, 1, sizeof text, file);
    fclose (file);
    for (size_t i = 0; i < size; i++) { /* each byte changed, and each end cut off */
        char changed[512];
        memcpy (changed, text, size);
        changed[i] = (char)(changed[i] == 'z' ? ' ' : changed[i] + 1);
        file = fopen (path, "w");
        fwrite (changed, 1, size, file);
        fclose (file);
        int result = mark_read (&read, path);
        assert_true (result == MARK_INVALID || (result == 0 && memcmp (&read, &mark, sizeof mark) != 0));
        file = fopen (path, "w");
        fwrite (text, 1, i, file);
        fclose (file);
        assert_int_equal (mark_read (&read, path), MARK_INVALID);
    }
    unlink (path);
    assert_int_equal (mark_read (&read, path), MARK_NONE);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_stream_that_is_as_it_was_goes_on),
        cmocka_unit_test (test_what_was_lost_before_it_settled_is_no_fault),
        cmocka_unit_test (test_a_stream_that_lost_what_had_settled_is_put_back),
        cmocka_unit_test (test_a_stream_that_was_made_anew_lacks_everything),
        cmocka_unit_test (test_events_of_another_epoch_are_other_events),
        cmocka_unit_test (test_what_others_wrote_is_foreign),
        cmocka_unit_test (test_it_goes_on_behind_the_last_event_without_a_gap),
        cmocka_unit_test (test_what_the_stream_dropped_as_its_oldest_is_not_lost),
        cmocka_unit_test (test_a_mark_beyond_the_position_counts),
        cmocka_unit_test (test_without_a_position_the_stream_says_how_far_it_came),
        cmocka_unit_test (test_where_an_operator_says_is_begun_and_what_is_there_is_not_doubled),
        cmocka_unit_test (test_what_an_operator_went_on_behind_is_not_judged_again),
        cmocka_unit_test (test_the_mark_is_read_as_it_was_written_or_not_at_all),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
