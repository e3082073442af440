/* Who may receive, and whom a party may ask, say exactly what all checks say, asked one by one at the same state:
   over random lives of a subject, under both packs, for every two parties, purpose, category and case. */
#include <string.h>
#include "parties/parties.h"
#include "random_pick.h"
#include "rules/policy.h"
#include "simulated_life.h"

enum { ROUNDS = 4, ACTS = 12, LISTED = 8192, CASES = 3 };

static const char *const parties[] = {"kernteam", "zorgaanbieder-horizon", "wmo-team", "huisarts-dorp", "cak"};
static const char *const cases[CASES] = {"", "zaak-1", "zaak-2"};

struct listed {
    const Consentd__Permits *rows[LISTED];
    size_t count;
};

struct town {
    struct life life;
    unsigned permitted, asked;
};

static void take_page (const Consentd__PermitsReply *page, struct listed *listed)
{
    for (size_t i = 0; i < page->n_permits; i++) {
        assert_in_range (listed->count, 0, LISTED - 1);
        listed->rows[listed->count++] = page->permits[i];
    }
}

/* All pages. `purpose` NULL: who may receive; else whom this party may ask. */
static void list (struct town *town, const char *party, const char *purpose, struct listed *listed)
{
    struct simulation *sim = town->life.sim;
    ProtobufCBinaryData after = {0, NULL};
    listed->count = 0;
    do {
        Consentd__Request *request =
            simulation_asking (sim, purpose == NULL ? CONSENTD__REQUEST__BODY_WHO_MAY_RECEIVE
                                                    : CONSENTD__REQUEST__BODY_WHOM_MAY_I_ASK);
        if (purpose == NULL) {
            request->who_may_receive->bsn = arena_strdup (sim->arena, town->life.bsn);
            request->who_may_receive->after = after;
            request->who_may_receive->limit = 100;
        } else {
            request->whom_may_i_ask->bsn = arena_strdup (sim->arena, town->life.bsn);
            request->whom_may_i_ask->purpose = arena_strdup (sim->arena, purpose);
            request->whom_may_i_ask->after = after;
            request->whom_may_i_ask->limit = 1 + random_pick (3);
        }
        Consentd__Reply *reply = simulation_look (sim, party, request);
        assert_int_equal (reply->status, CONSENTD__STATUS__OK);
        take_page (reply->permits, listed);
        after = reply->permits->next;
        assert_int_equal (after.len > 0, reply->permits->more);
    } while (after.len > 0);
}

static const Consentd__PermittedCategory *find (const struct listed *listed, const Consentd__CheckRequest *asked,
                                                const char *case_ref, const char *category)
{
    for (size_t i = 0; i < listed->count; i++) {
        const Consentd__Permits *row = listed->rows[i];
        if (strcmp (row->provider, asked->provider) != 0 || strcmp (row->recipient, asked->recipient) != 0 ||
            strcmp (row->purpose, asked->purpose) != 0 || strcmp (row->case_ref, case_ref) != 0)
            continue;
        for (size_t j = 0; j < row->n_categories; j++)
            if (strcmp (row->categories[j]->category, category) == 0)
                return row->categories[j];
    }
    return NULL;
}

/* Every category of the pack, in checks of as many as one may have. */
static Consentd__Request *check_of (struct town *town, size_t provider, size_t recipient, code purpose,
                                    const char *case_ref)
{
    const struct policy *policy = town->life.sim->in_force.policy;
    const char *items = "";
    for (size_t i = 0; i < policy->category_count && i < 64; i++)
        items = arena_printf (town->life.sim->arena, "%s%s%s/", items, i > 0 ? " " : "",
                              policy->categories[i].entry.code);
    struct simulated_check asked = {.bsn = town->life.bsn,
                                    .from = parties[provider],
                                    .to = parties[recipient],
                                    .purpose = policy->purposes[purpose].entry.code,
                                    .case_ref = case_ref,
                                    .items = items,
                                    .advise = true};
    return simulation_check (town->life.sim, &asked);
}

static void assert_same (struct town *town, const struct listed *listed, const Consentd__Request *request)
{
    const Consentd__CheckRequest *asked = request->check;
    Consentd__Request *again = arena_memdup (town->life.sim->arena, request, sizeof *again);
    const Consentd__CheckReply *said = simulation_look (town->life.sim, "toezicht", again)->check;
    for (size_t i = 0; i < said->n_items; i++) {
        const Consentd__ItemVerdict *item = said->items[i];
        bool permitted = item->verdict == CONSENTD__VERDICT__PERMIT;
        const Consentd__PermittedCategory *of_case = find (listed, asked, asked->case_ref, item->category);
        const Consentd__PermittedCategory *any = find (listed, asked, "", item->category);
        const Consentd__PermittedCategory *one = of_case != NULL ? of_case : any;
        town->asked++;
        if (permitted != (one != NULL))
            fail_msg ("%s > %s, %s, %s (case '%s'): the check says %d", asked->provider, asked->recipient,
                      asked->purpose, item->category, asked->case_ref, permitted);
        if (one == NULL || one != of_case)
            continue;
        town->permitted++;
        assert_int_equal (one->ground, item->ground);
        assert_string_equal (one->statute, item->statute);
        assert_int_equal (one->consent_id.len, item->consent_id.len);
        assert_memory_equal (one->consent_id.data, item->consent_id.data, item->consent_id.len);
        assert_true (one->until == 0 || (said->until != 0 && one->until >= said->until));
    }
}

/* What the whole list says of one party and purpose is what that party is told. */
static void assert_part (const struct listed *whole, const struct listed *own, const char *party,
                         const char *purpose)
{
    size_t count = 0;
    for (size_t i = 0; i < whole->count; i++)
        count += strcmp (whole->rows[i]->recipient, party) == 0 && strcmp (whole->rows[i]->purpose, purpose) == 0;
    assert_int_equal (own->count, count);
    for (size_t i = 0; i < own->count; i++)
        assert_string_equal (own->rows[i]->recipient, party);
}

static void judge (struct town *town)
{
    static struct listed whole, own;
    const struct policy *policy = town->life.sim->in_force.policy;
    list (town, "toezicht", NULL, &whole);
    for (code purpose = 0; purpose < policy->purpose_count; purpose++)
        for (size_t r = 0; r < COUNT (parties); r++) {
            list (town, parties[r], policy->purposes[purpose].entry.code, &own);
            assert_part (&whole, &own, parties[r], policy->purposes[purpose].entry.code);
            for (size_t p = 0; p < COUNT (parties); p++)
                if (p != r)
                    assert_same (town, &whole, check_of (town, p, r, purpose, ANY (cases)));
        }
}

static void test_the_lists_say_what_all_checks_say_one_by_one (void **state)
{
    struct town *town = *state;
    for (int round = 0; round < ROUNDS; round++) {
        simulated_life_begin (&town->life);
        for (int i = 0; i < ACTS; i++)
            simulated_life_act (&town->life);
        judge (town);
    }
    assert_true (town->permitted > 2 * ROUNDS && town->asked > 1000 * ROUNDS);
}

static int setup (void **state, const char *policy)
{
    static struct town town;
    const struct simulation_options options = {.size = 96 << 20, .reserve = 1 << 20, .policy = policy};
    random_begin (UINT64_C (0x7065726D697473));
    town = (struct town){.life.sim = simulation_new (&options)};
    *state = &town;
    return 0;
}

static int setup_2015 (void **state)
{
    return setup (state, "kaag-en-braassem-2015");
}

static int setup_2026 (void **state)
{
    return setup (state, "wmo-jeugdwet-2026");
}

static int teardown (void **state)
{
    struct town *town = *state;
    simulation_destroy (&town->life.sim);
    return 0;
}

int main (void)
{
#define TEST(test)                                                \
    cmocka_unit_test_setup_teardown (test, setup_2015, teardown), \
        cmocka_unit_test_setup_teardown (test, setup_2026, teardown)
    const struct CMUnitTest tests[] = {
        TEST (test_the_lists_say_what_all_checks_say_one_by_one),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
