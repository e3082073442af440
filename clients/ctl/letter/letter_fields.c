/* consentctl letter fields: the fields of a template, for whoever writes it. */
#include "letter_fields.h"

#include "codec/document.h"
#include "ctl.h"
#include "letter_forms.h"
#include "table.h"

static const char *const kinds[] = {
    [LETTER_TEXT] = "TEXT",   [LETTER_TEXTS] = "TEXTS", [LETTER_FLAG] = "FLAG",
    [LETTER_GROUP] = "GROUP", [LETTER_PART] = "PART",
};

static const char *use_of (const struct letter_field *field)
{
    switch (field->kind) {
    case LETTER_FLAG:
        return field->use == LETTER_MAY ? "[als]" : "[als], must";
    case LETTER_GROUP:
        return field->use == LETTER_MAY ? "[elke]" : "[elke], must";
    default:
        return field->use == LETTER_MAY     ? ""
               : field->use == LETTER_MUST  ? "must"
               : field->use == LETTER_EMPTY ? "within [als]"
                                            : "must, within [als]";
    }
}

static void add_rows (struct ctl *ctl, struct table *table, const struct letter_field *fields, const char *group)
{
    for (const struct letter_field *field = fields; field->name; field++) {
        const char *name = *group ? arena_printf (ctl->arena, "%s: %s", group, field->name) : field->name;
        const char *kind = field->kind == LETTER_TEXTS ? "list" : field->kind == LETTER_PART ? "part" : "";
        table_add (table, (const char *[]){name, kind, use_of (field), field->meaning});
        if (field->kind == LETTER_GROUP)
            add_rows (ctl, table, field->fields, field->name);
    }
}

static void add_json (json_t *list, const struct letter_field *fields, const char *group)
{
    for (const struct letter_field *field = fields; field->name; field++) {
        bool must = field->use == LETTER_MUST || field->use == LETTER_HEED;
        json_array_append_new (list, json_pack ("{s:s, s:s, s:s, s:b, s:b, s:s}", "name", field->name, "group",
                                                group, "kind", kinds[field->kind], "must", must, "may_be_empty",
                                                field->use >= LETTER_EMPTY, "meaning", field->meaning));
        if (field->kind == LETTER_GROUP)
            add_json (list, field->fields, field->name);
    }
}

static const char *all_names (struct ctl *ctl)
{
    const char *names = "";
    for (const struct letter_form *form = letter_forms; form->name; form++)
        names = arena_printf (ctl->arena, "%s%s%s", names, *names ? ", " : "", form->name);
    return names;
}

int run_letter_fields (struct ctl *ctl, const struct options *options)
{
    const struct letter_form *form = letter_form_find (options->arguments[0]);
    if (!form)
        return ctl_fail (EX_USAGE, "no letter has this name; there are %s", all_names (ctl));
    if (ctl->json) {
        json_t *fields = json_array ();
        add_json (fields, form->fields, "");
        document_print (
            json_pack ("{s:s, s:s, s:o}", "letter", form->name, "meaning", form->meaning, "fields", fields));
        return 0;
    }
    static const char *const headings[] = {"FIELD", "KIND", "IN THE TEMPLATE", "MEANING"};
    struct table table = table_start (ctl->arena, headings, 4);
    add_rows (ctl, &table, form->fields, "");
    printf ("%s.txt: %s\n\n", form->name, form->meaning);
    table_print (&table, stdout);
    return 0;
}
