#include "mend.h"

#include <stdlib.h>
#include <string.h>

/* The first part of a path, "items[2]" of "items[2].category". */
struct part {
    const char *name, *rest; /* what follows the dot; NULL: nothing does */
    size_t size, index;
};

static struct part first_part (const char *path)
{
    const char *dot = strchr (path, '.');
    struct part part = {.name = path, .rest = dot != NULL ? dot + 1 : NULL, .size = strcspn (path, "[.")};
    if (path[part.size] == '[')
        part.index = strtoul (path + part.size + 1, NULL, 10);
    return part;
}

static const struct slot *slot_named (const struct joined *joined, const struct part *part)
{
    for (unsigned i = 0; i < joined->count; i++) {
        const char *name = joined->slot[i].wire->name;
        if (strlen (name) == part->size && memcmp (name, part->name, part->size) == 0)
            return &joined->slot[i];
    }
    return NULL;
}

static struct node *node_at (const struct tree *tree, const struct slot *slot, size_t index)
{
    for (struct node *node = tree_find (tree, slot); node != NULL; node = node->next)
        if (node->slot == slot && index-- == 0)
            return node;
    return NULL;
}

static void change (struct maker *maker, struct tree *tree, const struct slot *slot, struct node *node)
{
    if (node != NULL && chance_one_in (&maker->chance, 4)) {
        tree_remove (tree, slot);
        return;
    }
    if (node == NULL)
        node = tree_insert (maker->arena, tree, tree_last (tree), slot);
    value_right (maker, tree, node);
}

bool mend_at (struct maker *maker, struct tree *tree, const char *path)
{
    struct part part = first_part (path);
    const struct slot *slot = slot_named (tree->joined, &part);
    if (slot == NULL)
        return false;
    struct node *node = node_at (tree, slot, part.index);
    if (part.rest == NULL || node == NULL || node->inside == NULL)
        change (maker, tree, slot, node);
    else
        return mend_at (maker, node->inside, part.rest);
    return true;
}
