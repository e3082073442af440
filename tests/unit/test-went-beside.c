/* What went together lies together in the ledger, and who has the file without the key is told no more by that. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "adapter_harness.h"
#include "spool/ledger_inner.h"
#include "spool/went.h"
#include "testing.h"

static const char *const SECRETS[] = {"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
                                      "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"};

struct setting {
    struct harness *adapter;
    char *message, directory[64];
    struct ledger *ledgers[2]; /* each under a key of its own */
};

static int set_up (void **state)
{
    struct setting *self = calloc (1, sizeof *self);
    char error[256], path[96];
    assert_non_null (self);
    self->adapter = harness_new (SHAPE_THINNED);
    self->adapter->permitted = PERMITTED_TO_PROVIDER;
    self->message = harness_fixture ("wmo301.xml");
    strcpy (self->directory, "/tmp/test-went-XXXXXX");
    assert_non_null (mkdtemp (self->directory));
    for (int i = 0; i < 2; i++) {
        snprintf (path, sizeof path, "%s/%d", self->directory, i);
        const struct ledger_place place = {.directory = path, .secret_key = SECRETS[i]};
        assert_int_equal (ledger_open (&self->ledgers[i], &place, error, sizeof error), 0);
    }
    *state = self;
    return 0;
}

static int tear_down (void **state)
{
    struct setting *self = *state;
    char command[128];
    ledger_destroy (&self->ledgers[0]);
    ledger_destroy (&self->ledgers[1]);
    harness_destroy (&self->adapter);
    snprintf (command, sizeof command, "rm -rf %s", self->directory);
    assert_int_equal (system (command), 0);
    free (self->message);
    free (self);
    return 0;
}

struct key {
    uint8_t bytes[LEDGER_KEY];
};

/* Where the record of the message lies that went by this decision. */
static struct key key_of (struct setting *self, int ledger, uint64_t decision, const char *file)
{
    struct key key;
    self->adapter->decision = decision;
    assert_int_equal (harness_run (self->adapter, self->message), PASSAGE_THINNED);
    struct ledger_entry *entry = went_seal (self->ledgers[ledger], self->adapter->passage, file);
    assert_int_equal (entry->place[0], LEDGER_WENT);
    memcpy (key.bytes, entry->place + 1, LEDGER_KEY);
    ledger_entry_destroy (&entry);
    return key;
}

static bool lie_together (struct key one, struct key other)
{
    return memcmp (one.bytes, other.bytes, WENT_PREFIX) == 0;
}

static bool are_same (struct key one, struct key other)
{
    return memcmp (one.bytes, other.bytes, LEDGER_KEY) == 0;
}

static void test_decisions_that_follow_each_other_lie_together_each_in_its_place (void **state)
{
    struct key first = key_of (*state, 0, WENT_BESIDE, "a.xml");
    const uint64_t others[] = {WENT_BESIDE + 1, WENT_BESIDE + WENT_BESIDE / 2, 2 * WENT_BESIDE - 1};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct key other = key_of (*state, 0, others[i], "a.xml");
        assert_true (lie_together (first, other));
        assert_false (are_same (first, other));
    }
    assert_false (lie_together (first, key_of (*state, 0, WENT_BESIDE - 1, "a.xml")));
    assert_false (lie_together (first, key_of (*state, 0, 2 * WENT_BESIDE, "a.xml")));
}

static void test_what_is_run_again_has_the_place_that_it_had (void **state)
{
    struct key first = key_of (*state, 0, 5 * WENT_BESIDE + 7, "a.xml");
    assert_true (are_same (first, key_of (*state, 0, 5 * WENT_BESIDE + 7, "a.xml")));
    assert_false (are_same (first, key_of (*state, 0, 5 * WENT_BESIDE + 7, "b.xml")));
}

static void test_without_the_key_nobody_knows_which_decisions_lie_together (void **state)
{
    assert_false (lie_together (key_of (*state, 0, 1, "a.xml"), key_of (*state, 1, 1, "a.xml")));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_decisions_that_follow_each_other_lie_together_each_in_its_place,
                                         set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_is_run_again_has_the_place_that_it_had, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_without_the_key_nobody_knows_which_decisions_lie_together, set_up,
                                         tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
