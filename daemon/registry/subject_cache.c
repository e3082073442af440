#include "subject_cache.h"
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1 << 16 };

/* One file in one block of memory. */
struct kept {
    struct kept *next;          /* in its bucket, or of what was let go */
    struct kept *newer, *older; /* by use */
    size_t size;
    struct subject_file file;
    _Alignas(max_align_t) unsigned char block[];
};

struct subject_cache {
    struct kept *buckets[BUCKETS];
    struct kept *newest, *oldest;
    struct kept *let_go;
    size_t size, limit;
    uint64_t readings; /* kept so far */
};

/* Copies into a block; with no block it only measures. */
struct copier {
    unsigned char *block;
    size_t used;
};

static void *copy (struct copier *self, const void *data, size_t size)
{
    size_t at = (self->used + 7) & ~(size_t)7;
    self->used = at + size;
    if (self->block == NULL || size == 0)
        return NULL;
    return memcpy (self->block + at, data, size);
}

static void copy_text (struct copier *self, const char **text)
{
    if (*text == NULL)
        return;
    size_t size = strlen (*text) + 1;
    if (self->block != NULL)
        *text = memcpy (self->block + self->used, *text, size);
    self->used += size;
}

static void copy_set (struct copier *self, struct text_set *set)
{
    const char **items = copy (self, set->item, set->count * sizeof *items);
    for (size_t i = 0; i < set->count; i++) {
        const char *item = set->item[i];
        copy_text (self, &item);
        if (items != NULL)
            items[i] = item;
    }
    set->item = items;
}

static void copy_statement (struct copier *self, struct statement *one)
{
    copy_set (self, &one->scope.providers);
    copy_set (self, &one->scope.recipients);
    copy_set (self, &one->scope.categories);
    copy_set (self, &one->scope.origins);
    const char **texts[] = {&one->scope.purpose,      &one->scope.case_ref, &one->motivation,
                            &one->evidence_reference, &one->notice.id,      &one->notice.version,
                            &one->notice.language,    &one->recorded_by,    &one->user};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        copy_text (self, texts[i]);
    struct signature *signatures = copy (self, one->signatures, one->signature_count * sizeof *signatures);
    for (size_t i = 0; i < one->signature_count; i++) {
        struct signature signature = one->signatures[i];
        copy_text (self, &signature.signer);
        if (signatures != NULL)
            signatures[i] = signature;
    }
    one->signatures = signatures;
    struct withdrawal *withdrawals = copy (self, one->withdrawals, one->withdrawal_count * sizeof *withdrawals);
    for (size_t i = 0; i < one->withdrawal_count; i++) {
        struct withdrawal withdrawal = one->withdrawals[i];
        copy_set (self, &withdrawal.providers);
        copy_set (self, &withdrawal.recipients);
        copy_set (self, &withdrawal.categories);
        copy_text (self, &withdrawal.withdrawn_by);
        copy_text (self, &withdrawal.nobody_reason);
        copy_text (self, &withdrawal.recorded_by);
        copy_text (self, &withdrawal.user);
        if (withdrawals != NULL)
            withdrawals[i] = withdrawal;
    }
    one->withdrawals = withdrawals;
}

static void copy_restrictions (struct copier *self, struct subject *subject)
{
    struct restriction *all = copy (self, subject->restrictions, subject->restriction_count * sizeof *all);
    for (size_t i = 0; i < subject->restriction_count; i++) {
        struct restriction one = subject->restrictions[i];
        copy_text (self, &one.category);
        copy_text (self, &one.reason);
        copy_text (self, &one.recorded_by);
        copy_text (self, &one.user);
        if (all != NULL)
            all[i] = one;
    }
    subject->restrictions = all;
}

static void copy_subject (struct copier *self, struct subject *subject)
{
    struct representative *all =
        copy (self, subject->representatives, subject->representative_count * sizeof *all);
    for (size_t i = 0; i < subject->representative_count; i++) {
        struct representative one = subject->representatives[i];
        copy_text (self, &one.reference);
        copy_text (self, &one.kind);
        copy_text (self, &one.refused_reason);
        if (all != NULL)
            all[i] = one;
    }
    subject->representatives = all;
    subject->capabilities =
        copy (self, subject->capabilities, subject->capability_count * sizeof *subject->capabilities);
    copy_restrictions (self, subject);
}

static void copy_received (struct copier *self, struct subject_file *file)
{
    struct received *all = copy (self, file->received, file->received_count * sizeof *all);
    for (size_t i = 0; i < file->received_count; i++) {
        struct received one = file->received[i];
        copy_text (self, &one.party);
        copy_set (self, &one.categories);
        copy_set (self, &one.informed);
        copy_set (self, &one.sources);
        if (all != NULL)
            all[i] = one;
    }
    file->received = all;
}

static void copy_file (struct copier *self, struct subject_file *file)
{
    copy_subject (self, &file->subject);
    struct statement *statements = copy (self, file->statements, file->statement_count * sizeof *statements);
    for (size_t i = 0; i < file->statement_count; i++) {
        struct statement one = file->statements[i];
        copy_statement (self, &one);
        if (statements != NULL)
            statements[i] = one;
    }
    file->statements = statements;
    copy_received (self, file);
}

static size_t bucket_of (const uint8_t id[VAULT_ID_SIZE])
{
    return (size_t)(id[0] << 8 | id[1]); /* ids are as good as random */
}

static void unlink_use (struct subject_cache *self, struct kept *one)
{
    *(one->newer != NULL ? &one->newer->older : &self->newest) = one->older;
    *(one->older != NULL ? &one->older->newer : &self->oldest) = one->newer;
}

static void link_newest (struct subject_cache *self, struct kept *one)
{
    one->newer = NULL;
    one->older = self->newest;
    *(self->newest != NULL ? &self->newest->newer : &self->oldest) = one;
    self->newest = one;
}

static struct kept **find_kept (struct subject_cache *self, const uint8_t id[VAULT_ID_SIZE])
{
    struct kept **at = &self->buckets[bucket_of (id)];
    while (*at != NULL && memcmp ((*at)->file.id, id, VAULT_ID_SIZE) != 0)
        at = &(*at)->next;
    return at;
}

/* Takes one out; its memory stays until the sweep, since it may be borrowed. */
static void let_go (struct subject_cache *self, struct kept **at)
{
    struct kept *one = *at;
    *at = one->next;
    unlink_use (self, one);
    self->size -= one->size;
    one->next = self->let_go;
    self->let_go = one;
}

struct subject_cache *subject_cache_new (size_t limit)
{
    struct subject_cache *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->limit = limit;
    return self;
}

void subject_cache_destroy (struct subject_cache **self_p)
{
    if (*self_p == NULL)
        return;
    subject_cache_clear (*self_p);
    subject_cache_sweep (*self_p);
    free (*self_p);
    *self_p = NULL;
}

bool subject_cache_find (struct subject_cache *self, struct subject_file *file)
{
    struct kept *one = *find_kept (self, file->id);
    if (one == NULL)
        return false;
    unlink_use (self, one);
    link_newest (self, one);
    *file = one->file;
    return true;
}

void subject_cache_keep (struct subject_cache *self, const struct subject_file *file)
{
    struct copier measure = {NULL, 0};
    struct subject_file measured = *file;
    copy_file (&measure, &measured);
    struct kept *one = malloc (sizeof *one + measure.used);
    if (one == NULL)
        abort ();
    struct copier copier = {one->block, 0};
    one->file = *file;
    one->file.reading = ++self->readings;
    copy_file (&copier, &one->file);
    one->size = sizeof *one + measure.used;
    subject_cache_drop (self, file->id);
    one->next = self->buckets[bucket_of (file->id)];
    self->buckets[bucket_of (file->id)] = one;
    link_newest (self, one);
    self->size += one->size;
    while (self->size > self->limit && self->oldest != one)
        let_go (self, find_kept (self, self->oldest->file.id));
}

void subject_cache_drop (struct subject_cache *self, const uint8_t id[VAULT_ID_SIZE])
{
    struct kept **at = find_kept (self, id);
    if (*at != NULL)
        let_go (self, at);
}

void subject_cache_clear (struct subject_cache *self)
{
    while (self->oldest != NULL)
        let_go (self, find_kept (self, self->oldest->file.id));
}

void subject_cache_sweep (struct subject_cache *self)
{
    while (self->let_go != NULL) {
        struct kept *one = self->let_go;
        self->let_go = one->next;
        explicit_bzero (one, one->size);
        free (one);
    }
}
