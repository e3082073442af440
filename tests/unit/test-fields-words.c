/* A message with words: each text stands in its bytes once, and every place that means it names it by number. What
   is read is what was written, whatever the texts are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "fields/words.h"
#include "record/record.h"
#include "record/record_parts.h"
#include "testing.h"

static struct arena *arena;

static int setup (void **state)
{
    (void)state;
    arena = arena_new (64 << 20);
    return 0;
}

static int teardown (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}

static struct message *const record = &records[RECORD_SUBJECT_FILE];

static bool read_bytes (const void *data, size_t size, struct subject_record *to)
{
    return fields_read (record, arena, arena_memdup (arena, data, size), size, to);
}

#define assert_read_as(bytes, expected)                                              \
    do {                                                                             \
        struct subject_record file_;                                                 \
        assert_int_equal (read_bytes (bytes, sizeof (bytes) - 1, &file_), expected); \
    } while (0)

static struct bytes written (const struct subject_record *from)
{
    struct bytes made = fields_write (record, from, arena);
    assert_int_equal (fields_size (record, from), made.size);
    return made;
}

static struct text_set one_text (const char *text)
{
    struct text_set set = {arena_array (arena, 1, sizeof text), 1};
    set.item[0] = text;
    return set;
}

/* Texts of its own, of each sort that a record has; the rest of it is the same for all. */
static struct statement statement_of (unsigned number)
{
    struct statement made = {.order = number + 1, STATEMENT_SILENT};
    made.scope.providers = one_text ("kernteam");
    made.scope.recipients = one_text (number % 2 == 0 ? "zorgaanbieder-horizon" : "cak");
    made.scope.categories = one_text (arena_printf (arena, "naw-%u", number % 3));
    made.scope.purpose = "toekenning";
    made.scope.case_ref = arena_printf (arena, "zaak-%u", number);
    made.motivation = arena_printf (arena, "omdat het %u keer moet", number);
    made.recorded_by = "kernteam";
    made.withdrawals = arena_alloc (arena, sizeof *made.withdrawals);
    made.withdrawal_count = 1;
    *made.withdrawals = (struct withdrawal){
        .recipients = one_text ("cak"), .withdrawn_by = "subject", .recorded_by = "kernteam", .user = ""};
    return made;
}

static struct subject_record record_of (unsigned count)
{
    struct subject_record made = {.generation = 1, .statement_count = count, .received_count = 1};
    made.statements = arena_array (arena, count, sizeof *made.statements);
    for (unsigned i = 0; i < count; i++)
        made.statements[i] = statement_of (i);
    made.received = arena_alloc (arena, sizeof *made.received);
    *made.received = (struct received){.party = "cak", .categories = one_text ("naw-1")};
    return made;
}

/* Both are of the same statements and parties, text for text, as a message without words says them. */
static void assert_same (const struct subject_record *one, const struct subject_record *other)
{
    assert_int_equal (one->statement_count, other->statement_count);
    assert_int_equal (one->received_count, other->received_count);
    for (size_t i = 0; i < one->statement_count; i++) {
        struct bytes a = fields_write (&records[RECORD_STATEMENT], &one->statements[i], arena);
        struct bytes b = fields_write (&records[RECORD_STATEMENT], &other->statements[i], arena);
        assert_int_equal (a.size, b.size);
        assert_memory_equal (a.data, b.data, a.size);
    }
    for (size_t i = 0; i < one->received_count; i++) {
        struct bytes a = fields_write (&records[RECORD_RECEIVED], &one->received[i], arena);
        struct bytes b = fields_write (&records[RECORD_RECEIVED], &other->received[i], arena);
        assert_int_equal (a.size, b.size);
        assert_memory_equal (a.data, b.data, a.size);
    }
}

static size_t count_of (struct bytes bytes, const char *text)
{
    const char *at = bytes.data, *end = at + bytes.size;
    size_t count = 0;
    while ((at = memmem (at, (size_t)(end - at), text, strlen (text))) != NULL)
        count++, at++;
    return count;
}

static void test_a_text_stands_once_however_often_it_is_meant (void **state)
{
    (void)state;
    const struct subject_record file = record_of (12);
    struct subject_record read;
    struct bytes bytes = written (&file);
    assert_int_equal (count_of (bytes, "kernteam"), 1);
    assert_int_equal (count_of (bytes, "cak"), 1);
    assert_int_equal (count_of (bytes, "toekenning"), 1);
    assert_true (read_bytes (bytes.data, bytes.size, &read));
    assert_same (&file, &read);
    assert_ptr_equal (read.statements[0].scope.purpose, read.statements[11].scope.purpose);
}

static void test_what_was_read_is_written_as_it_was (void **state)
{
    (void)state;
    const struct subject_record file = record_of (12);
    struct subject_record read;
    struct bytes bytes = written (&file);
    assert_true (read_bytes (bytes.data, bytes.size, &read));
    struct bytes again = written (&read);
    assert_int_equal (again.size, bytes.size);
    assert_memory_equal (again.data, bytes.data, bytes.size);
}

/* More texts than there are words, and a statement that has none at all. */
static void test_texts_that_become_no_words_stand_where_they_are_meant (void **state)
{
    (void)state;
    struct subject_record file = record_of (2 * WORDS), read;
    file.statements[7] =
        (struct statement){.order = 8, STATEMENT_SILENT, .scope = {.purpose = "", .case_ref = ""}};
    struct bytes bytes = written (&file);
    assert_true (read_bytes (bytes.data, bytes.size, &read));
    assert_int_equal (read.words.count, WORDS);
    assert_same (&file, &read);
    assert_int_equal (count_of (bytes, "toekenning"), 1);
    assert_int_equal (count_of (bytes, "omdat het 0 keer moet"), 1);
}

/* Texts that have one place in the table, as somebody could choose them. */
static void test_texts_that_want_one_place_are_told_apart (void **state)
{
    (void)state;
    struct subject_record file = record_of (64), read;
    unsigned found = 0, place = 0;
    for (unsigned i = 0; found < file.statement_count; i++) {
        struct words words = {.count = 0};
        const char *text = arena_printf (arena, "zaak-%u", i);
        assert_int_equal (words_number (&words, text), 1);
        const uint8_t *slot = memchr (words.slots, 1, sizeof words.slots);
        if (i == 0)
            place = (unsigned)(slot - words.slots);
        if ((unsigned)(slot - words.slots) == place)
            file.statements[found++].scope.case_ref = text;
    }
    struct bytes bytes = written (&file);
    assert_true (read_bytes (bytes.data, bytes.size, &read));
    assert_same (&file, &read);
    assert_in_range (read.words.count, 64, 80); /* of these few become words: the search for a place is bounded */
}

static void test_an_empty_text_of_a_list_stays_one (void **state)
{
    (void)state;
    struct subject_record file = record_of (1), read;
    file.statements[0].scope.categories = one_text ("");
    struct bytes bytes = written (&file);
    assert_true (read_bytes (bytes.data, bytes.size, &read));
    assert_same (&file, &read);
    assert_int_equal (read.statements[0].scope.categories.count, 1);
}

/* By hand. 8: words; 10: received: 1 categories, 4 party */
static void test_a_number_that_is_of_no_word_is_damaged (void **state)
{
    (void)state;
    struct subject_record file;
    assert_read_as ("\x42\x03naw\x52\x02\x08\x01", true);
    assert_read_as ("\x42\x03naw\x52\x02\x20\x01", true);
    assert_read_as ("\x42\x03naw\x52\x05\x0a\x03"
                    "bsn",
                    true); /* a text where it is meant */
    assert_true (read_bytes ("\x42\x03naw\x42\x03"
                             "bsn\x52\x04\x20\x02\x08\x01",
                             16, &file));
    assert_string_equal (file.received[0].party, "bsn");
    assert_string_equal (file.received[0].categories.item[0], "naw");

    assert_read_as ("\x42\x03naw\x52\x02\x08\x00", false);
    assert_read_as ("\x42\x03naw\x52\x02\x08\x02", false);
    assert_read_as ("\x42\x03naw\x52\x02\x20\x00", false);
    assert_read_as ("\x42\x03naw\x52\x02\x20\x02", false);
    assert_read_as ("\x42\x03naw\x52\x0b\x20\x81\x80\x80\x80\x80\x80\x80\x80\x80\x01", false); /* 2^63 + 1 */
    assert_read_as ("\x52\x02\x08\x01\x42\x03naw", false);                                     /* no word yet */
    assert_read_as ("\x52\x02\x08\x01", false);
    assert_read_as ("\x40\x01", false); /* a word is no number itself */
    struct received *read = arena_alloc (arena, sizeof *read);
    uint8_t bare[] = {0x08, 1};
    assert_false (fields_read (&records[RECORD_RECEIVED], arena, bare, sizeof bare, read)); /* has no words */
}

static void test_words_that_are_cut_off_or_flipped_are_read_or_refused (void **state)
{
    (void)state;
    const struct subject_record file = record_of (3);
    struct bytes whole = written (&file);
    size_t refused = 0, taken = 0;
    for (size_t at = 0; at < whole.size; at++) {
        struct arena_mark mark = arena_mark (arena);
        struct subject_record read;
        refused += !read_bytes (whole.data, at, &read);
        for (unsigned bit = 0; bit < 8; bit++) {
            uint8_t *flipped = arena_memdup (arena, whole.data, whole.size);
            flipped[at] ^= (uint8_t)(1 << bit);
            if (!read_bytes (flipped, whole.size, &read))
                refused++;
            else
                taken += written (&read).size > 0; /* what is read is a record like another */
        }
        arena_release (arena, mark);
    }
    assert_true (refused > 500 && taken > 500);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_text_stands_once_however_often_it_is_meant),
        cmocka_unit_test (test_what_was_read_is_written_as_it_was),
        cmocka_unit_test (test_texts_that_become_no_words_stand_where_they_are_meant),
        cmocka_unit_test (test_texts_that_want_one_place_are_told_apart),
        cmocka_unit_test (test_an_empty_text_of_a_list_stays_one),
        cmocka_unit_test (test_a_number_that_is_of_no_word_is_damaged),
        cmocka_unit_test (test_words_that_are_cut_off_or_flipped_are_read_or_refused),
    };
    return cmocka_run_group_tests_name ("fields-words", tests, setup, teardown);
}
