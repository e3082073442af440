/* An overview of one subject, as the registry gives it: whole, once, whatever was between its pages, and with what
   became of each word that parties were given. */
#include <string.h>
#include "big_endian.h"
#include "earlier_store.h"
#include "simulation_verbs.h"

enum { MOST = 4000 };

static char adult[] = "999900006";

/* What an overview came to. */
struct told {
    uint64_t lines[MOST], unreadable;
    size_t line_count, consents, pages;
    unsigned heard, waiting, unknown; /* of the withdrawals' tellings to horizon */
    int64_t heard_at;
};

static void take_line (struct told *self, const Consentd__OverviewLine *line)
{
    self->lines[self->line_count++] = line->number;
    for (size_t i = 0; i < line->n_tellings && strcmp (line->action, "revoke") == 0; i++) {
        const Consentd__OverviewTelling *one = line->tellings[i];
        if (strcmp (one->party, horizon) != 0)
            continue;
        self->heard += one->heard;
        self->unknown += one->unknown;
        self->waiting += !one->heard && !one->unknown;
        self->heard_at = one->heard_at;
    }
}

/* Reads every page. `between` is done before each page but the first; NULL: nothing. */
static void read_all (struct simulation *sim, struct told *told, void (*between) (struct simulation *))
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_OVERVIEW);
    bool more = true;
    *told = (struct told){.pages = 0};
    request->overview->bsn = adult;
    while (more) {
        if (told->pages++ > 0 && between != NULL)
            between (sim);
        request->idempotency_key.len = 0;
        const Consentd__Reply *reply = simulation_ask (sim, "kernteam", request);
        assert_string_equal (simulation_said (sim, reply), "OK");
        const Consentd__OverviewReply *page = reply->overview;
        for (size_t i = 0; i < page->n_entries; i++) {
            told->consents += page->entries[i]->consent != NULL && page->entries[i]->line == NULL;
            if (page->entries[i]->line != NULL)
                take_line (told, page->entries[i]->line);
        }
        told->unreadable += page->unreadable;
        more = page->more;
        request->overview->after = page->next;
        request->listing = reply->listing;
    }
    for (size_t i = 1; i < told->line_count; i++)
        assert_true (told->lines[i] > told->lines[i - 1]);
}

static void ask_often (struct simulation *sim, unsigned count)
{
    for (; count > 0; count--)
        CHECK (sim, .items = "naw budget", .advise = true);
}

static void restart (struct simulation *sim)
{
    simulation_restart (sim);
}

static void ask_more (struct simulation *sim)
{
    ask_often (sim, 3);
}

static void test_every_line_is_told_once_whatever_happens_between_the_pages (void **state)
{
    struct simulation *sim = *state;
    static struct told whole, told;
    GRANTED (sim, .categories = "naw");
    ask_often (sim, 600);
    read_all (sim, &whole, NULL);
    assert_true (whole.pages > 2);
    assert_int_equal (whole.consents, 1);
    assert_true (whole.line_count > 600);
    void (*const betweens[]) (struct simulation *) = {restart, ask_more};
    for (size_t i = 0; i < 2; i++) {
        uint64_t newest = sim->state.audit_number;
        read_all (sim, &told, betweens[i]);
        assert_int_equal (told.line_count, whole.line_count + 1 + i); /* with each overview before it */
        assert_memory_equal (told.lines, whole.lines, whole.line_count * sizeof *told.lines);
        assert_true (told.lines[told.line_count - 1] <= newest);
    }
}

static void acknowledge (struct simulation *sim, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_ACKNOWLEDGE);
    request->acknowledge->number = number;
    simulation_listen (sim, horizon);
    assert_string_equal (simulation_answer (sim, horizon, request), "OK");
}

/* V8 */
static void test_who_was_told_of_a_withdrawal_has_heard_when_it_acknowledged_it_or_one_behind_it (void **state)
{
    struct simulation *sim = *state;
    static struct told told;
    const uint8_t *consent = GRANTED (sim, .categories = "naw budget");
    assert_string_equal (REVOKE (sim, .consent = consent, .categories = "naw"), "OK");
    uint64_t number = simulation_newest_of_all (sim, horizon);
    acknowledge (sim, number - 1);
    read_all (sim, &told, NULL);
    assert_int_equal (told.waiting, 1);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    sim->wall += 3600000;
    acknowledge (sim, number + 1); /* of both at once */
    moment then = sim->wall;
    sim->wall += 3600000;
    simulation_restart (sim);
    read_all (sim, &told, NULL);
    assert_int_equal (told.heard, 2);
    assert_int_equal (told.waiting + told.unknown, 0);
    assert_int_equal (told.heard_at, then);
}

static void pass_over (uint64_t done, uint64_t unreadable, uint64_t all)
{
    assert_in_range (done + unreadable, 0, all);
}

static void test_of_a_withdrawal_of_an_earlier_program_it_is_not_known_who_has_heard (void **state)
{
    struct simulation *sim = *state;
    struct registry_options options = simulation_registry_options (sim);
    struct settings_error error;
    static struct told told;
    const uint8_t *consent = GRANTED (sim, .categories = "naw budget");
    assert_string_equal (REVOKE (sim, .consent = consent, .categories = "naw"), "OK");
    assert_int_equal (earlier_store_make (&sim->registry, &sim->in_force), 0);
    simulation_stop (sim);
    assert_int_equal (registry_upgrade (&sim->registry, &options, &sim->in_force, pass_over, &error), 0);
    simulation_stop (sim);
    assert_int_equal (simulation_start (sim), 0);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    read_all (sim, &told, NULL);
    assert_int_equal (told.unknown, 1);
    assert_int_equal (told.waiting, 1);
}

static void test_a_line_that_cannot_be_read_is_counted_and_the_others_are_told (void **state)
{
    struct simulation *sim = *state;
    static struct told before, told;
    struct store_txn *txn;
    struct bytes value;
    uint8_t place[8];
    ask_often (sim, 50);
    read_all (sim, &before, NULL);
    put_be64 (place, before.lines[20]);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, STORE_AUDIT, (struct bytes){place, 8}, &value), 0);
    struct bytes whole = {arena_memdup (sim->arena, value.data, value.size), value.size};
    assert_int_equal (store_put (txn, STORE_AUDIT, (struct bytes){place, 8}, (struct bytes){"kapot", 5}), 0);
    assert_int_equal (store_commit (&txn), 0);
    read_all (sim, &told, NULL);
    assert_int_equal (told.unreadable, 1);
    assert_int_equal (told.line_count, before.line_count); /* one less, and the overview before */
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_put (txn, STORE_AUDIT, (struct bytes){place, 8}, whole), 0);
    assert_int_equal (store_commit (&txn), 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_every_line_is_told_once_whatever_happens_between_the_pages),
        ADULT_TEST (test_who_was_told_of_a_withdrawal_has_heard_when_it_acknowledged_it_or_one_behind_it),
        ADULT_TEST (test_of_a_withdrawal_of_an_earlier_program_it_is_not_known_who_has_heard),
        ADULT_TEST (test_a_line_that_cannot_be_read_is_counted_and_the_others_are_told),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
