/* The words of an overview, as they came with this program: brieven/overzicht.txt and wetten.txt of the packs in
   config/policies, built in by overview_shipped.py. Whoever makes an overview may have no pack at hand; whoever
   has one names it, and takes its words. */
#pragma once
#include "policy/policy_read.h"

struct arena;
struct overview_letter_options;

struct overview_shipped {
    const char *pack; /* its name */
    struct policy_text words, laws;
};

/* Ends with an entry without a pack. The entry before that rests on the law of the whole country, and on no
   regulation of one municipality. */
extern const struct overview_shipped overview_shipped[];

/* Takes the words of a pack, "kaag-en-braassem-2015/2", of whatever version; of a pack that did not come with this
   program, those that rest on the law of the country. They live as long as the arena. */
void overview_shipped_read (struct arena *arena, const char *pack, struct overview_letter_options *options);
