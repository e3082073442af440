#include "arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under AddressSanitizer, memory that a reset took back is poisoned, so that the use of a pointer kept too long is
   caught. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#endif
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#endif

enum {
    FIRST_CHUNK_SIZE = 16 * 1024,
};

struct chunk {
    struct chunk *older;
    size_t size, used;
    alignas (max_align_t) unsigned char bytes[];
};

struct arena {
    struct chunk *newest;
    size_t limit, lent; /* bytes, both including what alignment takes */
    bool is_sized;      /* its size was known about beforehand */
};

_Noreturn static void end_process (const char *why)
{
    fprintf (stderr, "consentd: %s\n", why);
    abort ();
}

static void *allocate_or_end (size_t size)
{
    void *memory = malloc (size);
    if (!memory)
        end_process ("the machine has no memory left");
    return memory;
}

static void free_chunk (struct chunk *chunk)
{
    ASAN_UNPOISON_MEMORY_REGION (chunk->bytes, chunk->size);
    free (chunk);
}

static struct chunk *add_chunk (struct arena *self, size_t room)
{
    struct chunk *chunk = allocate_or_end (sizeof *chunk + room);
    *chunk = (struct chunk){.older = self->newest, .size = room};
    ASAN_POISON_MEMORY_REGION (chunk->bytes, room);
    self->newest = chunk;
    return chunk;
}

/* Each chunk is twice as large as the last, so the newest one alone soon suffices for every request. If the size
   was known about beforehand, little more is needed. */
static struct chunk *grow (struct arena *self, size_t size)
{
    size_t room = !self->newest    ? FIRST_CHUNK_SIZE
                  : self->is_sized ? self->newest->size / 4
                                   : self->newest->size * 2;
    while (room < size)
        room *= 2; /* cannot wrap: `size` is within the limit */
    return add_chunk (self, room);
}

struct arena *arena_new (size_t limit)
{
    struct arena *self = allocate_or_end (sizeof *self);
    *self = (struct arena){.limit = limit < SIZE_MAX / 8 ? limit : SIZE_MAX / 8};
    return self;
}

void arena_destroy (struct arena **self_p)
{
    struct arena *self = *self_p;
    if (!self)
        return;
    for (struct chunk *chunk = self->newest, *older; chunk; chunk = older) {
        older = chunk->older;
        free_chunk (chunk);
    }
    free (self);
    *self_p = NULL;
}

void arena_erase (struct arena **self_p)
{
    for (struct chunk *chunk = (*self_p)->newest; chunk; chunk = chunk->older) {
        ASAN_UNPOISON_MEMORY_REGION (chunk->bytes, chunk->used);
        explicit_bzero (chunk->bytes, chunk->used);
    }
    arena_destroy (self_p);
}

void arena_reserve (struct arena *self, size_t size)
{
    size = (size + alignof (max_align_t) - 1) & ~(alignof (max_align_t) - 1);
    if (!self->newest || self->newest->size - self->newest->used < size)
        add_chunk (self, size);
    self->is_sized = true;
}

size_t arena_size (const struct arena *self)
{
    size_t size = sizeof *self;
    for (const struct chunk *chunk = self->newest; chunk; chunk = chunk->older)
        size += sizeof *chunk + chunk->size;
    return size;
}

void arena_reset (struct arena *self)
{
    struct chunk *kept = self->newest;
    self->lent = 0;
    if (!kept)
        return;
    for (struct chunk *chunk = kept->older, *older; chunk; chunk = older) {
        older = chunk->older;
        free_chunk (chunk);
    }
    kept->older = NULL;
    kept->used = 0;
    ASAN_POISON_MEMORY_REGION (kept->bytes, kept->size);
}

struct arena_mark arena_mark (const struct arena *self)
{
    return (struct arena_mark){self->newest, self->newest ? self->newest->used : 0, self->lent};
}

void arena_release (struct arena *self, struct arena_mark mark)
{
    while (self->newest != mark.chunk) {
        struct chunk *older = self->newest->older;
        free_chunk (self->newest);
        self->newest = older;
    }
    self->lent = mark.lent;
    if (!self->newest)
        return;
    self->newest->used = mark.used;
    ASAN_POISON_MEMORY_REGION (self->newest->bytes + mark.used, self->newest->size - mark.used);
}

void *arena_try_alloc (struct arena *self, size_t size)
{
    if (size > self->limit)
        return NULL;
    /* An allocation of 0 bytes still gets a place of its own, as from malloc. */
    size_t step = ((size ? size : 1) + alignof (max_align_t) - 1) & ~(alignof (max_align_t) - 1);
    if (step > self->limit - self->lent)
        return NULL;

    struct chunk *chunk = self->newest;
    if (!chunk || step > chunk->size - chunk->used)
        chunk = grow (self, step);
    unsigned char *memory = chunk->bytes + chunk->used;
    chunk->used += step;
    self->lent += step;
    ASAN_UNPOISON_MEMORY_REGION (memory, size);
    return memset (memory, 0, size);
}

void *arena_alloc (struct arena *self, size_t size)
{
    void *memory = arena_try_alloc (self, size);
    if (!memory)
        end_process ("one request asked for more memory than its arena may lend");
    return memory;
}

void *arena_array (struct arena *self, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow (count, size, &total))
        total = SIZE_MAX;
    return arena_alloc (self, total);
}

char *arena_strndup (struct arena *self, const char *text, size_t size)
{
    size_t length = strnlen (text, size);
    char *copy = arena_alloc (self, length + 1);
    memcpy (copy, text, length);
    return copy;
}

char *arena_strdup (struct arena *self, const char *text)
{
    return arena_memdup (self, text, strlen (text) + 1);
}

void *arena_memdup (struct arena *self, const void *data, size_t size)
{
    void *copy = arena_alloc (self, size);
    if (size)
        memcpy (copy, data, size);
    return copy;
}

char *arena_printf (struct arena *self, const char *format, ...)
{
    va_list measured, written;
    va_start (measured, format);
    va_copy (written, measured);
    int length = vsnprintf (NULL, 0, format, measured);
    va_end (measured);
    if (length < 0)
        end_process ("a text cannot be formatted");
    char *text = arena_alloc (self, (size_t)length + 1);
    vsnprintf (text, (size_t)length + 1, format, written);
    va_end (written);
    return text;
}
