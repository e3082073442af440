/* The reader of policy packs, fed with bundles. A bundle is the files of a pack one after another, each after a
   line that names it: "=== flows.txt". A file that is not in the bundle is taken from a small pack that is right,
   so that an input need hold only the file it is about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "policy/policy_print.h"
#include "policy/policy_read.h"
#include "../small-pack.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { BUNDLE_FILES = 2 * POLICY_FILES };

struct bundle {
    struct policy_text files[BUNDLE_FILES];
    size_t count;
};

static bool is_mark (const char *at, const char *end)
{
    return end - at >= 4 && memcmp (at, "=== ", 4) == 0;
}

static const char *line_after (const char *at, const char *end)
{
    const char *feed = memchr (at, '\n', (size_t)(end - at));
    return feed == NULL ? end : feed + 1;
}

/* Adds the file whose mark is at `at`; returns where the next mark is, or `end`. */
static const char *add_file (struct bundle *bundle, const char *at, const char *end)
{
    const char *content = line_after (at, end);
    const char *name = at + 4;
    size_t name_size = (size_t)(content - name);
    if (name_size > 0 && name[name_size - 1] == '\n')
        name_size--;
    const char *next = content;
    while (next < end && !is_mark (next, end))
        next = line_after (next, end);
    if (bundle->count < BUNDLE_FILES - SMALL_PACK_FILES)
        bundle->files[bundle->count++] =
            (struct policy_text){strndup (name, name_size), content, (size_t)(next - content)};
    return next;
}

static void add_missing (struct bundle *bundle)
{
    size_t given = bundle->count;
    for (size_t i = 0; i < SMALL_PACK_FILES; i++) {
        bool found = false;
        for (size_t j = 0; j < given; j++)
            found = found || strcmp (bundle->files[j].name, small_pack[i][0]) == 0;
        if (!found)
            bundle->files[bundle->count++] =
                (struct policy_text){small_pack[i][0], small_pack[i][1], strlen (small_pack[i][1])};
    }
}

/* What was accepted must bear being looked at: every pointer is followed once. */
static void look_at (const struct policy *policy)
{
    static FILE *nowhere;
    if (nowhere == NULL)
        nowhere = fopen ("/dev/null", "w");
    if (nowhere == NULL)
        abort ();
    policy_print (policy, false, nowhere);
    for (size_t i = 0; i < policy->category_count; i++)
        if (policy_category (policy, policy->categories[i].entry.code) != i)
            abort ();
}

static bool is_ended (const char *text, size_t size)
{
    return memchr (text, '\0', size) != NULL;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *at = (const char *)data, *end = at + size;
    struct bundle bundle = {.count = 0};
    while (at < end && !is_mark (at, end))
        at = line_after (at, end);
    while (at < end)
        at = add_file (&bundle, at, end);
    size_t given = bundle.count;
    add_missing (&bundle);

    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, bundle.files, bundle.count, NULL, &error);
    if (rc == 0)
        look_at (policy);
    else if (rc != POLICY_INVALID || policy != NULL || error.message[0] == '\0' ||
             !is_ended (error.file, sizeof error.file) || !is_ended (error.message, sizeof error.message))
        abort ();
    policy_destroy (&policy);
    for (size_t i = 0; i < given; i++)
        free ((void *)(uintptr_t)bundle.files[i].name);
    return 0;
}
