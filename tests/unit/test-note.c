/* Signed notes: what others have signed verifies here, and nothing that was changed does. */
#include <stdlib.h>
#include <string.h>
#include "merkle/note.h"
#include "testing.h"

/* Published with the format. */
static const char their_key[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char their_note[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

static struct bytes bytes_of (const char *text)
{
    return (struct bytes){text, strlen (text)};
}

static struct note_key key_of (const char *text)
{
    struct note_key key;
    assert_true (note_key_read (&key, text));
    return key;
}

static enum note_outcome judge (struct bytes raw, const struct note_key *key)
{
    struct note note;
    enum note_outcome outcome = note_read (&note, raw);
    return outcome == NOTE_OK ? note_verify (&note, key, NULL) : outcome;
}

static void test_a_note_of_others_verifies (void **state)
{
    (void)state;
    struct note_key key = key_of (their_key);
    assert_int_equal (judge (bytes_of (their_note), &key), NOTE_OK);
    struct note_key other = key_of ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    assert_string_equal (other.name, "example.com/foo");
    assert_int_equal (judge (bytes_of (their_note), &other), NOTE_NOT_SIGNED);
    char text[NOTE_KEY_TEXT_SIZE];
    note_key_write (&key, text);
    assert_string_equal (text, their_key);
}

/* Each bit of the note, and each end: never OK. */
static void test_no_changed_note_verifies (void **state)
{
    (void)state;
    struct note_key key = key_of (their_key);
    char changed[sizeof their_note];
    size_t size = sizeof their_note - 1;
    for (size_t bit = 0; bit < 8 * size; bit++) {
        memcpy (changed, their_note, sizeof changed);
        changed[bit / 8] = (char)(changed[bit / 8] ^ (1 << bit % 8));
        assert_int_not_equal (judge ((struct bytes){changed, size}, &key), NOTE_OK);
    }
    for (size_t end = 0; end < size; end++)
        assert_int_not_equal (judge ((struct bytes){their_note, end}, &key), NOTE_OK);
    memcpy (changed, their_note, size);
    changed[size] = '\n';
    assert_int_equal (judge ((struct bytes){changed, size + 1}, &key), NOTE_MALFORMED);
}

static void test_what_is_no_key_is_refused (void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a3+",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  /* another hash */
        "PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",   /* a short one */
        "PeterNewmann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  /* another name */
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",   /* cut off */
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW=", /* longer */
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  /* another algorithm */
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3f+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", /* a long hash */
        "PeterNeumann+c74f20ag+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+",
        "a b+8ca6f66d+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", /* its hash is right */
    };
    struct note_key key;
    for (size_t i = 0; i < COUNT (wrong); i++) {
        char *exact = strdup (wrong[i]); /* what is read behind its end is noticed */
        assert_true (note_key_read (&key, their_key));
        assert_false (note_key_read (&key, exact));
        free (exact);
    }
    static const char *const names[] = {"", "a b", "a+b", "a\n", "a\xc2\xa0z", "a\xe3\x80\x80", "\xff", "a\x7f"};
    for (size_t i = 0; i < COUNT (names); i++)
        assert_false (note_is_name (names[i], strlen (names[i])));
    assert_true (note_is_name ("toestemming.voorbeeld.nl/register", 33));
    assert_false (note_is_name ("a\0b", 3));
}

/* What Unicode calls a space is none in a name; what stands beside it in the table may be. */
static void test_no_space_is_in_a_name (void **state)
{
    (void)state;
    static const char *const spaces[] = {"\x01",         "\x1f",         "\x20",         "\x7f",
                                         "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80",
                                         "\xe2\x80\x85", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9",
                                         "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "+"};
    static const char *const others[] = {"!",
                                         "~",
                                         "\xc2\xa1",
                                         "\xe1\x9a\x81",
                                         "\xe1\xbf\xbf",
                                         "\xe2\x80\x90",
                                         "\xe2\x80\xb0",
                                         "\xe3\x80\x81",
                                         "\xf0\x9f\x94\x91"};
    for (size_t i = 0; i < COUNT (spaces); i++)
        assert_false (note_is_name (spaces[i], strlen (spaces[i])));
    for (size_t i = 0; i < COUNT (others); i++)
        assert_true (note_is_name (others[i], strlen (others[i])));
}

static void test_a_name_has_255_bytes_at_most (void **state)
{
    (void)state;
    char name[NOTE_NAME_SIZE + 2], text[NOTE_KEY_TEXT_SIZE];
    struct note_signer made, read;
    struct note_key key;
    memset (name, 'a', sizeof name);
    name[NOTE_NAME_SIZE] = 0;
    assert_true (note_signer_new (&made, name, NOTE_COSIGNATURE));
    note_signer_write (&made, text);
    assert_true (note_signer_read (&read, text));
    assert_string_equal (read.key.name, name);
    note_key_write (&made.key, text);
    assert_true (note_key_read (&key, text));
    assert_memory_equal (&key, &made.key, sizeof key);
    memset (name, 'a', NOTE_NAME_SIZE + 1);
    name[NOTE_NAME_SIZE + 1] = 0;
    assert_false (note_signer_new (&made, name, NOTE_COSIGNATURE));
    assert_false (note_signer_new (&made, "a b", NOTE_COSIGNATURE));
}

static void test_what_is_no_signing_key_is_refused (void **state)
{
    (void)state;
    static const char good[] = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    static const char *const wrong[] = {
        "PRIVATE+KEY-PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "PRIVATE+KEY+PeterNeumann",
        "PRIVATE+KEY+PeterNeumann+c74f20a3",
        "PRIVATE+KEY+PeterNeumann+c74f20a3+",
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDF",
        "PRIVATE+KEY+",
        "PRIVATE+KEY",
        "private+key+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
    };
    for (size_t i = 0; i < COUNT (wrong); i++) {
        struct note_signer read;
        char *exact = strdup (wrong[i]);
        assert_true (note_signer_read (&read, good));
        assert_false (note_signer_read (&read, exact));
        free (exact);
    }
}

static void test_a_signing_key_reads_as_it_was_written (void **state)
{
    (void)state;
    struct note_signer made, read;
    char text[NOTE_KEY_TEXT_SIZE];
    assert_true (note_signer_new (&made, "voorbeeld.nl/register", NOTE_ED25519));
    note_signer_write (&made, text);
    assert_true (note_signer_read (&read, text));
    assert_memory_equal (&read.key, &made.key, sizeof made.key);
    assert_memory_equal (read.secret, made.secret, NOTE_SECRET_SIZE);
    /* Published: the secret of the key above. */
    assert_true (note_signer_read (
        &read, "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"));
    note_key_write (&read.key, text);
    assert_string_equal (text, their_key);
    note_signer_write (&made, text);
    text[strlen (text) - 2] ^= 1;
    assert_false (note_signer_read (&read, text)); /* its hash is of another key */
    note_key_write (&made.key, text);
    assert_false (note_signer_read (&read, text)); /* it is a verifier key */
    assert_false (note_signer_read (&read, ""));
    note_signer_wipe (&made);
    static const uint8_t nothing[NOTE_SECRET_SIZE];
    assert_memory_equal (made.secret, nothing, sizeof nothing);
}

/* A note with these signers, in this order. Returns its size. */
static size_t write_note (char note[NOTE_SIZE], const char *text, const struct note_signer *const *signers,
                          size_t count, uint64_t time)
{
    size_t at = strlen (text);
    memcpy (note, text, at);
    note[at++] = '\n';
    for (size_t i = 0; i < count; i++) {
        size_t size = note_sign (signers[i], bytes_of (text), time, note + at, NOTE_SIZE - at);
        assert_true (size > 0);
        at += size;
    }
    return at;
}

static struct note_signer signer_of (const char *name, enum note_algorithm algorithm, uint8_t secret)
{
    struct note_signer signer;
    uint8_t bytes[NOTE_SECRET_SIZE] = {secret};
    assert_true (note_signer_of (&signer, name, algorithm, bytes));
    return signer;
}

static void test_what_is_signed_here_verifies_with_the_keys_written_here (void **state)
{
    (void)state;
    static const char text[] = "voorbeeld.nl/register\n7\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n";
    struct note_signer log = signer_of ("voorbeeld.nl/register", NOTE_ED25519, 1),
                       witness = signer_of ("svb.voorbeeld.nl", NOTE_COSIGNATURE, 2),
                       stranger = signer_of ("svb.voorbeeld.nl", NOTE_COSIGNATURE, 3);
    const struct note_signer *signers[] = {&log, &witness};
    char raw[NOTE_SIZE], key_text[NOTE_KEY_TEXT_SIZE];
    struct bytes note_bytes = {raw, write_note (raw, text, signers, 2, 1796000000)};
    struct note note;
    uint64_t time = 5;
    assert_int_equal (note_read (&note, note_bytes), NOTE_OK);
    assert_int_equal (note.count, 2);
    assert_memory_equal (note.text.data, text, note.text.size);
    note_key_write (&log.key, key_text);
    struct note_key key = key_of (key_text);
    assert_int_equal (note_verify (&note, &key, &time), NOTE_OK);
    assert_int_equal (time, 0);
    note_key_write (&witness.key, key_text);
    key = key_of (key_text);
    assert_int_equal (note_verify (&note, &key, &time), NOTE_OK);
    assert_int_equal (time, 1796000000);
    assert_int_equal (note_verify (&note, &stranger.key, &time), NOTE_NOT_SIGNED);
}

/* A cosignature says when: with another time it is not one. And it is none of the log, and the other way round. */
static void test_time_and_algorithm_are_signed_too (void **state)
{
    (void)state;
    struct note_signer witness = signer_of ("w", NOTE_COSIGNATURE, 2), same = signer_of ("w", NOTE_ED25519, 2);
    const struct note_signer *signers[] = {&witness};
    char raw[NOTE_SIZE];
    struct bytes note_bytes = {raw, write_note (raw, "x\n", signers, 1, 99)};
    struct note note;
    assert_int_equal (note_read (&note, note_bytes), NOTE_OK);
    assert_int_equal (note_verify (&note, &same.key, NULL), NOTE_NOT_SIGNED);
    note.signature[0].value[7] ^= 1;
    assert_int_equal (note_verify (&note, &witness.key, NULL), NOTE_SPOILT);
    note.signature[0].value[7] ^= 1;
    memcpy (note.signature[0].id, same.key.id, NOTE_ID_SIZE);
    assert_int_equal (note_verify (&note, &same.key, NULL), NOTE_SPOILT);
}

/* All eight bytes of it. */
static void test_any_time_can_be_signed (void **state)
{
    (void)state;
    struct note_signer witness = signer_of ("w", NOTE_COSIGNATURE, 2);
    const struct note_signer *signers[] = {&witness};
    for (unsigned bit = 0; bit < 64; bit++) {
        char raw[NOTE_SIZE];
        uint64_t when = UINT64_C (1) << bit, found = 0;
        struct bytes note_bytes = {raw, write_note (raw, "x\n", signers, 1, when)};
        struct note note;
        assert_int_equal (note_read (&note, note_bytes), NOTE_OK);
        assert_int_equal (note_verify (&note, &witness.key, &found), NOTE_OK);
        assert_int_equal (found, when);
    }
}

static void test_a_signature_is_written_where_there_is_room (void **state)
{
    (void)state;
    static char text[NOTE_SIZE + 1], line[NOTE_LINE_SIZE];
    struct note_signer signer = signer_of ("w", NOTE_COSIGNATURE, 2);
    memset (text, 'a', sizeof text);
    size_t size = note_sign (&signer, (struct bytes){text, 10}, 7, line, sizeof line);
    assert_int_equal (size, strlen (line));
    for (size_t room = 0; room <= size; room++)
        assert_int_equal (note_sign (&signer, (struct bytes){text, 10}, 7, line, room), 0);
    assert_int_equal (note_sign (&signer, (struct bytes){text, 10}, 7, line, size + 1), size);
    assert_int_equal (note_sign (&signer, (struct bytes){text, NOTE_SIZE}, 7, line, sizeof line), size);
    assert_int_equal (note_sign (&signer, (struct bytes){text, NOTE_SIZE + 1}, 7, line, sizeof line), 0);
}

static void test_a_note_has_64_kib_at_most (void **state)
{
    (void)state;
    static char text[NOTE_SIZE + 2], raw[2 * NOTE_SIZE];
    struct note_signer signer = signer_of ("w", NOTE_ED25519, 2);
    for (size_t more = 0; more <= 1; more++) {
        char line[NOTE_LINE_SIZE];
        size_t signature = note_sign (&signer, (struct bytes){"x\n", 2}, 0, line, sizeof line);
        size_t size = NOTE_SIZE - 1 - signature + more; /* of the text */
        memset (text, 'a', size);
        text[size - 1] = '\n';
        note_sign (&signer, (struct bytes){text, size}, 0, line, sizeof line);
        memcpy (raw, text, size);
        raw[size] = '\n';
        memcpy (raw + size + 1, line, signature);
        assert_int_equal (judge ((struct bytes){raw, size + 1 + signature}, &signer.key),
                          more == 0 ? NOTE_OK : NOTE_TOO_LONG);
    }
}

/* One good signature does not make good for a bad one under the same key. */
static void test_one_bad_signature_of_a_known_key_spoils_the_note (void **state)
{
    (void)state;
    struct note_signer signer = signer_of ("w", NOTE_ED25519, 2);
    const struct note_signer *signers[] = {&signer, &signer};
    char raw[NOTE_SIZE];
    struct bytes note_bytes = {raw, write_note (raw, "x\n", signers, 2, 0)};
    struct note note;
    assert_int_equal (note_read (&note, note_bytes), NOTE_OK);
    assert_int_equal (note_verify (&note, &signer.key, NULL), NOTE_OK);
    note.signature[1].value[9] ^= 1;
    assert_int_equal (note_verify (&note, &signer.key, NULL), NOTE_SPOILT);
}

static void test_many_signatures_are_bounded (void **state)
{
    (void)state;
    struct note_signer signer = signer_of ("w", NOTE_ED25519, 2), log = signer_of ("log", NOTE_ED25519, 1);
    const struct note_signer *signers[NOTE_SIGNATURES + 1];
    for (size_t i = 0; i <= NOTE_SIGNATURES; i++)
        signers[i] = i == NOTE_SIGNATURES - 1 ? &log : &signer;
    char raw[NOTE_SIZE];
    struct bytes note_bytes = {raw, write_note (raw, "x\n", signers, NOTE_SIGNATURES, 0)};
    assert_int_equal (judge (note_bytes, &log.key), NOTE_OK);
    note_bytes.size = write_note (raw, "x\n", signers, NOTE_SIGNATURES + 1, 0);
    assert_int_equal (judge (note_bytes, &log.key), NOTE_TOO_LONG);
    static char large[NOTE_SIZE + 1];
    memset (large, 'a', sizeof large);
    assert_int_equal (judge ((struct bytes){large, sizeof large}, &log.key), NOTE_TOO_LONG);
}

static void test_what_is_no_note_is_refused (void **state)
{
    (void)state;
    struct note_key key = key_of (their_key);
    static const char *const wrong[] = {
        "",
        "\n",
        "\n\n",
        "x\n",
        "x\n\n",
        "x\n\nno dash abcdefgh\n",
        "x\n\n\xe2\x80\x94 name\n",
        "x\n\n\xe2\x80\x94 name \n",
        "x\n\n\xe2\x80\x94 name AAAAAA==\n", /* a hash without a signature */
        "x\n\n\xe2\x80\x94 na+me AAAAAAAAAAA=\n",
        "x\n\n\xe2\x80\x94 name AAAAAAAAAAA= more\n",
        "x\n\n\xe2\x80\x94 name AAAAAAAAAAB=\n",       /* bits behind the end */
        "x\n\n\xe2\x80\x94 name AAAAAAAAAAA=",         /* no newline */
        "x\n\n\xe2\x80\x94 name AAA\303\251AAAAAA=\n", /* libsodium takes any byte for a digit */
        "x\t\n\n\xe2\x80\x94 name AAAAAAAAAAA=\n",
        "x\xff\n\n\xe2\x80\x94 name AAAAAAAAAAA=\n",
        "\x01x\n\n\xe2\x80\x94 name AAAAAAAAAAA=\n",
        "x\n\n\xe2\x80\x94 ",
        "x\n\n\xe2\x80\x94 \n",
    };
    for (size_t i = 0; i < COUNT (wrong); i++)
        assert_int_equal (judge (bytes_of (wrong[i]), &key), NOTE_MALFORMED);
    assert_int_equal (judge (bytes_of ("x\n\n\xe2\x80\x94 name AAAAAAAAAAA=\n"), &key), NOTE_NOT_SIGNED);
    assert_int_equal (judge (bytes_of ("\n\n\xe2\x80\x94 name AAAAAAAAAAA=\n"), &key), NOTE_NOT_SIGNED);
    assert_int_equal (judge ((struct bytes){"x\0\n\n\xe2\x80\x94 name AAAAAAAAAAA=\n", 26}, &key), NOTE_MALFORMED);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_note_of_others_verifies),
        cmocka_unit_test (test_no_changed_note_verifies),
        cmocka_unit_test (test_what_is_no_key_is_refused),
        cmocka_unit_test (test_no_space_is_in_a_name),
        cmocka_unit_test (test_a_name_has_255_bytes_at_most),
        cmocka_unit_test (test_what_is_no_signing_key_is_refused),
        cmocka_unit_test (test_a_signing_key_reads_as_it_was_written),
        cmocka_unit_test (test_any_time_can_be_signed),
        cmocka_unit_test (test_a_signature_is_written_where_there_is_room),
        cmocka_unit_test (test_a_note_has_64_kib_at_most),
        cmocka_unit_test (test_what_is_signed_here_verifies_with_the_keys_written_here),
        cmocka_unit_test (test_time_and_algorithm_are_signed_too),
        cmocka_unit_test (test_one_bad_signature_of_a_known_key_spoils_the_note),
        cmocka_unit_test (test_many_signatures_are_bounded),
        cmocka_unit_test (test_what_is_no_note_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
