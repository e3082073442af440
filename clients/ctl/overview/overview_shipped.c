#include "overview_shipped.h"

#include <stdlib.h>
#include <string.h>
#include "letter/letter_forms.h"
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

const struct letter_template *overview_shipped_template (struct arena *arena, const char *pack)
{
    const struct overview_shipped *one = find (pack);
    const struct policy_text file = {OVERVIEW_FORM ".txt", one->text, one->size};
    const struct letter_sources sources = {"brieven", &file, 1};
    const struct letter_template *template;
    struct policy_error error;
    if (letter_template_read (&template, arena, letter_form_find (OVERVIEW_FORM), &sources, &error) != 0)
        abort (); /* a test reads each of them */
    return template;
}
