/* What a view holds: put, taken, forgotten and shut, compared with a list that is gone through from its beginning.
 */
#include <stdlib.h>
#include <string.h>

#include "random_pick.h"
#include "testing.h"
#include "view_table.h"

enum { PEOPLE = 40, ROUNDS = 20, ACTS = 4000, KNOWN = 4096 };

static const struct view_flow flow = {"kernteam", "cak", "toekenning", "naw", ""};
static const uint8_t somebody[VIEW_SUBJECT] = "somebody 16 byt", other[VIEW_SUBJECT] = "another 16 byte";

static struct view_flow of_case (const char *case_ref)
{
    struct view_flow made = flow;
    made.case_ref = case_ref;
    return made;
}

static void test_what_is_not_in_it_is_not_permitted (void **state)
{
    (void)state;
    struct view_table *table = view_table_new ();
    struct view_flow wrong[] = {flow, flow, flow, flow, flow};
    assert_int_equal (view_table_find (table, somebody, &flow, 10), VIEW_NOTHING);
    view_table_put (table, somebody, &flow, (struct view_permit){0, 0});
    assert_int_equal (view_table_find (table, somebody, &flow, 10), VIEW_PERMITTED);
    assert_int_equal (view_table_find (table, other, &flow, 10), VIEW_NOTHING);
    wrong[0].provider = "cak", wrong[1].recipient = "kernteam", wrong[2].purpose = "", wrong[3].category = "na";
    wrong[4].provider = "kernteamcak", wrong[4].recipient = "";
    for (size_t i = 0; i < COUNT (wrong); i++)
        assert_int_equal (view_table_find (table, somebody, &wrong[i], 10), VIEW_NOTHING);
    view_table_take (table, somebody, &flow);
    assert_int_equal (view_table_find (table, somebody, &flow, 10), VIEW_NOTHING);
    view_table_destroy (&table);
    assert_null (table);
}

static void test_a_permit_has_its_time (void **state)
{
    (void)state;
    struct view_table *table = view_table_new ();
    view_table_put (table, somebody, &flow, (struct view_permit){100, 200});
    assert_int_equal (view_table_find (table, somebody, &flow, 99), VIEW_NOTHING);
    assert_int_equal (view_table_find (table, somebody, &flow, 100), VIEW_PERMITTED);
    assert_int_equal (view_table_find (table, somebody, &flow, 199), VIEW_PERMITTED);
    assert_int_equal (view_table_find (table, somebody, &flow, 200), VIEW_NOTHING);
    view_table_put (table, somebody, &flow, (struct view_permit){300, 0});
    assert_int_equal (view_table_find (table, somebody, &flow, 150), VIEW_NOTHING);
    assert_int_equal (view_table_find (table, somebody, &flow, INT64_MAX), VIEW_PERMITTED);
    assert_int_equal (view_table_count (table), 1);
    view_table_destroy (&table);
}

/* What is permitted whatever the case is permitted for each; what is permitted for one case is not for another. */
static void test_a_case_adds_to_what_any_case_has (void **state)
{
    (void)state;
    struct view_table *table = view_table_new ();
    const struct view_flow one = of_case ("dossier-1"), two = of_case ("dossier-2");
    view_table_put (table, somebody, &one, (struct view_permit){0, 0});
    assert_int_equal (view_table_find (table, somebody, &one, 10), VIEW_PERMITTED);
    assert_int_equal (view_table_find (table, somebody, &two, 10), VIEW_NOTHING);
    assert_int_equal (view_table_find (table, somebody, &flow, 10), VIEW_NOTHING);
    view_table_put (table, somebody, &flow, (struct view_permit){0, 50});
    assert_int_equal (view_table_find (table, somebody, &two, 10), VIEW_PERMITTED);
    assert_int_equal (view_table_find (table, somebody, &two, 50), VIEW_NOTHING);
    assert_int_equal (view_table_find (table, somebody, &one, 50), VIEW_PERMITTED);
    view_table_destroy (&table);
}

static void test_a_subject_that_is_shut_stays_so (void **state)
{
    (void)state;
    struct view_table *table = view_table_new ();
    view_table_put (table, somebody, &flow, (struct view_permit){0, 0});
    view_table_put (table, other, &flow, (struct view_permit){0, 0});
    view_table_shut (table, somebody);
    view_table_put (table, somebody, &flow, (struct view_permit){0, 0});
    view_table_forget (table, somebody);
    assert_int_equal (view_table_find (table, somebody, &flow, 10), VIEW_SHUT);
    assert_int_equal (view_table_find (table, other, &flow, 10), VIEW_PERMITTED);
    view_table_destroy (&table);
}

static void test_names_that_are_too_long_permit_nothing (void **state)
{
    (void)state;
    struct view_table *table = view_table_new ();
    char text[1024];
    memset (text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    const struct view_flow long_case = of_case (text), long_party = {text, "cak", "toekenning", "naw", ""};
    view_table_put (table, somebody, &long_case, (struct view_permit){0, 0});
    view_table_put (table, somebody, &long_party, (struct view_permit){0, 0});
    view_table_take (table, somebody, &long_party);
    assert_int_equal (view_table_find (table, somebody, &long_case, 10), VIEW_NOTHING);
    assert_int_equal (view_table_find (table, somebody, &long_party, 10), VIEW_NOTHING);
    assert_int_equal (view_table_count (table), 0);
    view_table_destroy (&table);
}

/* --- Beside a list ------------------------------------------------------------------------------------ */

struct known {
    unsigned subject;
    struct view_flow flow;
    struct view_permit permit;
    bool is_there;
};

struct list {
    struct known items[KNOWN];
    size_t count;
    bool shut[PEOPLE];
};

static const uint8_t *subject_of (unsigned number, uint8_t subject[VIEW_SUBJECT])
{
    memset (subject, 0, VIEW_SUBJECT); /* as alike as can be */
    subject[0] = (uint8_t)(number % 2), subject[15] = (uint8_t)number;
    return subject;
}

static struct known *of_list (struct list *list, unsigned subject, const struct view_flow *one)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].subject == subject && strcmp (list->items[i].flow.provider, one->provider) == 0 &&
            strcmp (list->items[i].flow.category, one->category) == 0 &&
            strcmp (list->items[i].flow.case_ref, one->case_ref) == 0)
            return &list->items[i];
    assert_true (list->count < KNOWN);
    list->items[list->count] = (struct known){.subject = subject, .flow = *one};
    return &list->items[list->count++];
}

static struct view_flow some_flow (void)
{
    static const char *const parties[] = {"kernteam", "cak", "svb"};
    static const char *const categories[] = {"naw", "bsn", "budget", "toewijzing"};
    static const char *const cases[] = {"", "", "dossier-1", "dossier-2"};
    return (struct view_flow){ANY (parties), "horizon", "toekenning", ANY (categories), ANY (cases)};
}

static void act (struct view_table *table, struct list *list)
{
    unsigned who = random_pick (PEOPLE), what = random_pick (100);
    const struct view_flow one = some_flow ();
    uint8_t subject[VIEW_SUBJECT];
    subject_of (who, subject);
    if (what < 55) {
        struct view_permit permit = {random_pick (3) == 0 ? random_pick (100) : 0, random_pick (200)};
        view_table_put (table, subject, &one, permit);
        *of_list (list, who, &one) = (struct known){who, one, permit, true};
    } else if (what < 96) {
        view_table_take (table, subject, &one);
        of_list (list, who, &one)->is_there = false;
    } else if (what < 99) {
        view_table_forget (table, subject);
        for (size_t i = 0; i < list->count; i++)
            list->items[i].is_there &= list->items[i].subject != who;
    } else if (random_pick (20) == 0) {
        view_table_shut (table, subject);
        list->shut[who] = true;
    }
}

static bool of_list_is (struct list *list, unsigned who, const struct view_flow *one, int64_t now)
{
    const struct known *known = of_list (list, who, one);
    return known->is_there && known->permit.from <= now && (!known->permit.until || now < known->permit.until);
}

static enum view_found expected (struct list *list, unsigned who, const struct view_flow *one, int64_t now)
{
    struct view_flow any = *one;
    any.case_ref = "";
    if (list->shut[who])
        return VIEW_SHUT;
    return of_list_is (list, who, one, now) || of_list_is (list, who, &any, now) ? VIEW_PERMITTED : VIEW_NOTHING;
}

static void test_it_says_what_a_list_says (void **state)
{
    (void)state;
    unsigned seen[VIEW_SHUT + 1] = {0};
    random_begin (77);
    for (int round = 0; round < ROUNDS; round++) {
        struct view_table *table = view_table_new ();
        struct list *list = calloc (1, sizeof *list);
        for (int i = 0; i < ACTS; i++) {
            act (table, list);
            unsigned who = random_pick (PEOPLE);
            const struct view_flow one = some_flow ();
            int64_t now = random_pick (200);
            uint8_t subject[VIEW_SUBJECT];
            enum view_found found = view_table_find (table, subject_of (who, subject), &one, now);
            assert_int_equal (found, expected (list, who, &one, now));
            seen[found]++;
        }
        size_t count = 0;
        for (size_t i = 0; i < list->count; i++)
            count += list->items[i].is_there;
        assert_int_equal (view_table_count (table), count);
        free (list);
        view_table_destroy (&table);
    }
    assert_true (seen[VIEW_NOTHING] > ACTS && seen[VIEW_PERMITTED] > ACTS && seen[VIEW_SHUT] > 100);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_is_not_in_it_is_not_permitted),
        cmocka_unit_test (test_a_permit_has_its_time),
        cmocka_unit_test (test_a_case_adds_to_what_any_case_has),
        cmocka_unit_test (test_a_subject_that_is_shut_stays_so),
        cmocka_unit_test (test_names_that_are_too_long_permit_nothing),
        cmocka_unit_test (test_it_says_what_a_list_says),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
