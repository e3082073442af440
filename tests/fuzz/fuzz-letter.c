/* libFuzzer: any bytes as a template of a letter. What comes before a line "=== deel" is the template, what comes
   after it is a part that it may name. What is accepted is filled twice, with everything and with as little as
   there may be, and given every form. */
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "letter/letter_document.h"
#include "letter/letter_forms.h"
#include "letter/letter_html.h"
#include "letter/letter_template.h"
#include "letter/letter_text.h"

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { MEMORY = 256 << 20 };

/* With every kind of field: a template is tried as each of these. */
static const char *const tried[] = {"informeren", "intrekking", "toestemming", "verzoek-afgewezen"};
static FILE *nowhere;

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setlocale (LC_CTYPE, "C.UTF-8");
    nowhere = fopen ("/dev/null", "we");
    return nowhere ? 0 : 1;
}

/* Gives every field a value; with `all` also those that may have none. */
static void give (struct letter_values *values, bool all)
{
    for (const struct letter_field *field = values->fields; field->name; field++) {
        if (!all && field->use >= LETTER_EMPTY)
            continue;
        if (field->kind == LETTER_TEXT)
            letter_set (values, field->name, "een {waarde} & <meer>");
        else if (field->kind == LETTER_FLAG)
            letter_set_flag (values, field->name, all);
        else if (field->kind == LETTER_PART)
            letter_set_part (values, field->name, &(struct letter_document){.arena = values->arena, .title = ""});
        for (int i = 0; i < 2 && field->kind == LETTER_TEXTS; i++)
            letter_add (values, field->name, "[einde]");
        for (int i = 0; i < 2 && field->kind == LETTER_GROUP; i++)
            give (letter_add_group (values, field->name), all);
    }
}

static void fill (const struct letter_template *template, const struct letter_form *form, struct arena *arena,
                  bool all)
{
    struct letter_document document = letter_document_start (arena);
    struct letter_values *values = letter_values_new (arena, form->fields);
    give (values, all);
    if (letter_template_fill (template, values, &document) != NULL) /* every hole is found when it is read */
        abort ();
    if (!*document.title)
        abort ();
    letter_text_write (&document, nowhere);
    letter_html_write (&document, nowhere);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char mark[] = "\n=== deel\n";
    const char *text = (const char *)data, *at = memmem (text, size, mark, sizeof mark - 1);
    size_t first = at ? (size_t)(at - text) : size, skipped = at ? first + sizeof mark - 1 : size;
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        const struct letter_form *form = letter_form_find (tried[i]);
        struct arena *arena = arena_new (MEMORY);
        const struct policy_text files[] = {{arena_printf (arena, "%s.txt", form->name), text, first},
                                            {"deel-slot.txt", text + skipped, size - skipped}};
        const struct letter_sources sources = {"brieven", files, 2};
        const struct letter_template *template;
        struct policy_error error = {.message = ""};
        int rc = letter_template_read (&template, arena, form, &sources, &error);
        if (rc == 0) {
            fill (template, form, arena, true);
            fill (template, form, arena, false);
        } else if (rc != POLICY_INVALID || template || !error.message[0] ||
                   !memchr (error.message, '\0', sizeof error.message))
            abort ();
        arena_destroy (&arena);
    }
    return 0;
}
