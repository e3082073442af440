/* What a subscriber thinks of each checkpoint that it is shown: each verdict, beside one that is fine. */
#include <stdlib.h>
#include <string.h>
#include "log_seen.h"
#include "signed_log.h"
#include "testing.h"

#define ORIGIN signed_log_origin
enum { SEEN_AT = 1764000000, SEEN = 100 };

/* What the registry shows, and the key texts and hashes in it. */
struct shown {
    struct log_told told;
    char note[SIGNED_LOG_NOTE];
    struct merkle_hash proof[MERKLE_PATH_LIMIT];
    char text[LOG_KEYS_KNOWN + 4][NOTE_KEY_TEXT_SIZE];
    char *texts[LOG_KEYS_KNOWN + 4];
};

static struct note_signer signer (unsigned number)
{
    return signed_log_signer (ORIGIN, NOTE_ED25519, number);
}

/* `log` as these signers show it to who has seen `earlier` lines. They are the keys that are told too. */
static void show (struct shown *self, const struct signed_log *log, uint64_t earlier,
                  const struct note_signer *signers, size_t count)
{
    *self = (struct shown){.told = {.earlier = earlier, .at = SEEN_AT + (int64_t)log->lines, .key_count = count}};
    self->told.note = (struct bytes){self->note, signed_log_note (log, signers, count, self->note)};
    if (earlier > 0 && earlier < log->lines)
        self->told.proof = (struct bytes){self->proof, signed_log_proof (log, earlier, self->proof)};
    for (size_t i = 0; i < count; i++) {
        note_key_write (&signers[i].key, self->text[i]);
        self->texts[i] = self->text[i];
    }
    self->told.keys = self->texts;
}

static enum log_verdict judge_given (struct log_seen *seen, const struct log_keys *given,
                                     const struct log_told *told)
{
    struct log_finding found;
    char sentence[LOG_SENTENCE_SIZE] = "";
    log_seen_judge (seen, given, told, &found);
    if (log_is_contradiction (found.verdict)) {
        log_seen_sentence (seen, &found, sentence);
        assert_string_not_equal (sentence, "");
    }
    if (found.verdict != LOG_SAME && found.verdict != LOG_CONTINUED)
        assert_memory_equal (&found.next, seen, sizeof *seen); /* nothing is learned from it */
    *seen = found.next;
    return found.verdict;
}

static enum log_verdict judge (struct log_seen *seen, const struct log_told *told)
{
    return judge_given (seen, &(struct log_keys){.count = 0}, told);
}

/* Who has seen 100 lines, signed by key 1. */
static struct log_seen *seen_before (void)
{
    struct log_seen *seen = calloc (1, sizeof *seen);
    struct shown *shown = malloc (sizeof *shown);
    struct note_signer one = signer (1);
    show (shown, &(struct signed_log){ORIGIN, SEEN, 0}, 0, &one, 1);
    assert_int_equal (judge (seen, &shown->told), LOG_CONTINUED);
    assert_int_equal (seen->checkpoint.size, SEEN);
    assert_int_equal (seen->at, SEEN_AT + SEEN);
    assert_int_equal (seen->note_size, shown->told.note.size);
    assert_memory_equal (seen->note, shown->note, seen->note_size);
    free (shown);
    return seen;
}

struct state {
    struct log_seen *seen;
    struct shown shown;
    struct note_signer one, two;
};

static int set_up (void **state)
{
    struct state *self = calloc (1, sizeof *self);
    self->seen = seen_before ();
    self->one = signer (1);
    self->two = signer (2);
    *state = self;
    return 0;
}

static int tear_down (void **state)
{
    struct state *self = *state;
    free (self->seen);
    free (self);
    return 0;
}

static enum log_verdict shown_log (struct state *self, const struct signed_log *log)
{
    show (&self->shown, log, SEEN, &self->one, 1);
    return judge (self->seen, &self->shown.told);
}

static void test_a_log_that_grows_continues (void **state)
{
    struct state *self = *state;
    for (uint64_t lines = SEEN + 1; lines <= SIGNED_LOG_LINES; lines += 33) {
        show (&self->shown, &(struct signed_log){ORIGIN, lines, 0}, self->seen->checkpoint.size, &self->one, 1);
        assert_int_equal (judge (self->seen, &self->shown.told), LOG_CONTINUED);
        assert_int_equal (self->seen->checkpoint.size, lines);
        assert_int_equal (self->seen->at, SEEN_AT + (int64_t)lines);
    }
}

static void test_the_same_again_is_the_same_and_was_seen_then (void **state)
{
    struct state *self = *state;
    assert_int_equal (shown_log (self, &(struct signed_log){ORIGIN, SEEN, 0}), LOG_SAME);
    self->shown.told.at++;
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_SAME);
    assert_int_equal (self->seen->at, SEEN_AT + SEEN);
}

static void test_fewer_lines_are_behind (void **state)
{
    struct state *self = *state;
    struct log_finding found;
    char sentence[LOG_SENTENCE_SIZE];
    assert_int_equal (shown_log (self, &(struct signed_log){ORIGIN, SEEN - 1, 0}), LOG_BEHIND);
    log_seen_judge (self->seen, &(struct log_keys){.count = 0}, &self->shown.told, &found);
    log_seen_sentence (self->seen, &found, sentence);
    assert_string_equal (sentence,
                         "the registry's log has 99 lines, and it signed 100 on 1970-01-21T10:00:00.100Z");
    self->seen->checkpoint.size = 1034567;
    log_seen_sentence (self->seen, &found, sentence);
    assert_non_null (strstr (sentence, "1,034,567"));
}

static void test_a_line_that_was_changed_is_rewritten (void **state)
{
    struct state *self = *state;
    for (uint64_t line = 1; line <= SEEN; line += 9) {
        assert_int_equal (shown_log (self, &(struct signed_log){ORIGIN, SEEN, line}), LOG_REWRITTEN);
        assert_int_equal (shown_log (self, &(struct signed_log){ORIGIN, 200, line}), LOG_REWRITTEN);
    }
    assert_int_equal (shown_log (self, &(struct signed_log){ORIGIN, 200, SEEN + 1}), LOG_CONTINUED);
}

static void test_a_proof_that_does_not_fit_is_rewritten (void **state)
{
    struct state *self = *state;
    const struct signed_log log = {ORIGIN, 200, 0};
    show (&self->shown, &log, SEEN, &self->one, 1);
    struct bytes whole = self->shown.told.proof;
    assert_true (whole.size > 2 * MERKLE_HASH_SIZE);
    for (size_t size = 0; size < whole.size; size++) {
        self->shown.told.proof.size = size;
        assert_int_equal (judge (self->seen, &self->shown.told), LOG_REWRITTEN);
    }
    self->shown.told.proof.size = sizeof self->shown.proof;
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_REWRITTEN);
    char *endless = calloc (1, sizeof self->shown.proof + MERKLE_HASH_SIZE);
    self->shown.told.proof = (struct bytes){endless, sizeof self->shown.proof + MERKLE_HASH_SIZE};
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_REWRITTEN);
    free (endless);
    self->shown.told.proof = whole;
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_CONTINUED);
}

/* A proof from another size than ours proves nothing of ours: it is asked again, and nothing is concluded. */
static void test_a_newer_one_without_the_proof_that_was_asked_is_unproven (void **state)
{
    struct state *self = *state;
    const uint64_t others[] = {0, SEEN - 1, SEEN + 1};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        show (&self->shown, &(struct signed_log){ORIGIN, 200, 0}, others[i], &self->one, 1);
        assert_int_equal (judge (self->seen, &self->shown.told), LOG_UNPROVEN);
    }
}

static void test_no_checkpoint_any_more_is_gone_and_none_at_all_is_nothing (void **state)
{
    struct state *self = *state;
    struct log_seen *never = calloc (1, sizeof *never);
    const struct log_told none = {.earlier = SEEN};
    assert_int_equal (judge (self->seen, &none), LOG_GONE);
    assert_int_equal (judge (never, &none), LOG_NOTHING);
    free (never);
}

static void test_another_key_is_unknown_even_where_it_is_told (void **state)
{
    struct state *self = *state;
    const struct signed_log log = {ORIGIN, 200, 0};
    show (&self->shown, &log, SEEN, &self->two, 1);
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_UNKNOWN);
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_UNKNOWN); /* nor was it learned meanwhile */
    assert_int_equal (shown_log (self, &log), LOG_CONTINUED);
}

static void test_a_signature_of_a_known_key_that_does_not_fit_spoils_it (void **state)
{
    struct state *self = *state;
    const struct note_signer both[] = {self->one, self->two};
    show (&self->shown, &(struct signed_log){ORIGIN, 200, 0}, SEEN, both, 2);
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_CONTINUED); /* both are known now */
    for (size_t i = 0; i < 2; i++) {
        show (&self->shown, &(struct signed_log){ORIGIN, 250, 0}, 200, both, 2);
        char *line = strstr (self->shown.note, "\n\n");
        for (size_t skip = 0; skip <= i; skip++)
            line = strstr (line + 2, "\xe2\x80\x94");
        line[strcspn (line, "\n") - 10] ^= 1;
        assert_int_equal (judge (self->seen, &self->shown.told), LOG_SPOILT);
    }
}

/* The key of another log, given beside ours, may sign its own log; that is not ours. */
static void test_the_log_of_another_name_is_another (void **state)
{
    struct state *self = *state;
    static const char other[] = "gemeente-anders.nl/toestemmingen";
    struct note_signer theirs = signed_log_signer (other, NOTE_ED25519, 3);
    const struct log_keys given = {.key = {theirs.key}, .count = 1};
    show (&self->shown, &(struct signed_log){other, 200, 0}, SEEN, &theirs, 1);
    assert_int_equal (judge_given (self->seen, &given, &self->shown.told), LOG_OTHER);
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_UNKNOWN);
    /* Nor may it sign a log with our name. */
    show (&self->shown, &(struct signed_log){ORIGIN, 200, 0}, SEEN, &theirs, 1);
    assert_int_equal (judge_given (self->seen, &given, &self->shown.told), LOG_UNKNOWN);
}

static void test_what_is_no_checkpoint_is_unreadable (void **state)
{
    struct state *self = *state;
    show (&self->shown, &(struct signed_log){ORIGIN, 200, 0}, SEEN, &self->one, 1);
    struct bytes whole = self->shown.told.note;
    for (size_t size = 1; size < whole.size; size += 7) {
        self->shown.told.note.size = size;
        assert_true (log_is_contradiction (judge (self->seen, &self->shown.told)));
    }
    char *large =
        malloc (LOG_NOTE_SIZE + 8192); /* a note as it should be, with signatures of keys that nobody knows */
    memcpy (large, whole.data, whole.size);
    size_t size = whole.size;
    for (; size <= LOG_NOTE_SIZE; size += 4007) {
        memcpy (large + size, "\xe2\x80\x94 n ", 6);
        memset (large + size + 6, 'A', 4000);
        large[size + 4006] = '\n';
        self->shown.told.note = (struct bytes){large, size};
        assert_int_not_equal (judge (self->seen, &self->shown.told), LOG_UNREADABLE);
    }
    self->shown.told.note = (struct bytes){large, size};
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_UNREADABLE);
    free (large);
    char no_root[] = "a.nl/b\n7\nnone\n\n\xe2\x80\x94 a.nl/b AAAAAAAA\n";
    self->shown.told.note = (struct bytes){no_root, strlen (no_root)};
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_UNREADABLE);
    self->shown.told.note = whole;
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_SAME);
}

/* --- Keys --------------------------------------------------------------------------------------------- */

static void test_at_first_contact_the_keys_that_are_told_are_believed (void **state)
{
    struct state *self = *state;
    struct log_seen *never = calloc (1, sizeof *never);
    const struct signed_log log = {ORIGIN, 200, 0};
    show (&self->shown, &log, 0, &self->one, 1);
    note_key_write (&self->two.key,
                    self->shown.text[0]); /* tells another key than has signed, as after a change */
    assert_int_equal (judge (never, &self->shown.told), LOG_NOTHING);
    self->shown.told.key_count = 0;
    assert_int_equal (judge (never, &self->shown.told), LOG_NOTHING);
    show (&self->shown, &log, 0, &self->one, 1);
    assert_int_equal (judge (never, &self->shown.told), LOG_CONTINUED);
    assert_int_equal (never->keys.count, 1);
    free (never);
}

static void test_where_keys_are_given_only_they_are_believed_at_first_contact (void **state)
{
    struct state *self = *state;
    struct log_seen *never = calloc (1, sizeof *never);
    const struct log_keys given = {.key = {self->two.key}, .count = 1};
    show (&self->shown, &(struct signed_log){ORIGIN, 200, 0}, 0, &self->one, 1);
    assert_int_equal (judge_given (never, &given, &self->shown.told), LOG_UNKNOWN);
    show (&self->shown, &(struct signed_log){ORIGIN, 200, 0}, 0, &self->two, 1);
    assert_int_equal (judge_given (never, &given, &self->shown.told), LOG_CONTINUED);
    free (never);
}

static void test_a_key_is_changed_while_both_sign (void **state)
{
    struct state *self = *state;
    const struct note_signer both[] = {self->one, self->two};
    show (&self->shown, &(struct signed_log){ORIGIN, SEEN, 0}, SEEN, both, 2);
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_SAME);
    assert_int_equal (self->seen->keys.count, 2);
    show (&self->shown, &(struct signed_log){ORIGIN, 200, 0}, SEEN, &self->two, 1);
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_CONTINUED);
    assert_int_equal (self->seen->keys.count, 1); /* the former one is believed no more */
    show (&self->shown, &(struct signed_log){ORIGIN, 250, 0}, 200, &self->one, 1);
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_UNKNOWN);
}

static void test_a_key_that_is_told_beside_a_known_one_that_signed_is_learned (void **state)
{
    struct state *self = *state;
    show (&self->shown, &(struct signed_log){ORIGIN, 150, 0}, SEEN, &self->one, 1);
    note_key_write (&self->two.key,
                    self->shown.text[0]); /* the old one has signed, and the new one signs from now on */
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_CONTINUED);
    assert_int_equal (self->seen->keys.count, 2);
    show (&self->shown, &(struct signed_log){ORIGIN, 200, 0}, 150, &self->two, 1);
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_CONTINUED);
}

static void test_what_is_told_as_a_key_and_is_none_for_this_log_is_not_learned (void **state)
{
    struct state *self = *state;
    struct note_signer witness = signed_log_signer (ORIGIN, NOTE_COSIGNATURE, 4);
    struct note_signer other = signed_log_signer ("gemeente-anders.nl", NOTE_ED25519, 5);
    show (&self->shown, &(struct signed_log){ORIGIN, 200, 0}, SEEN, &self->one, 1);
    note_key_write (&witness.key, self->shown.text[1]);
    note_key_write (&other.key, self->shown.text[2]);
    strcpy (self->shown.text[3], "no key");
    self->shown.told.key_count = 4;
    for (size_t i = 1; i < 4; i++)
        self->shown.texts[i] = self->shown.text[i];
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_CONTINUED);
    assert_int_equal (self->seen->keys.count, 1);
}

static void test_no_more_keys_are_kept_than_there_is_room_for (void **state)
{
    struct state *self = *state;
    struct note_signer many[LOG_KEYS_KNOWN + 4];
    for (unsigned i = 0; i < LOG_KEYS_KNOWN + 4; i++)
        many[i] = signer (40 + i);
    many[LOG_KEYS_KNOWN + 3] = self->one;
    show (&self->shown, &(struct signed_log){ORIGIN, 200, 0}, SEEN, many, LOG_KEYS_KNOWN + 4);
    assert_int_equal (judge (self->seen, &self->shown.told), LOG_CONTINUED);
    assert_int_equal (self->seen->keys.count, LOG_KEYS_KNOWN);
    assert_string_equal (self->seen->keys.key[0].name, ORIGIN);
    assert_memory_equal (&self->seen->keys.key[0], &self->one.key,
                         sizeof self->one.key); /* who signed comes first */
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (test_a_log_that_grows_continues),
        TEST (test_the_same_again_is_the_same_and_was_seen_then),
        TEST (test_fewer_lines_are_behind),
        TEST (test_a_line_that_was_changed_is_rewritten),
        TEST (test_a_proof_that_does_not_fit_is_rewritten),
        TEST (test_a_newer_one_without_the_proof_that_was_asked_is_unproven),
        TEST (test_no_checkpoint_any_more_is_gone_and_none_at_all_is_nothing),
        TEST (test_another_key_is_unknown_even_where_it_is_told),
        TEST (test_a_signature_of_a_known_key_that_does_not_fit_spoils_it),
        TEST (test_the_log_of_another_name_is_another),
        TEST (test_what_is_no_checkpoint_is_unreadable),
        TEST (test_at_first_contact_the_keys_that_are_told_are_believed),
        TEST (test_where_keys_are_given_only_they_are_believed_at_first_contact),
        TEST (test_a_key_is_changed_while_both_sign),
        TEST (test_a_key_that_is_told_beside_a_known_one_that_signed_is_learned),
        TEST (test_what_is_told_as_a_key_and_is_none_for_this_log_is_not_learned),
        TEST (test_no_more_keys_are_kept_than_there_is_room_for),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
