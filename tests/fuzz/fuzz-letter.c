/* libFuzzer: any bytes as a template of a letter. What comes before a line "=== deel" is the template, what comes
   after it is a part that it may name. What is accepted is filled twice, with everything and with as little as
   there may be, and given every form. And any bytes as what whoever writes letters fills in: of a breach, of who
   sends them, and of how laws are called. */
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "letter/letter_document.h"
#include "letter/letter_forms.h"
#include "letter/letter_html.h"
#include "letter/letter_law.h"
#include "letter/letter_sender.h"
#include "letter/letter_template.h"
#include "letter/letter_text.h"
#include "report/incident.h"

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { MEMORY = 256 << 20 };

/* With every kind of field: a template is tried as each of these. */
static const char *const tried[] = {"datalek",   "informeren",  "intrekking",
                                    "overzicht", "toestemming", "verzoek-afgewezen"};
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

static bool is_right (int rc, const struct policy_error *error)
{
    return rc == 0 || (rc == POLICY_INVALID && error->message[0] &&
                       memchr (error->message, '\0', sizeof error->message) != NULL);
}

/* The incident must fill every field of a letter that has to be filled in. */
static void read_incident (struct arena *arena, const struct policy_text *text)
{
    struct policy_error error = {.message = ""};
    struct incident incident;
    int rc = incident_read (&incident, arena, text, (struct day){2026, 11, 28}, &error);
    if (!is_right (rc, &error))
        abort ();
    if (rc != 0)
        return;
    struct letter_values *values = letter_values_new (arena, letter_form_find ("datalek")->fields);
    incident_tell (&incident, values);
    for (const struct letter_field *field = values->fields; field->name; field++)
        if (strncmp (field->meaning, "ingevuld: ", 10) == 0 && field->use == LETTER_MUST &&
            !letter_value_is_said (values, field))
            abort ();
}

static void read_filled_in (const char *data, size_t size)
{
    struct arena *arena = arena_new (MEMORY);
    const struct policy_text text = {"bestand", data, size};
    struct policy_error error = {.message = ""};
    struct policy_faults faults = POLICY_FIRST (&error);
    struct letter_laws laws;
    struct letter_sender sender;
    read_incident (arena, &text);
    if (!is_right (letter_laws_read (&laws, arena, text.name, &text, &faults), &error))
        abort ();
    for (size_t i = 0; i < laws.count; i++)
        if (!letter_law_article (&laws, arena, arena_printf (arena, "%s 1", laws.list[i].code)))
            abort ();
    error.message[0] = '\0';
    faults.count = 0;
    if (!is_right (letter_sender_read (&sender, arena, text.name, &text, &faults), &error))
        abort ();
    arena_destroy (&arena);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char mark[] = "\n=== deel\n";
    const char *text = (const char *)data, *at = memmem (text, size, mark, sizeof mark - 1);
    size_t first = at ? (size_t)(at - text) : size, skipped = at ? first + sizeof mark - 1 : size;
    read_filled_in (text, size);
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        const struct letter_form *form = letter_form_find (tried[i]);
        struct arena *arena = arena_new (MEMORY);
        const struct policy_text files[] = {{arena_printf (arena, "%s.txt", form->name), text, first},
                                            {"deel-slot.txt", text + skipped, size - skipped}};
        const struct letter_sources sources = {"brieven", files, 2};
        const struct letter_template *template;
        struct policy_error error = {.message = ""};
        struct policy_faults faults = POLICY_FIRST (&error);
        int rc = letter_template_read (&template, arena, form, &sources, &faults);
        if (rc == 0) {
            fill (template, form, arena, true);
            fill (template, form, arena, false);
        } else if (template || !is_right (rc, &error))
            abort ();
        arena_destroy (&arena);
    }
    return 0;
}
