#include "changed_pack.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../small-pack.h"
#include "testing.h"
#include "unconst.h"

/* Returns the text with the change made. Caller frees it. */
static char *changed_text (const char *text, const struct change *change)
{
    const char *at = change->old == NULL ? text : strstr (text, change->old);
    if (at == NULL)
        fail_msg ("\"%s\" is not in %s of the small pack", change->old, change->file);
    size_t cut = change->old == NULL ? strlen (text) : strlen (change->old);
    size_t size = strlen (text) + strlen (change->new) + 1;
    char *changed = malloc (size);
    assert_non_null (changed);
    snprintf (changed, size, "%.*s%s%s", (int)(at - text), text, change->new, at + cut);
    return changed;
}

static void make_change (struct policy_text *files, size_t *count, const struct change *change)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp (files[i].name, change->file) != 0)
            continue;
        char *changed = changed_text (files[i].data, change);
        free (unconst (files[i].data));
        files[i].data = changed;
        files[i].size = strlen (changed);
        return;
    }
    assert_true (change->old == NULL && *count < SMALL_PACK_FILES + CHANGES);
    files[(*count)++] = (struct policy_text){change->file, strdup (change->new), strlen (change->new)};
}

static int try_changed (struct policy **policy_p, const struct change *changes, size_t count,
                        policy_hash_function *hash, struct policy_faults *faults)
{
    struct policy_text files[SMALL_PACK_FILES + CHANGES];
    size_t file_count = SMALL_PACK_FILES;
    for (size_t i = 0; i < SMALL_PACK_FILES; i++)
        files[i] = (struct policy_text){small_pack[i][0], strdup (small_pack[i][1]), strlen (small_pack[i][1])};
    for (size_t i = 0; i < count && changes[i].file != NULL; i++)
        make_change (files, &file_count, &changes[i]);
    int rc = policy_read_texts_all (policy_p, files, file_count, hash, faults);
    for (size_t i = 0; i < file_count; i++)
        free (unconst (files[i].data));
    return rc;
}

int changed_pack_try (struct policy **policy_p, const struct change *changes, size_t count,
                      policy_hash_function *hash, struct policy_error *error)
{
    struct policy_faults faults = POLICY_FIRST (error);
    return try_changed (policy_p, changes, count, hash, &faults);
}

int changed_pack_try_all (struct policy **policy_p, const struct change *changes, size_t count,
                          struct policy_faults *faults)
{
    return try_changed (policy_p, changes, count, NULL, faults);
}

struct policy *changed_pack_read (const struct change *changes, size_t count, policy_hash_function *hash)
{
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    if (changed_pack_try (&policy, changes, count, hash, &error) != 0)
        fail_msg ("%s:%u: %s", error.file, error.line, error.message);
    return policy;
}

void changed_pack_hash (const void *a, size_t a_size, const void *b, size_t b_size, uint8_t hash[32])
{
    uint64_t sum = UINT64_C (0xcbf29ce484222325);
    for (size_t i = 0; i < a_size + b_size; i++)
        sum = (sum ^ (i < a_size ? ((const uint8_t *)a)[i] : ((const uint8_t *)b)[i - a_size])) *
              UINT64_C (0x100000001b3);
    memset (hash, 0, 32);
    memcpy (hash, &sum, sizeof sum);
}

/* The text with one blank wherever it has any. Caller frees it. */
static char *collapsed (const char *text)
{
    char *copy = malloc (strlen (text) + 1), *out = copy;
    assert_non_null (copy);
    for (const char *at = text; *at != '\0'; at++)
        if (*at != ' ' && *at != '\n')
            *out++ = *at;
        else if (out == copy || out[-1] != ' ')
            *out++ = ' ';
    *out = '\0';
    return copy;
}

bool text_says (const char *text, const char *words)
{
    char *all = collapsed (text), *sought = collapsed (words);
    bool says = strstr (all, sought) != NULL;
    free (all);
    free (sought);
    return says;
}

size_t text_width (const char *text)
{
    size_t widest = 0, width = 0;
    for (; *text != '\0'; text++) {
        width = *text == '\n' ? 0 : width + (((unsigned char)*text & 0xC0) != 0x80);
        widest = width > widest ? width : widest;
    }
    return widest;
}

struct policy *changed_pack_good (const struct change *change)
{
    return changed_pack_read (change, change != NULL, changed_pack_hash);
}
