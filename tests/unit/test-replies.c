/* Replies that are not read are bounded in bytes (L1). */
#include <string.h>
#include "broker/replies.h"
#include "testing.h"

enum { LARGE = REPLIES_CONNECTION_BYTES / 2, PER_PARTY = REPLIES_PARTY_BYTES / LARGE };

static uint8_t data[LARGE];

static struct connection_id connection (unsigned number)
{
    return (struct connection_id){.number = number, .fd = (int)number, .channel = CHANNEL_REQUESTS};
}

static void send_large (struct replies *replies, unsigned number, zmq_msg_t *message)
{
    struct connection_id to = connection (number);
    replies_message (replies, &to, (struct bytes){data, sizeof data}, message);
    assert_int_equal (zmq_msg_size (message), sizeof data);
    assert_memory_equal (zmq_msg_data (message), data, sizeof data);
}

static bool may (const struct replies *replies, unsigned number)
{
    struct connection_id id = connection (number);
    return replies_may_answer (replies, &id);
}

static void test_who_has_not_read_a_mebibyte_is_not_answered_until_it_has (void **state)
{
    (void)state;
    struct replies *replies = replies_new ();
    struct connection_id deaf = connection (1), other = connection (2);
    zmq_msg_t first, second;
    memset (data, 7, sizeof data);
    replies_open (replies, &deaf, "horizon");
    replies_open (replies, &other, "horizon");
    assert_true (may (replies, 1));
    send_large (replies, 1, &first);
    assert_true (may (replies, 1));
    send_large (replies, 1, &second);
    assert_false (may (replies, 1));
    assert_true (may (replies, 2));
    zmq_msg_close (&first);
    assert_true (may (replies, 1));
    zmq_msg_close (&second);
    replies_destroy (&replies);
}

static void test_who_has_not_read_a_thousand_answers_is_not_answered_until_it_has (void **state)
{
    (void)state;
    static zmq_msg_t messages[REPLIES_CONNECTION_COUNT];
    struct replies *replies = replies_new ();
    struct connection_id deaf = connection (1), other = connection (2);
    replies_open (replies, &deaf, "horizon");
    replies_open (replies, &other, "horizon");
    for (unsigned i = 0; i < REPLIES_CONNECTION_COUNT; i++) {
        assert_true (may (replies, 1));
        replies_message (replies, &deaf, (struct bytes){data, 40}, &messages[i]);
    }
    assert_false (may (replies, 1));
    assert_true (may (replies, 2));
    zmq_msg_close (&messages[0]);
    assert_true (may (replies, 1));
    for (unsigned i = 1; i < REPLIES_CONNECTION_COUNT; i++)
        zmq_msg_close (&messages[i]);
    replies_destroy (&replies);
}

static void test_who_reads_nothing_is_not_even_refused_for_ever (void **state)
{
    (void)state;
    static zmq_msg_t messages[REPLIES_QUEUE];
    struct replies *replies = replies_new ();
    struct connection_id deaf = connection (1);
    assert_true (replies_may_refuse (replies, &deaf)); /* not known */
    replies_open (replies, &deaf, "horizon");
    for (unsigned i = 0; i < REPLIES_QUEUE; i++) {
        assert_true (replies_may_refuse (replies, &deaf));
        replies_message (replies, &deaf, (struct bytes){data, 40}, &messages[i]);
    }
    assert_false (replies_may_refuse (replies, &deaf));
    for (unsigned i = 0; i < REPLIES_QUEUE; i++)
        zmq_msg_close (&messages[i]);
    assert_true (replies_may_refuse (replies, &deaf));
    replies_destroy (&replies);
}

static void test_nor_is_a_party_that_has_not_read_so_much_on_many_connections (void **state)
{
    (void)state;
    struct replies *replies = replies_new ();
    static zmq_msg_t messages[PER_PARTY];
    for (unsigned i = 1; i <= PER_PARTY + 1; i++) {
        struct connection_id id = connection (i);
        replies_open (replies, &id, "horizon");
    }
    struct connection_id honest = connection (PER_PARTY + 2);
    replies_open (replies, &honest, "kernteam");
    for (unsigned i = 0; i < PER_PARTY; i++) {
        assert_true (may (replies, PER_PARTY + 1));
        send_large (replies, i + 1, &messages[i]);
    }
    assert_false (may (replies, PER_PARTY + 1));
    assert_true (may (replies, PER_PARTY + 2));
    for (unsigned i = 0; i < PER_PARTY; i++)
        zmq_msg_close (&messages[i]);
    assert_true (may (replies, PER_PARTY + 1));
    replies_destroy (&replies);
}

static void test_a_connection_that_is_gone_frees_what_it_did_not_read_and_leaves_its_place (void **state)
{
    (void)state;
    struct replies *replies = replies_new ();
    struct connection_id gone = connection (1), next = {.number = 2, .fd = 1, .channel = CHANNEL_REQUESTS};
    zmq_msg_t first, second;
    replies_open (replies, &gone, "horizon");
    send_large (replies, 1, &first);
    send_large (replies, 1, &second);
    replies_close (replies, &gone);
    replies_open (replies, &next, "horizon"); /* on the same descriptor */
    assert_true (replies_may_answer (replies, &next));
    replies_close (replies, &gone); /* told twice: it is not the next one's end */
    zmq_msg_close (&first);
    replies_destroy (&replies);
    zmq_msg_close (&second); /* ZeroMQ may let go of it later */
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_who_has_not_read_a_mebibyte_is_not_answered_until_it_has),
        cmocka_unit_test (test_who_has_not_read_a_thousand_answers_is_not_answered_until_it_has),
        cmocka_unit_test (test_who_reads_nothing_is_not_even_refused_for_ever),
        cmocka_unit_test (test_nor_is_a_party_that_has_not_read_so_much_on_many_connections),
        cmocka_unit_test (test_a_connection_that_is_gone_frees_what_it_did_not_read_and_leaves_its_place),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
