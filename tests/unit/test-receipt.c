/* Receipts, of every kind, without a registry: each field that is changed is found, and named; and the short code.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "made_receipt.h"
#include "letter/letter_document.h"
#include "receipt/receipt_code.h"
#include "receipt/receipt_told.h"
#include "testing.h"

enum { MEMORY = 64 << 20, PLACE = 512 };

/* A receipt that is judged again and again. */
struct trial {
    struct arena *arena;
    struct log_trust trust;
    json_t *whole; /* as it was made */
    unsigned tried;
};

/* What does not fit in this text; NULL: all fits. */
static const char *judge (struct trial *self, const char *text)
{
    struct receipt_file file;
    struct receipt_judged *judged = arena_alloc (self->arena, sizeof *judged);
    const char *problem = receipt_file_read (&file, self->arena, (struct bytes){text, strlen (text)});
    if (problem == NULL)
        problem = receipt_judge (&file, &self->trust, self->arena, judged);
    receipt_file_clear (&file);
    return problem;
}

static void begin (struct trial *self, enum made_kind kind)
{
    *self = (struct trial){.arena = arena_new (MEMORY), .trust = made_trust ()};
    char *text = made_receipt (self->arena, kind);
    const char *problem = judge (self, text);
    if (problem != NULL)
        fail_msg ("kind %d: %s", kind, problem);
    self->whole = json_loads (text, 0, NULL);
    assert_non_null (self->whole);
    free (text);
}

static void end (struct trial *self)
{
    json_decref (self->whole);
    arena_destroy (&self->arena);
}

/* What is in `whole` now proves nothing, and what does not fit is at that place. */
static void assert_found (struct trial *self, const char *place)
{
    struct arena_mark mark = arena_mark (self->arena);
    char *text = json_dumps (self->whole, JSON_COMPACT);
    const char *problem = judge (self, text);
    if (problem == NULL)
        fail_msg ("%s was changed, and that is not found", place);
    if (place[0] != 0 && strstr (problem, place) == NULL)
        fail_msg ("%s was changed, and told is: %s", place, problem);
    free (text);
    arena_release (self->arena, mark);
    self->tried++;
}

static json_t *otherwise (const json_t *value)
{
    if (json_is_string (value))
        return json_string (json_string_length (value) > 0 ? "" : "x");
    if (json_is_boolean (value))
        return json_boolean (!json_boolean_value (value));
    return json_is_null (value) ? json_integer (0) : json_null ();
}

static void change_all (struct trial *self, json_t *node, const char *place);

static void change_member (struct trial *self, json_t *object, const char *key, const char *place)
{
    json_t *value = json_incref (json_object_get (object, key));
    json_t *others[] = {otherwise (value), json_object (), json_array (), json_integer (7), NULL};
    for (size_t i = 0; i < COUNT (others); i++) {
        if (others[i] == NULL)
            json_object_del (object, key);
        else
            json_object_set_new (object, key, json_incref (others[i]));
        if (others[i] == NULL || !json_equal (others[i], value))
            assert_found (self, place);
        json_decref (others[i]);
        json_object_set (object, key, value);
    }
    change_all (self, value, place);
    json_decref (value);
}

/* Every member and every element in turn: another value, a value of another sort, and none; and one more. */
static void change_all (struct trial *self, json_t *node, const char *place)
{
    char at[PLACE];
    if (json_is_object (node)) {
        size_t count = json_object_size (node);
        const char **keys = calloc (count + 1, sizeof *keys), *key;
        json_t *value;
        size_t i = 0;
        json_object_foreach (node, key, value) keys[i++] = key;
        for (i = 0; i < count; i++) {
            snprintf (at, sizeof at, "%s%s%s", place, *place ? " > " : "", keys[i]);
            char *own = strdup (keys[i]); /* the key in the object goes when it is deleted */
            if (*place || (strcmp (own, RECEIPT_EVIDENCE) != 0 && strcmp (own, RECEIPT_WORDS) != 0))
                change_member (self, node, own, at);
            free (own);
        }
        free (keys);
        json_object_set_new (node, "dct:extra", json_null ());
        assert_found (self, "dct:extra");
        json_object_del (node, "dct:extra");
    }
    for (size_t i = 0; json_is_array (node) && i < json_array_size (node); i++) {
        json_t *value = json_incref (json_array_get (node, i));
        snprintf (at, sizeof at, "%s > %zu", place, i + 1);
        json_array_set_new (node, i, json_integer (7));
        assert_found (self, at);
        json_array_remove (node, i);
        assert_found (self, place);
        json_array_insert (node, i, value);
        json_array_append (node, value);
        assert_found (self, place);
        json_array_remove (node, json_array_size (node) - 1);
        change_all (self, value, at);
        json_decref (value);
    }
}

static void test_every_field_of_every_kind_is_compared_with_the_line (void **state)
{
    unsigned tried = 0;
    (void)state;
    for (int kind = 0; kind < MADE_KINDS; kind++) {
        struct trial trial;
        begin (&trial, (enum made_kind)kind);
        char *before = json_dumps (trial.whole, JSON_SORT_KEYS);
        change_all (&trial, trial.whole, "");
        char *after = json_dumps (trial.whole, JSON_SORT_KEYS);
        assert_string_equal (before, after); /* each change was taken back */
        free (before);
        free (after);
        tried += trial.tried;
        end (&trial);
    }
    print_message ("%u changes\n", tried);
    assert_in_range (tried, 2000, 100000);
}

static void test_every_byte_of_the_proofs_counts (void **state)
{
    struct trial trial;
    (void)state;
    begin (&trial, MADE_CONSENT);
    json_t *evidence = json_object_get (trial.whole, RECEIPT_EVIDENCE), *entry;
    size_t index;
    json_array_foreach (evidence, index, entry)
    {
        static const char *const keys[] = {"consentd:tlogProof", "consentd:key"};
        for (size_t k = 0; k < COUNT (keys); k++) {
            char *text = strdup (json_string_value (json_object_get (entry, keys[k]))), *at;
            for (at = text; *at != 0; at++) {
                char was = *at;
                *at = was == 'A' ? 'B' : 'A';
                json_object_set_new (entry, keys[k], json_string (text));
                *at = was;
                if (json_object_get (entry, keys[k]) != NULL) /* half of the dash is no UTF-8 */
                    assert_found (&trial, "");
            }
            json_object_set_new (entry, keys[k], json_string (text));
            free (text);
        }
    }
    assert_in_range (trial.tried, 2000, 100000);
    end (&trial);
}

static void test_lines_that_do_not_belong_together_prove_nothing (void **state)
{
    struct trial trial;
    (void)state;
    begin (&trial, MADE_CONSENT);
    json_t *evidence = json_object_get (trial.whole, RECEIPT_EVIDENCE);
    json_t *first = json_incref (json_array_get (evidence, 0)), *second = json_array_get (evidence, 1);
    json_array_set (evidence, 0, second);
    assert_found (&trial, "de regels horen niet bij elkaar"); /* it begins with a withdrawal */
    json_array_set (evidence, 0, first);
    json_array_append (evidence, first);
    assert_found (&trial, "de regels horen niet bij elkaar");
    json_array_remove (evidence, json_array_size (evidence) - 1);
    json_array_insert (evidence, 1, json_array_get (evidence, 2));
    assert_found (&trial, "de regels horen niet bij elkaar"); /* and they rise */
    json_decref (first);
    end (&trial);
}

/* What is printed of every kind, with and without words. */
static void test_every_kind_is_told (void **state)
{
    (void)state;
    for (int kind = 0; kind < MADE_KINDS; kind++) {
        struct trial trial;
        struct receipt_file file;
        begin (&trial, (enum made_kind)kind);
        struct receipt_judged *judged = arena_alloc (trial.arena, sizeof *judged);
        char *text = json_dumps (trial.whole, 0);
        assert_null (receipt_file_read (&file, trial.arena, (struct bytes){text, strlen (text)}));
        assert_null (receipt_judge (&file, &trial.trust, trial.arena, judged));
        for (int with_words = 0; with_words < 2; with_words++) {
            struct letter_document document = letter_document_start (trial.arena);
            receipt_tell (judged, &trial.trust, with_words ? json_object_get (file.claims, RECEIPT_WORDS) : NULL,
                          &document);
            assert_string_equal (document.title, "Dit bewijs klopt");
        }
        receipt_file_clear (&file);
        free (text);
        end (&trial);
    }
}

/* --- The code ----------------------------------------------------------------------------------------- */

static void code_of (unsigned seed, char code_text[RECEIPT_CODE_SIZE])
{
    struct merkle_hash leaf = merkle_leaf ((struct bytes){&seed, sizeof seed});
    receipt_code_write (1 + (uint64_t)seed * seed * 7919, &leaf, code_text);
}

static bool is_read_as (const char *typed, const char *expected)
{
    char read[RECEIPT_CODE_SIZE];
    return receipt_code_read (typed, read) && strcmp (read, expected) == 0;
}

static void test_a_code_that_was_taken_over_wrongly_is_no_code (void **state)
{
    static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    unsigned tried = 0;
    (void)state;
    for (unsigned seed = 0; seed < 50; seed++) {
        char made[RECEIPT_CODE_SIZE], typed[RECEIPT_CODE_SIZE], read[RECEIPT_CODE_SIZE];
        code_of (seed, made);
        assert_true (is_read_as (made, made));
        size_t size = strlen (made);
        for (size_t i = 0; i < size; i++)
            for (const char *sign = signs; *sign != 0; sign++) {
                memcpy (typed, made, sizeof typed);
                if (made[i] == *sign || made[i] == '-')
                    continue;
                typed[i] = *sign;
                assert_false (receipt_code_read (typed, read));
                tried++;
            }
        for (size_t i = 0; i < size; i++)
            for (size_t j = i + 1; j < size; j++) {
                memcpy (typed, made, sizeof typed);
                typed[i] = made[j], typed[j] = made[i];
                if (made[i] == made[j] || made[i] == '-' || made[j] == '-')
                    continue;
                assert_false (receipt_code_read (typed, read));
                tried++;
            }
    }
    assert_in_range (tried, 30000, 100000);
}

static void test_a_code_is_read_as_people_write_it (void **state)
{
    char made[RECEIPT_CODE_SIZE], typed[2 * RECEIPT_CODE_SIZE];
    struct merkle_hash leaf = {{0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf}};
    (void)state;
    receipt_code_write (10, &leaf, made);
    assert_int_equal (strncmp (made, "10-0123-4567-89AB-CDE", 21), 0);
    snprintf (typed, sizeof typed, "10 oi23 4567 89ab cde%c", made[21]);
    assert_true (is_read_as (typed, made));
    snprintf (typed, sizeof typed, "10-Ol234567 89ab-cde%c", made[21]);
    assert_true (is_read_as (typed, made));
    receipt_code_write (UINT64_MAX, &leaf, made); /* the longest one */
    assert_true (is_read_as (made, made));
}

static void test_what_is_no_code_is_none (void **state)
{
    static const char *const wrong[] = {"",
                                        "-",
                                        "12",
                                        "12-",
                                        "0123456789ABCDE",
                                        "012-0123-4567-89AB-CDEF",
                                        "x-0123-4567-89AB-CDEF",
                                        "10-0123-4567-89AB-CDUF",
                                        "10-0123-4567-89AB-CD\xc3\xab",
                                        "123456789012345678901-0123-4567-89AB-CDEF"};
    char read[RECEIPT_CODE_SIZE];
    (void)state;
    for (size_t i = 0; i < COUNT (wrong); i++)
        assert_false (receipt_code_read (wrong[i], read));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_every_field_of_every_kind_is_compared_with_the_line),
        cmocka_unit_test (test_every_byte_of_the_proofs_counts),
        cmocka_unit_test (test_lines_that_do_not_belong_together_prove_nothing),
        cmocka_unit_test (test_every_kind_is_told),
        cmocka_unit_test (test_a_code_that_was_taken_over_wrongly_is_no_code),
        cmocka_unit_test (test_a_code_is_read_as_people_write_it),
        cmocka_unit_test (test_what_is_no_code_is_none),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
