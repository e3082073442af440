/* The store of an earlier program, with all that one can hold, is taken up and answers the same; also where it is
   cut off, where it is full, and where a part of it cannot be read. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "earlier_store.h"
#include "simulation_verbs.h"

static const char other[] = "999996770", child[] = "999900018";
enum { MANY = 600 }; /* more than are taken up in one transaction */

/* What the registry says of some people, and to the parties. */
struct said {
    Consentd__Reply *consents[3], *subjects[3], *duties, *waiting, *decision;
    const char *checks[3];
    uint64_t newest;
};

static Consentd__Reply *listed (struct simulation *sim, const char *bsn)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_LIST);
    request->consent_list->bsn = arena_strdup (sim->arena, bsn);
    return simulation_look (sim, "kernteam", request);
}

static Consentd__Reply *shown (struct simulation *sim, const char *bsn)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    request->subject_show->bsn = arena_strdup (sim->arena, bsn);
    return simulation_look (sim, "kernteam", request);
}

static uint64_t decided; /* about the child, before his record was changed */

static Consentd__Reply *looked_back (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_DECISION_SHOW);
    request->decision_show->number = decided;
    return simulation_look (sim, "kernteam", request);
}

static struct said hear (struct simulation *sim)
{
    static const char *const people[] = {"999900006", other, child};
    struct said said = {.newest = simulation_newest_of_all (sim, horizon)};
    Consentd__Request *duties = simulation_asking (sim, CONSENTD__REQUEST__BODY_OBLIGATION_LIST);
    duties->obligation_list->bsn = arena_strdup (sim->arena, people[0]);
    said.duties = simulation_look (sim, "kernteam", duties);
    said.decision = looked_back (sim);
    assert_int_equal (said.decision->decision_show->subject->n_representatives, 2);
    said.waiting =
        simulation_look (sim, "kernteam", simulation_asking (sim, CONSENTD__REQUEST__BODY_WAITING_LIST));
    for (int i = 0; i < 3; i++) {
        said.consents[i] = listed (sim, people[i]);
        said.subjects[i] = shown (sim, people[i]);
        said.checks[i] = CHECK (sim, .bsn = people[i], .items = "naw bsn", .advise = true);
    }
    return said;
}

static void assert_same_reply (struct simulation *sim, const Consentd__Reply *one, const Consentd__Reply *two)
{
    Consentd__Reply same = *one;
    same.idempotency_key = two->idempotency_key;
    same.listing = two->listing; /* the number of the line that it would have */
    size_t size = consentd__reply__get_packed_size (&same);
    assert_int_equal (size, consentd__reply__get_packed_size (two));
    uint8_t *first = arena_alloc (sim->arena, size), *second = arena_alloc (sim->arena, size);
    consentd__reply__pack (&same, first);
    consentd__reply__pack (two, second);
    assert_memory_equal (first, second, size);
}

static void assert_same (struct simulation *sim, const struct said *one, const struct said *two)
{
    for (int i = 0; i < 3; i++) {
        assert_same_reply (sim, one->consents[i], two->consents[i]);
        assert_same_reply (sim, one->subjects[i], two->subjects[i]);
        assert_string_equal (one->checks[i], two->checks[i]);
    }
    assert_same_reply (sim, one->duties, two->duties);
    assert_same_reply (sim, one->waiting, two->waiting);
    assert_same_reply (sim, one->decision, two->decision);
    assert_int_equal (one->newest, two->newest);
}

/* A consent that stands, one that is used up, one withdrawn in part, a refusal, a child with parents, a
   restriction, a request that waits, duties, and what was received. */
static void live (struct simulation *sim)
{
    assert_string_equal (PERSON (sim, .bsn = other, .born = "1975-01-02"), "OK");
    assert_string_equal (PERSON (sim, .bsn = child, .born = "2016-03-04", .representatives = "ouder-1 ouder-2"),
                         "OK");
    GRANTED (sim, .categories = "naw bsn");
    CHECK (sim, .items = "naw");
    CHECK (sim, .items = "naw bsn");
    GRANTED (sim, .bsn = other, .categories = "naw bsn");
    REFUSE (sim, .bsn = other, .categories = "bsn");
    GRANTED (sim, .bsn = child, .categories = "naw", .signers = "ouder-1 ouder-2", .one_time = true);
    decided = CHECK_REPLY (sim, .bsn = child, .items = "naw")->check->decision;
    assert_string_equal (PERSON (sim, .bsn = child, .born = "2016-03-05", .representatives = "ouder-1"), "OK");
    const uint8_t *part = GRANTED (sim, .categories = "telefoon email");
    assert_string_equal (REVOKE (sim, .consent = part, .categories = "email"), "OK");
    ASKED (sim, .categories = "budget");
}

/* R2: what earlier programs knew nothing of. The number of the request. */
static uint64_t ask_for_access (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_OPEN);
    Consentd__RightsOpenRequest *body = request->rights_open;
    body->bsn = arena_strdup (sim->arena, other);
    body->kind = CONSENTD__RIGHTS_KIND__RIGHTS_ACCESS;
    body->by = arena_strdup (sim->arena, "subject");
    body->identity = CONSENTD__RIGHTS_IDENTITY__IDENTITY_DIGID;
    body->way = CONSENTD__RIGHTS_WAY__WAY_PORTAL;
    body->user = arena_strdup (sim->arena, "medewerker-5");
    Consentd__Reply *reply = simulation_ask (sim, "kernteam", request);
    assert_string_equal (simulation_said (sim, reply), "OK");
    return reply->rights->request->number;
}

static void assert_asked_for_access (struct simulation *sim, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_LIST);
    const Consentd__RightsListReply *list = simulation_look (sim, "kernteam", request)->rights_list;
    assert_int_equal (list->n_requests, number != 0);
    assert_true (number == 0 || list->requests[0]->number == number);
}

static void become_earlier (struct simulation *sim)
{
    assert_int_equal (earlier_store_make (&sim->registry, &sim->in_force), 0);
    simulation_stop (sim);
    assert_int_equal (simulation_start (sim), REGISTRY_CANNOT_OPEN);
    assert_non_null (strstr (sim->refusal, "consentd --upgrade CONFIGURATION"));
    simulation_stop (sim);
}

static uint64_t told_done, told_unreadable, told_times;

static void tell (uint64_t done, uint64_t unreadable, uint64_t all)
{
    assert_in_range (done + unreadable, 0, all);
    told_done = done;
    told_unreadable = unreadable;
    told_times++;
}

static int upgrade (struct simulation *sim, registry_told *told)
{
    struct registry_options options = simulation_registry_options (sim);
    struct settings_error error = {""};
    told_times = 0;
    int rc = registry_upgrade (&sim->registry, &options, &sim->in_force, told, &error);
    memcpy (sim->refusal, error.text, sizeof sim->refusal);
    registry_close (&sim->registry);
    return rc;
}

static uint64_t count_of (struct simulation *sim, enum store_table table)
{
    struct store_txn *txn;
    uint64_t count;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_count (txn, table, &count), 0);
    store_abort (&txn);
    return count;
}

static void test_an_earlier_store_is_taken_up_and_answers_the_same (void **state)
{
    struct simulation *sim = *state;
    live (sim);
    struct said before = hear (sim);
    become_earlier (sim);
    assert_int_equal (upgrade (sim, tell), 0);
    assert_int_equal (told_done, 3);
    assert_int_equal (told_unreadable, 0);
    assert_int_equal (upgrade (sim, tell), 0); /* there is nothing more to take up */
    assert_int_equal (told_times, 0);
    assert_int_equal (simulation_start (sim), 0);
    struct said after = hear (sim);
    assert_same (sim, &before, &after);
    assert_int_equal (count_of (sim, STORE_EARLIER_STATEMENTS), 0);
    assert_int_equal (count_of (sim, STORE_EARLIER_RECEIVED), 0);
    const uint8_t *consent = GRANTED (sim, .bsn = other, .categories = "naw bsn");
    assert_string_equal (CHECK (sim, .bsn = other, .items = "bsn"), "consent");
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    assert_asked_for_access (sim, 0);
    uint64_t number = ask_for_access (sim);
    simulation_restart (sim);
    assert_asked_for_access (sim, number);
    assert_int_equal (simulation_newest_of_all (sim, horizon), before.newest + 2);
}

/* It dies behind the first transaction. */
static void die (uint64_t done, uint64_t unreadable, uint64_t all)
{
    assert_in_range (done + unreadable, 1, all - 1);
    _exit (7);
}

static void test_an_upgrade_that_is_cut_off_goes_on_where_it_was (void **state)
{
    struct simulation *sim = *state;
    live (sim);
    for (unsigned i = 10; i < MANY; i++)
        assert_string_equal (PERSON (sim, .bsn = simulation_bsn (sim, i), .born = "1980-05-17"), "OK");
    struct said before = hear (sim);
    become_earlier (sim);
    pid_t process = fork ();
    if (process == 0)
        _exit (upgrade (sim, die));
    int status;
    assert_int_equal (waitpid (process, &status, 0), process);
    assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 7);
    assert_int_equal (simulation_start (sim), REGISTRY_CANNOT_OPEN);
    assert_non_null (strstr (sim->refusal, "--upgrade"));
    simulation_stop (sim);
    assert_int_equal (upgrade (sim, tell), 0);
    assert_int_equal (told_done, MANY - 10 + 3); /* with those of the first */
    assert_int_equal (simulation_start (sim), 0);
    struct said after = hear (sim);
    assert_same (sim, &before, &after);
}

/* C12: what could not be read before cannot be read after, and permits nothing. */
static void test_what_cannot_be_read_stays_so_and_keeps_no_other_from_being_taken_up (void **state)
{
    struct simulation *sim = *state;
    struct store_txn *txn;
    struct bytes value;
    live (sim);
    const uint8_t *refusal = GRANTED (sim, .bsn = other, .categories = "naw");
    assert_int_equal (earlier_store_make (&sim->registry, &sim->in_force), 0);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, STORE_CONSENT, (struct bytes){refusal, 16}, &value), 0);
    uint8_t *damaged = arena_memdup (sim->arena, value.data, value.size);
    damaged[value.size - 1] ^= 1;
    assert_int_equal (
        store_put (txn, STORE_CONSENT, (struct bytes){refusal, 16}, (struct bytes){damaged, value.size}), 0);
    assert_int_equal (store_commit (&txn), 0);
    simulation_stop (sim);
    assert_int_equal (upgrade (sim, tell), 0);
    assert_int_equal (told_done, 2);
    assert_int_equal (told_unreadable, 1);
    assert_int_equal (simulation_start (sim), 0);
    Consentd__Request *asked = simulation_check (sim, &(struct simulated_check){.bsn = other, .items = "naw"});
    assert_int_equal (simulation_ask_in_vain (sim, "kernteam", asked), RECORD_DAMAGED);
    assert_int_equal (
        simulation_ask_in_vain (sim, "kernteam",
                                simulation_revocation (sim, &(struct simulated_revocation){.consent = refusal})),
        RECORD_DAMAGED);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_string_equal (CHECK (sim, .bsn = child, .items = "naw"), "USED_UP");
}

/* Also where a part was taken up, nothing of it may be put back. */
static void test_an_upgrade_does_not_go_on_from_records_that_were_put_back (void **state)
{
    struct simulation *sim = *state;
    struct store_txn *txn;
    live (sim);
    assert_int_equal (earlier_store_make (&sim->registry, &sim->in_force), 0);
    uint8_t id[VAULT_ID_SIZE];
    struct bytes key = {id, sizeof id}, value;
    vault_subject_id (sim->registry.vault, other, id);
    simulation_stop (sim);
    assert_int_equal (upgrade (sim, tell), 0);
    assert_int_equal (simulation_start (sim), 0);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, STORE_GENERATION, key, &value), 0);
    assert_int_equal (store_delete (txn, STORE_GENERATION, key), 0);
    assert_int_equal (store_delete (txn, STORE_SUBJECT, key), 0);
    assert_int_equal (store_commit (&txn), 0);
    simulation_restart (sim);
    Consentd__Request *asked = simulation_check (sim, &(struct simulated_check){.bsn = other, .items = "naw"});
    assert_int_equal (simulation_ask_in_vain (sim, "kernteam", asked), RECORD_DAMAGED);
}

/* L5: the operator makes it larger, and goes on. */
static void test_a_full_store_is_taken_up_when_it_is_larger (void **state)
{
    struct simulation *sim = *state;
    static const uint8_t filling[2000];
    uint64_t number = UINT64_MAX / 2;
    int rc = 0;
    live (sim);
    struct said before = hear (sim);
    assert_int_equal (earlier_store_make (&sim->registry, &sim->in_force), 0);
    while (rc == 0) {
        struct store_txn *txn;
        number++;
        assert_int_equal (store_begin (sim->store, &txn), 0);
        store_use_share (txn, STORE_OWN);
        rc = store_put (txn, STORE_EVENT, (struct bytes){&number, sizeof number},
                        (struct bytes){filling, sizeof filling});
        rc = rc == 0 ? store_commit (&txn) : (store_abort (&txn), rc);
    }
    assert_int_equal (rc, STORE_FULL);
    simulation_stop (sim);
    assert_int_equal (upgrade (sim, tell), STORE_FULL);
    assert_non_null (strstr (sim->refusal, "make store/size larger"));
    sim->options.size *= 2;
    assert_int_equal (upgrade (sim, tell), 0);
    assert_int_equal (simulation_start (sim), 0);
    struct said after = hear (sim);
    assert_same (sim, &before, &after);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_an_earlier_store_is_taken_up_and_answers_the_same),
        ADULT_TEST (test_an_upgrade_that_is_cut_off_goes_on_where_it_was),
        ADULT_TEST (test_what_cannot_be_read_stays_so_and_keeps_no_other_from_being_taken_up),
        ADULT_TEST (test_an_upgrade_does_not_go_on_from_records_that_were_put_back),
        ADULT_TEST (test_a_full_store_is_taken_up_when_it_is_larger),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
