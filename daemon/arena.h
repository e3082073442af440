/* Memory that lives as long as one request: allocated in steps, released all at once. */
#pragma once
#include <stddef.h>

struct arena;

/* Makes an empty arena that never lends more than `limit` bytes. Caller owns it. */
struct arena *arena_new (size_t limit);
void arena_destroy (struct arena **self_p);
/* The same for an arena with what nobody may find in memory that is given back: wipes all that is lent first. What a
   reset or a release took back is not wiped. */
void arena_erase (struct arena **self_p);

/* Makes room for `size` bytes in one piece, and not for more. For an arena that is kept, and whose size is about
   known. `size` includes what alignment takes. To allocate more is allowed. */
void arena_reserve (struct arena *self, size_t size);
/* Bytes of memory that the arena takes, lent or not. */
size_t arena_size (const struct arena *self);

/* Forgets everything that was allocated. What was lent is no longer valid. */
void arena_reset (struct arena *self);

/* How much was allocated at some moment, in order to go back there. */
struct arena_mark {
    const void *chunk;
    size_t used, lent;
};
struct arena_mark arena_mark (const struct arena *self);
/* Forgets what was allocated since the mark. For work in steps of which each leaves nothing behind. There may be
   no reset, and no release of an earlier mark, between the two. */
void arena_release (struct arena *self, struct arena_mark mark);

/* Zeroed memory, aligned for any type, valid until the reset or release. Never NULL: the process ends if the limit
   is passed or the machine has no memory. So check sizes before you allocate by them. */
void *arena_alloc (struct arena *self, size_t size);
void *arena_array (struct arena *self, size_t count, size_t size);

/* The same, but NULL if the limit is passed. For sizes that a peer chose (the unpacker of messages). */
void *arena_try_alloc (struct arena *self, size_t size);

/* Copy into the arena. A text is ended with a NUL. */
char *arena_strndup (struct arena *self, const char *text, size_t size);
char *arena_strdup (struct arena *self, const char *text);
void *arena_memdup (struct arena *self, const void *data, size_t size);
/* printf into the arena. */
char *arena_printf (struct arena *self, const char *format, ...)
    __attribute__ ((format (printf, 2, 3), nonnull (2)));
