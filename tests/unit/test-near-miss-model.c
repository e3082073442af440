/* C7, reason 3, against its definition: each item of each consent is looked at for itself, with every later
   refusal. */
#include <string.h>
#include "fixture_policy.h"

enum { LIVES = 20000, STATEMENTS = 8 };

static const char *const parties[] = {"kernteam", "wijkteam", "horizon"};
static const char *const categories[] = {"naw", "bsn", "rapportage"};
static const char *const purposes[] = {"ondersteuning", "integraal-plan", "toekenning"};

struct item {
    const char *provider, *recipient, *category, *purpose;
};

/* What is asked: each is an item of a flow of its own. */
static const struct item flows[] = {
    {"kernteam", "wijkteam", "naw", "ondersteuning"},
    {"horizon", "kernteam", "naw", "integraal-plan"},
    {"kernteam", "horizon", "naw", "toekenning"}, /* and its statute asks for the origin */
};

static uint32_t seed = 20261128;

static unsigned below (unsigned limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % limit;
}

/* One or two of them. */
static const char *some (struct fixture *f, const char *const *of)
{
    unsigned first = below (3), second = below (3);
    return first == second ? of[first] : arena_printf (f->arena, "%s %s", of[first], of[second]);
}

static bool names (const struct statement *one, const struct item *item)
{
    return text_set_has (&one->scope.providers, item->provider) &&
           text_set_has (&one->scope.recipients, item->recipient) &&
           text_set_has (&one->scope.categories, item->category);
}

static bool serves (const struct fixture *f, const struct statement *one, const char *purpose)
{
    return policy_purpose_serves (&f->policy, one->scope.purpose_code, policy_purpose (&f->policy, purpose));
}

static bool is_left (const struct fixture *f, const struct statement *consent, const struct item *item)
{
    if (strcmp (item->provider, item->recipient) == 0 ||
        statement_is_withdrawn_for (consent, item->provider, item->recipient, item->category, f->now))
        return false;
    for (size_t i = 0; i < f->statement_count; i++) {
        const struct statement *later = &f->statements[i];
        if (later->refusal && later->order > consent->order && names (later, item) &&
            serves (f, later, item->purpose))
            return false;
    }
    return true;
}

enum { PROVIDER = 1, RECIPIENT = 2, CATEGORY = 4, PURPOSE = 8 };

/* In what the consent's items that are left differ from the one asked, where it is one thing. */
static unsigned missed (const struct fixture *f, const struct statement *consent, const struct item *asked)
{
    unsigned found = 0;
    for (unsigned i = 0; i < 27; i++) {
        struct item item = {parties[i % 3], parties[i / 3 % 3], categories[i / 9], asked->purpose};
        if (!serves (f, consent, asked->purpose))
            item.purpose = consent->scope.purpose;
        if (!names (consent, &item) || !is_left (f, consent, &item))
            continue;
        unsigned differs = (strcmp (item.provider, asked->provider) != 0 ? PROVIDER : 0) |
                           (strcmp (item.recipient, asked->recipient) != 0 ? RECIPIENT : 0) |
                           (strcmp (item.category, asked->category) != 0 ? CATEGORY : 0) |
                           (item.purpose != asked->purpose ? PURPOSE : 0);
        /* What names the thing as well is no miss of it. */
        if ((differs == PROVIDER && !text_set_has (&consent->scope.providers, asked->provider)) ||
            (differs == RECIPIENT && !text_set_has (&consent->scope.recipients, asked->recipient)) ||
            (differs == CATEGORY && !text_set_has (&consent->scope.categories, asked->category)) ||
            differs == PURPOSE)
            found |= differs;
    }
    return found;
}

static const char *expected (const struct fixture *f, const struct item *asked)
{
    static const char *const codes[] = {"PROVIDER_NOT_CONSENTED", "RECIPIENT_NOT_CONSENTED",
                                        "CATEGORY_NOT_CONSENTED", "WRONG_PURPOSE"};
    unsigned found = 0;
    const char *said = "";
    for (size_t i = 0; i < f->statement_count; i++) {
        const struct statement *one = &f->statements[i];
        if (names (one, asked) && serves (f, one, asked->purpose))
            return NULL; /* a statement covers the item */
        if (!one->refusal && one->superseded_from > f->now)
            found |= missed (f, one, asked);
    }
    for (unsigned i = 0; i < 4; i++)
        if ((found >> i & 1) != 0)
            said = arena_printf (f->arena, "%s%s%s", said, said[0] != 0 ? " " : "", codes[i]);
    return arena_printf (f->arena, "%s%s", said[0] != 0 ? said : "NO_CONSENT",
                         asked == &flows[2] ? " ORIGIN_UNKNOWN" : "");
}

/* Any consents, refusals and withdrawals of parts, in any order. */
static void live (struct fixture *f)
{
    unsigned count = 1 + below (STATEMENTS);
    for (unsigned i = 0; i < count; i++) {
        bool refusal = below (2) == 0;
        struct statement *one = (refusal ? fixture_refusal : fixture_consent) (
            f, some (f, parties), some (f, parties), some (f, categories), purposes[below (3)]);
        if (refusal || below (3) != 0)
            continue;
        struct withdrawal *part = fixture_withdraw (f, one, f->now);
        if (below (2) == 0)
            part->recipients = fixture_set (f, parties[below (3)]);
        else
            part->providers = fixture_set (f, parties[below (3)]);
    }
}

static void test_a_near_miss_is_what_the_rules_say_of_any_statements (void **state)
{
    unsigned seen = 0;
    for (unsigned i = 0; i < LIVES; i++) {
        fixture_setup (state);
        struct fixture *f = *state;
        live (f);
        const struct item *asked = &flows[below (3)];
        struct check check = fixture_check (f, asked->provider, asked->recipient, asked->purpose, asked->category);
        const char *said = fixture_outcome (f, &check), *must = expected (f, asked);
        if (must != NULL)
            assert_string_equal (said, must);
        seen += must != NULL && strncmp (must, "NO_CONSENT", strlen ("NO_CONSENT")) != 0;
        fixture_teardown (state);
    }
    assert_true (seen > LIVES / 20);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_near_miss_is_what_the_rules_say_of_any_statements)};
    return cmocka_run_group_tests (tests, NULL, NULL);
}
