#include "overview_index.h"

#include <czmq.h>
#include "arena.h"
#include "unconst.h"

struct overview_index {
    struct arena *arena;
    zhashx_t *texts;  /* text → its one copy */
    zhashx_t *things; /* words, between line ends → what is kept under them */
};

/* Words and texts are the arena's, or the caller's for the time of a look-up. */
static zhashx_t *table_of_borrowed (void)
{
    zhashx_t *table = zhashx_new ();
    if (!table)
        abort ();
    zhashx_set_key_duplicator (table, NULL);
    zhashx_set_key_destructor (table, NULL);
    return table;
}

struct overview_index *overview_index_new (struct arena *arena)
{
    struct overview_index *self = arena_alloc (arena, sizeof *self);
    *self = (struct overview_index){arena, table_of_borrowed (), table_of_borrowed ()};
    return self;
}

void overview_index_destroy (struct overview_index **self_p)
{
    if (!*self_p)
        return;
    zhashx_destroy (&(*self_p)->texts);
    zhashx_destroy (&(*self_p)->things);
    *self_p = NULL;
}

const char *overview_text (struct overview_index *self, const char *text)
{
    const char *wanted = text ? text : "";
    const char *known = zhashx_lookup (self->texts, wanted);
    if (known)
        return known;
    char *made = arena_strdup (self->arena, wanted);
    zhashx_insert (self->texts, made, made);
    return made;
}

void overview_texts_add (struct overview_index *self, struct overview_texts *set, const char *text)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->item[i] == text)
            return;
    if (set->count == set->room) {
        size_t room = 2 * set->room + 4;
        const char **more = arena_array (self->arena, room, sizeof *more);
        if (set->count > 0)
            memcpy (more, set->item, set->count * sizeof *more);
        set->item = more;
        set->room = room;
    }
    set->item[set->count++] = text;
}

/* Joins the words in a buffer that the caller frees. */
static char *join (const char *const *words, size_t count, const char *between)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++)
        size += strlen (words[i]) + strlen (between);
    char *made = malloc (size), *to = made;
    if (!made)
        abort ();
    *to = '\0';
    for (size_t i = 0; i < count; i++)
        to += sprintf (to, "%s%s", i > 0 ? between : "", words[i]);
    return made;
}

const char *overview_texts_join (struct overview_index *self, const struct overview_texts *set)
{
    char *made = join (set->item, set->count, "; ");
    const char *known = overview_text (self, made);
    free (made);
    return known;
}

const struct overview_texts *overview_texts_keep (struct overview_index *self, const struct overview_texts *set)
{
    const char *words[] = {"set", overview_texts_join (self, set)};
    struct overview_texts *kept = overview_index_find (self, words, 2);
    if (kept)
        return kept;
    kept = arena_memdup (self->arena, set, sizeof *set);
    overview_index_put (self, words, 2, kept);
    return kept;
}

static const char between[] = "\t"; /* the two words of a pair */

const char *overview_pair (struct overview_index *self, const char *word, const char *origin)
{
    char *made = join ((const char *const[]){word, origin}, 2, between);
    const char *known = overview_text (self, made);
    free (made);
    return known;
}

static const char *origin_of (const char *pair)
{
    return strchr (pair, *between) + 1;
}

/* The words that have this origin, and then the origin. */
static void add_of_origin (const struct overview_texts *set, const char *origin, FILE *out)
{
    const char *separator = "";
    for (size_t i = 0; i < set->count; i++)
        if (strcmp (origin_of (set->item[i]), origin) == 0) {
            fprintf (out, "%s%.*s", separator, (int)strcspn (set->item[i], between), set->item[i]);
            separator = "; ";
        }
    if (*origin)
        fprintf (out, " (herkomst: %s)", origin);
}

static bool is_first_of_origin (const struct overview_texts *set, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp (origin_of (set->item[i]), origin_of (set->item[index])) == 0)
            return false;
    return true;
}

const char *overview_pairs_join (struct overview_index *self, const struct overview_texts *set)
{
    char *made;
    size_t size;
    FILE *out = open_memstream (&made, &size);
    if (!out)
        abort ();
    for (size_t i = 0; i < set->count; i++)
        if (is_first_of_origin (set, i)) {
            fputs (i > 0 ? "; " : "", out);
            add_of_origin (set, origin_of (set->item[i]), out);
        }
    if (fclose (out) != 0)
        abort ();
    const char *known = overview_text (self, made);
    free (made);
    return known;
}

void *overview_index_find (struct overview_index *self, const char *const *words, size_t count)
{
    char *name = join (words, count, "\n");
    void *thing = zhashx_lookup (self->things, name);
    free (name);
    return thing;
}

void overview_index_put (struct overview_index *self, const char *const *words, size_t count, const void *thing)
{
    char *name = join (words, count, "\n");
    zhashx_update (self->things, unconst (overview_text (self, name)), unconst (thing));
    free (name);
}
