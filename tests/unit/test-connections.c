/* Whose connection is whose: descriptors that are given again, peers that say nothing, and the cap (L4). */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "broker/connections.h"
#include "testing.h"

static const char key[] = "k1";

static int setup (void **state)
{
    *state = connections_new ();
    return 0;
}

static int teardown (void **state)
{
    struct connections *self = *state;
    connections_destroy (&self);
    return 0;
}

/* One that was accepted, and signed in; the number of its sign-in. */
static uint64_t come (struct connections *self, int fd)
{
    connections_accepted (self, CHANNEL_REQUESTS, fd, 1000);
    return connections_sign_in (self, CHANNEL_REQUESTS, key, 1000);
}

static const struct connection *say (struct connections *self, int fd, uint64_t number)
{
    const uint8_t route[] = {0, 0, 0, 0, (uint8_t)number};
    const struct connection_message message = {.id = {number, fd, CHANNEL_REQUESTS},
                                               .key = key,
                                               .declared = "",
                                               .route = route,
                                               .route_size = sizeof route};
    return connections_find (self, &message, 2000);
}

static void test_a_message_is_of_the_connection_that_signed_in_with_its_number (void **state)
{
    struct connections *self = *state;
    uint64_t one = come (self, 40), two = come (self, 41);
    assert_int_equal (say (self, 41, two)->id.fd, 41);
    assert_int_equal (say (self, 40, one)->id.fd, 40);
    assert_ptr_equal (say (self, 40, one), say (self, 40, one));
    assert_string_equal (say (self, 40, one)->key, key);
    assert_null (say (self, 40, 0));
    assert_null (say (self, 99, one));
    assert_null (say (self, -1, one));
}

static void test_what_a_lost_connection_sent_is_not_taken_for_the_next_on_its_descriptor (void **state)
{
    struct connections *self = *state;
    uint64_t first = come (self, 40);
    connections_lost (self, CHANNEL_REQUESTS, 40);
    assert_null (say (self, 40, first));
    connections_accepted (self, CHANNEL_REQUESTS, 40, 1000);
    assert_null (say (self, 40, first));
    uint64_t second = connections_sign_in (self, CHANNEL_REQUESTS, key, 1000);
    assert_null (say (self, 40, first));
    assert_non_null (say (self, 40, second));
    assert_null (say (self, 40, first));
    /* Nor is it closed in the other's place. */
    connections_close (self, &(struct connection_id){first, 40, CHANNEL_REQUESTS}, 1000);
    connections_close (self, &(struct connection_id){second, 40, CHANNEL_EVENTS}, 1000);
    assert_int_equal (say (self, 40, second)->close_at, MOMENT_NEVER);
    connections_close (self, &(struct connection_id){second, 40, CHANNEL_REQUESTS}, 1000);
    assert_int_equal (say (self, 40, second)->close_at, 1000 + CONNECTION_GRACE_MS);
}

static void test_one_that_is_accepted_where_another_was_ends_that_one (void **state)
{
    struct connections *self = *state;
    uint64_t first = come (self, 40);
    say (self, 40, first);
    struct connection_id gone;
    assert_false (connections_take_gone (self, &gone));
    connections_accepted (self, CHANNEL_REQUESTS, 40, 1000);
    assert_true (connections_take_gone (self, &gone));
    assert_int_equal (gone.number, first);
    assert_false (connections_take_gone (self, &gone));
}

static void test_who_said_nothing_leaves_without_a_word (void **state)
{
    struct connections *self = *state;
    struct connection_id gone;
    come (self, 40);
    come (self, 41);
    assert_int_equal (connections_silent (self, key), 2);
    assert_int_equal (connections_silent (self, "k2"), 0);
    connections_lost (self, CHANNEL_REQUESTS, 40);
    assert_false (connections_take_gone (self, &gone));
    assert_int_equal (connections_silent (self, key), 1); /* of two sign-ins one can still say something */
    connections_lost (self, CHANNEL_REQUESTS, 41);
    assert_int_equal (connections_silent (self, key), 0);
}

static void test_of_too_many_the_one_idle_for_the_longest_is_closed (void **state)
{
    struct connections *self = *state;
    struct connection_id ids[3];
    int pairs[3][2];
    for (int i = 0; i < 3; i++) {
        assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
        uint64_t number = come (self, pairs[i][0]);
        ids[i] = say (self, pairs[i][0], number)->id;
    }
    assert_false (connections_use (self, &ids[0], "cak", 2, 3000));
    assert_false (connections_use (self, &ids[1], "cak", 2, 3000));
    connections_touch (self, &ids[0]);
    assert_true (connections_use (self, &ids[2], "cak", 2, 3000)); /* in one moment: the order tells, not the clock */
    char byte;
    assert_int_equal (recv (pairs[0][1], &byte, 1, MSG_DONTWAIT), -1);
    assert_int_equal (recv (pairs[1][1], &byte, 1, MSG_DONTWAIT), 0);
    assert_int_equal (recv (pairs[2][1], &byte, 1, MSG_DONTWAIT), -1);
    assert_false (connections_use (self, &ids[2], "cak", 2, 3005));
    assert_false (connections_use (self, &ids[2], "svb", 2, 3006)); /* the key became another's */
    for (int i = 0; i < 3; i++) {
        close (pairs[i][0]);
        close (pairs[i][1]);
    }
}

static void test_a_descriptor_that_is_another_socket_by_now_is_left_alone (void **state)
{
    struct connections *self = *state;
    int pair[2], other[2];
    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, other), 0);
    uint64_t number = come (self, pair[0]);
    struct connection_id id = say (self, pair[0], number)->id;
    assert_int_equal (dup2 (other[0], pair[0]), pair[0]);
    connections_close (self, &id, 5000);
    connections_tend (self, 5000 + CONNECTION_GRACE_MS);
    char byte;
    assert_int_equal (recv (other[1], &byte, 1, MSG_DONTWAIT), -1);
    int fds[] = {pair[0], pair[1], other[0], other[1]};
    for (unsigned i = 0; i < 4; i++)
        close (fds[i]);
}

static void test_one_is_closed_after_the_grace_and_not_before (void **state)
{
    struct connections *self = *state;
    int pair[2];
    char byte;
    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, pair), 0);
    uint64_t number = come (self, pair[0]);
    struct connection_id id = say (self, pair[0], number)->id;
    connections_close (self, &id, 5000);
    connections_close (self, &id, 5200); /* said twice, due once */
    assert_int_equal (connections_due (self), 1000 + CONNECTION_SILENT_MS < 5000 + CONNECTION_GRACE_MS
                                                  ? 1000 + CONNECTION_SILENT_MS
                                                  : 5000 + CONNECTION_GRACE_MS);
    connections_tend (self, 5000 + CONNECTION_GRACE_MS - 1);
    assert_int_equal (recv (pair[1], &byte, 1, MSG_DONTWAIT), -1);
    connections_tend (self, 5000 + CONNECTION_GRACE_MS);
    assert_int_equal (recv (pair[1], &byte, 1, MSG_DONTWAIT), 0);
    close (pair[0]);
    close (pair[1]);
}

static void test_who_says_nothing_for_too_long_is_closed_and_who_spoke_stays (void **state)
{
    struct connections *self = *state;
    int silent[2], spoke[2];
    char byte;
    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, silent), 0);
    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, spoke), 0);
    come (self, silent[0]);
    say (self, spoke[0], come (self, spoke[0]));
    connections_tend (self, 1000 + CONNECTION_SILENT_MS - 1);
    assert_int_equal (recv (silent[1], &byte, 1, MSG_DONTWAIT), -1);
    connections_tend (self, 1000 + CONNECTION_SILENT_MS);
    assert_int_equal (recv (silent[1], &byte, 1, MSG_DONTWAIT), 0);
    assert_int_equal (recv (spoke[1], &byte, 1, MSG_DONTWAIT), -1);
    int fds[] = {silent[0], silent[1], spoke[0], spoke[1]};
    for (unsigned i = 0; i < 4; i++)
        close (fds[i]);
}

static bool is_second (const void *judge, const struct connection *connection)
{
    return connection->id.number == *(const uint64_t *)judge;
}

static void test_all_are_closed_but_those_that_may_stay (void **state)
{
    struct connections *self = *state;
    int one[2], two[2];
    char byte;
    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, one), 0);
    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, two), 0);
    say (self, one[0], come (self, one[0]));
    uint64_t second = come (self, two[0]);
    say (self, two[0], second);
    connections_close_unless (self, is_second, &second, 5000);
    connections_tend (self, 5000 + CONNECTION_GRACE_MS);
    assert_int_equal (recv (one[1], &byte, 1, MSG_DONTWAIT), 0);
    assert_int_equal (recv (two[1], &byte, 1, MSG_DONTWAIT), -1);
    int fds[] = {one[0], one[1], two[0], two[1]};
    for (unsigned i = 0; i < 4; i++)
        close (fds[i]);
}

static bool chose (struct connections *self, const void *route, size_t size, const char *declared)
{
    uint64_t number = come (self, 40);
    const struct connection_message message = {.id = {number, 40, CHANNEL_REQUESTS},
                                               .key = key,
                                               .declared = declared,
                                               .route = route,
                                               .route_size = size};
    return connections_find (self, &message, 2000)->chose_its_route;
}

static void test_only_routing_ids_that_the_endpoint_has_given_are_its_own (void **state)
{
    struct connections *self = *state; /* whose first one, before any was given, is number 0 */
    const uint8_t first[] = {0, 0, 0, 0, 1}, fourth[] = {0, 0, 0, 0, 4}, none_yet[] = {0, 0, 0, 0, 9};
    const uint8_t own[] = {0, 0, 0, 0, 0}, other[] = {1, 0, 0, 0, 1}, high[] = {0, 255, 255, 255, 255};
    assert_false (chose (self, first, 5, ""));
    assert_false (chose (self, first, 5, NULL));
    assert_true (chose (self, first, 5, "x"));
    assert_false (chose (self, fourth, 5, ""));
    assert_true (chose (self, none_yet, 5, ""));
    assert_true (chose (self, own, 5, ""));
    assert_true (chose (self, other, 5, ""));
    assert_true (chose (self, high, 5, ""));
    assert_true (chose (self, first, 4, ""));
    assert_true (chose (self, "\0\0\0\0\1\0", 6, ""));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_a_message_is_of_the_connection_that_signed_in_with_its_number, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (
            test_what_a_lost_connection_sent_is_not_taken_for_the_next_on_its_descriptor, setup, teardown),
        cmocka_unit_test_setup_teardown (test_one_that_is_accepted_where_another_was_ends_that_one, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_who_said_nothing_leaves_without_a_word, setup, teardown),
        cmocka_unit_test_setup_teardown (test_of_too_many_the_one_idle_for_the_longest_is_closed, setup, teardown),
        cmocka_unit_test_setup_teardown (test_a_descriptor_that_is_another_socket_by_now_is_left_alone, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_one_is_closed_after_the_grace_and_not_before, setup, teardown),
        cmocka_unit_test_setup_teardown (test_who_says_nothing_for_too_long_is_closed_and_who_spoke_stays, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_all_are_closed_but_those_that_may_stay, setup, teardown),
        cmocka_unit_test_setup_teardown (test_only_routing_ids_that_the_endpoint_has_given_are_its_own, setup,
                                         teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
