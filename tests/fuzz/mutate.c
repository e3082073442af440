#include "mutate.h"

#include <string.h>
#include "arena.h"
#include "mend.h"

enum {
    ARENA_LIMIT = 256 << 20,
    MESSAGES = 4096,
    WILD_NUMBER = 1000,
    NEW = 16,    /* one in so many inputs is a new message */
    MENDED = 64, /* so often at most */
};

/* libFuzzer's own mutation of bytes: it has room for `room`. */
size_t LLVMFuzzerMutate (uint8_t *data, size_t size, size_t room);

/* The message that is changed, and all that are in it. */
struct changing {
    struct maker maker;
    struct tree *all[MESSAGES];
    size_t count;
};

static void gather (struct changing *self, struct tree *tree)
{
    if (self->count == MESSAGES)
        return;
    self->all[self->count++] = tree;
    for (struct node *node = tree->first; node != NULL; node = node->next)
        if (node->inside != NULL)
            gather (self, node->inside);
}

static size_t below (struct changing *self, size_t limit)
{
    return chance_below (&self->maker.chance, limit);
}

static struct node *some_node (struct changing *self, const struct tree *tree)
{
    struct node *chosen = NULL;
    size_t count = 0;
    for (struct node *node = tree->first; node != NULL; node = node->next)
        if (below (self, ++count) == 0)
            chosen = node;
    return chosen;
}

/* Mutations. Each changes one field of one message. */

/* The field of an entry: one that is there, or a new one. Of the outermost message it is mostly one that is there,
   because there can be only one body. */
static struct node *some_field (struct changing *self, struct tree *tree)
{
    struct node *node = some_node (self, tree);
    if (node != NULL && node->slot != NULL && below (self, 8) < (tree == self->all[0] ? 7 : 4))
        return node;
    if (tree->joined->count == 0)
        return NULL;
    const struct slot *slot = &tree->joined->slot[below (self, tree->joined->count)];
    node = tree_find (tree, slot);
    return node != NULL ? node : tree_insert (self->maker.arena, tree, tree_last (tree), slot);
}

static void set_right (struct changing *self, struct tree *tree)
{
    struct node *node = some_field (self, tree);
    if (node != NULL)
        value_right (&self->maker, tree, node);
}

static void set_at_limit (struct changing *self, struct tree *tree)
{
    struct node *node = some_field (self, tree);
    if (node != NULL)
        value_at_limit (&self->maker, node);
}

static void remove_field (struct changing *self, struct tree *tree)
{
    struct node *node = some_node (self, tree);
    if (node != NULL)
        tree_remove (tree, node->slot);
}

/* Once more, or so many times more that a list is at its limit. */
static void repeat_field (struct changing *self, struct tree *tree)
{
    static const size_t few[] = {1, 1, 1, 2}, many[] = {7, 8, 15, 16, 31, 32, 63, 64, 255, 256};
    struct node *node = some_node (self, tree);
    if (node == NULL || node->slot == NULL)
        return;
    bool is_same = below (self, 2) == 0;
    size_t left = below (self, 8) > 0 ? few[below (self, sizeof few / sizeof *few)]
                                      : many[below (self, sizeof many / sizeof *many)];
    for (; left > 0; left--) {
        struct node *next = tree_insert (self->maker.arena, tree, node, node->slot);
        *next = (struct node){next->next,  node->slot,  node->number, node->type,
                              node->value, node->bytes, node->inside};
        if (!is_same)
            value_right (&self->maker, tree, next);
        node = next;
    }
}

static void move_field (struct changing *self, struct tree *tree)
{
    struct node *from = some_node (self, tree), *to = some_node (self, tree);
    if (from == NULL || from == to)
        return;
    struct node kept = *from;
    *from = *to;
    *to = kept;
    struct node *next = from->next;
    from->next = to->next;
    to->next = next;
}

static void add_unknown_field (struct changing *self, struct tree *tree)
{
    if (tree->joined->count == 0)
        return;
    const struct slot *like = &tree->joined->slot[below (self, tree->joined->count)];
    struct node *node = tree_insert (self->maker.arena, tree, some_node (self, tree), like);
    value_right (&self->maker, tree, node);
    node->slot = NULL;
    node->number = 1 + (uint32_t)below (self, WILD_NUMBER);
}

/* The bytes of one value, as libFuzzer changes bytes. */
static void change_bytes (struct changing *self, struct tree *tree)
{
    enum { MORE = 64 };
    struct node *node = some_node (self, tree);
    if (node == NULL || node->inside != NULL || (node->number > 0 && node->type == RAW_VARINT))
        return;
    bool is_fixed = node->number > 0 && node->type != RAW_LENGTH;
    size_t size = node->bytes.size, room = is_fixed ? size : size + MORE;
    uint8_t *bytes = arena_alloc (self->maker.arena, room);
    if (size > 0)
        memcpy (bytes, node->bytes.data, size);
    size_t changed = LLVMFuzzerMutate (bytes, size, room);
    node->bytes = (struct bytes){bytes, is_fixed ? size : changed};
}

/* Whole inputs */

static void mutate_tree (struct changing *self, struct tree *tree)
{
    static void (*const mutations[]) (struct changing *, struct tree *) = {
        set_right,    set_right,    set_right,  set_at_limit,      set_at_limit, set_at_limit,
        remove_field, repeat_field, move_field, add_unknown_field, change_bytes, change_bytes,
    };
    for (size_t left = 1 + below (self, 4); left > 0; left--) {
        self->count = 0;
        gather (self, tree);
        struct tree *one = self->all[below (self, self->count)];
        mutations[below (self, sizeof mutations / sizeof *mutations)](self, one);
    }
}

/* A new arena each time: to reset one that was large once takes longer (it is poisoned for AddressSanitizer). */
static void begin (struct changing *self, unsigned seed)
{
    static struct arena *arena;
    arena_destroy (&arena);
    arena = arena_new (ARENA_LIMIT);
    self->maker = (struct maker){.arena = arena, .chance = {seed}};
    self->maker.optional = 1 + below (self, 4);
    self->count = 0;
}

/* A new message, which its reader mostly takes. Returns its size; 0: there is no room for it. */
static size_t make (const struct mutated *self, struct changing *changing, uint8_t *to, size_t room)
{
    struct maker *maker = &changing->maker;
    struct tree *tree = tree_read (maker->arena, self->joined, (struct bytes){to, 0});
    value_fill (maker, tree);
    for (int left = MENDED; left > 0 && self->fault != NULL; left--) {
        size_t size = tree_write (tree, to, room);
        const char *path = size > 0 ? self->fault ((struct bytes){to, size}, maker->arena) : NULL;
        if (path == NULL || !mend_at (maker, tree, path))
            return size;
    }
    return tree_write (tree, to, room);
}

size_t mutate_message (const struct mutated *self, uint8_t *data, size_t size, size_t room, unsigned seed)
{
    static struct changing changing;
    begin (&changing, seed);
    if (size == 0 || below (&changing, NEW) == 0) {
        size_t made = make (self, &changing, data, room);
        if (made > 0)
            return made;
    }
    if (below (&changing, 8) == 0)
        return LLVMFuzzerMutate (data, size, room);
    uint8_t *copy =
        arena_memdup (changing.maker.arena, data, size); /* what is not changed is written from there */
    struct tree *tree = tree_read (changing.maker.arena, self->joined, (struct bytes){copy, size});
    mutate_tree (&changing, tree);
    size_t changed = tree_write (tree, data, room);
    if (changed > 0)
        return changed;
    memcpy (data, copy, size);
    return LLVMFuzzerMutate (data, size, room);
}

/* The other's message by the same table, at random. NULL: it has none. */
static struct tree *alike (struct changing *self, const struct tree *tree)
{
    struct tree *chosen = NULL;
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++)
        if (self->all[i]->joined == tree->joined && below (self, ++count) == 0)
            chosen = self->all[i];
    return chosen;
}

static void take_over (struct changing *self, struct tree *tree, const struct tree *from, const struct slot *slot)
{
    tree_remove (tree, slot);
    struct node *last = tree_last (tree);
    for (const struct node *node = from->first; node != NULL; node = node->next)
        if (node->slot == slot) {
            last = tree_insert (self->maker.arena, tree, last, slot);
            *last = *node;
            last->next = NULL;
        }
}

size_t mutate_by_other (const struct mutated *self, const struct bytes messages[2], uint8_t *to, size_t room,
                        unsigned seed)
{
    static struct changing changing;
    begin (&changing, seed);
    struct tree *tree = tree_read (changing.maker.arena, self->joined, messages[0]);
    gather (&changing, tree);
    struct tree *changed = changing.all[below (&changing, changing.count)];
    changing.count = 0;
    gather (&changing, tree_read (changing.maker.arena, self->joined, messages[1]));
    const struct tree *from = alike (&changing, changed);
    const struct node *node = from != NULL ? some_node (&changing, from) : NULL;
    if (node != NULL && node->slot != NULL)
        take_over (&changing, changed, from, node->slot);
    return tree_write (tree, to, room);
}
