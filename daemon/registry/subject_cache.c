#include "subject_cache.h"
#include <stdlib.h>
#include <string.h>
#include "arena.h"

enum { BUCKETS = 1 << 16 };

/* A file that is kept. It is in the arena in which it was opened. */
struct kept {
    struct kept *next;          /* the next in its bucket, or in the list of those let go */
    struct kept *newer, *older; /* by last use */
    struct arena *arena;
    size_t size; /* bytes of all of it */
    struct subject_file file;
};
_Static_assert(sizeof (struct kept) <= SUBJECT_CACHE_ENTRY, "room for it is reserved");

struct subject_cache {
    struct kept *buckets[BUCKETS];
    struct kept *newest, *oldest;
    struct kept *let_go;
    size_t size, limit;
    uint64_t readings; /* how many files were kept so far */
};

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

/* Takes a file out. Its memory stays until the sweep, since it may be borrowed. */
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

void subject_cache_keep (struct subject_cache *self, struct subject_file *file, struct arena *arena)
{
    struct kept *one = arena_alloc (arena, sizeof *one);
    file->reading = ++self->readings;
    one->file = *file;
    one->arena = arena;
    one->size = arena_size (arena);
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
        struct arena *arena = one->arena;
        arena_erase (&arena);
    }
}
