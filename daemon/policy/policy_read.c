#include "policy_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "policy_error.h"
#include "policy_files.h"
#include "policy_parts.h"
#include "policy_trial.h"
#include "unconst.h"

/* The policy, and the memory to which its pointers lead. */
struct pack {
    struct policy policy;      /* first, so that policy_destroy finds the rest */
    char *texts[POLICY_FILES]; /* codes, labels and sources point into these */
    char *id;
    struct arena *cases; /* holds the pack's cases */
    uint8_t *whole;
};

enum { CASES_LIMIT = 1 << 30 /* bytes: far more than 255 cases can take */ };

/* The files in the order of reading: each is read after the files whose codes it names. */
static const struct {
    enum policy_file file;
    void (*read) (struct policy_reading *self, const struct policy_document *document);
} steps[POLICY_FILES] = {
    {ORIGINS, policy_read_origins},
    {PARTIES, policy_read_parties},
    {CATEGORIES, policy_read_categories},
    {PURPOSES, policy_read_purposes},
    {STATUTES, policy_read_statutes},
    {URGENT_REASONS, policy_read_urgent_reasons},
    {FLOWS, policy_read_flows},
    {REPRESENTATIVES, policy_read_representatives},
    {AGES, policy_read_ages},
    {NOTICES, policy_read_notices},
    {RETENTION, policy_read_retention},
    {PACK, policy_read_settings},
    {CASES, policy_read_cases}, /* last: the cases are decided by everything above */
};

static void read_file (struct policy_reading *self, size_t step, char *text, size_t size)
{
    struct policy_document document;
    self->file = policy_file_names[steps[step].file];
    self->document = &document;
    self->unsure = policy_document_parse (&document, self->file, text, size, self->faults) != 0;
    policy_part (self);
    if (document.stanzas != NULL)
        steps[step].read (self, &document);
    policy_document_clear (&document);
}

/* Until its file was read, no list of codes is complete. */
static struct policy_reading begin_reading (struct pack *pack, struct policy_faults *faults)
{
    return (struct policy_reading){.policy = &pack->policy,
                                   .faults = faults,
                                   .goes_on = true,
                                   .arena = pack->cases,
                                   .kinds.incomplete = true,
                                   .categories.incomplete = true,
                                   .purposes.incomplete = true,
                                   .origins.incomplete = true,
                                   .statutes.incomplete = true,
                                   .unsure_reasons = true,
                                   .unsure_representatives = true};
}

/* How much of it could not be read: what is left out because of another fault is not told, and counts all the
 * same. */
static size_t read_pack (struct pack *pack, const struct policy_text sorted[POLICY_FILES],
                         struct policy_faults *faults)
{
    pack->cases = arena_new (CASES_LIMIT);
    struct policy_reading reading = begin_reading (pack, faults);
    for (size_t i = 0; i < POLICY_FILES; i++) {
        const struct policy_text *text = &sorted[steps[i].file];
        if (text->name == NULL || text->data == NULL)
            continue;
        pack->texts[i] = policy_allocate (text->size + 1, 1);
        memcpy (pack->texts[i], text->data, text->size);
        read_file (&reading, i, pack->texts[i], text->size);
    }
    free (reading.kind_groups);
    free (reading.category_groups);
    return reading.failures;
}

static void name_pack (struct pack *pack)
{
    size_t size = strlen (pack->policy.name) + strlen (pack->policy.version) + 2;
    pack->policy.id = pack->id = policy_allocate (size, 1);
    snprintf (pack->id, size, "%s/%s", pack->policy.name, pack->policy.version);
}

static int read_texts (struct policy **policy_p, const struct policy_text *files, size_t count,
                       policy_hash_function *hash, struct policy_faults *faults)
{
    *policy_p = NULL;
    struct policy_text sorted[POLICY_FILES];
    size_t before = faults->count;
    policy_files_sort (files, count, sorted, faults);
    struct pack *pack = policy_allocate (1, sizeof *pack);
    struct policy *policy = &pack->policy;
    if (read_pack (pack, sorted, faults) > 0 || faults->count > before) {
        policy_destroy (&policy);
        return POLICY_INVALID;
    }
    name_pack (pack);
    if (hash != NULL) {
        policy->whole = pack->whole = policy_files_whole (sorted, &policy->whole_size);
        hash (policy->whole, policy->whole_size, "", 0, policy->hash);
    }
    *policy_p = policy;
    return 0;
}

/* Destroys a pack that its own cases contradict. */
static int try_or_destroy (struct policy **policy_p, struct policy_faults *faults)
{
    int rc = policy_trial (*policy_p, faults);
    if (rc != 0)
        policy_destroy (policy_p);
    return rc;
}

int policy_read_whole (struct policy **policy_p, const uint8_t *whole, size_t size, policy_hash_function *hash,
                       struct policy_error *error)
{
    struct policy_text files[POLICY_FILES];
    struct policy_faults faults = POLICY_FIRST (error);
    size_t count;
    *policy_p = NULL;
    if (policy_whole_files (whole, size, files, &count) != 0)
        return policy_error_set (error, "", 0, "these are not the bytes of a pack");
    return read_texts (policy_p, files, count, hash, &faults);
}

int policy_read_texts_all (struct policy **policy_p, const struct policy_text *files, size_t count,
                           policy_hash_function *hash, struct policy_faults *faults)
{
    int rc = read_texts (policy_p, files, count, hash, faults);
    return rc == 0 ? try_or_destroy (policy_p, faults) : rc;
}

int policy_read_texts (struct policy **policy_p, const struct policy_text *files, size_t count,
                       policy_hash_function *hash, struct policy_error *error)
{
    struct policy_faults faults = POLICY_FIRST (error);
    return policy_read_texts_all (policy_p, files, count, hash, &faults);
}

int policy_read_all (struct policy **policy_p, const char *directory, policy_hash_function *hash, bool try,
                     struct policy_faults *faults)
{
    struct policy_text files[POLICY_FILES] = {0};
    size_t count = 0;
    *policy_p = NULL;
    int rc = policy_files_read (directory, files, &count, faults);
    int read = rc < 0 ? rc : read_texts (policy_p, files, count, hash, faults);
    if (read == 0 && rc != 0)
        policy_destroy (policy_p);
    rc = rc != 0 ? rc : read;
    if (rc == 0 && try)
        rc = try_or_destroy (policy_p, faults);
    for (size_t i = 0; i < count; i++)
        free (unconst (files[i].data));
    return rc;
}

int policy_read (struct policy **policy_p, const char *directory, policy_hash_function *hash,
                 struct policy_error *error)
{
    struct policy_faults faults = POLICY_FIRST (error);
    return policy_read_all (policy_p, directory, hash, true, &faults);
}

void policy_destroy (struct policy **self_p)
{
    if (*self_p == NULL)
        return;
    struct pack *pack = (void *)*self_p;
    struct policy *policy = &pack->policy;
    for (size_t i = 0; i < policy->flow_count; i++)
        free (policy->flows[i].statutes);
    free (policy->kinds);
    free (policy->categories);
    free (policy->purposes);
    free (policy->origins);
    free (policy->statutes);
    free (policy->urgent_reasons);
    free (policy->flows);
    free (policy->representatives);
    free (policy->notices);
    free (policy->retentions);
    free (policy->ages);
    free (policy->cases);
    arena_destroy (&pack->cases);
    for (size_t i = 0; i < POLICY_FILES; i++)
        free (pack->texts[i]);
    free (pack->id);
    free (pack->whole);
    free (pack);
    *self_p = NULL;
}
