#include "form_pdf_fields.h"
#include <stdlib.h>
#include <string.h>
#include "form_fields.h"
#include "form_pdf_places.h"

enum { UNSEEN = 1 | 2 | 32 /* ISO 32000-1, table 165: invisible, hidden, not viewed */, ROWS = 9 };

/* One field, and where it goes. */
struct field {
    struct form_reading *form;
    const json_t *told; /* by qpdf */
    bool is_seen;
    char *path;        /* its name in JSON: "gegevens", "bewijs.kenmerk", "ondertekening[0].op" */
    const char *value; /* of a choice of many its value; NULL: it is none */
    json_t *into;      /* the object that it goes into */
    const char *name;  /* under this name; in `path` */
};

static void refuse (struct field *self, const char *sentence)
{
    struct form_reading *form = self->form;
    const char *label = form_words_of_path (form->arena, self->path);
    bool is_known = label[0] != '(';
    if (form->problem_count == FORM_PROBLEMS)
        form->problems_left_out++;
    else
        form->problems[form->problem_count++] = (struct form_problem){
            is_known ? self->path : "", arena_printf (form->arena, "%s: %s", label, sentence)};
}

/* --- Where it goes ------------------------------------------------------------------------------------- */

static void change (char *text, char from, char to)
{
    for (; *text; text++)
        *text = *text == from ? to : *text;
}

/* "ondertekening/2/op" is "ondertekening[1].op". */
static char *path_of (struct form_reading *form, const char *name)
{
    static const char row[] = "ondertekening/";
    size_t size = strlen (row);
    if (strncmp (name, row, size) == 0 && name[size] >= '1' && name[size] <= '0' + ROWS && name[size + 1] == '/')
        return arena_printf (form->arena, "ondertekening[%d].%s", name[size] - '1', name + size + 2);
    char *path = arena_strdup (form->arena, name);
    change (path, '/', '.');
    return path;
}

static json_t *object_in (json_t *object, const char *name)
{
    json_t *inner = json_object_get (object, name);
    if (inner)
        return inner;
    json_object_set_new (object, name, json_object ());
    return json_object_get (object, name);
}

/* Signatures are kept by their row until all of them are read. */
static void find_place (struct field *self, json_t *form)
{
    const char *dot = strrchr (self->path, '.');
    self->into = form;
    self->name = dot ? dot + 1 : self->path;
    if (!dot)
        return;
    const char *object = arena_strndup (self->form->arena, self->path, (size_t)(dot - self->path));
    self->into = object_in (form, object);
}

/* --- What it says -------------------------------------------------------------------------------------- */

static void put (struct field *self, json_t *value)
{
    const json_t *there = json_object_get (self->into, self->name);
    if (!there)
        json_object_set (self->into, self->name, value);
    else if (!json_equal (there, value))
        refuse (self, "staat twee keer in het formulier");
    json_decref (value);
}

static void put_in_list (struct field *self)
{
    json_t *list = json_object_get (self->into, self->name);
    if (!list)
        json_object_set_new (self->into, self->name, list = json_array ());
    json_array_append_new (list, json_string (self->value));
}

static bool is_flag (const char *name)
{
    return strcmp (name, "eenmalig") == 0 || strcmp (name, "beroepsgeheim") == 0;
}

/* A box or button, and how it looks. A group of buttons is told once for each. */
static void read_button (struct field *self)
{
    const char *said = json_string_value (json_object_get (self->told, "value"));
    const char *looks =
        json_string_value (json_object_get (json_object_get (self->told, "annotation"), "appearancestate"));
    bool is_group = json_is_true (json_object_get (self->told, "isradiobutton"));
    said = said ? said : "/Off";
    looks = looks && *looks ? looks : "/Off";
    if (strcmp (said, looks) != 0 && !(is_group && strcmp (looks, "/Off") == 0))
        refuse (self, "ziet er anders uit dan het zegt");
    else if (strcmp (looks, "/Off") == 0)
        return;
    else if (self->value && strcmp (said, "/ja") == 0)
        put_in_list (self);
    else if (self->value || said[0] != '/')
        refuse (self, "is geen vakje van dit formulier");
    else if (is_flag (self->name) && strcmp (said, "/ja") == 0)
        put (self, json_true ());
    else
        put (self, json_string (said + 1));
}

static bool is_day (const char *name)
{
    static const char *const days[] = {"op", "geldig_vanaf", "geldig_tot_en_met", "verstrekt_op"};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (strcmp (days[i], name) == 0)
            return true;
    return false;
}

/* Moves *text_p over a number of `least` to `most` digits, and what stands behind it. -1: it is none. */
static int take_number (const char **text_p, size_t least, size_t most, char behind)
{
    size_t size = strspn (*text_p, "0123456789");
    int number = atoi (*text_p);
    if (size < least || size > most || (*text_p)[size] != behind)
        return -1;
    *text_p += size + (behind != '\0');
    return number;
}

/* People write 31-12-2026. */
static const char *day_of (struct arena *arena, const char *text)
{
    const char *at = text;
    int day = take_number (&at, 1, 2, '-'), month = day < 0 ? -1 : take_number (&at, 1, 2, '-');
    int year = month < 0 ? -1 : take_number (&at, 4, 4, '\0');
    return year < 0 ? text : arena_printf (arena, "%04d-%02d-%02d", year, month, day);
}

/* Without blanks around it. A viewer ends lines as it likes. */
static const char *trim (struct arena *arena, const char *text)
{
    static const char blanks[] = " \t\r\n";
    text += strspn (text, blanks);
    char *copy = arena_strdup (arena, text);
    size_t size = strlen (copy);
    while (size > 0 && strchr (blanks, copy[size - 1]))
        copy[--size] = '\0';
    change (copy, '\r', '\n');
    return copy;
}

static void read_text (struct field *self)
{
    const json_t *told = json_object_get (self->told, "value");
    const char *text = json_string_value (told);
    if (json_is_null (told) || !told)
        return;
    if (!text || strncmp (text, "u:", 2) != 0) {
        refuse (self, "is geen tekst");
        return;
    }
    text = trim (self->form->arena, text + 2);
    bool is_number = strcmp (self->name, "geldig_maanden") == 0 && strlen (text) <= 4 &&
                     strspn (text, "0123456789") == strlen (text);
    if (!*text)
        return;
    if (is_number)
        put (self, json_integer (atoi (text)));
    else
        put (self, json_string (is_day (self->name) ? day_of (self->form->arena, text) : text));
}

static bool can_be_seen (const json_t *parts, size_t number)
{
    const json_t *told = json_array_get (json_object_get (json_object_get (parts, "acroform"), "fields"), number);
    const json_t *flags = json_object_get (json_object_get (told, "annotation"), "annotationflags");
    return (json_integer_value (flags) & UNSEEN) == 0 && form_pdf_places_shows (parts, number);
}

/* "gegevens:naw" is an entry of "gegevens". */
static void read_name (struct field *self)
{
    struct arena *arena = self->form->arena;
    const char *name = json_string_value (json_object_get (self->told, "fullname"));
    const char *colon = name ? strchr (name, ':') : NULL;
    self->path = path_of (self->form, name ? arena_strndup (arena, name, strcspn (name, ":")) : "");
    if (colon) {
        char *value = arena_strdup (arena, colon + 1);
        change (value, '~', '.');
        self->value = value;
    }
}

/* A signature is not looked at: who signed is what the form says, and the file is kept (--evidence). */
static void read_field (struct field *self, json_t *into)
{
    const char *type = json_string_value (json_object_get (self->told, "fieldtype"));
    if (type && strcmp (type, "/Sig") == 0)
        return;
    read_name (self);
    if (form_words_of_path (self->form->arena, self->path)[0] ==
        '(') { /* it may be a condition, filled in or not */
        refuse (self, "dit veld staat niet op het formulier");
        return;
    }
    find_place (self, into);
    if (!self->is_seen)
        refuse (self, "is niet te zien op het formulier");
    else if (type && strcmp (type, "/Btn") == 0)
        read_button (self);
    else if (type && strcmp (type, "/Tx") == 0 && !self->value)
        read_text (self);
    else
        refuse (self, "is een veld van een andere soort");
}

/* Makes a list of the signatures, of rows in which something is filled in. */
static void gather_signatures (struct form_reading *form, json_t *into)
{
    json_t *list = json_array ();
    for (int i = 0; i < ROWS; i++) {
        const char *row = arena_printf (form->arena, "ondertekening[%d]", i);
        json_t *one = json_object_get (into, row);
        if (json_object_size (one) > 0)
            json_array_append (list, one);
        json_object_del (into, row);
    }
    json_object_set_new (into, "ondertekening", list);
}

/* An object of which nothing is filled in was not given. */
static void drop_empty (json_t *into)
{
    static const char *const objects[] = {"bewijs", "voorlichting"};
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (json_is_object (json_object_get (into, objects[i])) &&
            json_object_size (json_object_get (into, objects[i])) == 0)
            json_object_del (into, objects[i]);
}

void form_pdf_fields_read (struct form_reading *self, const json_t *parts, json_t *form)
{
    const json_t *fields = json_object_get (json_object_get (parts, "acroform"), "fields");
    for (size_t i = 0; i < json_array_size (fields); i++)
        read_field (
            &(struct field){.form = self, .told = json_array_get (fields, i), .is_seen = can_be_seen (parts, i)},
            form);
    gather_signatures (self, form);
    drop_empty (form);
}
