#include "overview_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codec/document.h"
#include "unconst.h"

struct overview_json {
    FILE *out; /* what is written so far */
    char *text;
    size_t size;
    size_t entries;
    json_t *labels; /* each label once: "KIND code" → its document */
};

struct overview_json *overview_json_new (void)
{
    struct overview_json *self = calloc (1, sizeof *self);
    if (!self || !(self->out = open_memstream (&self->text, &self->size)))
        abort ();
    self->labels = json_object ();
    fputs ("{\n  \"entries\": [", self->out);
    return self;
}

void overview_json_destroy (struct overview_json **self_p)
{
    struct overview_json *self = *self_p;
    if (!self)
        return;
    if (self->out)
        fclose (self->out);
    if (self->text)
        explicit_bzero (self->text, self->size);
    free (self->text);
    json_decref (self->labels);
    free (self);
    *self_p = NULL;
}

static void put_entry (struct overview_json *self, const Consentd__OverviewEntry *entry)
{
    char *text = document_text (document_of_message (&entry->base), 0);
    fprintf (self->out, "%s\n    %s", self->entries++ > 0 ? "," : "", text);
    free (text);
}

void overview_json_take (struct overview_json *self, const struct overview *overview,
                         const Consentd__OverviewReply *page)
{
    for (size_t i = 0; i < page->n_labels; i++) {
        const Consentd__OverviewLabel *label = page->labels[i];
        char name[128];
        snprintf (name, sizeof name, "%d %s", (int)label->kind, label->code);
        json_object_set_new (self->labels, name, document_of_message (&label->base));
    }
    for (size_t i = 0; i < page->n_entries; i++)
        if (overview_is_wanted (overview, page->entries[i]))
            put_entry (self, page->entries[i]);
}

/* The other keys, as text without the braces. */
static void put_rest (struct overview_json *self, const struct overview *overview)
{
    json_t *labels = json_array (), *label;
    const char *name;
    json_object_foreach (self->labels, name, label) json_array_append (labels, label);
    json_t *rest = json_pack (
        "{s:o, s:o, s:o, s:o, s:b, s:b, s:I, s:I, s:o, s:I, s:o}", "controller",
        document_string (overview->controller), "policy", document_string (overview->policy), "reader",
        document_string (overview->reader), "made_at", document_time (overview->made_at), "known",
        overview->is_known, "left_out", overview->left_out, "newest", (json_int_t)overview->newest, "unreadable",
        (json_int_t)overview->unreadable, "previous_at", document_time (overview->previous_at), "since_previous",
        (json_int_t)overview->since_previous, "labels", labels);
    char *text = document_text (rest, 2);
    fprintf (self->out, "\n  ],%s", strchr (text, '{') + 1);
    free (text);
}

char *overview_json_finish (struct overview_json *self, const struct overview *overview, size_t *size)
{
    put_rest (self, overview);
    if (fclose (self->out) != 0)
        abort ();
    char *text = self->text;
    *size = self->size;
    self->out = NULL;
    self->text = NULL;
    return text;
}
