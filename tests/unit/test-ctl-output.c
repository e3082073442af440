/* What consentctl writes: times, tables, JSON, and a new instance's configuration. */
#include <locale.h>
#include <string.h>
#include "arena.h"
#include "config/config.h"
#include "ctl.h"
#include "obligation/duty.h"
#include "envelope.pb-c.h"
#include "check/code_words.h"
#include "codec/document.h"
#include "moments.h"
#include "operate/setup_files.h"
#include "table.h"
#include "testing.h"

static moment at (const char *text)
{
    moment when;
    assert_true (moment_parse (text, &when));
    return when;
}

static void assert_shown (moment when, const char *expected)
{
    char text[MOMENT_TEXT];
    moment back;
    assert_string_equal (moment_print (when, text), expected);
    if (when != 0 && when != MOMENT_NEVER) { /* and what is shown can be typed back */
        assert_true (moment_parse (text, &back));
        assert_int_equal (back, when - when % 60000);
    }
}

static void test_moments_are_shown_as_the_clock_in_amsterdam_shows_them (void **state)
{
    (void)state;
    assert_shown (at ("2026-11-21T19:04:00Z"), "2026-11-21 20:04+01");
    assert_shown (at ("2026-07-01T22:30:00Z"), "2026-07-02 00:30+02");
    assert_shown (at ("2026-03-29T00:59:59Z"), "2026-03-29 01:59+01"); /* the clock goes forward */
    assert_shown (at ("2026-03-29T01:00:00Z"), "2026-03-29 03:00+02");
    assert_shown (at ("2026-10-25T00:30:00Z"), "2026-10-25 02:30+02"); /* and back */
    assert_shown (at ("2026-10-25T01:30:00Z"), "2026-10-25 02:30+01");
    assert_shown (at ("2026-10-25T22:59:00Z"), "2026-10-25 23:59+01");
    assert_shown (0, "-");
    assert_shown (MOMENT_NEVER, "-");
}

static void test_moments_are_read_in_dutch_time_unless_they_say_otherwise (void **state)
{
    (void)state;
    assert_int_equal (at ("1970-01-01T00:00:00Z"), 0);
    assert_int_equal (at ("2026-11-21T20:04:05.250Z"), INT64_C (1795291445250));
    assert_int_equal (at ("2026-11-21 21:04"), at ("2026-11-21T20:04:00Z"));
    assert_int_equal (at ("2026-07-01T12:00"), at ("2026-07-01T10:00:00Z"));
    assert_int_equal (at ("2026-11-21T20:04:05-05:30"), at ("2026-11-22T01:34:05Z"));
    assert_int_equal (at ("2026-03-29 12:00"), at ("2026-03-29T10:00:00Z"));
    assert_int_equal (at ("2026-10-25 12:00"), at ("2026-10-25T11:00:00Z"));
    assert_int_equal (at ("2026-10-25 01:00"), at ("2026-10-24T23:00:00Z"));
    assert_int_equal (at ("2026-11-21"), at ("2026-11-20T23:00:00Z"));
    static const char *const wrong[] = {"",
                                        "2026",
                                        "2026-02-30",
                                        "2026-11-21 24:00",
                                        "2026-11-21 12:60",
                                        "2026-11-21T12",
                                        "2026-11-21x12:00",
                                        "2026-11-21 12:00 ",
                                        "2026-11-21T12:00:00+1",
                                        "21-11-2026"};
    moment when;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false (moment_parse (wrong[i], &when));
}

static void test_a_last_day_counts_itself (void **state)
{
    (void)state;
    moment end;
    char text[MOMENT_TEXT], day[11];
    assert_true (moment_parse_end ("2027-03-31", &end));
    assert_int_equal (end, at ("2027-04-01"));
    assert_string_equal (moment_print_end (end, text), "2027-03-31");
    assert_string_equal (moment_print_end (end + 60000, text), "2027-04-01 00:01+02");
    assert_true (day_after ("2028-02-28", day));
    assert_string_equal (day, "2028-02-29");
    assert_true (day_before ("2027-01-01", day));
    assert_string_equal (day, "2026-12-31");
    assert_true (day_before ("", day));
    assert_string_equal (day, "");
    assert_false (day_after ("2027-13-01", day));
}

static void test_a_moment_is_cut_off_whatever_colons_stand_before_it (void **state)
{
    (void)state;
    moment when = -1;
    char signer[] = "ouder:1:2026-11-21 20:04", plain[] = "ouder:1";
    assert_true (moment_cut (signer, &when));
    assert_string_equal (signer, "ouder:1");
    assert_int_equal (when, at ("2026-11-21 20:04"));
    assert_false (moment_cut (plain, &when));
    assert_string_equal (plain, "ouder:1");
}

static void test_what_could_steer_a_terminal_is_not_printed (void **state)
{
    (void)state;
    struct arena *arena = arena_new (1 << 16);
    assert_string_equal (table_clean (arena, "a\033[2Jb\nc\xff"), "a\\x1b[2Jb\\nc\\xff");
    assert_string_equal (table_clean (arena, "geïnformeerd"), "geïnformeerd");
    assert_string_equal (table_cut (arena, "\u202eab", 8), "\\u202eab");
    assert_string_equal (table_cut (arena, "\u202eabc", 8), "\\u202ea…");
    arena_destroy (&arena);
}

static void test_a_reply_as_json_has_the_names_of_the_protocol (void **state)
{
    (void)state;
    Consentd__Reply reply;
    Consentd__CheckReply check;
    Consentd__ItemVerdict item, *items[] = {&item};
    consentd__reply__init (&reply);
    consentd__check_reply__init (&check);
    consentd__item_verdict__init (&item);
    uint8_t id[2] = {0x0a, 0xff};
    uint32_t denied[] = {0};
    char naw[] = "naw";
    item.category = naw;
    item.verdict = CONSENTD__VERDICT__DENY;
    check.items = items;
    check.n_items = 1;
    check.denied = denied;
    check.n_denied = 1;
    check.decision = UINT64_C (1) << 40;
    check.evaluated_at = at ("2026-11-21T20:04:05.250Z");
    check.subject_ref = (ProtobufCBinaryData){2, id};
    reply.status = CONSENTD__STATUS__OK;
    reply.replayed = true;
    reply.body_case = CONSENTD__REPLY__BODY_CHECK;
    reply.check = &check;
    json_t *json = document_of_message (&reply.base), *body = json_object_get (json, "check");
    assert_string_equal (json_string_value (json_object_get (json, "status")), "OK");
    assert_true (json_is_true (json_object_get (json, "replayed")));
    assert_null (json_object_get (json, "revoke"));
    assert_string_equal (json_string_value (json_object_get (body, "subject_ref")), "0aff");
    assert_string_equal (json_string_value (json_object_get (body, "evaluated_at")), "2026-11-21T20:04:05.250Z");
    assert_true (json_is_null (json_object_get (body, "until")));
    assert_int_equal (json_integer_value (json_object_get (body, "decision")), INT64_C (1) << 40);
    assert_int_equal (json_array_size (json_object_get (body, "denied")), 1);
    json_t *first = json_array_get (json_object_get (body, "items"), 0);
    assert_string_equal (json_string_value (json_object_get (first, "category")), "naw");
    assert_string_equal (json_string_value (json_object_get (first, "verdict")), "DENY");
    assert_true (json_is_null (json_object_get (first, "ground")));
    assert_int_equal (json_array_size (json_object_get (first, "reasons")), 0);
    json_decref (json);
}

static void test_the_status_of_each_check_of_a_batch_has_its_name (void **state)
{
    (void)state;
    Consentd__BatchAnswer answer;
    consentd__batch_answer__init (&answer);
    answer.status = CONSENTD__STATUS__INVALID;
    json_t *json = document_of_message (&answer.base);
    assert_string_equal (json_string_value (json_object_get (json, "status")), "INVALID");
    json_decref (json);
}

static void test_every_code_of_the_protocol_is_explained (void **state)
{
    (void)state;
    for (unsigned i = 0; i < consentd__code__descriptor.n_values; i++) {
        Consentd__Code one = (Consentd__Code)consentd__code__descriptor.values[i].value;
        if (one != CONSENTD__CODE__CODE_UNSPECIFIED)
            assert_int_equal (code_words_of (one)->code, one);
    }
    assert_non_null (code_words_of ((Consentd__Code)9999)->english);
}

/* A directory of this test, and the two files in it. */
static char directory[] = "/tmp/test-ctl-XXXXXX", template[64], filled[64];

static void write_template (const char *text)
{
    remove (filled);
    FILE *out = fopen (template, "w");
    assert_non_null (out);
    fputs (text, out);
    fclose (out);
}

static const char *read_filled (void)
{
    static char text[4096];
    FILE *in = fopen (filled, "r");
    assert_non_null (in);
    text[fread (text, 1, sizeof text - 1, in)] = '\0';
    fclose (in);
    return text;
}

static void test_a_code_is_explained_in_both_languages (void **state)
{
    (void)state;
    struct arena *arena = arena_new (1 << 20);
    for (unsigned i = 0; i < consentd__code__descriptor.n_values; i++) {
        const struct code_words *words =
            code_words_of ((Consentd__Code)consentd__code__descriptor.values[i].value);
        const char *text = code_words_in_both (arena, words);
        assert_non_null (strstr (text, words->english));
        assert_non_null (strstr (text, words->dutch));
    }
    arena_destroy (&arena);
}

static void test_a_template_keeps_its_comments_and_their_column (void **state)
{
    (void)state;
    const struct setup_value values[] = {{"name", "a longer value"}, {"part/name", "x"}, {"part/other", NULL}};
    write_template ("#   name = \"in a comment\"\n"
                    "name = \"a\"                #   what it is\n"
                    "\n"
                    "part\n"
                    "    name = \"abc\"          #   too\n"
                    "    other = \"o\"\n");
    assert_int_equal (setup_fill_template (template, filled, values, 3), 0);
    assert_string_equal (read_filled (), "#   name = \"in a comment\"\n"
                                         "name = \"a longer value\"   #   what it is\n"
                                         "\n"
                                         "part\n"
                                         "    name = \"x\"            #   too\n"
                                         "    other = \"o\"\n");
}

static void test_a_template_without_a_setting_is_refused (void **state)
{
    (void)state;
    const struct setup_value values[] = {{"part/name", "x"}};
    write_template ("name = \"a\"\nother\n    name = \"b\"\n");
    assert_int_equal (setup_fill_template (template, filled, values, 1), EX_CONFIG);
}

static void test_a_value_cannot_break_out_of_its_quotes (void **state)
{
    (void)state;
    const struct setup_value values[] = {{"name", "x\"\nroles"}};
    write_template ("name = \"a\"\n");
    assert_int_equal (setup_fill_template (template, filled, values, 1), EX_USAGE);
}

static void test_the_shipped_example_is_a_template_that_the_daemon_reads (void **state)
{
    (void)state;
    const struct setup_value values[] = {{"controller", "Gemeente Test"},
                                         {"listen/requests", "tcp://127.0.0.1:7611"}};
    struct settings_error error;
    struct config *config;
    remove (filled);
    assert_int_equal (setup_fill_template (CONFIG_DIR "/consentd.conf", filled, values, 2), 0);
    assert_int_equal (config_read (&config, filled, &error), 0);
    assert_string_equal (config->controller, "Gemeente Test");
    assert_string_equal (config->requests, "tcp://127.0.0.1:7611");
    config_destroy (&config);
}

static int make_directory (void **state)
{
    (void)state;
    setlocale (LC_CTYPE, "C.UTF-8");
    if (!mkdtemp (directory))
        return -1;
    snprintf (template, sizeof template, "%s/template", directory);
    snprintf (filled, sizeof filled, "%s/filled", directory);
    return 0;
}

static int remove_directory (void **state)
{
    (void)state;
    remove (template);
    remove (filled);
    return remove (directory);
}

static void test_an_obligation_is_overdue_from_its_date_on_until_it_is_done (void **state)
{
    (void)state;
    struct ctl ctl = {.arena = arena_new (1 << 16)};
    Consentd__Duty duty;
    consentd__duty__init (&duty);
    duty.due = at ("2026-05-16");
    assert_string_equal (duty_state (&ctl, &duty, duty.due - 1), "open");
    assert_string_equal (duty_state (&ctl, &duty, duty.due), "overdue");
    duty.deferred_at = duty.due - 1000;
    assert_string_equal (duty_state (&ctl, &duty, duty.due - 1), "put off");
    assert_string_equal (duty_state (&ctl, &duty, duty.due), "overdue");
    duty.done_at = at ("2026-05-20 10:00");
    assert_string_equal (duty_state (&ctl, &duty, duty.done_at), "done 2026-05-20 10:00+02");
    duty.done_by = "medewerker-3";
    assert_string_equal (duty_state (&ctl, &duty, duty.done_at), "done 2026-05-20 10:00+02 by medewerker-3");
    arena_destroy (&ctl.arena);
}

static void test_obligations_that_are_reported_have_a_name_and_words (void **state)
{
    (void)state;
    Consentd__Obligation kind;
    static const char *const names[] = {"inform-subject", "inform-representative", "inform-youth",
                                        "record-in-plan"};
    for (int i = 0; i < 4; i++) {
        Consentd__Obligation wanted = (Consentd__Obligation)(CONSENTD__OBLIGATION__INFORM_SUBJECT + i);
        assert_true (duty_parse_kind (names[i], &kind));
        assert_int_equal (kind, wanted);
        assert_true (duty_parse_kind (consent_name (&consentd__obligation__descriptor, (int)wanted), &kind));
        assert_int_equal (kind, wanted);
        assert_null (strstr (duty_words (kind), "too old"));
    }
    assert_false (duty_parse_kind ("keep-secret", &kind));
    assert_false (duty_parse_kind ("", &kind));
    assert_non_null (strstr (duty_words (CONSENTD__OBLIGATION__KEEP_SECRET), "too old"));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_an_obligation_is_overdue_from_its_date_on_until_it_is_done),
        cmocka_unit_test (test_obligations_that_are_reported_have_a_name_and_words),
        cmocka_unit_test (test_moments_are_shown_as_the_clock_in_amsterdam_shows_them),
        cmocka_unit_test (test_moments_are_read_in_dutch_time_unless_they_say_otherwise),
        cmocka_unit_test (test_a_last_day_counts_itself),
        cmocka_unit_test (test_a_moment_is_cut_off_whatever_colons_stand_before_it),
        cmocka_unit_test (test_what_could_steer_a_terminal_is_not_printed),
        cmocka_unit_test (test_a_reply_as_json_has_the_names_of_the_protocol),
        cmocka_unit_test (test_the_status_of_each_check_of_a_batch_has_its_name),
        cmocka_unit_test (test_every_code_of_the_protocol_is_explained),
        cmocka_unit_test (test_a_code_is_explained_in_both_languages),
        cmocka_unit_test (test_a_template_keeps_its_comments_and_their_column),
        cmocka_unit_test (test_a_template_without_a_setting_is_refused),
        cmocka_unit_test (test_a_value_cannot_break_out_of_its_quotes),
        cmocka_unit_test (test_the_shipped_example_is_a_template_that_the_daemon_reads),
    };
    return cmocka_run_group_tests (tests, make_directory, remove_directory);
}
