/* Consents, refusals and requests by what their id begins with. */
#include <stdio.h>
#include <string.h>
#include "simulation_verbs.h"
#include "vault.h"

/* Ids that begin alike do not come by themselves: the next one of 16 bytes is the one that a test wants. */
static const char *wanted;
void __real_vault_random (void *out, size_t size);
void __wrap_vault_random (void *out, size_t size);
void __wrap_vault_random (void *out, size_t size)
{
    __real_vault_random (out, size);
    if (!wanted || size != 16)
        return;
    for (size_t i = 0; i < size; i++) {
        unsigned byte;
        assert_int_equal (sscanf (wanted + 2 * i, "%2x", &byte), 1);
        ((uint8_t *)out)[i] = (uint8_t)byte;
    }
    wanted = NULL;
}

#define ONE "0123456789ab00000000000000000001"
#define OTHER "012345678abb00000000000000000002"
#define FAR "fedcba98765400000000000000000003"
#define ASKED_FOR "77777777000000000000000000000004"

static const Consentd__Reply *begins (struct simulation *sim, const char *party, const char *digits)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show->begins = arena_strdup (sim->arena, digits);
    return simulation_look (sim, party, request);
}

/* The id of what is shown; a status that is not OK. */
static const char *shown (struct simulation *sim, const char *party, const char *digits)
{
    const Consentd__Reply *reply = begins (sim, party, digits);
    if (reply->status != CONSENTD__STATUS__OK) {
        assert_int_equal (reply->body_case, CONSENTD__REPLY__BODY__NOT_SET);
        return simulation_said (sim, reply);
    }
    const ProtobufCBinaryData *id = &reply->consent_show->consent->consent_id;
    const char *text = "";
    for (size_t i = 0; i < id->len; i++)
        text = arena_printf (sim->arena, "%s%02x", text, id->data[i]);
    return text;
}

static void record_some (struct simulation *sim)
{
    wanted = ONE;
    GRANTED (sim, .to = "zorgaanbieder-horizon");
    wanted = OTHER;
    GRANTED (sim, .to = "zorgaanbieder-geest");
    wanted = FAR;
    assert_string_equal (REFUSE (sim, .to = "cak", .purpose = "eigen-bijdrage", .categories = "bsn"), "OK");
    wanted = ASKED_FOR;
    ASKED (sim, .by = "zorgaanbieder-geest", .to = "zorgaanbieder-geest", .categories = "budget");
    assert_null (wanted);
}

static void test_one_that_begins_so_is_shown (void **state)
{
    record_some (*state);
    assert_string_equal (shown (*state, "kernteam", "fedcba98"), FAR);
    assert_string_equal (shown (*state, "operator", "fedcba987"), FAR);
    assert_string_equal (shown (*state, "kernteam", "012345678"), "INVALID consent_show.begins");
    assert_string_equal (shown (*state, "kernteam", "0123456789"), ONE); /* half a byte tells them apart */
    assert_string_equal (shown (*state, "kernteam", "012345678abb0000000000000000000"), OTHER);
    assert_string_equal (shown (*state, "kernteam", "77777777"), ASKED_FOR);
    assert_string_equal (shown (*state, "kernteam", "ffffffff"), "NOT_FOUND");
    assert_string_equal (shown (*state, "kernteam", "fedcba99"), "NOT_FOUND");
}

static void test_of_several_that_begin_so_each_is_named_and_none_is_shown (void **state)
{
    record_some (*state);
    const Consentd__Reply *reply = begins (*state, "kernteam", "01234567");
    assert_int_equal (reply->status, CONSENTD__STATUS__INVALID);
    assert_string_equal (reply->message, "More than one begins so: " ONE ", " OTHER ".");
    assert_int_equal (reply->body_case, CONSENTD__REPLY__BODY__NOT_SET);
}

/* Nobody learns of another's consents: what the caller may not see is as if it were not there. */
static void test_only_what_the_caller_may_see_counts (void **state)
{
    record_some (*state);
    assert_string_equal (shown (*state, "zorgaanbieder-horizon", "01234567"), ONE);
    assert_string_equal (shown (*state, "zorgaanbieder-geest", "01234567"), OTHER);
    assert_string_equal (shown (*state, "cak", "01234567"), "NOT_FOUND");
    assert_string_equal (shown (*state, "zorgaanbieder-horizon", "fedcba98"), "NOT_FOUND");
    assert_string_equal (shown (*state, "zorgaanbieder-horizon", "77777777"), "NOT_FOUND");
    assert_string_equal (shown (*state, "zorgaanbieder-geest", "77777777"), ASKED_FOR);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_one_that_begins_so_is_shown),
        ADULT_TEST (test_of_several_that_begin_so_each_is_named_and_none_is_shown),
        ADULT_TEST (test_only_what_the_caller_may_see_counts),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
