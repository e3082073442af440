#include "form_pdf_places.h"
#include <stdio.h>
#include <string.h>

enum {
    FIELDS_MAX = 1000, /* each is compared with each; a form has some hundred */
    LEVELS_MAX = 16,   /* of pages in pages */
    SIDES = 4
};

static const double SMALLEST = 4; /* points: a cross that is smaller is not seen */
static const double SLACK = 2;    /* points that places may lie over each other, or over the edge */

struct rectangle {
    double left, bottom, right, top;
};

/* What a reference stands for; anything else stands for itself. */
static const json_t *resolve (const json_t *parts, const json_t *value)
{
    const char *text = json_string_value (value);
    size_t size = text ? strlen (text) : 0;
    char key[64];
    if (size < 2 || strcmp (text + size - 2, " R") != 0)
        return value;
    snprintf (key, sizeof key, "obj:%s", text);
    const json_t *objects = json_array_get (json_object_get (parts, "qpdf"), 1);
    return json_object_get (json_object_get (objects, key), "value");
}

static const json_t *member (const json_t *parts, const json_t *object, const char *name)
{
    return resolve (parts, json_object_get (object, name));
}

/* Its corners are in any order. */
static bool read_rectangle (const json_t *parts, const json_t *list, struct rectangle *to)
{
    double side[SIDES];
    for (size_t i = 0; i < SIDES; i++) {
        const json_t *number = resolve (parts, json_array_get (list, i));
        if (!json_is_number (number))
            return false;
        side[i] = json_number_value (number);
    }
    bool turned = side[0] > side[2], upside_down = side[1] > side[3];
    *to = (struct rectangle){side[turned ? 2 : 0], side[upside_down ? 3 : 1], side[turned ? 0 : 2],
                             side[upside_down ? 1 : 3]};
    return json_array_size (list) == SIDES;
}

static struct rectangle common (struct rectangle a, struct rectangle b)
{
    return (struct rectangle){a.left > b.left ? a.left : b.left, a.bottom > b.bottom ? a.bottom : b.bottom,
                              a.right < b.right ? a.right : b.right, a.top < b.top ? a.top : b.top};
}

static bool is_larger (struct rectangle one, double least)
{
    return one.right - one.left > least && one.top - one.bottom > least;
}

static bool is_within (struct rectangle inner, struct rectangle outer)
{
    return inner.left >= outer.left - SLACK && inner.bottom >= outer.bottom - SLACK &&
           inner.right <= outer.right + SLACK && inner.top <= outer.top + SLACK;
}

/* --- The pages ----------------------------------------------------------------------------------------- */

/* A page has its box from the pages that it is among, unless it has its own. */
static bool read_box (const json_t *parts, const json_t *page, const char *name, struct rectangle *box)
{
    for (size_t i = 0; i < LEVELS_MAX && page; i++) {
        const json_t *list = member (parts, page, name);
        if (list)
            return read_rectangle (parts, list, box);
        page = member (parts, page, "/Parent");
    }
    return false;
}

static const json_t *page_at (const json_t *parts, size_t index)
{
    const json_t *told = json_array_get (json_object_get (parts, "pages"), index);
    return member (parts, told, "object");
}

/* What a viewer shows of it. */
static bool read_shown (const json_t *parts, const json_t *page, struct rectangle *shown)
{
    struct rectangle cut;
    if (!read_box (parts, page, "/MediaBox", shown))
        return false;
    if (read_box (parts, page, "/CropBox", &cut))
        *shown = common (*shown, cut);
    return true;
}

static bool is_of_form (const json_t *parts, const json_t *annotation)
{
    const char *kind = json_string_value (member (parts, annotation, "/Subtype"));
    return kind && (strcmp (kind, "/Widget") == 0 || strcmp (kind, "/Link") == 0);
}

const char *form_pdf_places_fault (const json_t *parts)
{
    for (size_t i = 0; i < json_array_size (json_object_get (parts, "pages")); i++) {
        const json_t *annotations = member (parts, page_at (parts, i), "/Annots");
        for (size_t j = 0; j < json_array_size (annotations); j++) {
            if (!is_of_form (parts, resolve (parts, json_array_get (annotations, j))))
                return "er is iets op geschreven of getekend buiten de velden; neem over wat er staat, met het "
                       "bestand als bewijs";
        }
    }
    return json_array_size (json_object_get (json_object_get (parts, "acroform"), "fields")) > FIELDS_MAX
               ? "heeft meer velden dan het formulier"
               : NULL;
}

/* --- The fields ---------------------------------------------------------------------------------------- */

struct place {
    const char *annotation; /* its object */
    json_int_t page;        /* from 1 */
    struct rectangle where;
};

static bool read_place (const json_t *parts, size_t number, struct place *place)
{
    const json_t *told = json_array_get (json_object_get (json_object_get (parts, "acroform"), "fields"), number);
    const json_t *object = json_object_get (json_object_get (told, "annotation"), "object");
    place->annotation = json_string_value (object);
    place->page = json_integer_value (json_object_get (told, "pageposfrom1"));
    return place->annotation && place->page > 0 &&
           read_rectangle (parts, member (parts, resolve (parts, object), "/Rect"), &place->where);
}

/* A cross in one could be taken for the cross of the other. */
static bool is_alone (const json_t *parts, size_t number, const struct place *place)
{
    size_t count = json_array_size (json_object_get (json_object_get (parts, "acroform"), "fields"));
    for (size_t i = 0; i < count; i++) {
        struct place other;
        if (i != number && read_place (parts, i, &other) && other.page == place->page &&
            strcmp (other.annotation, place->annotation) != 0 &&
            is_larger (common (other.where, place->where), SLACK))
            return false;
    }
    return true;
}

bool form_pdf_places_shows (const json_t *parts, size_t number)
{
    struct place place;
    struct rectangle shown;
    if (!read_place (parts, number, &place) ||
        !read_shown (parts, page_at (parts, (size_t)place.page - 1), &shown))
        return false;
    return is_larger (place.where, SMALLEST) && is_within (place.where, shown) && is_alone (parts, number, &place);
}
