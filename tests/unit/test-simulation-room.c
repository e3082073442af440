/* A registry that is full: what is still recorded, from whose share, and that nobody can take another's (L2, L5).
 */
#include <string.h>
#include "audit/counted.h"
#include "big_endian.h"
#include "config/config.h"
#include "events/backlog.h"
#include "events/heard.h"
#include "registry/idempotency.h"
#include "simulation_verbs.h"
#include "unconst.h"

enum { MEBIBYTE = 1 << 20, MANY = 300 };

static const char full[] = "UNAVAILABLE";

static Consentd__Request *subscribing (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBSCRIBE);
    request->subscribe->credit = 8;
    return request;
}

/* As if all up to that number was sent: nothing is pushed here. */
static Consentd__Request *subscribing_behind (struct simulation *sim, uint64_t number)
{
    Consentd__Request *request = subscribing (sim);
    request->subscribe->from = number + 1;
    return request;
}

static Consentd__Request *acknowledging (struct simulation *sim, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_ACKNOWLEDGE);
    request->acknowledge->number = number;
    return request;
}

static Consentd__Request *asking_status (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_STATUS);
    return request;
}

static Consentd__Request *asking_lag (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_EVENTS_LAG);
    return request;
}

static Consentd__Request *listing_audit (struct simulation *sim, uint64_t after)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->after = after;
    request->audit_list->limit = 100;
    return request;
}

static Consentd__Request *listing_consents (struct simulation *sim, const char *bsn)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_LIST);
    request->consent_list->bsn = arena_strdup (sim->arena, bsn);
    return request;
}

static Consentd__Request *showing_subject (struct simulation *sim, const char *bsn)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    request->subject_show->bsn = arena_strdup (sim->arena, bsn);
    return request;
}

static Consentd__Request *showing_consent (struct simulation *sim, const uint8_t *id)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show->consent_id.data = arena_memdup (sim->arena, id, 16);
    request->consent_show->consent_id.len = 16;
    return request;
}

static Consentd__Request *removing (struct simulation *sim, const char *party)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_PARTY_REMOVE);
    request->party_remove->id = arena_strdup (sim->arena, party);
    return request;
}

static struct store_info info_of (struct simulation *sim)
{
    struct store_info info;
    assert_int_equal (store_info (sim->store, &info), 0);
    return info;
}

/* Puts one value where it is in nobody's way, or takes it away. */
static int put_or_delete_in (struct simulation *sim, enum store_share share, bool put, size_t size,
                             unsigned number)
{
    static const uint8_t value[32768];
    uint8_t key[24] = "filling of the store";
    struct store_txn *txn;
    put_be64 (key + 16, (uint64_t)size << 32 | number);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    store_use_share (txn, share);
    int rc =
        put ? store_put (txn, STORE_EARLIER_RECEIVED, (struct bytes){key, sizeof key}, (struct bytes){value, size})
            : store_delete (txn, STORE_EARLIER_RECEIVED, (struct bytes){key, sizeof key});
    if (rc == 0)
        return store_commit (&txn);
    store_abort (&txn);
    return rc;
}

static int put_or_delete (struct simulation *sim, bool put, size_t size, unsigned number)
{
    return put_or_delete_in (sim, STORE_GENERAL, put, size, number);
}

static const size_t filling_sizes[] = {32768, 1500, 200};

static void fill (struct simulation *sim)
{
    for (size_t i = 0; i < sizeof filling_sizes / sizeof *filling_sizes; i++) {
        int rc = 0;
        for (unsigned number = 0; rc == 0; number++)
            rc = put_or_delete (sim, true, filling_sizes[i], number);
        assert_int_equal (rc, STORE_FULL);
    }
}

static void make_room (struct simulation *sim)
{
    for (size_t i = 0; i < sizeof filling_sizes / sizeof *filling_sizes; i++)
        for (unsigned number = 0; put_or_delete (sim, false, filling_sizes[i], number) == 0; number++)
            ;
}

static void watch (struct simulation *sim)
{
    assert_int_equal (registry_watch (&sim->registry, &sim->in_force, sim->wall), 0);
    sim->state = sim->registry.state;
}

static const char *last_line (struct simulation *sim, const char *action, const char *result)
{
    struct turn turn;
    const char *note = NULL;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    for (uint64_t number = sim->state.audit_number; number > 0 && note == NULL; number--) {
        struct audit_record record;
        struct evidence evidence;
        assert_int_equal (audit_read (&turn, number, &record), 0);
        if (strcmp (record.head.action, action) != 0 || strcmp (record.head.result, result) != 0)
            continue;
        assert_int_equal (audit_open (&turn, &record, &evidence), 0);
        note = arena_strdup (sim->arena, evidence.note);
    }
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1); /* nothing happened in it */
    return note;
}

/* The same request again and again takes no room, and gets the same answer. */
static void assert_takes_nothing (struct simulation *sim, const char *party, Consentd__Request *request, bool anew,
                                  const char *answer)
{
    uint64_t used = 0, lines = 0;
    for (int i = 0; i < MANY; i++) {
        if (anew)
            request->idempotency_key.len = 0;
        assert_string_equal (simulation_answer (sim, party, request), answer);
        if (i == 0) { /* its row is made */
            used = info_of (sim).used;
            lines = sim->state.audit_number;
        }
    }
    assert_int_equal (info_of (sim).used, used);
    assert_int_equal (sim->state.audit_number, lines);
}

static void test_a_full_registry_records_no_check_and_no_consent_and_counts_what_it_refused (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    fill (sim);
    struct registry_state before = sim->state;
    for (int i = 0; i < 3; i++)
        assert_string_equal (CHECK (sim, .items = "naw"), full);
    assert_string_equal (GRANT (sim, .categories = "bsn"), full);
    assert_string_equal (simulation_answer (sim, "school-brug", listing_audit (sim, 0)), "FORBIDDEN");
    assert_int_equal (sim->state.audit_number, before.audit_number);
    assert_int_equal (sim->state.revision, before.revision);
    assert_int_equal (sim->registry.room.refused, 4);
}

static void test_a_full_registry_takes_withdrawals_and_tells_of_them (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw bsn");
    fill (sim);
    assert_string_equal (REVOKE (sim, .consent = consent, .categories = "bsn"), "OK");
    Consentd__Request *whole = simulation_revocation (sim, &(struct simulated_revocation){.consent = consent});
    assert_string_equal (simulation_answer (sim, "kernteam", whole), "OK");
    assert_string_equal (simulation_answer (sim, "kernteam", whole), "OK again revoked"); /* its answer was lost */
    assert_int_equal (simulation_newest (sim, horizon), 2);
    assert_string_equal (simulation_answer (sim, horizon, subscribing (sim)), "OK");
    simulation_restart (sim);
    assert_string_equal (simulation_answer (sim, horizon, subscribing_behind (sim, 2)), "OK");
    assert_string_equal (simulation_answer (sim, horizon, acknowledging (sim, 2)), "OK");
    assert_null (simulation_event (sim, horizon, 2));
}

/* Drops all but so many of the events that wait. */
static void drop_events (struct simulation *sim, uint64_t keep)
{
    struct turn turn;
    struct cursor cursor;
    struct consumers all;
    struct backlog_cleared cleared;
    ((struct config *)unconst (sim->in_force.config))->events_keep = keep;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (outbox_cursor (&turn, horizon, &cursor), 0);
    assert_int_equal (consumers_list (&turn, horizon, &cursor, &all), 0);
    assert_int_equal (backlog_clear (&turn, horizon, &cursor, &all, &cleared), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    sim->state = sim->registry.state;
    assert_true (cleared.dropped);
}

static void test_what_was_dropped_is_not_heard_for_want_of_room (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    moment when;
    assert_string_equal (simulation_answer (sim, horizon, subscribing (sim)), "OK");
    for (unsigned i = 0; i < 8; i++)
        GRANTED (sim, .categories = "naw");
    drop_events (sim, 5);
    fill (sim);
    assert_string_equal (simulation_answer (sim, horizon, subscribing (sim)), "OK");
    assert_string_equal (simulation_answer (sim, horizon, acknowledging (sim, 3)), "OK");
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (heard_find (&turn, horizon, CONSUMER_DEFAULT, 2, &when), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
    assert_int_equal (when, HEARD_DROPPED);
}

static void test_what_changes_nothing_takes_nothing_of_the_reserve (void **state)
{
    struct simulation *sim = *state;
    static const uint8_t unknown[16] = {1};
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    fill (sim);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    Consentd__Request *again = simulation_revocation (sim, &(struct simulated_revocation){.consent = consent});
    assert_takes_nothing (sim, "kernteam", again, true, "OK"); /* repeated */
    again->idempotency_key.len = 0;
    assert_string_equal (simulation_answer (sim, "kernteam", again), "OK");
    assert_takes_nothing (sim, "school-brug",
                          simulation_revocation (sim, &(struct simulated_revocation){.consent = consent}), true,
                          "NOT_FOUND");
    assert_takes_nothing (sim, "kernteam",
                          simulation_revocation (sim, &(struct simulated_revocation){.consent = unknown}), true,
                          "NOT_FOUND");
    assert_takes_nothing (
        sim, "kernteam",
        simulation_revocation (sim, &(struct simulated_revocation){.consent = consent, .withdrawn_by = "buurman"}),
        true, "REJECTED REPRESENTATION_MISSING");
    assert_takes_nothing (sim, horizon, subscribing (sim), true, "OK");
    assert_string_equal (simulation_answer (sim, horizon, subscribing_behind (sim, 1)), "OK");
    assert_string_equal (simulation_answer (sim, horizon, acknowledging (sim, 1)), "OK");
    assert_takes_nothing (sim, horizon, acknowledging (sim, 1), true, "OK");
    assert_takes_nothing (sim, "kernteam", simulation_check (sim, &(struct simulated_check){.items = "naw"}), true,
                          full);
    assert_takes_nothing (sim, "operator", asking_status (sim), true, "OK");
    assert_takes_nothing (sim, "operator", asking_lag (sim), true, "OK");
    assert_takes_nothing (sim, "school-brug", asking_status (sim), true, "FORBIDDEN");
}

static void test_an_operator_sees_a_full_registry_and_mends_it (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    fill (sim);
    assert_string_equal (simulation_answer (sim, "operator", asking_status (sim)), "OK");
    assert_string_equal (simulation_answer (sim, "operator", asking_lag (sim)), "OK");
    assert_string_equal (simulation_answer (sim, "operator", listing_audit (sim, 0)), "OK");
    assert_string_equal (simulation_answer (sim, "operator", listing_consents (sim, "999900006")), "OK");
    assert_string_equal (simulation_answer (sim, "operator", showing_consent (sim, consent)), "OK");
    assert_string_equal (simulation_answer (sim, "operator", showing_subject (sim, "999900006")), "OK");
    assert_string_equal (simulation_answer (sim, "operator", removing (sim, "cak")), "OK");
    assert_non_null (last_line (sim, "subject-show", "ok")); /* each with its line */
    assert_non_null (last_line (sim, "party-remove", "ok"));
    assert_string_equal (simulation_answer (sim, "kernteam", showing_subject (sim, "999900006")),
                         full); /* not everybody's */
    assert_string_equal (REVOKE (sim, .by = "operator", .consent = consent), "OK");
}

static void test_an_operator_in_a_loop_leaves_removal_and_withdrawals_their_room (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    fill (sim);
    unsigned listed = 0;
    while (strcmp (simulation_answer (sim, "operator", listing_audit (sim, 0)), "OK") == 0)
        assert_true (listed++ < 100000);
    assert_true (listed > 20);
    struct store_info info = info_of (sim);
    assert_true (info.taken[STORE_OPERATORS] * 4 <= info.shares[STORE_OPERATORS] * 3);
    assert_int_equal (info.taken[STORE_WITHDRAWALS], 0);
    assert_string_equal (simulation_answer (sim, "operator", asking_status (sim)), "OK"); /* which takes no room */
    assert_string_equal (simulation_answer (sim, "operator", removing (sim, "cak")), "OK");
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    assert_string_equal (simulation_answer (sim, horizon, subscribing (sim)), "OK");
}

/* Consents of `count` subjects, each of four categories that can be withdrawn apart. */
static const uint8_t **granted_many (struct simulation *sim, unsigned first, size_t count)
{
    const uint8_t **consents = arena_array (sim->arena, count, sizeof *consents);
    for (unsigned i = 0; i < count; i++) {
        const char *bsn = simulation_bsn (sim, first + i);
        assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1980-05-17"), "OK");
        consents[i] = GRANTED (sim, .bsn = bsn, .categories = "naw bsn telefoon");
    }
    return consents;
}

/* Withdraws as `party` whatever it can, in parts; how many it could. */
static unsigned withdraw_all (struct simulation *sim, const char *party, const uint8_t **consents, size_t count)
{
    static const char *const parts[] = {"naw", "bsn", "telefoon"};
    unsigned withdrawn = 0;
    for (size_t part = 0; part < 3; part++)
        for (size_t i = 0; i < count; i++) {
            const char *said = REVOKE (sim, .by = party, .consent = consents[i], .categories = parts[part]);
            if (strcmp (said, full) == 0)
                return withdrawn;
            assert_string_equal (said, "OK");
            withdrawn++;
        }
    return withdrawn;
}

static void test_a_party_that_withdraws_whatever_it_can_leaves_the_others_theirs (void **state)
{
    struct simulation *sim = *state;
    enum { CONSENTS = 400 };
    const uint8_t **consents = granted_many (sim, 1, CONSENTS);
    const uint8_t *of_another = GRANTED (sim, .categories = "naw");
    fill (sim);
    unsigned first = withdraw_all (sim, horizon, consents, CONSENTS);
    assert_in_range (first, 20, 3 * CONSENTS - 1);
    struct store_info info = info_of (sim);
    uint64_t share = info.shares[STORE_WITHDRAWALS];
    assert_in_range (info.taken[STORE_WITHDRAWALS], share * 2 / 5, share * 3 / 5);
    assert_string_equal (GRANT (sim, .categories = "bsn"), full); /* no loop of granting and withdrawing */
    assert_string_equal (REVOKE (sim, .by = horizon, .consent = of_another), full);
    assert_string_equal (REVOKE (sim, .consent = of_another), "OK");
    assert_string_equal (simulation_answer (sim, horizon, subscribing (sim)), "OK"); /* it still hears */
    assert_string_equal (simulation_answer (sim, "operator", listing_audit (sim, 0)), "OK");
    assert_string_equal (REVOKE (sim, .by = "operator", .consent = consents[CONSENTS - 1]), "OK"); /* for it */
    assert_true (sim->registry.room.refused > 0);
    make_room (sim);
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
    assert_string_equal (REVOKE (sim, .by = horizon, .consent = consents[CONSENTS - 2]), "OK"); /* as before */
}

static const char *restrict_all (struct simulation *sim, const char *bsn)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    request->restrict_data->bsn = arena_strdup (sim->arena, bsn);
    request->restrict_data->whole = true;
    request->restrict_data->reason = arena_strdup (sim->arena, "bedreigd");
    request->restrict_data->user = arena_strdup (sim->arena, "medewerker-17");
    struct round_trip round_trip = {"kernteam", request, NULL};
    return simulation_turn (sim, &round_trip, 1) == 0 ? simulation_said (sim, round_trip.reply) : "failed";
}

/* What guards a subject's record grows with the number of subjects. It is of whose turn it is. */
static void test_all_of_the_share_of_withdrawals_can_be_used_for_subjects_that_were_not_known (void **state)
{
    struct simulation *sim = *state;
    fill (sim);
    unsigned restricted = 0;
    const char *said;
    while (strcmp (said = restrict_all (sim, simulation_bsn (sim, ++restricted)), "OK") == 0)
        ;
    assert_string_equal (said, full);
    struct store_info info = info_of (sim);
    assert_in_range (info.taken[STORE_WITHDRAWALS], info.shares[STORE_WITHDRAWALS] * 2 / 5,
                     info.shares[STORE_WITHDRAWALS] * 3 / 5); /* the half that one party may take */
    assert_true (info.taken[STORE_OWN] * 2 < info.shares[STORE_OWN]);
}

/* How many records the index of answers has. */
static uint64_t records_of_answers (struct simulation *sim)
{
    struct store_txn *txn;
    uint64_t count;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_count (txn, STORE_ANSWERED, &count), 0);
    store_abort (&txn);
    return count;
}

/* A record of the index of answers is due in each turn and finds no room, until the daemon's own share has some:
   first none, and then a page more with each withdrawal. It is left out or written; what it must not do is fail.
 */
static void test_a_record_of_the_index_fails_no_withdrawal_whichever_page_is_the_last (void **state)
{
    struct simulation *sim = *state;
    enum { A_PAGE = 3000, MOST = 100 };
    const uint8_t **consents = granted_many (sim, 1, MOST);
    while (sim->state.audit_number < IDEMPOTENCY_RECORDED - 1)
        CHECK (sim, .items = "email");
    fill (sim);
    unsigned pages = 0, given = 0;
    while (put_or_delete_in (sim, STORE_OWN, true, A_PAGE, pages) == 0)
        pages++;
    assert_true (pages > 40);
    assert_int_equal (records_of_answers (sim), 0);
    for (; records_of_answers (sim) == 0; given++) {
        assert_true (given < pages && given < MOST);
        assert_string_equal (REVOKE (sim, .consent = consents[given]), "OK");
        assert_true (sim->state.audit_number >= IDEMPOTENCY_RECORDED);
        assert_int_equal (put_or_delete_in (sim, STORE_OWN, false, A_PAGE, given), 0);
    }
    assert_true (given > 12); /* a record has so many pages */
}

/* Room for a line, but not for the longest. */
static void make_room_for_a_short_line (struct simulation *sim)
{
    struct store_txn *txn;
    assert_int_equal (put_or_delete (sim, false, 32768, 0), 0);
    bool has_room = true;
    for (unsigned number = 1000; has_room; number++) {
        assert_int_equal (put_or_delete (sim, true, 1500, number), 0);
        assert_int_equal (store_begin (sim->store, &txn), 0);
        has_room = store_has_room (txn, STORE_GENERAL, 16384);
        store_abort (&txn);
    }
}

/* What is recorded under the number of a line, and an answer that names it, would else point to another's. */
static void test_a_line_whose_number_was_promised_is_written_where_others_are_counted (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    fill (sim);
    make_room_for_a_short_line (sim);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    struct audit_head head = {.time = turn.now, .party = "", .action = "try", .result = "ok"};
    struct evidence evidence = {.note = ""};
    uint64_t last = turn.state.audit_number;
    assert_int_equal (counted_log (&turn, &head, NULL, &evidence), 0);
    assert_int_equal (turn.state.audit_number, last);
    assert_int_equal (audit_promise_line (&turn), last + 1);
    assert_int_equal (audit_promise_line (&turn), last + 1);
    assert_int_equal (counted_log (&turn, &head, NULL, &evidence), 0);
    assert_int_equal (turn.state.audit_number, last + 1);
    assert_int_equal (counted_log (&turn, &head, NULL, &evidence), 0); /* the promise was for one */
    assert_int_equal (turn.state.audit_number, last + 1);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
}

static void test_when_there_is_room_again_what_was_counted_is_in_the_log_and_said (void **state)
{
    struct simulation *sim = *state;
    watch (sim);
    fill (sim);
    watch (sim);
    for (int i = 0; i < 5; i++)
        assert_string_equal (CHECK (sim, .items = "naw"), full);
    for (int i = 0; i < 7; i++)
        assert_string_equal (simulation_answer (sim, "operator", asking_status (sim)), "OK");
    watch (sim);
    assert_int_equal (sim->registry.room.level, ROOM_FULL);
    assert_non_null (last_line (sim, "store", "full"));
    uint64_t lines = sim->state.audit_number;
    for (int i = 0; i < 10; i++)
        watch (sim);
    assert_int_equal (sim->state.audit_number, lines); /* once */
    simulation_restart (sim);
    assert_string_equal (CHECK (sim, .items = "naw"), full);
    watch (sim);
    make_room (sim);
    sim->wall += 2 * COUNTED_FOR_MS;
    assert_string_equal (CHECK (sim, .items = "naw"), "NO_CONSENT");
    watch (sim);
    assert_int_equal (sim->registry.room.level, ROOM_AMPLE);
    assert_string_equal (last_line (sim, "store", "room"), "6 refused");
    assert_non_null (strstr (last_line (sim, "check", "unavailable"), "6, since 2026-05-01T10:00:00Z"));
    assert_non_null (strstr (last_line (sim, "status", "ok"), "7, since "));
    lines = sim->state.audit_number;
    sim->wall += 2 * COUNTED_FOR_MS;
    watch (sim);
    assert_int_equal (sim->state.audit_number, lines);
    assert_int_equal (sim->registry.state.counted_since, 0);
}

static void test_operators_are_told_once_when_the_room_comes_near_its_end (void **state)
{
    struct simulation *sim = *state;
    watch (sim);
    assert_null (last_line (sim, "store", "80 %"));
    enum room_level seen[4] = {ROOM_AMPLE};
    size_t changes = 0;
    int rc = 0;
    for (unsigned number = 0; rc == 0; number++) {
        rc = put_or_delete (sim, true, 8192, number);
        simulation_ask (sim, "operator", asking_status (sim));
        watch (sim);
        if (sim->registry.room.level != seen[changes])
            seen[++changes] = sim->registry.room.level;
        assert_true (changes < 3);
    }
    assert_int_equal (changes, 2);
    assert_int_equal (seen[1], ROOM_80);
    assert_int_equal (seen[2], ROOM_95);
    assert_non_null (last_line (sim, "store", "80 %"));
    assert_non_null (last_line (sim, "store", "95 %"));
    assert_non_null (
        last_line (sim, "alarm", "store-80")); /* and as an event, to operators whose role hears them */
    assert_non_null (last_line (sim, "alarm", "store-95"));
}

/* A hair's breadth of room to and fro is not told each time. */
static void test_a_level_is_left_below_where_it_begins (void **state)
{
    (void)state;
    struct room room = {.info = {.general = 1000, .used = 799}};
    assert_int_equal (room_level_now (&room, 1), ROOM_AMPLE);
    room.info.used = 800;
    assert_int_equal (room_level_now (&room, 1), ROOM_80);
    room.level = ROOM_80;
    room.info.used = 790;
    assert_int_equal (room_level_now (&room, 1), ROOM_80);
    room.info.used = 780;
    assert_int_equal (room_level_now (&room, 1), ROOM_AMPLE);
    room.info.used = 1000;
    assert_int_equal (room_level_now (&room, 1), ROOM_95);
    room.refused_at = 1;
    room.info.used = 500; /* a copy in the making holds old pages */
    assert_int_equal (room_level_now (&room, 2), ROOM_FULL);
    room.level = ROOM_FULL;
    assert_int_equal (room_level_now (&room, 60002), ROOM_AMPLE);
    room.info.used = 990;
    assert_int_equal (room_level_now (&room, 60002), ROOM_FULL);
    room.info.used = 980;
    assert_int_equal (room_level_now (&room, 60002), ROOM_95);
}

static int set_up (void **state)
{
    struct simulation_options options = {.size = 6 * MEBIBYTE, .reserve = 2 * MEBIBYTE};
    struct simulation *sim = *state = simulation_new (&options);
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    return 0;
}

/* With an own share that is larger than a record and what goes with it. */
static int set_up_large (void **state)
{
    struct simulation_options options = {.size = 24 * MEBIBYTE, .reserve = 8 * MEBIBYTE};
    struct simulation *sim = *state = simulation_new (&options);
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_a_full_registry_records_no_check_and_no_consent_and_counts_what_it_refused),
        TEST (test_a_full_registry_takes_withdrawals_and_tells_of_them),
        TEST (test_what_was_dropped_is_not_heard_for_want_of_room),
        TEST (test_what_changes_nothing_takes_nothing_of_the_reserve),
        TEST (test_an_operator_sees_a_full_registry_and_mends_it),
        TEST (test_an_operator_in_a_loop_leaves_removal_and_withdrawals_their_room),
        TEST (test_a_party_that_withdraws_whatever_it_can_leaves_the_others_theirs),
        TEST (test_all_of_the_share_of_withdrawals_can_be_used_for_subjects_that_were_not_known),
        TEST (test_a_line_whose_number_was_promised_is_written_where_others_are_counted),
        TEST (test_when_there_is_room_again_what_was_counted_is_in_the_log_and_said),
        TEST (test_operators_are_told_once_when_the_room_comes_near_its_end),
        cmocka_unit_test_setup_teardown (test_a_record_of_the_index_fails_no_withdrawal_whichever_page_is_the_last,
                                         set_up_large, simulation_teardown),
        cmocka_unit_test (test_a_level_is_left_below_where_it_begins),
    };
    return cmocka_run_group_tests_name ("room", tests, NULL, NULL);
}
