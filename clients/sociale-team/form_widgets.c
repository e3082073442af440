#include "form_widgets.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "ctl.h"
#include "letter/letter_document.h"
#include "letter/letter_input.h"
#include "tool.h"

/* Numbers of ISO 32000-1, tables 165, 221, 226 and 228. */
enum { PRINT = 4, READ_ONLY = 1, MULTILINE = 1 << 12, RADIO = 1 << 15 };

/* How a box looks that is 12 by 12, which a viewer fits to its place. In base64: "q 1.6 w 2 2 m 10 10 l S 2 10 m
   10 2 l S Q"; and "q Q", since a stream without anything is wrong to some viewers. */
static const char cross[] = "cSAxLjYgdyAyIDIgbSAxMCAxMCBsIFMgMiAxMCBtIDEwIDIgbCBTIFE=";
static const char open_box[] = "cSBR";

struct widgets {
    struct arena *arena;
    json_t *objects;          /* of the PDF, by "obj:7 0 R" */
    json_t *fields;           /* references, in the order of the form */
    unsigned last;            /* number of the newest object */
    const char *cross, *open; /* references of the two appearances */
    const char *missing;      /* a place that the PDF does not have */
};

/* Adds an object, and returns its reference. Takes over `content`. */
static const char *add_object (struct widgets *self, const char *kind, json_t *content)
{
    const char *reference = arena_printf (self->arena, "%u 0 R", ++self->last);
    json_object_set_new (self->objects, arena_printf (self->arena, "obj:%s", reference),
                         json_pack ("{s:o}", kind, content));
    return reference;
}

static json_t *text_of (struct widgets *self, const char *text)
{
    return json_string (arena_printf (self->arena, "u:%s", text));
}

/* The object that is the link to this place. */
static json_t *find_link (struct widgets *self, const char *place, const char **reference_p)
{
    const char *wanted = arena_printf (self->arena, "u:" LETTER_PLACE "%s", place), *key;
    json_t *object;
    json_object_foreach (self->objects, key, object)
    {
        json_t *value = json_object_get (object, "value");
        const char *uri = json_string_value (json_object_get (json_object_get (value, "/A"), "/URI"));
        if (uri && strcmp (uri, wanted) == 0) {
            *reference_p = arena_strdup (self->arena, key + strlen ("obj:"));
            return value;
        }
    }
    if (!self->missing)
        self->missing = place;
    return NULL;
}

/* A place is [left, top, right, bottom] where WeasyPrint says it; a field's corners are in order. */
static json_t *rectangle_of (const json_t *link)
{
    const json_t *from = json_object_get (link, "/Rect");
    double side[4];
    for (size_t i = 0; i < 4; i++)
        side[i] = json_number_value (json_array_get (from, i));
    bool turned = side[1] > side[3];
    return json_pack ("[ffff]", side[0], side[turned ? 3 : 1], side[2], side[turned ? 1 : 3]);
}

/* Makes of the link a widget with what is in `more`, which it takes over. Returns its reference; NULL: there is no
   such link. */
static const char *make_widget (struct widgets *self, const char *place, const char *label, json_t *more)
{
    const char *reference;
    json_t *link = find_link (self, place, &reference);
    if (link) {
        json_t *rectangle = rectangle_of (link);
        json_object_clear (link);
        json_object_update_new (link,
                                json_pack ("{s:s, s:s, s:o, s:i, s:o}", "/Type", "/Annot", "/Subtype", "/Widget",
                                           "/Rect", rectangle, "/F", PRINT, "/TU", text_of (self, label)));
        json_object_update (link, more);
    }
    json_decref (more);
    return link ? reference : NULL;
}

static const char *change (struct arena *arena, const char *text, char from, char to)
{
    char *copy = arena_strdup (arena, text);
    for (char *at = copy; *at; at++)
        *at = *at == from ? to : *at;
    return copy;
}

/* A field that stands in no other. */
static void add_field (struct widgets *self, const char *reference)
{
    if (reference)
        json_array_append_new (self->fields, json_string (reference));
}

static void add_blank (struct widgets *self, const struct letter_block *block)
{
    int flags = block->input == LETTER_FREE ? MULTILINE : block->input == LETTER_FIXED ? READ_ONLY : 0;
    json_t *more = json_pack ("{s:s, s:o, s:s, s:i}", "/FT", "/Tx", "/T",
                              text_of (self, change (self->arena, block->name, '.', '/')), "/DA",
                              "u:/Helv 10 Tf 0 g", "/Ff", flags);
    if (*block->value)
        json_object_set_new (more, "/V", text_of (self, block->value));
    add_field (self, make_widget (self, block->name, block->text, more));
}

/* What every box has: how it looks with the cross, as the name `on`, and without. */
static json_t *box (struct widgets *self, const char *on, bool is_on)
{
    const char *name = arena_printf (self->arena, "/%s", on);
    return json_pack ("{s:s, s:{s:{s:s, s:s}}, s:{s:s}, s:s}", "/AS", is_on ? name : "/Off", "/AP", "/N", name,
                      self->cross, "/Off", self->open, "/MK", "/CA", "u:8", "/DA", "u:/ZaDb 0 Tf 0 g");
}

static const char *place_of (struct widgets *self, const struct letter_block *block, const struct letter_row *row)
{
    return arena_printf (self->arena, "%s:%s", block->name, row->cells[0]);
}

/* A box that is a field of its own. */
static void add_box (struct widgets *self, const struct letter_block *block, const struct letter_row *row)
{
    bool is_many = block->input == LETTER_MANY, is_on = *block->value && strcmp (block->value, row->cells[0]) == 0;
    const char *on = is_many ? "ja" : row->cells[0], *name = change (self->arena, block->name, '.', '/');
    if (is_many)
        name = arena_printf (self->arena, "%s:%s", name, change (self->arena, row->cells[0], '.', '~'));
    json_t *more = box (self, on, is_on);
    json_object_set_new (more, "/FT", json_string ("/Btn"));
    json_object_set_new (more, "/T", text_of (self, name));
    json_object_set (more, "/V", json_object_get (more, "/AS"));
    add_field (self, make_widget (self, place_of (self, block, row), row->cells[1], more));
}

/* One field, of which each row is a button. */
static void add_buttons (struct widgets *self, const struct letter_block *block)
{
    json_t *kids = json_array ();
    const char *chosen = *block->value ? arena_printf (self->arena, "/%s", block->value) : "/Off";
    const char *field =
        add_object (self, "value",
                    json_pack ("{s:s, s:o, s:i, s:s, s:O, s:o}", "/FT", "/Btn", "/T",
                               text_of (self, change (self->arena, block->name, '.', '/')), "/Ff", RADIO, "/V",
                               chosen, "/Kids", kids, "/TU", text_of (self, block->text)));
    for (const struct letter_row *row = block->first; row; row = row->next) {
        json_t *more = box (self, row->cells[0], strcmp (block->value, row->cells[0]) == 0);
        json_object_set_new (more, "/Parent", json_string (field));
        const char *kid = make_widget (self, place_of (self, block, row), row->cells[1], more);
        if (kid)
            json_array_append_new (kids, json_string (kid));
    }
    json_decref (kids);
    add_field (self, field);
}

static void add_block (struct widgets *self, const struct letter_block *block)
{
    if (block->kind == LETTER_BLANK && block->input != LETTER_SIGN)
        add_blank (self, block);
    else if (block->kind == LETTER_CHOICE && block->input == LETTER_ONE && block->first && block->first->next)
        add_buttons (self, block);
    else if (block->kind == LETTER_CHOICE)
        for (const struct letter_row *row = block->first; row; row = row->next)
            add_box (self, block, row);
}

static const char *add_drawing (struct widgets *self, const char *base64)
{
    return add_object (self, "stream",
                       json_pack ("{s:s, s:{s:s, s:s, s:[iiii]}}", "data", base64, "dict", "/Type", "/XObject",
                                  "/Subtype", "/Form", "/BBox", 0, 0, 12, 12));
}

static const char *add_font (struct widgets *self, const char *name)
{
    json_t *font = json_pack ("{s:s, s:s, s:s}", "/Type", "/Font", "/Subtype", "/Type1", "/BaseFont", name);
    if (strcmp (name, "/Helvetica") == 0)
        json_object_set_new (font, "/Encoding", json_string ("/WinAnsiEncoding"));
    return add_object (self, "value", font);
}

/* The form itself, in the catalogue of the PDF. */
static void add_form (struct widgets *self)
{
    const json_t *trailer = json_object_get (json_object_get (self->objects, "trailer"), "value");
    const char *root = json_string_value (json_object_get (trailer, "/Root"));
    json_t *catalogue = json_object_get (
        json_object_get (self->objects, arena_printf (self->arena, "obj:%s", root ? root : "")), "value");
    const char *letters = add_font (self, "/Helvetica"), *signs = add_font (self, "/ZapfDingbats");
    const char *form =
        add_object (self, "value",
                    json_pack ("{s:O, s:b, s:s, s:{s:{s:s, s:s}}}", "/Fields", self->fields, "/NeedAppearances", 1,
                               "/DA", "u:/Helv 10 Tf 0 g", "/DR", "/Font", "/Helv", letters, "/ZaDb", signs));
    json_object_set_new (catalogue, "/AcroForm", json_string (form));
}

/* Adds the fields to the PDF in JSON. The name of a place that it does not have, or NULL. */
static const char *add_all (const struct letter_document *document, json_t *parts)
{
    json_t *list = json_object_get (parts, "qpdf");
    struct widgets self = {.arena = document->arena, .objects = json_array_get (list, 1), .fields = json_array ()};
    self.last = (unsigned)json_integer_value (json_object_get (json_array_get (list, 0), "maxobjectid"));
    self.cross = add_drawing (&self, cross);
    self.open = add_drawing (&self, open_box);
    for (const struct letter_block *block = document->first; block; block = block->next)
        add_block (&self, block);
    add_form (&self);
    json_decref (self.fields);
    return self.missing;
}

static int run_qpdf (const char *how, struct bytes input, struct tool_output *output)
{
    char program[] = "qpdf", in[] = "/dev/stdin", out[] = "-";
    char *argv[] = {program, (char[32]){""}, in, out, NULL};
    strncpy (argv[1], how, 31);
    int rc = tool_run (argv, TOOL_SECONDS, input, output);
    if (rc == TOOL_ABSENT)
        return ctl_fail (EX_UNAVAILABLE,
                         "the fields of a PDF are made by qpdf, which is not here: install the package "
                         "qpdf, or take --format html");
    return rc == 0 && output->code == 0 ? 0 : ctl_fail (EX_SOFTWARE, "qpdf could not make the PDF");
}

int form_widgets_add (const struct letter_document *document, struct bytes pdf, char **made_p, size_t *size_p)
{
    struct tool_output apart, whole = {.text = NULL};
    int error = run_qpdf ("--json-output", pdf, &apart);
    json_t *parts = error ? NULL : json_loadb (apart.text, apart.size, 0, NULL);
    const char *missing = parts ? add_all (document, parts) : NULL;
    char *text = parts ? json_dumps (parts, JSON_COMPACT) : NULL;
    if (!error && (!text || missing))
        error = ctl_fail (EX_SOFTWARE, "weasyprint made no place for %s", missing ? missing : "the form");
    if (!error)
        error = run_qpdf ("--json-input", (struct bytes){text, strlen (text)}, &whole);
    free (text);
    json_decref (parts);
    free (apart.text);
    *made_p = whole.text;
    *size_p = whole.size;
    return error;
}
