/* The words of an overview, as they came with this program: brieven/overzicht.txt of the packs in config/policies,
   built in by overview_shipped.py. Whoever makes an overview may have no pack at hand; whoever has one names it,
   and takes its words. */
#pragma once
#include <stddef.h>

struct arena;
struct letter_template;

struct overview_shipped {
    const char *pack; /* its name */
    const char *text; /* of the template */
    size_t size;
};

/* Ends with an entry without a pack. The entry before that rests on the law of the whole country, and on no
   regulation of one municipality. */
extern const struct overview_shipped overview_shipped[];

/* The template of a pack, "kaag-en-braassem-2015/2", of whatever version; of a pack that did not come with this
   program, that which rests on the law of the country. The arena's. */
const struct letter_template *overview_shipped_template (struct arena *arena, const char *pack);
