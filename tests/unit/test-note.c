/* Signed notes: what others have signed verifies here, and nothing that was changed does. */
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
    };
    struct note_key key;
    for (size_t i = 0; i < COUNT (wrong); i++)
        assert_false (note_key_read (&key, wrong[i]));
    static const char *const names[] = {"", "a b", "a+b", "a\n", "a\xc2\xa0z", "a\xe3\x80\x80", "\xff", "a\x7f"};
    for (size_t i = 0; i < COUNT (names); i++)
        assert_false (note_is_name (names[i], strlen (names[i])));
    assert_true (note_is_name ("toestemming.voorbeeld.nl/register", 33));
    assert_false (note_is_name ("a\0b", 3));
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
    };
    for (size_t i = 0; i < COUNT (wrong); i++)
        assert_int_equal (judge (bytes_of (wrong[i]), &key), NOTE_MALFORMED);
    assert_int_equal (judge (bytes_of ("x\n\n\xe2\x80\x94 name AAAAAAAAAAA=\n"), &key), NOTE_NOT_SIGNED);
    assert_int_equal (judge ((struct bytes){"x\0\n\n\xe2\x80\x94 name AAAAAAAAAAA=\n", 26}, &key), NOTE_MALFORMED);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_note_of_others_verifies),
        cmocka_unit_test (test_no_changed_note_verifies),
        cmocka_unit_test (test_what_is_no_key_is_refused),
        cmocka_unit_test (test_a_signing_key_reads_as_it_was_written),
        cmocka_unit_test (test_what_is_signed_here_verifies_with_the_keys_written_here),
        cmocka_unit_test (test_time_and_algorithm_are_signed_too),
        cmocka_unit_test (test_one_bad_signature_of_a_known_key_spoils_the_note),
        cmocka_unit_test (test_many_signatures_are_bounded),
        cmocka_unit_test (test_what_is_no_note_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
