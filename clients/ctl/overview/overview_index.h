/* Texts, labels and groups of an overview, found by name. */
#pragma once
#include "overview_data.h"

struct overview_index;
struct overview_index *overview_index_new (struct arena *arena);
void overview_index_destroy (struct overview_index **self_p);

/* The one copy of this text. NULL is "". */
const char *overview_text (struct overview_index *self, const char *text);
void overview_texts_add (struct overview_index *self, struct overview_texts *set, const char *text);
/* "a; b; c", interned. */
const char *overview_texts_join (struct overview_index *self, const struct overview_texts *set);
/* The one copy of this set. */
const struct overview_texts *overview_texts_keep (struct overview_index *self, const struct overview_texts *set);

/* Two words as one text of a set; and the set as "a; b (herkomst: c); d (herkomst: e)", interned. */
const char *overview_pair (struct overview_index *self, const char *word, const char *origin);
const char *overview_pairs_join (struct overview_index *self, const struct overview_texts *set);

/* Something that is kept under several words. `find` is NULL if there is nothing. */
void *overview_index_find (struct overview_index *self, const char *const *words, size_t count);
void overview_index_put (struct overview_index *self, const char *const *words, size_t count, const void *thing);
