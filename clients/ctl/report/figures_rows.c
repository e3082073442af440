/* The figures in words, for a table and for a picture that is published. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "check/code_words.h"
#include "figures.h"
#include "overview/overview_words.h"
#include "tally.h"

enum { ROWS = 160 }; /* 60 of what is fixed, and the codes that there are */

#define CHECKS "aantal toetsen"

struct rows {
    struct arena *arena;
    struct figures_row *item;
    size_t count;
    const char *section, *unit;
};

static void begin (struct rows *rows, const char *section, const char *unit)
{
    rows->section = section;
    rows->unit = unit;
}

static void add (struct rows *rows, const char *label, uint64_t number)
{
    if (rows->count < ROWS)
        rows->item[rows->count++] = (struct figures_row){rows->section, label, rows->unit, (int64_t)number, NULL};
}

static void add_text (struct rows *rows, const char *label, int64_t number, const char *text)
{
    add (rows, label, (uint64_t)number);
    rows->item[rows->count - 1].text = number < 0 ? "niet bekend" : text;
}

/* "4 seconden", "12 minuten", "3 uur", "2 dagen": rounded down, so that one sees what it is about. */
static const char *duration (struct arena *arena, int64_t ms)
{
    static const struct {
        int64_t size;
        const char *one, *many;
    } units[] = {{86400000, "dag", "dagen"},
                 {3600000, "uur", "uur"},
                 {60000, "minuut", "minuten"},
                 {1000, "seconde", "seconden"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        int64_t count = ms / units[i].size;
        if (count > 0)
            return arena_printf (arena, "%" PRId64 " %s", count, count == 1 ? units[i].one : units[i].many);
    }
    return "minder dan een seconde";
}

static void add_checks (struct rows *rows, const char *section, const uint64_t counts[FIGURES_VERDICTS])
{
    begin (rows, section, CHECKS);
    add (rows, "toegestaan", counts[0]);
    add (rows, "voor een deel toegestaan", counts[1]);
    add (rows, "geweigerd", counts[2]);
}

/* --- Reasons --------------------------------------------------------------------------------------------- */

static int by_number (const void *a, const void *b)
{
    const struct figures_row *first = a, *second = b;
    return (first->number < second->number) - (first->number > second->number);
}

static const char *reason_words (const char *code)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value_by_name (&consentd__code__descriptor, code);
    return value ? code_words_of ((Consentd__Code)value->value)->dutch : code;
}

static void add_reasons (struct rows *rows, const struct figures *self)
{
    size_t first = rows->count;
    const char *code;
    json_t *count;
    begin (rows, "Waarom er nee werd gezegd", CHECKS " waarin dit een reden was");
    json_object_foreach (self->reasons, code, count)
        add (rows, reason_words (arena_strdup (rows->arena, code)), tally_of (self->reasons, code));
    if (rows->count > first)
        qsort (rows->item + first, rows->count - first, sizeof *rows->item, by_number);
}

/* --- Consents, and requests under the rights --------------------------------------------------------------- */

static void add_consents (struct rows *rows, struct figures *self)
{
    int64_t median = figures_median (&self->heard);
    begin (rows, "Toestemmingen", "aantal");
    add (rows, "toestemming gevraagd door een partij", self->asked);
    add (rows, "toestemming gegeven", self->consents);
    add (rows, "toestemming geweigerd", self->refusals);
    add (rows, "toestemming ingetrokken, geheel of voor een deel", self->withdrawals);
    add (rows, "gegevens afgeschermd", self->restrictions);
    begin (rows, "Intrekkingen", "aantal");
    add (rows, "alle partijen weten ervan", self->heard.count);
    add (rows, "nog niet alle partijen weten ervan", self->not_heard);
    add (rows, "niet bewaard wie ervan weet", self->heard_unknown);
    add_text (rows, "mediane tijd tot de laatste partij het wist", median, duration (rows->arena, median));
}

static const char *kind_words (size_t kind)
{
    return overview_rights_kind ((Consentd__RightsKind)kind);
}

static void add_rights (struct rows *rows, struct figures *self)
{
    begin (rows, "Verzoeken van betrokkenen, ontvangen", "aantal verzoeken");
    for (size_t i = 0; i < FIGURES_RIGHTS; i++)
        if (self->rights[i].received > 0)
            add (rows, kind_words (i), self->rights[i].received);
    begin (rows, "Verzoeken van betrokkenen, beslist", "aantal verzoeken");
    for (size_t i = 0; i < FIGURES_RIGHTS; i++) {
        struct figures_rights *one = &self->rights[i];
        const char *kind = kind_words (i);
        if (one->decided == 0)
            continue;
        int64_t days = figures_median (&one->days);
        add (rows, kind, one->decided);
        add (rows, arena_printf (rows->arena, "%s: ja, of voor een deel", kind), one->granted + one->in_part);
        add (rows, arena_printf (rows->arena, "%s: te laat beslist", kind), one->late);
        add_text (rows, arena_printf (rows->arena, "%s: mediane tijd tot het antwoord", kind), days,
                  arena_printf (rows->arena, "%" PRId64 " %s", days, days == 1 ? "dag" : "dagen"));
    }
}

struct figures_row *figures_rows (struct figures *self, struct arena *arena, size_t *count)
{
    struct rows rows = {.arena = arena, .item = arena_array (arena, ROWS, sizeof *rows.item)};
    add_checks (&rows, "Vragen bij een verstrekking", self->checks[0]);
    add_checks (&rows, "Vragen om advies", self->checks[1]);
    add_reasons (&rows, self);
    add_consents (&rows, self);
    add_rights (&rows, self);
    *count = rows.count;
    return rows.item;
}
