/* The traps into which other systems fell, as far as a test needs a clock of its own, a record that is damaged, or
   a death between two steps; the others are in tests/behaviour/test_traps.py. */
#include <string.h>
#include <zmq.h>
#include "fixture_policy.h"
#include "broker/push.h"
#include "record/record.h"
#include "registry/subject_cache.h"
#include "simulation_verbs.h"

/* With the adult of whom all these tests are. */
static const char *checked_at (struct simulation *sim, const char *text)
{
    sim->wall = AT (text);
    return CHECK (sim, .advise = true);
}

/* nuts-consent-store #24: an older version of a consent became active when the newest had expired. Whatever comes
   of the newest, and also where everything is read anew. */
static void test_an_older_consent_is_not_active_after_the_newest_expired (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_until = AT ("2027-04-01"));
    sim->wall += 60000;
    GRANTED (sim, .categories = "naw bsn", .valid_until = AT ("2027-01-01"));
    sim->wall += 60000;
    GRANTED (sim, .categories = "naw bsn", .valid_until = AT ("2026-07-01"));
    assert_string_equal (checked_at (sim, "2026-06-30 23:59:59.999"), "consent");
    assert_string_equal (checked_at (sim, "2026-07-01"), "EXPIRED");
    simulation_restart (sim);
    assert_string_equal (checked_at (sim, "2026-12-31"), "EXPIRED");
    assert_string_equal (checked_at (sim, "2027-03-31"), "EXPIRED");
}

static void test_an_older_consent_is_not_active_after_the_newest_was_withdrawn (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_until = AT ("2027-04-01"));
    sim->wall += 60000;
    const uint8_t *newest = GRANTED (sim, .valid_until = AT ("2026-07-01"));
    assert_string_equal (REVOKE (sim, .consent = newest), "OK");
    assert_string_equal (CHECK (sim, .advise = true), "REVOKED");
    assert_string_equal (checked_at (sim, "2026-12-31"), "REVOKED EXPIRED");
}

/* LEAP-CDS: a deny that could not be read disappeared. A refusal that is damaged, at whatever place, ends the
   check: what remains, a consent, is not heard. */
static void test_a_refusal_that_cannot_be_read_does_not_disappear (void **state)
{
    struct simulation *sim = *state;
    struct store_txn *txn;
    GRANTED (sim, .categories = "naw");
    REFUSE (sim, .bsn = NULL);
    uint8_t id[VAULT_ID_SIZE];
    vault_subject_id (sim->registry.vault, "999900006", id);
    struct bytes key = {id, sizeof id}, value;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, STORE_SUBJECT, key, &value), 0);
    uint8_t *sound = arena_memdup (sim->arena, value.data, value.size);
    size_t size = value.size;
    store_abort (&txn);
    for (size_t at = 0; at <= size; at++) {
        uint8_t *damaged = arena_memdup (sim->arena, sound, size);
        if (at < size)
            damaged[at] ^= 1;
        assert_int_equal (store_begin (sim->store, &txn), 0);
        if (at < size)
            assert_int_equal (store_put (txn, STORE_SUBJECT, key, (struct bytes){damaged, size}), 0);
        else
            assert_int_equal (store_delete (txn, STORE_SUBJECT, key), 0);
        assert_int_equal (store_commit (&txn), 0);
        subject_cache_clear (sim->registry.cache); /* what was read before is not in doubt */
        assert_int_equal (simulation_ask_in_vain (sim, "kernteam",
                                                  simulation_check (sim, &(struct simulated_check){.to = NULL})),
                          RECORD_DAMAGED);
    }
}

/* The same where the pack no longer knows a word of it: the others still count. */
static void test_a_refusal_with_a_word_that_the_pack_no_longer_knows_does_not_disappear (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "naw bsn", "toekenning");
    struct check check = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/jeugdwet");
    assert_string_equal (fixture_outcome (f, &check), "consent");
    struct statement *refusal =
        fixture_refusal (f, "kernteam opgeheven", "horizon", "naw vervallen", "toekenning");
    refusal->scope.origins = fixture_set (f, "jeugdwet vervallen");
    assert_string_equal (fixture_outcome (f, &check), "REFUSED STATUTE_NOT_FOR_ORIGIN");
    check.items[0].origin = CODE_NONE;
    check.mode = MODE_DISCLOSE;
    assert_string_equal (fixture_outcome (f, &check), "REFUSED ORIGIN_UNKNOWN");
}

/* ProjectEKA: the revocation was written first and broadcast after. Here both are one: in a turn that is durable,
   though nothing was pushed when the process died, and in one that fails, neither. */
static void test_a_revocation_and_its_events_are_there_together_or_not_at_all (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    Consentd__Request *revocation =
        simulation_revocation (sim, &(struct simulated_revocation){.consent = consent});
    sim->fail_commit = true;
    simulation_ask_in_vain (sim, "kernteam", revocation);
    simulation_restart (sim);
    assert_int_equal (simulation_newest (sim, horizon), 0);
    assert_string_equal (CHECK (sim, .advise = true), "consent");
    assert_string_equal (simulation_said (sim, simulation_ask (sim, "kernteam", revocation)), "OK");
    simulation_restart (sim);
    assert_string_equal (CHECK (sim, .advise = true), "REVOKED");
    const char *const parties[] = {"kernteam", horizon};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal (simulation_newest (sim, parties[i]), 1);
        assert_memory_equal (simulation_event (sim, parties[i], 1)->consent_id.data, consent, 16);
    }
}

/* openfga #2811 and #2843, milo #768: a cache outlived a revocation. In one turn, where neither reply has left
   yet, and with a cache that is warm from each party's question. */
static void test_a_warm_cache_does_not_outlive_a_revocation_in_the_same_turn (void **state)
{
    struct simulation *sim = *state;
    const struct simulated_check asked = {.by = NULL}, by_horizon = {.by = horizon};
    for (int round = 0; round < 20; round++) {
        const uint8_t *consent = GRANTED (sim, .categories = "naw");
        struct round_trip turn[] = {
            {"kernteam", simulation_check (sim, &asked), NULL},
            {horizon, simulation_check (sim, &by_horizon), NULL},
            {"kernteam", simulation_revocation (sim, &(struct simulated_revocation){.consent = consent}), NULL},
            {horizon, simulation_check (sim, &by_horizon), NULL},
            {"kernteam", simulation_check (sim, &asked), NULL},
        };
        const char *const said[] = {"consent", "consent", "OK", "REVOKED", "REVOKED"};
        assert_string_equal (CHECK (sim, .advise = true), "consent");
        assert_int_equal (simulation_turn (sim, turn, 5), 0);
        for (size_t i = 0; i < 5; i++)
            assert_string_equal (simulation_said (sim, turn[i].reply), said[i]);
    }
}

/* Streams, with the sockets of a subscriber. */

struct stream {
    void *context, *router, *dealer;
};

static struct stream stream_open (const char *route)
{
    struct stream self = {.context = zmq_ctx_new ()};
    self.router = zmq_socket (self.context, ZMQ_ROUTER);
    self.dealer = zmq_socket (self.context, ZMQ_DEALER);
    assert_int_equal (zmq_setsockopt (self.dealer, ZMQ_ROUTING_ID, route, strlen (route)), 0);
    assert_int_equal (zmq_bind (self.router, "inproc://events"), 0);
    assert_int_equal (zmq_connect (self.dealer, "inproc://events"), 0);
    return self;
}

static void stream_close (struct stream *self)
{
    int none = 0;
    zmq_setsockopt (self->router, ZMQ_LINGER, &none, sizeof none);
    zmq_close (self->router);
    zmq_close (self->dealer);
    zmq_ctx_term (self->context);
}

/* The next pushed message, or false if none waits. */
static bool stream_next (struct stream *self, Consentd__EventPush *push)
{
    uint8_t frame[4096];
    int more = 0, size;
    size_t of_more = sizeof more;
    do {
        size = zmq_recv (self->dealer, frame, sizeof frame, ZMQ_DONTWAIT);
        if (size < 0)
            return false;
        zmq_getsockopt (self->dealer, ZMQ_RCVMORE, &more, &of_more);
    } while (more);
    Consentd__Reply *reply = consentd__reply__unpack (NULL, (size_t)size, frame);
    assert_non_null (reply);
    push->number = reply->event->number;
    push->kind = reply->event->kind;
    consentd__reply__free_unpacked (reply, NULL);
    return true;
}

static void subscribed (struct simulation *sim, uint64_t from, unsigned credit)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBSCRIBE);
    request->subscribe->from = from;
    request->subscribe->credit = credit;
    assert_string_equal (simulation_answer (sim, horizon, request), "OK");
}

static const char *acknowledged (struct simulation *sim, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_ACKNOWLEDGE);
    request->acknowledge->number = number;
    return simulation_answer (sim, horizon, request);
}

/* So many events for each party of a consent. */
static void told (struct simulation *sim, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const char *bsn = simulation_bsn (sim, i / 100); /* there is a bound to what one subject states */
        assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1980-05-17"), "OK");
        GRANTED (sim, .bsn = bsn);
    }
}

/* One turn of the broker that pushes; with its heartbeat it takes as many as are needed. False: all is pushed. */
static bool pushed (struct simulation *sim, struct stream *stream, bool heartbeat)
{
    struct turn turn;
    bool more = false;
    struct push_list *pushes = push_list_new ();
    if (heartbeat)
        outbox_beat (sim->registry.outbox);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (push_collect (pushes, &turn, &more), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    struct connections *connections = connections_new ();
    push_settle (pushes, true, &(struct push_after){0, 0});
    push_send (pushes, sim->registry.outbox, &(struct push_after){0, 0}, stream->router, connections);
    connections_destroy (&connections);
    push_list_destroy (&pushes);
    return more;
}

/* etcd #15220: a progress notice told of a revision of which events were still to come. However many wait, the
   heartbeat that is due comes behind them all. */
static void test_a_heartbeat_comes_after_every_event_that_it_tells_of (void **state)
{
    enum { MANY = 700 };
    struct simulation *sim = *state;
    struct stream stream = stream_open (horizon);
    told (sim, MANY);
    subscribed (sim, 1, 1024);
    Consentd__EventPush push;
    uint64_t newest = 0;
    bool beaten = false;
    for (bool more = true, heartbeat = true; more; heartbeat = false) {
        more = pushed (sim, &stream, heartbeat);
        while (stream_next (&stream, &push)) {
            assert_false (beaten);
            assert_int_equal (push.number, push.kind == CONSENTD__EVENT_KIND__HEARTBEAT ? newest : newest + 1);
            newest = push.number;
            beaten = push.kind == CONSENTD__EVENT_KIND__HEARTBEAT;
        }
    }
    assert_true (beaten);
    assert_int_equal (newest, MANY);
    stream_close (&stream);
}

/* spicedb PR 2063: an idle stream could not be told from one that lags. The heartbeat needs no credit, and its
   number says which of the two it is. */
static void test_a_heartbeat_tells_one_that_lags_from_one_that_is_idle (void **state)
{
    struct simulation *sim = *state;
    struct stream stream = stream_open (horizon);
    Consentd__EventPush push;
    told (sim, 3);
    subscribed (sim, 1, 2);
    pushed (sim, &stream, true);
    for (uint64_t number = 1; number <= 2; number++) {
        assert_true (stream_next (&stream, &push));
        assert_int_equal (push.number, number);
    }
    assert_true (stream_next (&stream, &push));
    assert_int_equal (push.kind, CONSENTD__EVENT_KIND__HEARTBEAT);
    assert_int_equal (push.number, 3);
    assert_false (stream_next (&stream, &push));
    subscribed (sim, 3, 2);
    pushed (sim, &stream, true);
    assert_true (stream_next (&stream, &push) && push.kind != CONSENTD__EVENT_KIND__HEARTBEAT);
    assert_true (stream_next (&stream, &push) && push.kind == CONSENTD__EVENT_KIND__HEARTBEAT);
    assert_int_equal (push.number, 3);
    stream_close (&stream);
}

static size_t sent (struct simulation *sim, struct stream *stream, struct push_list *pushes,
                    struct push_after so_far)
{
    Consentd__EventPush push;
    size_t count = 0;
    struct connections *connections = connections_new ();
    push_send (pushes, sim->registry.outbox, &so_far, stream->router, connections);
    connections_destroy (&connections);
    while (stream_next (stream, &push))
        count++;
    return count;
}

/* nats-server #7564: told before the disk had it. What was collected leaves when the turn on which it rests is on
   the disk, and the answers that came first have left; and not at all if the subscription is gone by then. */
static void test_no_event_leaves_before_what_it_rests_on (void **state)
{
    struct simulation *sim = *state;
    struct stream stream = stream_open (horizon);
    struct push_list *pushes = push_list_new ();
    struct turn turn;
    bool more = false;
    told (sim, 2);
    for (int round = 0; round < 2; round++) {
        subscribed (sim, 1, 8);
        assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
        assert_int_equal (push_collect (pushes, &turn, &more), 0);
        assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
        assert_int_equal (sent (sim, &stream, pushes, (struct push_after){UINT64_MAX, UINT64_MAX}), 0);
        push_settle (pushes, true, &(struct push_after){5, 2});
        assert_int_equal (sent (sim, &stream, pushes, (struct push_after){4, UINT64_MAX}), 0);
        assert_int_equal (sent (sim, &stream, pushes, (struct push_after){UINT64_MAX, 1}), 0);
        assert_false (push_is_empty (pushes));
        if (round == 1)
            outbox_drop (sim->registry.outbox, outbox_at (sim->registry.outbox, 0));
        assert_int_equal (sent (sim, &stream, pushes, (struct push_after){5, 2}), round == 0 ? 2 : 0);
        assert_true (push_is_empty (pushes));
    }
    push_list_destroy (&pushes);
    stream_close (&stream);
}

/* etcd #17529 and #19179: events were lost before a compaction. What is deleted is what was acknowledged and
   nothing beyond it, at every number, also over a restart. */
static void test_nothing_is_deleted_before_it_is_acknowledged (void **state)
{
    enum { COUNT = 12 };
    struct simulation *sim = *state;
    told (sim, COUNT);
    for (uint64_t number = 1; number <= COUNT; number++) {
        simulation_listen (sim, horizon);
        assert_non_null (simulation_event_of_all (sim, horizon, number));
        assert_string_equal (acknowledged (sim, number), "OK");
        if (number % 4 == 0)
            simulation_restart (sim);
        assert_null (simulation_event_of_all (sim, horizon, number));
        for (uint64_t kept = number + 1; kept <= COUNT; kept++)
            assert_non_null (simulation_event_of_all (sim, horizon, kept));
        assert_int_equal (simulation_newest_of_all (sim, horizon), COUNT);
    }
    simulation_listen (sim, horizon);
    assert_string_equal (acknowledged (sim, COUNT + 1), "INVALID acknowledge.number");
    told (sim, 1);
    assert_non_null (simulation_event_of_all (sim, horizon, COUNT + 1)); /* numbers go on where they were */
}

/* opa #3043 and #8123: a decision was answered and not logged. A decision and its line are in one turn: where the
   line cannot be, there is no answer, and a one-time consent is not used. */
static void test_a_decision_that_is_not_in_the_log_is_not_answered (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .one_time = true);
    uint64_t before = sim->state.audit_number;
    Consentd__Request *request = simulation_check (sim, &(struct simulated_check){.to = NULL});
    sim->fail_commit = true;
    assert_true (simulation_ask_in_vain (sim, "kernteam", request) < 0);
    assert_int_equal (sim->state.audit_number, before);
    Consentd__Reply *reply = simulation_ask (sim, "kernteam", request);
    assert_string_equal (simulation_said (sim, reply), "consent");
    assert_int_equal (reply->check->decision, before + 1);
    assert_int_equal (sim->state.audit_number, before + 1);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_an_older_consent_is_not_active_after_the_newest_expired),
        ADULT_TEST (test_an_older_consent_is_not_active_after_the_newest_was_withdrawn),
        ADULT_TEST (test_a_refusal_that_cannot_be_read_does_not_disappear),
        cmocka_unit_test_setup_teardown (
            test_a_refusal_with_a_word_that_the_pack_no_longer_knows_does_not_disappear, fixture_setup,
            fixture_teardown),
        ADULT_TEST (test_a_revocation_and_its_events_are_there_together_or_not_at_all),
        ADULT_TEST (test_a_warm_cache_does_not_outlive_a_revocation_in_the_same_turn),
        ADULT_TEST (test_a_heartbeat_comes_after_every_event_that_it_tells_of),
        ADULT_TEST (test_a_heartbeat_tells_one_that_lags_from_one_that_is_idle),
        ADULT_TEST (test_no_event_leaves_before_what_it_rests_on),
        ADULT_TEST (test_nothing_is_deleted_before_it_is_acknowledged),
        ADULT_TEST (test_a_decision_that_is_not_in_the_log_is_not_answered),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
