/* A statute requires that something is kept of a subject who is erased (R7): that opens afterwards, and nothing
   else does; it is so wherever the round was killed; it outlives the erasures of others; and when its period is
   past it is destroyed as the subject was. */
#include <string.h>
#include <unistd.h>
#include "audit/extract.h"
#include "audit/log.h"
#include "big_endian.h"
#include "copied_files.h"
#include "keyring.h"
#include "keyring_list.h"
#include "older_store.h"
#include "record/subject_key.h"
#include "registry/subject_file.h"
#include "simulated_keeping.h"
#include "simulated_rights.h"

enum { PEOPLE = 9000, STEPS_LIMIT = 64 };

/* Two whose keys are wrapped under the same key of the keyring. */
static const char *erased, *neighbour;

static uint16_t bucket_of (struct simulation *sim, const char *bsn)
{
    uint8_t id[VAULT_ID_SIZE];
    vault_subject_id (sim->registry.vault, bsn, id);
    return keyring_bucket (id);
}

static void find_people (struct simulation *sim)
{
    static const char *in_bucket[KEYRING_BUCKETS];
    memset (in_bucket, 0, sizeof in_bucket);
    erased = neighbour = NULL;
    for (unsigned i = 0; i < PEOPLE && erased == NULL; i++) {
        const char *bsn = simulation_bsn (sim, i), **other = &in_bucket[bucket_of (sim, bsn)];
        if (*other != NULL) {
            erased = *other;
            neighbour = bsn;
        }
        *other = bsn;
    }
    assert_non_null (erased);
}

/* --- A life ------------------------------------------------------------------------------------------- */

struct life {
    uint64_t granted, withdrawn, unused, disclosed, by_statute, denied, opened, heard, decided, other_request;
    uint64_t newest;
    const char *kept; /* the lines that must open afterwards */
};

static uint64_t newest (struct simulation *sim)
{
    return sim->state.audit_number;
}

static void grant_and_disclose (struct simulation *sim, const char *bsn, struct life *life)
{
    const uint8_t *used = GRANTED (sim, .bsn = bsn, .categories = "naw bsn");
    life->granted = newest (sim);
    GRANTED (sim, .bsn = bsn, .categories = "email");
    life->unused = newest (sim);
    assert_string_equal (CHECK (sim, .bsn = bsn, .items = "naw"), "consent");
    life->disclosed = newest (sim);
    CHECK (sim, .bsn = bsn, .items = "gezondheid");
    life->denied = newest (sim);
    CHECK (sim, .bsn = bsn, .items = "naw", .advise = true);
    assert_string_equal (CHECK (sim, .bsn = bsn, .to = "cak", .purpose = "eigen-bijdrage", .items = "bsn/wmo"),
                         "wmo-2015");
    life->by_statute = newest (sim);
    assert_string_equal (REVOKE (sim, .consent = used), "OK");
    life->withdrawn = newest (sim);
}

/* With a request for erasure that was decided on in part, and another request. */
static struct life live (struct simulation *sim, const char *bsn)
{
    struct life life;
    assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1975-01-02"), "OK");
    grant_and_disclose (sim, bsn, &life);
    life.other_request = OPENED (sim, .bsn = bsn);
    life.opened = OPENED (sim, .bsn = bsn, .kind = CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE);
    assert_string_equal (DECIDE (sim, life.other_request, GRANTED_WHOLE, NULL), "OK");
    assert_string_equal (DECIDE (sim, life.opened, IN_PART, NULL), "OK");
    life.decided = life.newest = newest (sim);
    life.kept = NUMBERS (
        sim, "grant %llu, check %llu, check %llu, revoke %llu, rights-open %llu, rights-decide %llu",
        (unsigned long long)life.granted, (unsigned long long)life.disclosed, (unsigned long long)life.by_statute,
        (unsigned long long)life.withdrawn, (unsigned long long)life.opened, (unsigned long long)life.decided);
    return life;
}

static const char *opens (struct simulation *sim, const char *bsn, const struct life *life)
{
    return simulated_lines_that_open (sim, bsn, life->newest);
}

static void erase (struct simulation *sim, const char *bsn, const struct life *life)
{
    assert_int_equal (simulated_mark (sim, bsn, ERASURE_OF_SUBJECT, life->opened), 0);
    simulated_rounds (sim);
}

static int setup (void **state)
{
    struct simulation *sim = simulation_new (NULL);
    *state = sim;
    find_people (sim);
    return 0;
}

/* --- What is kept ------------------------------------------------------------------------------------- */

static void test_what_must_be_kept_opens_and_nothing_else (void **state)
{
    struct simulation *sim = *state;
    struct life other = live (sim, neighbour), life = live (sim, erased);
    const char *of_other = opens (sim, neighbour, &other);
    assert_string_not_equal (opens (sim, erased, &life), life.kept); /* before, all of it opens */
    erase (sim, erased, &life);
    for (int again = 0; again < 2; again++) {
        assert_string_equal (opens (sim, erased, &life), life.kept);
        assert_string_equal (opens (sim, neighbour, &other), of_other);
        assert_string_not_equal (CHECK (sim, .bsn = erased, .items = "naw"), "consent");
        simulation_restart (sim);
    }
}

/* The subject may object to what was refused of it. */
static void test_the_request_is_kept_and_can_be_objected_to (void **state)
{
    struct simulation *sim = *state;
    struct life life = live (sim, erased);
    erase (sim, erased, &life);
    const Consentd__RightsRequest *shown = simulated_rights_shown (sim, life.opened);
    assert_int_equal (shown->kind, CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE);
    assert_int_equal (shown->state, CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED_IN_PART);
    assert_string_equal (simulated_rights_list (sim, TEAM, erased, 10),
                         NUMBERS (sim, "%llu", (unsigned long long)life.opened));
    assert_string_equal (simulation_answer (sim, TEAM, simulated_showing (sim, life.other_request)), "NOT_FOUND");
    uint64_t objection =
        OPENED (sim, .bsn = erased, .kind = CONSENTD__RIGHTS_KIND__RIGHTS_OBJECTION, .against = life.opened);
    assert_string_equal (DECIDE (sim, objection, REFUSED_WHOLE, NULL), "OK");
}

static bool has_record (struct simulation *sim, const char *bsn)
{
    struct turn turn;
    struct vault_key key;
    uint8_t id[VAULT_ID_SIZE];
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    vault_subject_id (turn.vault, bsn, id);
    int rc = subject_key_read (&turn, id, &key);
    vault_key_wipe (&key);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    assert_true (rc == 0 || rc == SUBJECT_FILE_NOT_FOUND);
    return rc == 0;
}

static uint64_t entries (struct simulation *sim, enum store_table table)
{
    struct store_txn *txn;
    uint64_t count;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_count (txn, table, &count), 0);
    store_abort (&txn);
    return count;
}

static void test_where_nothing_must_be_kept_nothing_stays (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .bsn = erased, .born = "1975-01-02"), "OK");
    GRANTED (sim, .bsn = erased, .categories = "naw");
    CHECK (sim, .bsn = erased, .items = "gezondheid");
    struct life life = {.opened = OPENED (sim, .bsn = erased, .kind = CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE)};
    assert_string_equal (DECIDE (sim, life.opened, GRANTED_WHOLE, NULL), "OK");
    life.newest = newest (sim);
    erase (sim, erased, &life);
    assert_string_equal (opens (sim, erased, &life), "");
    assert_string_equal (simulation_answer (sim, TEAM, simulated_showing (sim, life.opened)), "NOT_FOUND");
    assert_false (has_record (sim, erased));
    assert_int_equal (entries (sim, STORE_EXTRACT) + entries (sim, STORE_EXTRACT_LINE), 0);
}

/* Whoever comes back has another key, and may be erased again: what is kept of both lives stays. */
static void test_what_is_kept_of_an_earlier_life_stays (void **state)
{
    struct simulation *sim = *state;
    struct life first = live (sim, erased);
    erase (sim, erased, &first);
    struct life second = live (sim, erased);
    assert_string_equal (opens (sim, erased, &first), first.kept);
    erase (sim, erased, &second);
    assert_string_equal (opens (sim, erased, &second),
                         arena_printf (sim->arena, "%s, %s", first.kept, second.kept));
}

/* Each of these lines is among those. */
static bool has_all (struct simulation *sim, const char *all, const char *lines)
{
    char *rest = arena_strdup (sim->arena, lines), *line;
    all = arena_printf (sim->arena, ", %s, ", all);
    while ((line = strtok_r (rest, ",", &rest)) != NULL)
        if (strstr (all, arena_printf (sim->arena, ", %s,", line + (*line == ' '))) == NULL)
            return false;
    return true;
}

/* --- Kills -------------------------------------------------------------------------------------------- */

static int steps_of_round (struct simulation *sim)
{
    struct life life = live (sim, erased);
    assert_int_equal (simulated_mark (sim, erased, ERASURE_OF_SUBJECT, life.opened), 0);
    return simulated_rounds (sim);
}

static void test_a_round_that_is_killed_after_any_step_keeps_the_same (void **state)
{
    struct simulation *sim = *state;
    struct life other = live (sim, neighbour);
    const char *of_other = opens (sim, neighbour, &other);
    int steps = steps_of_round (sim);
    assert_true (steps >= 4);
    for (int killed_after = 0; killed_after <= steps; killed_after++) {
        struct life life = live (sim, erased);
        const char *before = simulated_lines_that_open (sim, erased, life.newest);
        assert_int_equal (simulated_mark (sim, erased, ERASURE_OF_SUBJECT, life.opened), 0);
        for (int i = 0; i < killed_after; i++)
            assert_int_equal (erasure_go_on (&sim->registry, &sim->in_force, sim->wall), 0);
        kill_and_start (sim);
        assert_true (has_all (sim, opens (sim, erased, &life), life.kept));
        simulated_rounds (sim);
        const char *after = opens (sim, erased, &life);
        assert_true (strlen (after) < strlen (before));
        assert_string_equal (after + strlen (after) - strlen (life.kept), life.kept);
        assert_string_equal (opens (sim, neighbour, &other), of_other);
    }
}

/* --- Others are erased -------------------------------------------------------------------------------- */

static void test_what_is_kept_outlives_the_erasure_of_a_neighbour (void **state)
{
    struct simulation *sim = *state;
    struct life life = live (sim, erased);
    erase (sim, erased, &life);
    for (int i = 0; i < 3; i++) {
        struct life other = live (sim, neighbour);
        erase (sim, neighbour, &other);
        assert_string_equal (opens (sim, erased, &life), life.kept);
        simulation_restart (sim);
        assert_string_equal (opens (sim, erased, &life), life.kept);
    }
}

/* An older copy of the store has the extracts as they were wrapped before: they open as they are wrapped now,
   which the list beside the keyring has, and not without it. */
static void test_an_older_copy_that_is_put_back_has_what_is_kept_from_the_list_alone (void **state)
{
    struct simulation *sim = *state;
    struct life life = live (sim, erased), other = live (sim, neighbour);
    erase (sim, erased, &life);
    simulation_restart (sim);
    copy_store (sim, "", ".before");
    erase (sim, neighbour, &other);
    simulation_stop (sim);
    copy_store (sim, "", ".newest");
    copy_store (sim, ".before", "");
    assert_int_equal (simulation_start (sim), 0);
    assert_string_equal (opens (sim, erased, &life), life.kept);
    simulation_stop (sim);
    copy_store (sim, ".before", "");
    assert_int_equal (unlink (path_of (sim, KEYRING_LIST_NAME, "")), 0);
    assert_int_not_equal (simulation_start (sim), 0);
    simulation_stop (sim);
    copy_store (sim, ".newest", "");
    assert_int_equal (simulation_start (sim), 0);
    assert_string_equal (opens (sim, erased, &life), life.kept);
}

/* --- The period is past ------------------------------------------------------------------------------- */

static moment first_until (struct simulation *sim, const char *bsn)
{
    struct turn turn;
    struct extract before = {.until = 0}, next;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    vault_subject_id (turn.vault, bsn, before.subject);
    int rc = extract_next_of (&turn, &before, &next);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return rc == 0 ? next.until : 0;
}

static void pass_years (struct simulation *sim, moment until)
{
    sim->wall = until;
    for (int i = 0; i < 8; i++)
        simulation_pass (sim);
}

static void test_an_extract_that_is_past_is_destroyed (void **state)
{
    struct simulation *sim = *state;
    struct life life = live (sim, erased);
    erase (sim, erased, &life);
    moment until = first_until (sim, erased);
    assert_true (until != 0);
    assert_int_equal (simulated_mark (sim, erased, ERASURE_OF_EXTRACTS, 0), SUBJECT_FILE_NOT_FOUND);
    pass_years (sim, until - 1);
    assert_int_equal (simulated_mark (sim, erased, ERASURE_OF_EXTRACTS, 0), SUBJECT_FILE_NOT_FOUND);
    assert_string_equal (opens (sim, erased, &life), life.kept);
    pass_years (sim, until);
    assert_string_equal (opens (sim, erased, &life), life.kept); /* until it is marked */
    copy_store (sim, "", ".before");
    assert_int_equal (simulated_mark (sim, erased, ERASURE_OF_EXTRACTS, 0), 0);
    kill_and_start (sim);
    assert_true (simulated_rounds (sim) > 0);
    assert_string_equal (opens (sim, erased, &life), "");
    assert_int_equal (entries (sim, STORE_EXTRACT) + entries (sim, STORE_EXTRACT_LINE), 0);
    assert_true (has_record (sim, erased)); /* of the request: retention ends that */
    simulation_stop (sim);
    copy_store (sim, ".before", "");
    if (simulation_start (sim) == 0)
        assert_string_equal (opens (sim, erased, &life), ""); /* its key is nowhere */
}

/* In any round, whoever it is for. */
static void test_a_round_for_a_neighbour_destroys_it_too_and_no_other (void **state)
{
    struct simulation *sim = *state;
    struct life first = live (sim, erased);
    erase (sim, erased, &first);
    moment until = first_until (sim, erased);
    sim->wall += (moment)400 * 24 * 60 * 60 * 1000;
    struct life second = live (sim, erased);
    erase (sim, erased, &second);
    pass_years (sim, until);
    struct life other = live (sim, neighbour);
    erase (sim, neighbour, &other);
    assert_string_equal (opens (sim, erased, &second), second.kept);
    assert_true (first_until (sim, erased) > until);
    assert_int_equal (entries (sim, STORE_EXTRACT), 2);
}

/* What must be kept for no longer than now is not kept. */
static void test_what_is_past_when_the_subject_is_erased_is_not_kept (void **state)
{
    struct simulation *sim = *state;
    struct life life = live (sim, erased);
    pass_years (sim, AT ("2050-01-01"));
    life.newest = newest (sim);
    erase (sim, erased, &life);
    assert_string_equal (opens (sim, erased, &life), "");
    assert_int_equal (entries (sim, STORE_EXTRACT), 0);
    assert_false (has_record (sim, erased));
}

/* --- Damage ------------------------------------------------------------------------------------------- */

/* The control: without its entry, or with one of another line, a line does not open; the others do. */
static void test_a_line_opens_by_its_own_entry_alone (void **state)
{
    struct simulation *sim = *state;
    struct life life = live (sim, erased);
    uint8_t key[VAULT_ID_SIZE + 8] = {0}, other[VAULT_ID_SIZE + 8] = {0};
    erase (sim, erased, &life);
    vault_subject_id (sim->registry.vault, erased, key);
    memcpy (other, key, VAULT_ID_SIZE);
    key[sizeof key - 1] = (uint8_t)life.disclosed;
    other[sizeof other - 1] = (uint8_t)life.granted;
    struct bytes own_key = {key, sizeof key}, other_key = {other, sizeof other};
    struct bytes own = older_copied (sim, older_value_of (sim, STORE_EXTRACT_LINE, own_key));
    struct bytes swapped = older_copied (sim, older_value_of (sim, STORE_EXTRACT_LINE, other_key));
    const struct bytes *const instead[] = {NULL, &swapped};
    for (int i = 0; i < 2; i++) {
        older_put_one (sim, STORE_EXTRACT_LINE, own_key, instead[i]);
        simulation_restart (sim);
        assert_null (
            strstr (opens (sim, erased, &life), NUMBERS (sim, "check %llu,", (unsigned long long)life.disclosed)));
    }
    older_put_one (sim, STORE_EXTRACT_LINE, own_key, &own);
    simulation_restart (sim);
    assert_string_equal (opens (sim, erased, &life), life.kept);
}

/* How many a run of retention finds whose period is not known. */
static uint64_t damaged_of_retention (struct simulation *sim)
{
    ProtobufCBinaryData after = {0, NULL}, ticket = {0, NULL};
    uint64_t damaged = 0;
    bool more = true;
    for (int i = 0; more; i++) {
        Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RETENTION_RUN);
        request->retention_run->after = after;
        request->listing = ticket;
        Consentd__Reply *reply = simulation_ask (sim, "operator", request);
        assert_true (i < STEPS_LIMIT);
        assert_int_equal (reply->status, CONSENTD__STATUS__OK);
        damaged += reply->retention->damaged;
        more = reply->retention->more;
        after = reply->retention->next;
        ticket = reply->listing;
    }
    return damaged;
}

/* Nobody else has to wait for an extract that cannot be believed. */
static void test_a_damaged_extract_holds_nobody_up (void **state)
{
    struct simulation *sim = *state;
    struct life life = live (sim, erased);
    uint8_t key[VAULT_ID_SIZE + 8], damaged[VAULT_WRAPPED_KEY_SIZE] = {0};
    erase (sim, erased, &life);
    moment until = first_until (sim, erased);
    vault_subject_id (sim->registry.vault, erased, key);
    put_be64 (key + VAULT_ID_SIZE, (uint64_t)until);
    older_put_one (sim, STORE_EXTRACT, (struct bytes){key, sizeof key}, &(struct bytes){damaged, sizeof damaged});
    simulation_restart (sim);
    pass_years (sim, until);
    assert_int_equal (simulated_mark (sim, erased, ERASURE_OF_EXTRACTS, 0), RECORD_DAMAGED);
    assert_int_equal (damaged_of_retention (sim), 1);
    assert_string_equal (PERSON (sim, .bsn = neighbour, .born = "1975-01-02"), "OK");
    assert_int_equal (simulated_mark (sim, neighbour, ERASURE_OF_SUBJECT, 0), 0);
    simulated_rounds (sim);
    assert_false (has_record (sim, neighbour));
}

#define KEPT_TEST(name) cmocka_unit_test_setup_teardown (name, setup, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        KEPT_TEST (test_what_must_be_kept_opens_and_nothing_else),
        KEPT_TEST (test_the_request_is_kept_and_can_be_objected_to),
        KEPT_TEST (test_where_nothing_must_be_kept_nothing_stays),
        KEPT_TEST (test_what_is_kept_of_an_earlier_life_stays),
        KEPT_TEST (test_a_round_that_is_killed_after_any_step_keeps_the_same),
        KEPT_TEST (test_what_is_kept_outlives_the_erasure_of_a_neighbour),
        KEPT_TEST (test_an_older_copy_that_is_put_back_has_what_is_kept_from_the_list_alone),
        KEPT_TEST (test_an_extract_that_is_past_is_destroyed),
        KEPT_TEST (test_a_round_for_a_neighbour_destroys_it_too_and_no_other),
        KEPT_TEST (test_what_is_past_when_the_subject_is_erased_is_not_kept),
        KEPT_TEST (test_a_line_opens_by_its_own_entry_alone),
        KEPT_TEST (test_a_damaged_extract_holds_nobody_up),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
