/* Whether an answer that there is none now is about one person alone. */
#include "import_unreadable.h"
#include "scripted_registry.h"
#include "testing.h"

static const char bsn[] = "999900006";

/* Of the first question every attempt has this answer, and then the registry is well. */
static int left;

static void first_question_unavailable (Consentd__Reply *reply)
{
    if (left-- > 0)
        scripted_unavailable (reply);
}

static bool is_unreadable (consent_t *self, void (*twist) (Consentd__Reply *reply))
{
    left = SCRIPTED_ATTEMPTS;
    scripted.last_size = 0; /* two questions are not one that is sent again */
    scripted.twist = twist;
    return import_is_unreadable (self, bsn);
}

static void test_who_cannot_be_read_by_a_registry_that_is_well_is_unreadable (void **state)
{
    assert_true (is_unreadable (*state, first_question_unavailable));
}

static void test_a_registry_that_is_well_or_answers_nothing_or_refuses_says_nothing_of_one_person (void **state)
{
    assert_false (is_unreadable (*state, scripted_honest));
    assert_false (is_unreadable (*state, scripted_unavailable));
    assert_false (is_unreadable (*state, scripted_forbidden));
    scripted.ignore = 2 * SCRIPTED_ATTEMPTS;
    assert_false (is_unreadable (*state, scripted_honest));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST (test_who_cannot_be_read_by_a_registry_that_is_well_is_unreadable),
        SCRIPTED_TEST (test_a_registry_that_is_well_or_answers_nothing_or_refuses_says_nothing_of_one_person),
    };
    return cmocka_run_group_tests (tests, scripted_start, scripted_stop);
}
