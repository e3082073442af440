#include "tree.h"

#include <string.h>
#include "arena.h"

/* The table of the message in this field. A field whose elements are passed over has none of its own: the one
   serves by which the same message is read elsewhere (a check of a batch). */
static const struct joined *table_of (const struct joined *root, const struct slot *slot)
{
    if (slot->inner != NULL || slot->wire->type != PROTOBUF_C_TYPE_MESSAGE)
        return slot->inner;
    for (unsigned i = 0; i < root->count; i++)
        if (root->slot[i].inner != NULL && root->slot[i].wire->descriptor == slot->wire->descriptor)
            return root->slot[i].inner;
    return NULL;
}

static struct tree *tree_of (struct arena *arena, const struct joined *root, const struct joined *joined)
{
    struct tree *tree = arena_alloc (arena, sizeof *tree);
    *tree = (struct tree){.joined = joined, .root = root};
    return tree;
}

struct tree *tree_inside (struct arena *arena, const struct tree *outer, const struct slot *slot)
{
    const struct joined *joined = table_of (outer->root, slot);
    return joined != NULL ? tree_of (arena, outer->root, joined) : NULL;
}

static struct node *add (struct arena *arena, struct tree *tree, struct node *after)
{
    struct node *node = arena_alloc (arena, sizeof *node), **at = after != NULL ? &after->next : &tree->first;
    node->next = *at;
    *at = node;
    return node;
}

struct node *tree_insert (struct arena *arena, struct tree *self, struct node *after, const struct slot *slot)
{
    struct node *node = add (arena, self, after);
    node->slot = slot;
    node->number = slot->wire->id;
    return node;
}

static void read_fields (struct arena *arena, struct tree *tree, struct bytes bytes)
{
    struct raw raw = {bytes.data, (const uint8_t *)bytes.data + bytes.size};
    struct node *last = NULL;
    while (raw.at < raw.end) {
        const uint8_t *start = raw.at;
        struct raw_field field;
        last = add (arena, tree, last);
        if (!raw_next (&raw, &field)) {
            last->bytes = (struct bytes){start, (size_t)(raw.end - start)};
            return;
        }
        last->slot = joined_slot (tree->joined, field.number);
        last->number = field.number;
        last->type = field.type;
        last->value = field.value;
        last->bytes = (struct bytes){field.data, field.type == RAW_VARINT ? 0 : field.size};
        if (last->slot != NULL && field.type == RAW_LENGTH)
            last->inside = tree_inside (arena, tree, last->slot);
        if (last->inside != NULL)
            read_fields (arena, last->inside, last->bytes);
    }
}

struct tree *tree_read (struct arena *arena, const struct joined *root, struct bytes bytes)
{
    struct tree *tree = tree_of (arena, root, root);
    read_fields (arena, tree, bytes);
    return tree;
}

/* Where bytes are written. If there is no room, they are only counted. */
struct sink {
    uint8_t *at;
    size_t size, room;
};

static void put (struct sink *sink, const void *data, size_t size)
{
    if (size > 0 && sink->size + size <= sink->room)
        memcpy (sink->at + sink->size, data, size);
    sink->size += size;
}

static void put_number (struct sink *sink, uint64_t number)
{
    uint8_t bytes[RAW_NUMBER_SIZE];
    put (sink, bytes, (size_t)(raw_put_number (bytes, number) - bytes));
}

static void put_tree (struct sink *sink, const struct tree *tree);

static void put_node (struct sink *sink, const struct node *node)
{
    if (node->number > 0)
        put_number (sink, (uint64_t)node->number << 3 | node->type);
    if (node->number > 0 && node->type == RAW_VARINT) {
        put_number (sink, node->value);
    } else if (node->inside != NULL) {
        struct sink measured = {0};
        put_tree (&measured, node->inside);
        put_number (sink, measured.size);
        put_tree (sink, node->inside);
    } else {
        if (node->number > 0 && node->type == RAW_LENGTH)
            put_number (sink, node->bytes.size);
        put (sink, node->bytes.data, node->bytes.size);
    }
}

static void put_tree (struct sink *sink, const struct tree *tree)
{
    for (const struct node *node = tree->first; node != NULL; node = node->next)
        put_node (sink, node);
}

size_t tree_write (const struct tree *self, uint8_t *to, size_t room)
{
    struct sink sink = {.at = to, .room = room};
    put_tree (&sink, self);
    return sink.size <= room ? sink.size : 0;
}

struct node *tree_last (const struct tree *self)
{
    struct node *last = self->first;
    while (last != NULL && last->next != NULL)
        last = last->next;
    return last;
}

struct node *tree_find (const struct tree *self, const struct slot *slot)
{
    struct node *node = self->first;
    while (node != NULL && node->slot != slot)
        node = node->next;
    return node;
}

void tree_remove (struct tree *self, const struct slot *slot)
{
    struct node **at = &self->first;
    while (*at != NULL)
        if ((*at)->slot == slot)
            *at = (*at)->next;
        else
            at = &(*at)->next;
}
