#include "overview_shipped.h"

#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "letter/letter_forms.h"
#include "letter/letter_law.h"
#include "letter/letter_template.h"
#include "overview_letter.h"

static bool is_named (const struct overview_shipped *one, const char *pack)
{
    size_t size = strcspn (pack, "/");
    return strlen (one->pack) == size && memcmp (one->pack, pack, size) == 0;
}

static const struct overview_shipped *find (const char *pack)
{
    const struct overview_shipped *one = overview_shipped;
    while (!is_named (one, pack) && one[1].pack)
        one++;
    return one;
}

void overview_shipped_read (struct arena *arena, const char *pack, struct overview_letter_options *options)
{
    const struct overview_shipped *one = find (pack);
    const struct letter_sources sources = {"brieven", &one->words, 1};
    struct letter_laws *laws = arena_alloc (arena, sizeof *laws);
    struct policy_error error;
    struct policy_faults faults = POLICY_FIRST (&error);
    int rc = letter_template_read (&options->template, arena, letter_form_find (OVERVIEW_FORM), &sources, &faults);
    if (rc == 0)
        rc = letter_laws_read (laws, arena, one->laws.name, &one->laws, &faults);
    if (rc != 0)
        abort (); /* a test reads each of them */
    options->laws = laws;
}
