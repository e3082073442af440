/* The record of a subject is written once a request, whatever the request changes, and before its line of the log.
   A path that forgets to write it ends the process: what was answered would not be in the store. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "audit/log.h"
#include "codec/codec.h"
#include "registry/subject_cache.h"
#include "registry/subject_file.h"
#include "simulation_verbs.h"

static const char adult[] = "999900006";

static int begin (struct simulation *sim, struct turn *turn)
{
    return registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, turn);
}

static uint64_t generation (struct simulation *sim, const char *bsn)
{
    struct turn turn;
    struct subject_file file;
    assert_int_equal (begin (sim, &turn), 0);
    assert_int_equal (subject_file_open (&turn, bsn, &file), 0);
    subject_file_close (&file);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
    return file.generation;
}

/* What the newest line of the log says of it; 0: nothing. */
static uint64_t generation_in_log (struct simulation *sim)
{
    struct turn turn;
    struct audit_record record;
    struct evidence evidence;
    assert_int_equal (begin (sim, &turn), 0);
    assert_int_equal (audit_read (&turn, turn.state.audit_number, &record), 0);
    assert_int_equal (audit_open (&turn, &record, &evidence), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
    return evidence.generation;
}

static void test_each_request_that_changes_a_subject_writes_its_record_once (void **state)
{
    struct simulation *sim = *state;
    uint64_t now = generation (sim, adult);
    assert_int_equal (now, 1);
    const uint8_t *consent = GRANTED (sim, .categories = "naw", .one_time = true);
    assert_int_equal (generation (sim, adult), ++now);
    assert_int_equal (generation_in_log (sim), now);
    CHECK (sim, .items = "naw", .advise = true);
    assert_int_equal (generation (sim, adult), now);
    assert_int_equal (generation_in_log (sim), 0);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent"); /* it is used, and the recipient received it */
    assert_int_equal (generation (sim, adult), ++now);
    assert_int_equal (generation_in_log (sim), now);
    assert_string_equal (CHECK (sim, .items = "naw"), "USED_UP");
    assert_int_equal (generation (sim, adult), now);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    assert_int_equal (generation (sim, adult), ++now);
    assert_int_equal (generation_in_log (sim), now);
    sim->fail_commit = true;
    simulation_ask_in_vain (sim, "kernteam",
                            simulation_statement (sim, &(struct simulated_statement){.categories = "naw"}, true));
    assert_int_equal (generation (sim, adult), now);
}

/* A subject of whom nobody knew gets a record from a disclosure that is denied, and it is this one's. */
static void test_a_subject_that_was_not_known_begins_at_the_first_generation (void **state)
{
    struct simulation *sim = *state;
    assert_int_equal (generation (sim, "999996770"), 0);
    CHECK (sim, .bsn = "999996770", .items = "naw");
    assert_int_equal (generation (sim, "999996770"), 1);
    assert_int_equal (generation_in_log (sim), 1);
}

/* What it costs a turn to open the subject's record. */
static uint64_t cost_of_opening (struct simulation *sim)
{
    struct turn turn;
    struct subject_file file;
    subject_cache_clear (sim->registry.cache);
    assert_int_equal (begin (sim, &turn), 0);
    uint64_t before = turn_cost (&turn);
    assert_int_equal (subject_file_open (&turn, adult, &file), 0);
    uint64_t cost = turn_cost (&turn) - before;
    subject_file_close (&file);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
    return cost;
}

/* Adds a statement with so long a motivation, and writes the record. */
static int add (struct turn *turn, struct subject_file *file, size_t size)
{
    struct statement statement = {
        .refusal = true, .scope = {.purpose = "toekenning", .case_ref = ""}, STATEMENT_SILENT};
    char *motivation = arena_alloc (turn->arena, size + 1);
    memset (motivation, 'x', size);
    vault_random (statement.id, sizeof statement.id);
    for (int i = 0; i < 8; i++) /* a text of its own: a record has each text once */
        motivation[i] = (char)('a' + statement.id[i] % 26);
    statement.motivation = motivation;
    statement.recorded_by = "kernteam";
    statement.valid_until = MOMENT_NEVER;
    int rc = subject_file_add (turn, file, &statement);
    return rc == 0 ? subject_file_settle (turn, file) : rc;
}

/* L1: in the cost of a turn a record counts by its length. And it is bounded, so that one withdrawal finds room.
 */
static void test_a_long_record_costs_more_and_has_a_longest (void **state)
{
    enum { LONG = 40000 };
    struct simulation *sim = *state;
    struct turn turn;
    struct subject_file file;
    size_t count = 0;
    uint64_t before = cost_of_opening (sim);
    int rc = 0;
    assert_int_equal (begin (sim, &turn), 0);
    assert_int_equal (subject_file_open (&turn, adult, &file), 0);
    uint64_t unchanged = turn_cost (&turn);
    assert_int_equal (add (&turn, &file, LONG), 0);
    assert_true (turn_cost (&turn) - unchanged > TURN_WRITTEN * LONG / TURN_UNIT_BYTES);
    const struct audit_head head = {.time = turn.now, .party = "", .action = "try", .result = "ok"};
    assert_int_equal (audit_append (&turn, &head, NULL, &(struct evidence){.note = ""}), 0);
    subject_file_close (&file);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    assert_in_range (cost_of_opening (sim), before + LONG / TURN_UNIT_BYTES, before + 2 * LONG / TURN_UNIT_BYTES);
    assert_int_equal (begin (sim, &turn), 0);
    assert_int_equal (subject_file_open (&turn, adult, &file), 0);
    while ((rc = add (&turn, &file, LONG)) == 0)
        count++;
    assert_int_equal (rc, SUBJECT_FILE_FULL);
    assert_int_equal (count, SUBJECT_FILE_BYTES / LONG - 1);
    assert_int_equal (add (&turn, &file, 100), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
    subject_file_close (&file);
}

/* Appends a line with so much evidence, and reads it again. `tellings`: of so many parties. 0, or why it was not
   appended. */
static int append_long (struct simulation *sim, const struct evidence *evidence, size_t tellings,
                        struct audit_record *record, struct evidence *read)
{
    struct turn turn;
    static struct telling told[2000];
    const struct audit_head head = {.time = sim->wall, .party = "kernteam", .action = "try", .result = "ok"};
    assert_int_equal (begin (sim, &turn), 0);
    for (size_t i = 0; i < tellings; i++)
        told[i] = (struct telling){.party = "zorgaanbieder-met-een-lange-naam", .event = 1 << 20};
    turn.tellings = told;
    turn.telling_count = tellings;
    int rc = audit_append (&turn, &head, NULL, evidence);
    if (rc == 0) {
        assert_int_equal (audit_read (&turn, turn.state.audit_number, record), 0);
        assert_int_equal (audit_open (&turn, record, read), 0);
    }
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
    return rc;
}

/* What an export can hold of a line: what was asked is left out first, then who was told, and never the answer. */
static void test_no_line_is_longer_than_an_export_can_hold (void **state)
{
    struct simulation *sim = *state;
    static char asked[16384], answered[CODEC_ANSWER_LIMIT];
    struct audit_record record;
    struct evidence read;
    const struct {
        size_t asked, answered, told, asked_kept, told_kept;
    } cases[] = {
        {100, 100, 3, 100, 3},
        {16384, 45000, 3, 16384, 3},
        {16384, 50000, 3, 0, 3},
        {16384, 20000, 1000, 0, 1000},
        {0, 40000, 2000, 0, 0},
        {16384, CODEC_ANSWER_LIMIT, 2000, 0, 0},
        {16384, CODEC_ANSWER_LIMIT, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT (cases); i++) {
        struct evidence evidence = {.note = "asked 64 times in one batch",
                                    .user = "medewerker-17-met-een-lange-naam",
                                    .request = {asked, cases[i].asked},
                                    .reply = {answered, cases[i].answered}};
        assert_int_equal (append_long (sim, &evidence, cases[i].told, &record, &read), 0);
        assert_in_range (record.raw.size, 1, AUDIT_LINE_LIMIT);
        assert_int_equal (read.request.size, cases[i].asked_kept);
        assert_int_equal (read.reply.size, cases[i].answered);
        assert_int_equal (read.telling_count, cases[i].told_kept);
    }
    static char longer[70000];
    const struct evidence evidence = {.note = "", .reply = {longer, sizeof longer}};
    assert_int_equal (append_long (sim, &evidence, 0, &record, &read), -EMSGSIZE);
}

/* What a path of the program could forget. */
static struct turn turn;
static struct subject_file changed;

static void write_a_line (struct simulation *sim)
{
    (void)sim;
    const struct audit_head head = {.time = turn.now, .party = "", .action = "try", .result = "ok"};
    const struct evidence evidence = {.note = ""};
    audit_append (&turn, &head, NULL, &evidence);
}

static void open_it_again (struct simulation *sim)
{
    (void)sim;
    struct subject_file again;
    subject_file_open (&turn, adult, &again);
}

static void end_the_turn (struct simulation *sim)
{
    registry_end (&sim->registry, &turn, 0);
}

static void settle_first (struct simulation *sim)
{
    if (subject_file_settle (&turn, &changed) != 0)
        _exit (1);
    open_it_again (sim);
    write_a_line (sim);
    registry_end (&sim->registry, &turn, -1); /* the store is the other process's */
}

/* Does so in a process of its own, with a file that has changed. 0: it ended well; else the signal that ended it.
 */
static int signal_of (struct simulation *sim, void (*path) (struct simulation *))
{
    pid_t child = fork ();
    assert_true (child >= 0);
    if (child == 0) {
        signal (SIGABRT, SIG_DFL);
        setrlimit (RLIMIT_CORE, &(struct rlimit){0, 0});
        dup2 (open ("/dev/null", O_WRONLY), STDERR_FILENO);
        const struct received more = {.party = "cak", .categories = {(const char *[]){"naw"}, 1}};
        if (begin (sim, &turn) != 0 || subject_file_open (&turn, adult, &changed) != 0)
            _exit (1);
        subject_file_note_received (&turn, &changed, &more);
        path (sim);
        _exit (0);
    }
    int status;
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFSIGNALED (status) || WEXITSTATUS (status) == 0);
    return WIFSIGNALED (status) ? WTERMSIG (status) : 0;
}

static void test_a_path_that_forgets_to_write_the_record_ends_the_process (void **state)
{
    struct simulation *sim = *state;
    assert_int_equal (signal_of (sim, write_a_line), SIGABRT);
    assert_int_equal (signal_of (sim, open_it_again), SIGABRT);
    assert_int_equal (signal_of (sim, end_the_turn), SIGABRT);
    assert_int_equal (signal_of (sim, settle_first), 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_each_request_that_changes_a_subject_writes_its_record_once),
        ADULT_TEST (test_a_subject_that_was_not_known_begins_at_the_first_generation),
        ADULT_TEST (test_a_long_record_costs_more_and_has_a_longest),
        ADULT_TEST (test_no_line_is_longer_than_an_export_can_hold),
        ADULT_TEST (test_a_path_that_forgets_to_write_the_record_ends_the_process),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
