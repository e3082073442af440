/* The answer to a check: what it tells of its items, and of what a disclosure obliges to. */
#include "fixture_reply.h"
#include "testing.h"

static void test_a_check_tells_every_item_with_its_ground_or_its_reasons (void **state)
{
    (void)state;
    fixture_prepare_check ();
    const Consentd__CheckReply *check = fixture_sent ()->check;
    assert_int_equal (check->verdict, CONSENTD__VERDICT__PARTIAL);
    assert_int_equal (check->n_items, 3);
    assert_string_equal (check->items[0]->category, "naw");
    assert_string_equal (check->items[0]->origin, "wmo");
    assert_int_equal (check->items[0]->verdict, CONSENTD__VERDICT__PERMIT);
    assert_int_equal (check->items[0]->ground, CONSENTD__GROUND__CONSENT);
    fixture_assert_id (check->items[0]->consent_id, checked.statements[1].id);
    assert_string_equal (check->items[0]->statute, "");
    assert_int_equal (check->items[1]->ground, CONSENTD__GROUND__STATUTE);
    assert_string_equal (check->items[1]->statute, "wmo-5.1.1");
    assert_int_equal (check->items[1]->consent_id.len, 0);
    assert_int_equal (check->items[2]->verdict, CONSENTD__VERDICT__DENY);
    assert_int_equal (check->items[2]->ground, CONSENTD__GROUND__GROUND_NONE);
    assert_int_equal (check->n_permitted, 2);
    assert_int_equal (check->permitted[1], 1);
    assert_int_equal (check->n_denied, 1);
    assert_int_equal (check->denied[0], 2);
    assert_int_equal (check->evaluated_at, 1699999999999);
    assert_int_equal (check->decision, 77);
    fixture_assert_id (check->subject_ref, &reply.as.check.subject_ref);
    assert_string_equal (check->policy, "kaag-en-braassem-2015/1");
}

static void test_a_caller_hears_no_reason_that_is_not_its_to_hear (void **state)
{
    (void)state;
    fixture_prepare_check ();
    const Consentd__ItemVerdict *denied = fixture_sent ()->check->items[2];
    assert_int_equal (denied->n_reasons, 2);
    assert_int_equal (denied->reasons[0]->code, CONSENTD__CODE__EXPIRED);
    assert_string_equal (denied->reasons[0]->rule, "C7");
    assert_int_equal (denied->reasons[1]->code, CONSENTD__CODE__NO_FLOW);
    assert_string_equal (denied->reasons[1]->rule, "C4");
}

static void test_a_permit_without_consent_names_its_ground (void **state)
{
    (void)state;
    fixture_prepare_check ();
    struct policy_urgent_reason urgent_reasons[] = {{.entry.code = "bemoeizorg"}, {.entry.code = "vitaal-belang"}};
    checked.policy.urgent_reasons = urgent_reasons;
    checked.policy.urgent_reason_count = 2;
    checked.decision.items[0] =
        (struct item_decision){.permit = true, .ground = POLICY_WITHOUT_CONSENT, .urgent_reason = CODE_NONE};
    checked.decision.items[1] =
        (struct item_decision){.permit = true, .ground = POLICY_WITHOUT_CONSENT, .urgent_reason = 1};
    const Consentd__CheckReply *check = fixture_sent ()->check;
    assert_int_equal (check->items[0]->ground, CONSENTD__GROUND__WRITTEN_REQUEST);
    assert_string_equal (check->items[0]->urgent_reason, "");
    assert_int_equal (check->items[0]->consent_id.len, 0);
    assert_string_equal (check->items[0]->statute, "");
    assert_int_equal (check->items[1]->ground, CONSENTD__GROUND__URGENT_REASONS);
    assert_string_equal (check->items[1]->urgent_reason, "vitaal-belang");
    assert_string_equal (check->items[1]->statute, "");
}

static void test_what_the_triage_decision_lacks_is_named_with_that_reason (void **state)
{
    (void)state;
    fixture_prepare_check ();
    checked.decision.items[2].heard = (struct rule_codes){2, {RESTRICTED, TRIAGE_INCOMPLETE}};
    checked.decision.triage_missing = 1U << 0 | 1U << 9 | 1U << 14;
    const Consentd__ItemVerdict *denied = fixture_sent ()->check->items[2];
    assert_int_equal (denied->reasons[0]->n_details, 0);
    assert_int_equal (denied->reasons[1]->code, CONSENTD__CODE__TRIAGE_INCOMPLETE);
    assert_string_equal (denied->reasons[1]->rule, "C8");
    assert_int_equal (denied->reasons[1]->n_details, 3);
    assert_string_equal (denied->reasons[1]->details[0], "necessity");
    assert_string_equal (denied->reasons[1]->details[1], "inform_by");
    assert_string_equal (denied->reasons[1]->details[2], "conflict_of_duties");
    /* Every name is that of a field of the protocol. */
    for (size_t i = 0; i < TRIAGE_PARTS; i++)
        assert_non_null (
            protobuf_c_message_descriptor_get_field_by_name (&consentd__triage__descriptor, triage_names[i]));
    assert_int_equal (consentd__triage__descriptor.n_fields, TRIAGE_PARTS);
}

/* C15. */
static void test_a_manager_who_is_missing_is_named_by_the_rule_that_wants_one (void **state)
{
    (void)state;
    fixture_prepare_check ();
    checked.decision.items[2].heard = (struct rule_codes){1, {TRIAGE_INCOMPLETE}};
    checked.decision.items[2].manager_missing = true;
    checked.decision.triage_missing = 1U << 0;
    const Consentd__Reason *reason = fixture_sent ()->check->items[2]->reasons[0];
    assert_string_equal (reason->rule, "C15");
    assert_int_equal (reason->n_details, 1);
    assert_string_equal (reason->details[0], "manager_consulted");
    assert_int_equal (fixture_sent ()->check->n_asked, 0);
    checked.decision.manager_asked = true;
    const Consentd__CheckReply *check = fixture_sent ()->check;
    assert_int_equal (check->n_asked, 1);
    assert_string_equal (check->asked[0], "manager_consulted");
    assert_non_null (
        protobuf_c_message_descriptor_get_field_by_name (&consentd__check_request__descriptor, check->asked[0]));
}

static void test_against_the_will_is_said_to_who_may_hear_it (void **state)
{
    (void)state;
    fixture_prepare_check ();
    checked.decision.items[0].against_will = true;
    assert_false (fixture_sent ()->check->items[0]->against_will);
    checked.decision.items[0].against_will_heard = true;
    assert_true (fixture_sent ()->check->items[0]->against_will);
    assert_false (fixture_sent ()->check->items[1]->against_will);
}

static void test_obligations_come_with_what_is_to_be_reported_done_and_when (void **state)
{
    (void)state;
    fixture_prepare_check ();
    const Consentd__CheckReply *check = fixture_sent ()->check;
    assert_int_equal (check->n_obligations, 1);
    assert_int_equal (check->obligations[0], CONSENTD__OBLIGATION__KEEP_SECRET);
    assert_int_equal (check->n_duties, 0);
    checked.asked.provider = "kernteam";
    checked.asked.recipient = "gemeente";
    checked.asked.mode = MODE_DISCLOSE;
    checked.obligations = (struct obligations){
        .keep_secret = true,
        .one_time = true,
        .duties = {{.kind = OBLIGATION_INFORM_SUBJECT, .due = 1700000000000, .deferrable = true},
                   {.kind = OBLIGATION_RECORD_IN_PLAN, .due = 1700000000001, .done = true},
                   {.kind = OBLIGATION_INFORM_OF_SOURCE, .due = 1700000000002, .holder_is_recipient = true}},
        .duty_count = 3,
    };
    check = fixture_sent ()->check;
    assert_int_equal (check->n_obligations, 5);
    assert_int_equal (check->obligations[1], CONSENTD__OBLIGATION__ONE_TIME);
    assert_int_equal (check->obligations[2], CONSENTD__OBLIGATION__INFORM_SUBJECT);
    assert_int_equal (check->obligations[3], CONSENTD__OBLIGATION__RECORD_IN_PLAN);
    assert_int_equal (check->n_duties, 3);
    assert_string_equal (check->duties[1]->holder, "kernteam");
    assert_string_equal (check->duties[2]->holder, "gemeente");
    assert_int_equal (check->duties[0]->decision, 77);
    assert_int_equal (check->duties[0]->kind, CONSENTD__OBLIGATION__INFORM_SUBJECT);
    assert_int_equal (check->duties[0]->due, 1700000000000);
    assert_string_equal (check->duties[0]->holder, "kernteam");
    assert_true (check->duties[0]->deferrable);
    assert_int_equal (check->duties[0]->done_at, 0);
    assert_false (check->duties[1]->deferrable);
    assert_int_equal (check->duties[1]->done_at, 1699999999999);
    checked.asked.mode = MODE_ADVISE; /* nothing was made that could be named */
    assert_int_equal (fixture_sent ()->check->duties[0]->decision, 0);
}

static void test_never_is_zero_on_the_wire (void **state)
{
    (void)state;
    fixture_prepare_check ();
    assert_int_equal (fixture_sent ()->check->until, 0);
    checked.decision.until = 1800000000000;
    assert_int_equal (fixture_sent ()->check->until, 1800000000000);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_check_tells_every_item_with_its_ground_or_its_reasons),
        cmocka_unit_test (test_a_caller_hears_no_reason_that_is_not_its_to_hear),
        cmocka_unit_test (test_a_permit_without_consent_names_its_ground),
        cmocka_unit_test (test_what_the_triage_decision_lacks_is_named_with_that_reason),
        cmocka_unit_test (test_a_manager_who_is_missing_is_named_by_the_rule_that_wants_one),
        cmocka_unit_test (test_against_the_will_is_said_to_who_may_hear_it),
        cmocka_unit_test (test_obligations_come_with_what_is_to_be_reported_done_and_when),
        cmocka_unit_test (test_never_is_zero_on_the_wire),
    };
    return cmocka_run_group_tests (tests, fixture_reply_setup, fixture_reply_teardown);
}
