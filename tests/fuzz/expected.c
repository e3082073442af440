#include "expected.h"

#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "fields/joined.h"
#include "syntax.h"
#include "text/burgerservicenummer.h"

enum { ELEMENTS = 256 };

/* By proto/envelope.proto, and not by the code that judges it: bytes of a text of this sort. */
static const size_t longest[SYNTAX_SORTS] = {
    [SYNTAX_ANY] = 1000, [SYNTAX_PARTY] = 32,  [SYNTAX_CODE] = 48,   [SYNTAX_REFERENCE] = 64,
    [SYNTAX_KEY] = 40,   [SYNTAX_LINE] = 1000, [SYNTAX_TEXT] = 1000, [SYNTAX_MOTIVATION] = 1000,
    [SYNTAX_RAW] = 64,   [SYNTAX_BSN] = 9,     [SYNTAX_DAY] = 10,
};

void expect (bool holds)
{
    if (!holds)
        abort ();
}

static void expect_text (enum syntax_sort sort, const char *text)
{
    expect (text != NULL && strlen (text) <= longest[sort]);
    if (sort == SYNTAX_BSN && text[0] != '\0')
        expect (strlen (text) == BSN_SIZE && bsn_is_valid (text));
    if (sort == SYNTAX_REFERENCE || sort == SYNTAX_PARTY)
        expect (!bsn_is_alike (text));
}

static void expect_texts (const struct field *field, const struct text_set *texts)
{
    expect (texts->count <= ELEMENTS);
    for (size_t i = 0; i < texts->count; i++) {
        expect_text ((enum syntax_sort)field->sort, texts->item[i]);
        expect (field->as_given || i == 0 || strcmp (texts->item[i - 1], texts->item[i]) < 0);
    }
}

static void expect_day (struct day day)
{
    char text[sizeof "YYYY-MM-DD"];
    struct day again;
    if (day.month == 0)
        return;
    calendar_format (day, text);
    expect (calendar_parse (text, &again) && calendar_compare (day, again) == 0);
}

static void expect_moment (moment when)
{
    expect (when == MOMENT_NEVER || (when >= 0 && when < INT64_C (253402300800000)));
}

static void expect_number (const struct field *field, uint32_t number)
{
    bool is_limited = field->kind == FIELD_CHOICE || field->most > 0;
    expect (!is_limited || (number >= field->least && number <= field->most));
}

static void expect_bytes (const struct field *field, const struct bytes *bytes)
{
    expect (bytes->size <= 1000 && (bytes->data == NULL) == (bytes->size == 0));
    expect (field->most == 0 || bytes->size == 0 || bytes->size == field->most);
}

static void expect_list (const struct slot *slot, const char *items, size_t count)
{
    expect (count <= ELEMENTS && (count == 0 || items != NULL));
    for (size_t i = 0; i < count; i++)
        expect_fields (slot->inner, items + i * slot->field->size);
}

/* What must be given is there. */
static void expect_given (const struct field *field, const void *at)
{
    if (field->kind == FIELD_TEXT)
        expect ((*(const char *const *)at)[0] != '\0');
    if (field->kind == FIELD_DAY)
        expect (((const struct day *)at)->month != 0);
}

/* Also of a message that may have been left out; only what is needed in it is not known then. */
static void expect_inside (const struct joined *joined, const char *read, bool is_given);

static void expect_field (const struct slot *slot, const char *read)
{
    const struct field *field = slot->field;
    const void *at = read + slot->offset, *beside = read + slot->beside;
    switch (field->kind) {
    case FIELD_TEXT:
        expect_text ((enum syntax_sort)field->sort, *(const char *const *)at);
        break;
    case FIELD_TEXTS:
        expect_texts (field, at);
        break;
    case FIELD_DAY:
        expect_day (*(const struct day *)at);
        break;
    case FIELD_MOMENT:
        expect_moment (*(const moment *)at);
        break;
    case FIELD_CHOICE:
    case FIELD_NUMBER:
        expect_number (field, *(const uint32_t *)at);
        break;
    case FIELD_BYTES:
        expect_bytes (field, at);
        break;
    case FIELD_LIST:
        expect_list (slot, *(const char *const *)at, *(const size_t *)beside);
        break;
    case FIELD_GROUP:
        expect_inside (slot->inner, at, field->has_beside && *(const bool *)beside);
        break;
    default:
        break;
    }
}

static void expect_inside (const struct joined *joined, const char *read, bool is_given)
{
    for (unsigned i = 0; i < joined->count; i++) {
        const struct slot *slot = &joined->slot[i];
        expect_field (slot, read);
        if (is_given && slot->field->needed)
            expect_given (slot->field, read + slot->offset);
    }
}

void expect_fields (const struct joined *joined, const void *read)
{
    expect_inside (joined, read, true);
}
