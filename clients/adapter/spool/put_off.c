/* The order of what takes back and what that is about.

   All messages of a group are decided at once, by what the ledger knew before, and about those of the next group
   is asked beside it. So of two of which one takes back what is in the other only the first stays: the one in the
   group before, or that a run before may have disclosed, else the one that was written before. The other is taken
   again when the first has its end. */
#include <stdlib.h>
#include "products.h"
#include "spool_parts.h"

static int compare (const void *a, const void *b)
{
    const struct item *one = *(const struct item *const *)a, *other = *(const struct item *const *)b;
    if (one->recalled != other->recalled)
        return one->recalled ? -1 : 1;
    return one->came < other->came ? -1 : one->came > other->came;
}

/* It stays where it is, and is taken again. */
static void put_off (struct item *item)
{
    passage_tell_no_answer (item->passage, CONSENT_RETRY, "it is decided after what it takes back");
    passage_step (item->passage, &item->need);
}

void spool_put_off (struct spool *self, struct group *group)
{
    struct item *ordered[ITEMS_MAX];
    size_t count = 0, products;
    for (size_t i = 0; i < group->count; i++) {
        passage_products (group->items[i].passage, &products);
        if (products > 0)
            ordered[count++] = &group->items[i];
    }
    qsort (ordered, count, sizeof *ordered, compare);
    for (size_t i = 0; i < count; i++) {
        if (products_meet (self->ledger, ordered[i]->passage, self->now->products, group->products))
            put_off (ordered[i]);
    }
}
