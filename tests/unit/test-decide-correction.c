/* KB 14: a consent that was recorded wrongly counts for nothing, and the one that corrects it stands in its place
   in the order of recording (G10). */
#include <string.h>
#include "fixture_policy.h"

/* A consent, "yes naw", or a refusal, "no naw". NULL: nothing. */
static struct statement *say (struct fixture *f, const char *said)
{
    if (said == NULL)
        return NULL;
    return strncmp (said, "no ", 3) == 0 ? fixture_refusal (f, "kernteam", "wijkteam", said + 3, "ondersteuning")
                                         : fixture_consent (f, "kernteam", "wijkteam", said + 4, "ondersteuning");
}

static const struct life {
    const char *before, *wrong, *since, *right; /* in the order of recording */
    const char *asked, *outcome;
    enum statement_state before_is, right_is;
} lives[] = {
    /* What was not signed does not count, and what was signed does. */
    {NULL, "yes naw", NULL, "yes rapportage", "naw", "CATEGORY_NOT_CONSENTED", STATE_GRANTED, STATE_GRANTED},
    {NULL, "yes naw", NULL, "yes rapportage", "rapportage", "consent", STATE_GRANTED, STATE_GRANTED},
    /* What only the wrong one replaced stands again; what the right one replaces does not. */
    {"yes naw", "yes naw rapportage", NULL, "yes rapportage", "naw", "consent", STATE_GRANTED, STATE_GRANTED},
    {"yes naw", "yes rapportage", NULL, "yes naw rapportage", "naw", "consent", STATE_SUPERSEDED, STATE_GRANTED},
    /* A refusal that only the wrong one lifted counts again; one from before is lifted by the right one. */
    {"no naw", "yes naw", NULL, "yes rapportage", "naw", "REFUSED", STATE_REFUSAL, STATE_GRANTED},
    {"no naw", "yes rapportage", NULL, "yes naw", "naw", "consent", STATE_REFUSAL, STATE_GRANTED},
    /* One from after what was signed shuts it out. */
    {NULL, "yes rapportage", "no naw", "yes naw", "naw", "REFUSED", STATE_GRANTED, STATE_GRANTED},
    /* A consent from after it replaces it, and is not replaced by it. */
    {NULL, "yes rapportage", "yes naw", "yes naw", "naw", "consent", STATE_GRANTED, STATE_SUPERSEDED},
};

static void test_G10_a_correction_stands_in_the_place_of_what_was_recorded_wrongly (void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        const struct life *life = &lives[i];
        f->statement_count = 0;
        say (f, life->before);
        size_t wrong = f->statement_count;
        say (f, life->wrong)->is_corrected = true;
        say (f, life->since);
        size_t right = f->statement_count;
        say (f, life->right)->stands_for = f->statements[wrong].order;
        struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", life->asked);
        assert_outcome (f, &asked, life->outcome);
        assert_int_equal (fixture_state (f, wrong), STATE_SUPERSEDED);
        assert_int_equal (fixture_state (f, right), life->right_is);
        if (life->before != NULL)
            assert_int_equal (fixture_state (f, 0), life->before_is);
    }
}

/* The same histories, with what was signed recorded rightly at once, say the same. */
static void test_G10_it_is_as_if_it_had_been_recorded_so_at_once (void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        f->statement_count = 0;
        say (f, lives[i].before);
        say (f, lives[i].right);
        say (f, lives[i].since);
        struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", lives[i].asked);
        assert_outcome (f, &asked, lives[i].outcome);
    }
}

/* A later withdrawal or death of what was recorded wrongly is told of nobody. */
static void test_a_corrected_consent_has_no_other_state (void **state)
{
    struct fixture *f = *state;
    struct statement *wrong = fixture_usual_consent (f);
    wrong->is_corrected = true;
    wrong->valid_until = f->now - 1;
    assert_int_equal (fixture_state (f, 0), STATE_SUPERSEDED);
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "NO_CONSENT");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_G10_a_correction_stands_in_the_place_of_what_was_recorded_wrongly),
        FIXTURE_TEST (test_G10_it_is_as_if_it_had_been_recorded_so_at_once),
        FIXTURE_TEST (test_a_corrected_consent_has_no_other_state),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
