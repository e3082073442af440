/* A party's own part of a consent (V2), against what is its own item by item. */
#include <string.h>
#include "arena.h"
#include "rules/own_part.h"
#include "testing.h"

enum { NAMES = 3 };

static const char *const names[NAMES] = {"a", "b", "c"};
static const char *const categories[] = {"naw"};

/* The names of which the bit is set. */
static struct text_set set_of (struct arena *arena, unsigned bits)
{
    struct text_set set = {arena_array (arena, NAMES, sizeof (char *)), 0};
    for (unsigned i = 0; i < NAMES; i++)
        if ((bits >> i & 1) != 0)
            set.item[set.count++] = names[i];
    return set;
}

static bool has (const struct text_set *set, const char *name)
{
    return text_set_has (set, name);
}

static bool is_sorted (const struct text_set *set)
{
    for (size_t i = 1; i < set->count; i++)
        if (strcmp (set->item[i - 1], set->item[i]) >= 0)
            return false;
    return true;
}

/* Every consent of three parties with every withdrawal of one, as every party sees it. */
static void test_it_holds_every_own_item_and_no_name_of_another (void **state)
{
    (void)state;
    struct arena *arena = arena_new (1 << 20);
    for (unsigned shape = 0; shape < 1 << 12; shape++) {
        arena_reset (arena);
        struct withdrawal one = {.providers = set_of (arena, shape >> 6 & 7),
                                 .recipients = set_of (arena, shape >> 9 & 7),
                                 .recorded_by = names[shape % NAMES]};
        struct statement whole = {
            .scope = {.providers = set_of (arena, shape & 7), .recipients = set_of (arena, shape >> 3 & 7)},
            .withdrawals = &one,
            .withdrawal_count = 1,
        };
        const char *naw = categories[0];
        whole.scope.categories = (struct text_set){&naw, 1};
        for (unsigned i = 0; i < NAMES; i++) {
            const char *party = names[i];
            struct statement part = own_part_of (&whole, party, arena);
            bool any = false, lost = false, left = false, named[NAMES] = {false};
            assert_true (is_sorted (&part.scope.providers) && is_sorted (&part.scope.recipients));
            for (unsigned p = 0; p < NAMES; p++)
                for (unsigned r = 0; r < NAMES; r++) {
                    if (!has (&whole.scope.providers, names[p]) || !has (&whole.scope.recipients, names[r]) ||
                        !own_part_has (party, names[p], names[r]))
                        continue;
                    any = named[p] = named[r] = true;
                    assert_true (has (&part.scope.providers, names[p]) && has (&part.scope.recipients, names[r]));
                    bool gone = statement_is_withdrawn_for (&whole, names[p], names[r], naw, 1);
                    lost = lost || gone;
                    left = left || !gone;
                    assert_int_equal (statement_is_withdrawn_for (&part, names[p], names[r], naw, 1), gone);
                }
            for (unsigned p = 0; p < NAMES; p++)
                assert_true (named[p] ||
                             (!has (&part.scope.providers, names[p]) && !has (&part.scope.recipients, names[p])));
            assert_int_equal (part.withdrawal_count, lost);
            assert_int_equal (part.scope.categories.count, any);
            assert_int_equal (statement_wholly_withdrawn (&whole, party, 1).at == MOMENT_NEVER, left);
            if (!lost)
                continue;
            const struct withdrawal *seen = part.withdrawals;
            for (size_t n = 0; n < seen->providers.count; n++)
                assert_true (has (&part.scope.providers, seen->providers.item[n]));
            for (size_t n = 0; n < seen->recipients.count; n++)
                assert_true (has (&part.scope.recipients, seen->recipients.item[n]));
            bool known = named[shape % NAMES] || !statement_names_party (&whole, one.recorded_by);
            assert_string_equal (seen->recorded_by, known ? one.recorded_by : "");
        }
    }
    arena_destroy (&arena);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_it_holds_every_own_item_and_no_name_of_another),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
