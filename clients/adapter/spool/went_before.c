/* What a message answers, of what went before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "allocate.h"
#include "went.h"

char *went_between (const char *from, const char *to, const char *root, const char *text)
{
    char *made;
    if (asprintf (&made, "%s\n%s\n%s\n%s", from, to, root, text) < 0)
        abort ();
    return made;
}

/* By what a message, or a request in it, is found. */
struct message_mark {
    const char *kind, *root, *text;
};

/* Looks for what went from the passage's recipient to its provider with such a mark, one of a root, for each of
   which `each` is called. What that returns, if it is not 0; else 0, or -errno. */
static int find (struct ledger *ledger, const struct passage *passage, const struct message_mark *mark,
                 ledger_handler *each, void *context)
{
    const char *from = passage_recipient (passage), *to = passage_provider (passage);
    if (!ledger || !from || !to)
        return 0;
    char *text = went_between (from, to, mark->root, mark->text);
    int r = ledger_find (ledger, LEDGER_WENT, &(struct ledger_mark){mark->kind, text}, each, context);
    free (text);
    return r;
}

static int note_one (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    json_array_extend (context, json_object_get (record, "clients"));
    return 1;
}

static bool is_one_of (const json_t *clients, const char *bsn)
{
    size_t index;
    json_t *client;
    json_array_foreach (clients, index, client)
    {
        if (strcmp (json_string_value (json_object_get (client, "bsn")), bsn) == 0)
            return true;
    }
    return false;
}

/* A return gives back what its receiver sent: it is about nobody else. It is not checked, so this is all that
   keeps somebody else's data from going along with a known identification. */
static bool is_about (const struct elements *elements, const json_t *clients)
{
    for (const struct element *element = elements->root; element; element = element_next (element)) {
        if (elements->mapping->subject && element->rule == elements->mapping->subject && element->value &&
            !is_one_of (clients, element->value))
            return false;
    }
    return true;
}

bool went_knows (struct ledger *ledger, const struct passage *passage, const struct passage_need *need)
{
    json_t *clients = json_array ();
    bool is_known = false;
    for (size_t i = 0; !is_known && need->identifications[i]; i++) {
        for (size_t j = 0; !is_known && need->roots[j]; j++) {
            const struct message_mark mark = {"message", need->roots[j], need->identifications[i]};
            is_known = find (ledger, passage, &mark, note_one, clients) == 1;
        }
    }
    is_known = is_known && is_about (passage_result (passage)->elements, clients);
    json_decref (clients);
    return is_known;
}

struct subject {
    char *bsn; /* "" before there is one */
    bool is_one;
};

/* Whoever gives the same reference to requests about two people leaves in doubt whom the answer is about. */
static int note_subject (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    struct subject *self = context;
    size_t index;
    json_t *client;
    self->is_one = true;
    json_array_foreach (json_object_get (record, "clients"), index, client)
    {
        const char *of = json_string_value (json_object_get (client, "bsn"));
        self->is_one = of && strlen (of) < WENT_BSN && (!*self->bsn || strcmp (of, self->bsn) == 0);
        if (!self->is_one)
            return 1;
        strcpy (self->bsn, of);
    }
    return 0;
}

/* Each reference is known, and all that have it are about one. */
bool went_subject (struct ledger *ledger, const struct passage *passage, const struct passage_need *need,
                   char bsn[WENT_BSN])
{
    const char *const *references = need->identifications;
    struct subject subject = {bsn, references[0]};
    *bsn = 0;
    for (size_t i = 0; subject.is_one && references[i]; i++) {
        int r = 0;
        subject.is_one = false;
        for (size_t j = 0; r == 0 && need->roots[j]; j++) {
            const struct message_mark mark = {"reference", need->roots[j], references[i]};
            r = find (ledger, passage, &mark, note_subject, &subject);
        }
        subject.is_one = subject.is_one && r == 0;
    }
    return subject.is_one && *bsn;
}
