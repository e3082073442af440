/* What stays of somebody who was erased, because a statute requires it (R7, T1): what, until when, and why. */
#include <string.h>
#include "arena.h"
#include "letter/letter_law.h"
#include "letter/letter_words.h"
#include "overview_letter_parts.h"

const char *overview_article (const struct overview_letter *self, const char *article)
{
    const char *words = letter_law_article (self->options->laws, self->overview->arena, article);
    return words ? words : article;
}

static const char *describe_what (const struct overview *overview, const struct overview_remainder *one)
{
    if (strcmp (one->action, "check") == 0)
        return overview_number (overview, one->count, "keer dat gegevens zijn doorgegeven",
                                "keer dat gegevens zijn doorgegeven");
    if (strcmp (one->action, "grant") == 0)
        return overview_number (overview, one->count, "toestemming", "toestemmingen");
    if (strcmp (one->action, "revoke") == 0)
        return overview_number (overview, one->count, "intrekking van een toestemming",
                                "intrekkingen van een toestemming");
    return strcmp (one->action, "rights-open") == 0 ? "Wat u ons vroeg" : "Wat wij daarop zeiden";
}

/* "Dat zegt artikel 5.3.4 van de Wet maatschappelijke ondersteuning." Each article once. */
static const char *describe_why (const struct overview_letter *self, const struct overview_remainder *one)
{
    struct arena *arena = self->overview->arena;
    const char *all = "";
    if (strcmp (one->action, "grant") == 0 || strcmp (one->action, "revoke") == 0)
        return "Daardoor mochten gegevens worden doorgegeven.";
    if (strcmp (one->action, "check") != 0)
        return strcmp (one->action, "rights-open") == 0 ? "Daarop hebben wij besloten."
                                                        : "Daarin staat wat wij besloten.";
    for (size_t i = 0; i < one->by.count; i++) {
        const char *article = overview_article (self, letter_law_of_source (arena, one->by.item[i]));
        if (!strstr (all, article))
            all = arena_printf (arena, "%s%s%s", all, *all ? " en " : "Dat zegt ", article);
    }
    return arena_printf (arena, "%s.", all);
}

void overview_letter_remainder (struct overview_letter *self)
{
    static const char *const headings[] = {"Wat blijft", "Tot en met", "Waarom"};
    const struct overview *overview = self->overview;
    if (!overview->remainders)
        return;
    overview_part_begin (self);
    letter_begin_table (&self->document, headings, 3);
    for (const struct overview_remainder *one = overview->remainders; one; one = one->next)
        letter_add_row (
            &self->document,
            (const char *[]){describe_what (overview, one),
                             one->until ? letter_last_day (overview->arena, one->until) : "dat is nog niet bekend",
                             describe_why (self, one)});
    overview_part_end (self, "bewaard");
}
