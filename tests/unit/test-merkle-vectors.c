/* The published vectors of transparency-dev/merkle (CONSENTD_MERKLE names their directory): every proof that holds
   is accepted, every other is refused. A hash there may have any size: those of another than 32 bytes stand here
   for one that is no hash of anything. */
#include <dirent.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "merkle/merkle.h"
#include "testing.h"

struct tally {
    size_t accepted, refused;
};

typedef bool judge (const json_t *vector, struct merkle_path path);

static uint64_t number (const json_t *vector, const char *name)
{
    json_t *found = json_object_get (vector, name);
    if (!json_is_real (found))
        return (uint64_t)json_integer_value (found);
    return json_real_value (found) < 0x1p64 ? (uint64_t)json_real_value (found) : UINT64_MAX;
}

/* False if it has not the size of a hash. */
static bool decode (const json_t *text, struct merkle_hash *hash)
{
    uint8_t made[256] = {0};
    size_t size = 0;
    const char *base64 = json_string_value (text);
    assert_non_null (base64);
    assert_int_equal (sodium_base642bin (made, sizeof made, base64, strlen (base64), NULL, &size, NULL,
                                         sodium_base64_VARIANT_ORIGINAL),
                      0);
    memcpy (hash->bytes, made, sizeof hash->bytes);
    return size == sizeof hash->bytes;
}

static struct merkle_hash hash_of (const json_t *vector, const char *name)
{
    struct merkle_hash hash;
    decode (json_object_get (vector, name), &hash);
    return hash;
}

static bool judge_inclusion (const json_t *vector, struct merkle_path path)
{
    struct merkle_hash leaf, root = hash_of (vector, "root");
    bool is_tree = json_object_get (vector, "treeSize") != NULL;
    struct merkle_range range = {is_tree ? 0 : number (vector, "start"),
                                 number (vector, is_tree ? "treeSize" : "end")};
    return decode (json_object_get (vector, "leafHash"), &leaf) &&
           merkle_includes (number (vector, "leafIdx"), range, &leaf, path, &root);
}

/* A tree of nothing proves nothing of a later one, so it is none to be consistent with. */
static bool judge_consistency (const json_t *vector, struct merkle_path path)
{
    struct merkle_hash part = hash_of (vector, "root1"), whole = hash_of (vector, "root2");
    bool is_tree = json_object_get (vector, "size1") != NULL;
    struct merkle_range range = {is_tree ? 0 : number (vector, "start"),
                                 number (vector, is_tree ? "size1" : "end")};
    if (is_tree && range.end == 0)
        return false;
    return merkle_is_consistent (range, number (vector, is_tree ? "size2" : "size"), &part, &whole, path);
}

static void judge_file (const char *path, judge *holds, struct tally *tally)
{
    json_error_t error;
    json_t *vector = json_load_file (path, 0, &error);
    if (vector == NULL) /* it has a number beyond 2^63 - 1 */
        vector = json_load_file (path, JSON_DECODE_INT_AS_REAL, &error);
    assert_non_null (vector);
    struct merkle_hash hashes[128];
    json_t *proof = json_object_get (vector, "proof");
    bool is_readable = json_array_size (proof) <= COUNT (hashes);
    for (size_t i = 0; i < json_array_size (proof) && is_readable; i++)
        is_readable = decode (json_array_get (proof, i), &hashes[i]);
    bool found = is_readable && holds (vector, (struct merkle_path){hashes, json_array_size (proof)});
    if (found == json_is_true (json_object_get (vector, "wantErr")))
        fail_msg ("%s: %s", path, found ? "is accepted" : "is refused");
    *(found ? &tally->accepted : &tally->refused) += 1;
    json_decref (vector);
}

static void judge_all (const char *path, judge *holds, struct tally *tally)
{
    DIR *directory = opendir (path);
    assert_non_null (directory);
    for (struct dirent *entry; (entry = readdir (directory)) != NULL;) {
        char inner[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf (inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR)
            judge_all (inner, holds, tally);
        else
            judge_file (inner, holds, tally);
    }
    closedir (directory);
}

static void judge_kind (const char *kind, judge *holds)
{
    const char *vectors = getenv ("CONSENTD_MERKLE");
    if (vectors == NULL)
        skip ();
    char path[4096];
    struct tally tally = {0, 0};
    snprintf (path, sizeof path, "%s/%s", vectors, kind);
    judge_all (path, holds, &tally);
    printf ("%s: %zu accepted, %zu refused\n", kind, tally.accepted, tally.refused);
    assert_true (tally.accepted > 0 && tally.refused > 10);
}

static void test_inclusion (void **state)
{
    (void)state;
    judge_kind ("inclusion", judge_inclusion);
}

static void test_consistency (void **state)
{
    (void)state;
    judge_kind ("consistency", judge_consistency);
}

static void test_inclusion_in_a_subtree (void **state)
{
    (void)state;
    judge_kind ("subtreeinclusion", judge_inclusion);
}

static void test_consistency_of_a_subtree (void **state)
{
    (void)state;
    judge_kind ("subtreeconsistency", judge_consistency);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_inclusion),
        cmocka_unit_test (test_consistency),
        cmocka_unit_test (test_inclusion_in_a_subtree),
        cmocka_unit_test (test_consistency_of_a_subtree),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
