/* What is past its period is listed, and destroyed; and what is in force or open keeps it (T1, T2, KB 20). */
#include <stdlib.h>
#include <string.h>
#include "random_pick.h"
#include "simulated_duties.h"
#include "simulated_keeping.h"
#include "simulated_rights.h"

enum { SOME_PEOPLE = 40, STEPS_LIMIT = 4096, DAY_MS = 24 * 3600 * 1000 };

static const char adult[] = "999900006", other[] = "999996770", youth[] = "999900018";

/* --- Asking ------------------------------------------------------------------------------------------- */

/* What time has brought by then is told, and heard. */
static void live_until (struct simulation *sim, const char *when)
{
    sim->wall = AT (when);
    for (int i = 0; i < 8; i++)
        assert_int_equal (simulation_pass (sim), 0);
    simulation_hear_all (sim);
}

/* Does the rounds of erasures that are due. */
static void erase_all (struct simulation *sim)
{
    for (int i = 0; erasure_is_due (&sim->registry); i++) {
        assert_true (i < STEPS_LIMIT);
        assert_int_equal (erasure_go_on (&sim->registry, &sim->in_force, sim->wall), 0);
    }
    sim->state = sim->registry.state;
}

static const char *name_of (struct simulation *sim, const ProtobufCBinaryData *ref)
{
    const char *const named[] = {adult, other, youth};
    for (unsigned i = 0; i < COUNT (named) + SOME_PEOPLE; i++) {
        const char *bsn = i < COUNT (named) ? named[i] : simulation_bsn (sim, i - (unsigned)COUNT (named));
        uint8_t id[VAULT_ID_SIZE], own[16];
        vault_subject_id (sim->registry.vault, bsn, id);
        vault_subject_ref (sim->registry.vault, id, "operator", own);
        if (ref->len == sizeof own && memcmp (ref->data, own, sizeof own) == 0)
            return bsn;
    }
    fail_msg ("nobody has this reference");
    return "";
}

static const char *day_of (struct simulation *sim, moment when)
{
    char text[11];
    calendar_format (calendar_day (when), text);
    return arena_strdup (sim->arena, text);
}

static const char *said_entry (struct simulation *sim, const Consentd__RetentionEntry *one)
{
    const char *by = "";
    for (size_t i = 0; i < one->n_kept_by; i++)
        by = arena_printf (
            sim->arena, "%s %s", by,
            protobuf_c_enum_descriptor_get_value (&consentd__retained_by__descriptor, (int)one->kept_by[i])->name);
    return arena_printf (sim->arena, "%s %s%s%s", name_of (sim, &one->subject_ref), day_of (sim, one->until),
                         one->extract ? " extract" : "", by);
}

static Consentd__Request *asking (struct simulation *sim, bool destroys, moment until, ProtobufCBinaryData after,
                                  unsigned limit)
{
    Consentd__Request *request = simulation_asking (sim, destroys ? CONSENTD__REQUEST__BODY_RETENTION_RUN
                                                                  : CONSENTD__REQUEST__BODY_RETENTION_LIST);
    if (destroys) {
        request->retention_run->after = after;
        request->retention_run->limit = limit;
    } else {
        request->retention_list->after = after;
        request->retention_list->limit = limit;
        request->retention_list->until = until;
    }
    return request;
}

/* All pages: the totals of the last are those of all. */
struct found {
    const char *entries; /* "999900006 2041-06-02 BY_HOLD, ..." */
    uint64_t count, in_force, not_past, without_end, under_way, damaged;
};

static struct found read_all (struct simulation *sim, bool destroys, moment until, unsigned limit)
{
    struct found found = {.entries = ""};
    ProtobufCBinaryData after = {0, NULL}, ticket = {0, NULL};
    for (int i = 0;; i++) {
        Consentd__Request *request = asking (sim, destroys, until, after, limit);
        request->listing = ticket;
        Consentd__Reply *reply = simulation_ask (sim, "operator", request);
        assert_true (i < STEPS_LIMIT);
        assert_int_equal (reply->status, CONSENTD__STATUS__OK);
        const Consentd__RetentionReply *page = reply->retention;
        assert_true (limit == 0 || page->n_entries <= limit);
        for (size_t j = 0; j < page->n_entries; j++)
            found.entries = arena_printf (sim->arena, "%s%s%s", found.entries, found.count++ > 0 ? ", " : "",
                                          said_entry (sim, page->entries[j]));
        found.in_force += page->in_force;
        found.not_past += page->not_past;
        found.without_end += page->without_end;
        found.under_way += page->under_way;
        found.damaged += page->damaged;
        if (!page->more)
            return found;
        after = page->next;
        ticket = reply->listing;
        if (page->wait)
            erase_all (sim);
    }
}

#define LISTED(sim) read_all (sim, false, 0, 0).entries
#define LISTED_BY(sim, when) read_all (sim, false, AT (when), 0).entries
#define RUN(sim) read_all (sim, true, 0, 0).entries

static bool is_known (struct simulation *sim, const char *bsn)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    request->subject_show->bsn = arena_strdup (sim->arena, bsn);
    return simulation_look (sim, "kernteam", request)->subject_show->known;
}

/* A consent of 60 days, and a disclosure on it. */
static void disclose (struct simulation *sim, const char *bsn)
{
    assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1975-01-02"), "OK");
    GRANTED (sim, .bsn = bsn, .categories = "naw");
    assert_string_equal (CHECK (sim, .bsn = bsn, .items = "naw/wmo"), "consent");
}

static int setup (void **state)
{
    struct simulation *sim = simulation_new (NULL);
    *state = sim;
    sim->wall = AT ("2026-06-01T10:00");
    return 0;
}

#define CARE_TEST(name) cmocka_unit_test_setup_teardown (name, setup_end_of_care, simulation_teardown)
#define RETENTION_TEST(name) cmocka_unit_test_setup_teardown (name, setup, simulation_teardown)

/* --- When --------------------------------------------------------------------------------------------- */

static void test_T1_a_file_is_past_on_the_day_after_its_longest_period_and_not_before (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    struct found found = read_all (sim, false, 0, 0);
    assert_string_equal (found.entries, "");
    assert_int_equal (found.in_force, 1);
    live_until (sim, "2026-09-01");
    assert_int_equal (read_all (sim, false, 0, 0).not_past, 1);
    assert_string_equal (LISTED_BY (sim, "2041-06-01T23:59:59.999"), "");
    assert_string_equal (LISTED_BY (sim, "2041-06-02"), "999900006 2041-06-02");
    live_until (sim, "2041-06-01T23:59:59.999");
    assert_string_equal (RUN (sim), "");
    erase_all (sim);
    assert_true (is_known (sim, adult));
    live_until (sim, "2041-06-02");
    assert_string_equal (LISTED (sim), "999900006 2041-06-02");
    assert_true (is_known (sim, adult));
    assert_string_equal (RUN (sim), "999900006 2041-06-02");
    assert_int_equal (read_all (sim, false, 0, 0).under_way, 1);
    erase_all (sim);
    assert_false (is_known (sim, adult));
    assert_string_equal (LISTED (sim), "");
    assert_int_equal (read_all (sim, false, 0, 0).not_past, 0);
}

static void test_T1_a_file_that_nothing_was_disclosed_of_is_kept_for_the_shortest_period (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .bsn = adult, .born = "1975-01-02"), "OK");
    live_until (sim, "2027-01-01");
    assert_string_equal (LISTED_BY (sim, "2041-06-01T23:59:59.999"), "");
    assert_string_equal (LISTED_BY (sim, "2041-06-02"), "999900006 2041-06-02");
    CHECK (sim, .bsn = adult, .items = "naw"); /* refused; and it is looked at */
    assert_string_equal (LISTED_BY (sim, "2041-06-02"), "");
    assert_string_equal (LISTED_BY (sim, "2042-01-02"), "999900006 2042-01-02");
}

/* A refused check about somebody whom the registry does not know is a line about that person too. */
static void test_T1_lines_about_somebody_unknown_are_destroyed_too (void **state)
{
    struct simulation *sim = *state;
    CHECK (sim, .bsn = other, .items = "naw");
    live_until (sim, "2041-06-01T23:00");
    assert_string_equal (RUN (sim), "");
    live_until (sim, "2041-06-02");
    assert_string_equal (RUN (sim), "999996770 2041-06-02");
    erase_all (sim);
    assert_string_equal (LISTED (sim), "");
    assert_int_equal (read_all (sim, false, 0, 0).not_past, 0);
}

static void test_T1_until_majority_has_no_end_without_a_birth_date (void **state)
{
    struct simulation *sim = *state;
    simulation_write_party (sim, "veilig-thuis-hollands", "veilig-thuis", "partner", "");
    assert_string_equal (CHECK (sim, .bsn = other, .to = "veilig-thuis-hollands", .purpose = "escalatie",
                                .items = "naw/wmo", .urgent = "vitaal-belang"),
                         "vitaal-belang");
    assert_int_equal (read_all (sim, false, AT ("2090-01-01"), 0).without_end, 1);
    assert_string_equal (LISTED_BY (sim, "2090-01-01"), "");
}

/* The pack of 2015 with dossier-wmo counted from the end of care. */
static int setup_end_of_care (void **state)
{
    struct simulation *sim = simulation_new (&(struct simulation_options){
        .pack = {"retention.txt", "law          wmo\n    period       15 years\n    counts-from  receipt",
                 "law          wmo\n    period       15 years\n    counts-from  end-of-care"}});
    *state = sim;
    sim->wall = AT ("2026-06-01T10:00");
    return 0;
}

/* What the registry says to this: recorded where `law` has a day, else taken away. */
static const char *end_care (struct simulation *sim, const char *law, const char *day)
{
    Consentd__Request *show = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    show->subject_show->bsn = arena_strdup (sim->arena, adult);
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SET);
    Consentd__SubjectSetRequest *set = request->subject_set;
    set->bsn = arena_strdup (sim->arena, adult);
    set->expected = simulation_look (sim, "kernteam", show)->subject_show->version;
    if (day != NULL) {
        set->care_ended = arena_array (sim->arena, 1, sizeof *set->care_ended);
        set->care_ended[0] = arena_alloc (sim->arena, sizeof *set->care_ended[0]);
        consentd__care_end__init (set->care_ended[0]);
        set->care_ended[0]->law = arena_strdup (sim->arena, law);
        set->care_ended[0]->day = arena_strdup (sim->arena, day);
        set->n_care_ended = 1;
    } else {
        set->remove = arena_alloc (sim->arena, sizeof *set->remove);
        consentd__subject_removal__init (set->remove);
        set->remove->care_ended = arena_array (sim->arena, 1, sizeof *set->remove->care_ended);
        set->remove->care_ended[0] = arena_strdup (sim->arena, law);
        set->remove->n_care_ended = 1;
    }
    Consentd__Reply *reply = simulation_ask (sim, "kernteam", request);
    return reply->status == CONSENTD__STATUS__OK ? "OK" : reply->field;
}

static void test_T1_the_end_of_care_starts_the_period_and_none_recorded_has_no_end (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    live_until (sim, "2030-01-01");
    assert_int_equal (read_all (sim, false, AT ("2090-01-01"), 0).without_end, 1);
    assert_string_equal (LISTED_BY (sim, "2090-01-01"), "");
    assert_string_equal (end_care (sim, "wmp", "2029-12-31"), "subject_set.care_ended[0].law");
    assert_string_equal (end_care (sim, "wmo", "2030-01-02"), "subject_set.care_ended[0].day");
    assert_string_equal (end_care (sim, "wmo", "2029-02-29"), "subject_set.care_ended[0].day");
    assert_string_equal (end_care (sim, "wmo", NULL), "subject_set.remove.care_ended[0]");
    assert_string_equal (end_care (sim, "jeugdwet", "2029-12-31"), "OK"); /* another law */
    assert_int_equal (read_all (sim, false, AT ("2090-01-01"), 0).without_end, 1);
    assert_string_equal (end_care (sim, "wmo", "2029-11-30"), "OK");
    assert_string_equal (LISTED_BY (sim, "2044-11-30T23:59:59.999"), "");
    assert_string_equal (LISTED_BY (sim, "2044-12-01"), "999900006 2044-12-01");
    assert_string_equal (end_care (sim, "wmo", NULL), "OK");
    assert_string_equal (LISTED_BY (sim, "2090-01-01"), "");
    assert_string_equal (end_care (sim, "wmo", "2029-12-31"), "OK");
    simulation_restart (sim); /* it is kept */
    assert_string_equal (LISTED_BY (sim, "2044-12-31T23:59:59.999"), "");
    assert_string_equal (LISTED_BY (sim, "2045-01-01"), "999900006 2045-01-01");
    live_until (sim, "2045-01-01");
    assert_string_equal (RUN (sim), "999900006 2045-01-01");
    erase_all (sim);
    assert_false (is_known (sim, adult));
}

/* M5 does not look at it: the same consents stand, nothing is told, and what was before is explained as it was. */
static void test_T1_the_end_of_care_changes_no_consent_and_tells_nobody (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    uint64_t told = simulation_newest_of_all (sim, "zorgaanbieder-horizon");
    assert_string_equal (end_care (sim, "wmo", "2020-01-01"), "OK");
    assert_int_equal (simulation_newest_of_all (sim, "zorgaanbieder-horizon"), told);
    assert_string_equal (CHECK (sim, .bsn = adult, .items = "naw/wmo"), "consent");
    Consentd__Request *show = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    show->subject_show->bsn = arena_strdup (sim->arena, adult);
    const Consentd__SubjectShowReply *shown = simulation_look (sim, "kernteam", show)->subject_show;
    assert_int_equal (shown->n_care_ended, 1);
    assert_string_equal (shown->care_ended[0]->law, "wmo");
    assert_string_equal (shown->care_ended[0]->day, "2020-01-01");
    assert_string_equal (shown->birth_date, "1975-01-02");
    /* The disclosure came after it: its period runs from its receipt. */
    live_until (sim, "2026-09-01");
    assert_string_equal (LISTED_BY (sim, "2041-06-02"), "999900006 2041-06-02");
}

/* --- What keeps it ------------------------------------------------------------------------------------ */

static void hold (struct simulation *sim, const char *bsn, bool lifts)
{
    Consentd__Request *request =
        simulation_asking (sim, lifts ? CONSENTD__REQUEST__BODY_HOLD_LIFT : CONSENTD__REQUEST__BODY_HOLD_SET);
    char *who = arena_strdup (sim->arena, bsn), *text = arena_strdup (sim->arena, "zaak-1");
    if (lifts) {
        request->hold_lift->bsn = who;
        request->hold_lift->reference = request->hold_lift->reason = request->hold_lift->user = text;
    } else {
        request->hold_set->bsn = who;
        request->hold_set->reference = request->hold_set->reason = request->hold_set->user = text;
    }
    assert_string_equal (simulation_answer (sim, "kernteam", request), "OK");
}

static void restrict_all (struct simulation *sim, const char *bsn, bool lifts)
{
    Consentd__Request *request = simulation_asking (sim, lifts ? CONSENTD__REQUEST__BODY_LIFT_RESTRICTION
                                                               : CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    char *who = arena_strdup (sim->arena, bsn), *text = arena_strdup (sim->arena, "reden");
    if (lifts) {
        request->lift_restriction->bsn = who;
        request->lift_restriction->whole = true;
        request->lift_restriction->reason = request->lift_restriction->user = text;
    } else {
        request->restrict_data->bsn = who;
        request->restrict_data->whole = true;
        request->restrict_data->reason = request->restrict_data->user = text;
    }
    assert_string_equal (simulation_answer (sim, "kernteam", request), "OK");
}

static void test_T2_a_legal_hold_keeps_it_until_it_is_lifted (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    disclose (sim, other);
    hold (sim, adult, false);
    live_until (sim, "2041-06-02");
    assert_string_equal (RUN (sim), "999996770 2041-06-02, 999900006 2041-06-02 BY_HOLD");
    assert_int_equal (simulated_mark (sim, adult, ERASURE_OF_SUBJECT, 0), ERASURE_HELD);
    erase_all (sim);
    assert_true (is_known (sim, adult));
    assert_false (is_known (sim, other));
    hold (sim, adult, true);
    assert_string_equal (RUN (sim), "999900006 2041-06-02");
    erase_all (sim);
    assert_false (is_known (sim, adult));
}

static void test_T2_a_refusal_keeps_it_as_long_as_the_subject_lives (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    assert_string_equal (REFUSE (sim, .bsn = adult, .categories = "budget", .valid_until = NO_END), "OK");
    live_until (sim, "2041-06-02");
    assert_string_equal (RUN (sim), "999900006 2041-06-02 BY_REFUSAL");
    erase_all (sim);
    assert_true (is_known (sim, adult));
    assert_string_equal (PERSON (sim, .bsn = adult, .born = "1975-01-02", .died = "2041-05-01"), "OK");
    simulation_hear_all (sim);
    assert_string_equal (RUN (sim), "999900006 2041-06-02");
}

static void test_T2_a_restriction_keeps_it (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    restrict_all (sim, adult, false);
    live_until (sim, "2041-06-02");
    assert_string_equal (RUN (sim), "999900006 2041-06-02 BY_RESTRICTION");
    restrict_all (sim, adult, true);
    simulation_hear_all (sim);
    assert_string_equal (RUN (sim), "999900006 2041-06-02");
}

static void test_T2_an_open_request_and_the_time_for_an_objection_keep_it (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    live_until (sim, "2041-06-02");
    uint64_t number = OPENED (sim, .bsn = adult, .received = "2041-06-01");
    simulation_hear_all (sim);
    assert_string_equal (RUN (sim), "999900006 2041-06-02 BY_REQUEST");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, NULL), "OK");
    simulation_hear_all (sim);
    assert_string_equal (RUN (sim), "999900006 2041-06-02 BY_OBJECTION");
    live_until (sim, "2041-07-14T23:59");
    assert_string_equal (RUN (sim), "999900006 2041-06-02 BY_OBJECTION");
    live_until (sim, "2041-07-15");
    assert_string_equal (RUN (sim), "999900006 2041-06-02");
}

static void test_T2_an_event_that_a_party_has_not_acknowledged_keeps_it (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    disclose (sim, other);
    sim->wall = AT ("2026-09-01");
    for (int i = 0; i < 8; i++)
        simulation_pass (sim);
    sim->wall = AT ("2041-06-02");
    assert_string_equal (RUN (sim), "999996770 2041-06-02 BY_EVENT, 999900006 2041-06-02 BY_EVENT");
    simulation_hear_all (sim);
    restrict_all (sim, other, false);
    restrict_all (sim, other, true);
    assert_string_equal (RUN (sim), "999996770 2041-06-02 BY_EVENT, 999900006 2041-06-02");
}

static void test_T2_a_consent_that_is_asked_for_and_an_open_obligation_keep_it (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    assert_string_equal (PERSON (sim, .bsn = other, .born = "1975-01-02"), "OK");
    assert_string_equal (CHECK (sim, .bsn = other, .to = "cak", .purpose = "eigen-bijdrage", .items = "bsn/wmo"),
                         "wmo-2015");
    live_until (sim, "2041-06-02");
    assert_string_equal (RUN (sim), "999996770 2041-06-02 BY_OBLIGATION, 999900006 2041-06-02");
    ASKED (sim, .bsn = other, .categories = "naw");
    simulation_hear_all (sim);
    assert_string_equal (LISTED (sim), "999996770 2041-06-02 BY_OBLIGATION BY_ASKING");
}

/* --- What a statute required to be kept of somebody erased -------------------------------------------- */

static void test_T2_an_extract_is_destroyed_when_its_period_is_past (void **state)
{
    struct simulation *sim = *state;
    uint64_t decision = simulated_life_that_is_kept (sim, adult);
    const char *kept = simulated_lines_that_open (sim, adult, decision);
    assert_string_not_equal (kept, "");
    live_until (sim, "2041-06-01T23:59:59.999");
    assert_string_equal (RUN (sim), "");
    live_until (sim, "2041-06-02");
    assert_string_equal (simulated_lines_that_open (sim, adult, decision), kept);
    assert_string_equal (RUN (sim), "999900006 2041-06-02 extract");
    assert_int_equal (read_all (sim, true, 0, 0).under_way, 1);
    erase_all (sim);
    assert_string_equal (simulated_lines_that_open (sim, adult, decision), "");
    assert_string_equal (LISTED (sim), "");
}

/* The round that erases knows the day too. Without one the extract has no end. */
static void test_T1_an_extract_is_kept_from_the_end_of_care_that_was_recorded (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    disclose (sim, other);
    live_until (sim, "2030-01-01");
    assert_string_equal (end_care (sim, "wmo", "2029-11-30"), "OK");
    assert_int_equal (simulated_mark (sim, adult, ERASURE_OF_SUBJECT, 0), 0);
    assert_int_equal (simulated_mark (sim, other, ERASURE_OF_SUBJECT, 0), 0);
    uint64_t newest = sim->state.audit_number;
    erase_all (sim);
    assert_false (is_known (sim, adult) || is_known (sim, other));
    assert_string_not_equal (simulated_lines_that_open (sim, adult, newest), "");
    const char *kept = simulated_lines_that_open (sim, other, newest);
    assert_string_not_equal (kept, "");
    live_until (sim, "2044-11-30T23:59:59.999");
    assert_string_equal (RUN (sim), "");
    live_until (sim, "2044-12-01");
    assert_string_equal (RUN (sim), "999900006 2044-12-01 extract");
    erase_all (sim);
    assert_string_equal (simulated_lines_that_open (sim, adult, newest), "");
    live_until (sim, "2090-01-01");
    assert_string_equal (RUN (sim), "");
    assert_string_equal (simulated_lines_that_open (sim, other, newest), kept);
}

static void test_T2_a_hold_keeps_an_extract_too (void **state)
{
    struct simulation *sim = *state;
    uint64_t decision = simulated_life_that_is_kept (sim, adult);
    hold (sim, adult, false);
    live_until (sim, "2041-06-02");
    assert_string_equal (RUN (sim), "999900006 2041-06-02 BY_HOLD, 999900006 2041-06-02 extract BY_HOLD");
    assert_int_equal (simulated_mark (sim, adult, ERASURE_OF_EXTRACTS, 0), ERASURE_HELD);
    erase_all (sim);
    assert_string_not_equal (simulated_lines_that_open (sim, adult, decision), "");
}

/* --- A run -------------------------------------------------------------------------------------------- */

static void test_T2_a_list_destroys_nothing_and_a_run_writes_one_line_and_that_of_each (void **state)
{
    struct simulation *sim = *state;
    for (unsigned i = 0; i < 12; i++)
        disclose (sim, simulation_bsn (sim, i));
    live_until (sim, "2041-06-02");
    uint64_t before = sim->state.audit_number;
    const char *listed = read_all (sim, false, 0, 1).entries;
    assert_int_equal (sim->state.audit_number, before + 1);
    erase_all (sim);
    assert_string_equal (read_all (sim, false, 0, 5).entries, listed);
    before = sim->state.audit_number;
    assert_string_equal (read_all (sim, true, 0, 1).entries, listed);
    assert_int_equal (sim->state.audit_number, before + 1);
    erase_all (sim);
    assert_int_equal (sim->state.audit_number, before + 1 + 12);
    assert_string_equal (LISTED (sim), "");
}

/* The daemon dies with a page done and the next not, and before any round: the next run does the rest. */
static void test_T2_a_run_that_is_cut_off_goes_on_in_the_next (void **state)
{
    struct simulation *sim = *state;
    for (unsigned i = 0; i < 12; i++)
        disclose (sim, simulation_bsn (sim, i));
    live_until (sim, "2041-06-02");
    Consentd__Reply *page =
        simulation_ask (sim, "operator", asking (sim, true, 0, (ProtobufCBinaryData){0, NULL}, 5));
    assert_int_equal (page->retention->n_entries, 5);
    assert_true (page->retention->more);
    simulation_restart (sim);
    assert_true (erasure_is_due (&sim->registry));
    struct found found = read_all (sim, true, 0, 0);
    assert_int_equal (found.under_way, 5);
    assert_int_equal (found.count, 7);
    simulation_restart (sim);
    erase_all (sim);
    for (unsigned i = 0; i < 12; i++)
        assert_false (is_known (sim, simulation_bsn (sim, i)));
}

/* A turn that the disk does not take marks nobody. */
static void test_T2_a_page_that_did_not_happen_destroys_nothing (void **state)
{
    struct simulation *sim = *state;
    disclose (sim, adult);
    live_until (sim, "2041-06-02");
    sim->fail_commit = true;
    simulation_ask_in_vain (sim, "operator", asking (sim, true, 0, (ProtobufCBinaryData){0, NULL}, 0));
    assert_false (erasure_is_due (&sim->registry));
    assert_string_equal (RUN (sim), "999900006 2041-06-02");
}

static void test_only_operators_may_and_a_foreign_cursor_is_refused (void **state)
{
    struct simulation *sim = *state;
    ProtobufCBinaryData none = {0, NULL}, wrong = {5, (uint8_t *)arena_strdup (sim->arena, "wrong")};
    const char *const parties[] = {"kernteam", "toezicht", "cak"};
    for (size_t i = 0; i < COUNT (parties); i++)
        for (int destroys = 0; destroys < 2; destroys++)
            assert_string_equal (simulation_answer (sim, parties[i], asking (sim, destroys, 0, none, 0)),
                                 "FORBIDDEN");
    assert_string_equal (simulation_answer (sim, "operator", asking (sim, false, 0, wrong, 0)),
                         "INVALID retention_list.after");
    assert_string_equal (simulation_answer (sim, "operator", asking (sim, true, 0, wrong, 0)),
                         "INVALID retention_run.after");
    assert_string_equal (simulation_answer (sim, "operator", asking (sim, true, 0, none, 101)),
                         "INVALID retention_run.limit");
}

/* --- Against a model ---------------------------------------------------------------------------------- */

/* A life under the pack of 2026: when something was disclosed last to the zorgaanbieder, from each law. */
struct life {
    moment last_wmo, last_jeugdwet, last_line; /* 0: never */
    bool is_held, is_gone;
};

enum { LIVES = 20, YEARS = 7 };

/* From the text: the Wmo file is kept 15 years after the last change, the Jeugdwet file 20. A file without either
   is kept as long as the shortest period, from the last line. */
static moment model_until (const struct life *life)
{
    moment wmo = life->last_wmo != 0 ? calendar_end_after_months (life->last_wmo, 15 * 12) : 0;
    moment jeugdwet = life->last_jeugdwet != 0 ? calendar_end_after_months (life->last_jeugdwet, 20 * 12) : 0;
    moment longest = wmo > jeugdwet ? wmo : jeugdwet;
    return longest != 0 ? longest : calendar_end_after_months (life->last_line, 7 * 12);
}

/* Disclosures are on a statute. */
static void live (struct simulation *sim, struct life *life, const char *bsn)
{
    assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1975-01-02"), "OK");
    for (unsigned left = random_pick (4); left > 0; left--) {
        bool jeugdwet = random_pick (3) == 0;
        sim->wall += INT64_C (1000) * (1 + random_pick (100U * (DAY_MS / 1000)));
        const Consentd__Reply *reply =
            CHECK_REPLY (sim, .bsn = bsn, .items = jeugdwet ? "naw/jeugdwet" : "naw/wmo");
        assert_int_equal (reply->check->verdict, CONSENTD__VERDICT__PERMIT);
        for (size_t i = 0; i < reply->check->n_duties; i++)
            assert_string_equal (simulation_answer (sim, "kernteam",
                                                    simulation_done (sim, reply->check->decision,
                                                                     reply->check->duties[i]->kind, 0)),
                                 "OK");
        *(jeugdwet ? &life->last_jeugdwet : &life->last_wmo) = sim->wall;
    }
    life->last_line = sim->wall;
    life->is_held = random_pick (5) == 0;
    if (life->is_held)
        hold (sim, bsn, false);
}

/* What is gone after a run is what the model says, and nobody else. */
static void run_and_compare (struct simulation *sim, struct life *lives)
{
    read_all (sim, true, 0, 0);
    erase_all (sim);
    for (unsigned i = 0; i < LIVES; i++) {
        bool is_past = model_until (&lives[i]) <= sim->wall;
        lives[i].is_gone |= is_past && !lives[i].is_held;
        if (is_known (sim, simulation_bsn (sim, i)) == lives[i].is_gone)
            fail_msg ("person %u at %s: past %d, held %d", i, day_of (sim, sim->wall), is_past, lives[i].is_held);
    }
}

static int compare_moments (const void *a, const void *b)
{
    moment x = *(const moment *)a, y = *(const moment *)b;
    return x < y ? -1 : x > y;
}

static void test_T2_random_lives_end_when_the_model_says (void **state)
{
    struct simulation *sim = *state;
    struct life lives[LIVES] = {{0}};
    moment untils[LIVES];
    unsigned gone = 0;
    random_begin (20260501);
    for (unsigned i = 0; i < LIVES; i++) {
        sim->wall += (moment)random_pick (YEARS * 365 / LIVES) * DAY_MS;
        live (sim, &lives[i], simulation_bsn (sim, i));
        untils[i] = model_until (&lives[i]);
    }
    simulation_hear_all (sim);
    run_and_compare (sim, lives);
    moment from = sim->wall;
    qsort (untils, LIVES, sizeof *untils, compare_moments);
    for (unsigned i = 0; i < LIVES; i++) {
        if (untils[i] <= from)
            continue;
        sim->wall = untils[i] - 1;
        run_and_compare (sim, lives);
        sim->wall = untils[i];
        run_and_compare (sim, lives);
    }
    for (unsigned i = 0; i < LIVES; i++) {
        gone += lives[i].is_gone;
        if (!lives[i].is_held)
            continue;
        hold (sim, simulation_bsn (sim, i), true);
        lives[i].is_held = false;
        lives[i].last_line = sim->wall;
    }
    assert_true (gone > LIVES / 2 && gone < LIVES);
    run_and_compare (sim, lives);
    sim->wall = calendar_end_after_months (sim->wall, 7 * 12); /* of those of whom nothing was disclosed */
    run_and_compare (sim, lives);
    for (unsigned i = 0; i < LIVES; i++)
        assert_true (lives[i].is_gone);
}

static int setup_2026 (void **state)
{
    struct simulation *sim = simulation_new (&(struct simulation_options){.policy = "wmo-jeugdwet-2026"});
    *state = sim;
    sim->wall = AT ("2026-06-01T10:00");
    return 0;
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        RETENTION_TEST (test_T1_a_file_is_past_on_the_day_after_its_longest_period_and_not_before),
        RETENTION_TEST (test_T1_a_file_that_nothing_was_disclosed_of_is_kept_for_the_shortest_period),
        RETENTION_TEST (test_T1_lines_about_somebody_unknown_are_destroyed_too),
        RETENTION_TEST (test_T1_until_majority_has_no_end_without_a_birth_date),
        CARE_TEST (test_T1_the_end_of_care_starts_the_period_and_none_recorded_has_no_end),
        CARE_TEST (test_T1_the_end_of_care_changes_no_consent_and_tells_nobody),
        RETENTION_TEST (test_T2_a_legal_hold_keeps_it_until_it_is_lifted),
        RETENTION_TEST (test_T2_a_refusal_keeps_it_as_long_as_the_subject_lives),
        RETENTION_TEST (test_T2_a_restriction_keeps_it),
        RETENTION_TEST (test_T2_an_open_request_and_the_time_for_an_objection_keep_it),
        RETENTION_TEST (test_T2_an_event_that_a_party_has_not_acknowledged_keeps_it),
        RETENTION_TEST (test_T2_a_consent_that_is_asked_for_and_an_open_obligation_keep_it),
        RETENTION_TEST (test_T2_an_extract_is_destroyed_when_its_period_is_past),
        CARE_TEST (test_T1_an_extract_is_kept_from_the_end_of_care_that_was_recorded),
        RETENTION_TEST (test_T2_a_hold_keeps_an_extract_too),
        RETENTION_TEST (test_T2_a_list_destroys_nothing_and_a_run_writes_one_line_and_that_of_each),
        RETENTION_TEST (test_T2_a_run_that_is_cut_off_goes_on_in_the_next),
        RETENTION_TEST (test_T2_a_page_that_did_not_happen_destroys_nothing),
        RETENTION_TEST (test_only_operators_may_and_a_foreign_cursor_is_refused),
        cmocka_unit_test_setup_teardown (test_T2_random_lives_end_when_the_model_says, setup_2026,
                                         simulation_teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
