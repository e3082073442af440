#include "table_fit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "text/burgerservicenummer.h"

/* The first digits of an identifier, as many as tell those of one table apart, but no fewer than a person would
   want to type; whoever reads fewer from a screen can give them back (ask_id). */
enum { ID_DIGITS = 8, ID_SIZE = 32 };

/* --- Wrapping -------------------------------------------------------------------------------------------- */

static bool is_letter (char c)
{
    return isalpha ((unsigned char)c) || (c & 0x80);
}

/* A word may break before this character. Numbers, days and times do not. */
static bool may_break (const char *start, const char *at)
{
    return at - start >= 2 && strchr ("-:/", at[-1]) && is_letter (at[-2]) && is_letter (*at);
}

/* The size of the piece that begins here and has no place to break. */
static size_t piece_size (const char *text)
{
    const char *end = text;
    while (*end && *end != ' ' && !may_break (text, end))
        end++;
    return (size_t)(end - text);
}

/* What fits of a piece that is longer than a line: at least one character. */
static size_t cut_size (const char *text, size_t width)
{
    const char *end = text;
    for (size_t used = 0; *end;) {
        const char *next = end;
        used += table_step (&next);
        if (used > width && end != text)
            break;
        end = next;
    }
    return (size_t)(end - text);
}

const char *table_fit_wrap (const char *cell, size_t width, size_t *size)
{
    size_t used = 0;
    const char *end = cell, *at = cell;
    while (*at) {
        size_t piece = piece_size (at);
        size_t wide = table_width (at, piece);
        if (used + wide > width)
            break;
        at += piece;
        end = at;
        used += wide;
        for (; *at == ' '; at++)
            used++;
    }
    if (end == cell && *cell) /* not even its first piece fits */
        at = end = cell + cut_size (cell, width);
    *size = (size_t)(end - cell);
    return at;
}

/* The widest of the pieces. */
static size_t least_width (const char *cell)
{
    size_t least = 0;
    while (*cell) {
        size_t piece = piece_size (cell), wide = table_width (cell, piece);
        least = wide > least ? wide : least;
        cell += piece;
        cell += strspn (cell, " ");
    }
    return least;
}

/* --- Identifiers ----------------------------------------------------------------------------------------- */

/* The identifier at the end of a cell. NULL: it has none. */
static const char *id_of (const char *cell)
{
    const char *blank = strrchr (cell, ' '), *id = blank ? blank + 1 : cell;
    return strlen (id) == ID_SIZE && strspn (id, "0123456789abcdef") == ID_SIZE ? id : NULL;
}

/* How many digits both begin with, if they are not the same. */
static size_t count_same (const char *a, const char *b)
{
    size_t same = 0;
    while (a[same] && a[same] == b[same])
        same++;
    return same < ID_SIZE ? same : 0;
}

static int by_text (const void *a, const void *b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static size_t digits_needed (const struct table *table, size_t column)
{
    size_t count = 0, digits = ID_DIGITS;
    for (const struct table_row *row = table->first; row; row = row->next)
        count += id_of (row->cells[column]) != NULL;
    const char **ids = arena_array (table->arena, count + 1, sizeof *ids);
    count = 0;
    for (const struct table_row *row = table->first; row; row = row->next) {
        ids[count] = id_of (row->cells[column]);
        count += ids[count] != NULL;
    }
    qsort (ids, count, sizeof *ids, by_text);
    for (size_t i = 1; i < count; i++) {
        size_t same = count_same (ids[i - 1], ids[i]);
        digits = same >= digits ? same + 1 : digits;
    }
    return digits;
}

const char *table_fit_id (const struct table_fit *self, size_t column, const char *cell)
{
    const char *id = id_of (cell), *shown = cell;
    if (!id)
        return cell;
    for (size_t digits = self->ids[column]; digits <= ID_SIZE; digits++) {
        shown = arena_printf (self->arena, "%.*s", (int)((size_t)(id - cell) + digits), cell);
        if (!bsn_is_alike (shown + (id - cell))) /* it would be refused when it is typed */
            break;
    }
    return shown;
}

/* --- Columns --------------------------------------------------------------------------------------------- */

/* What each column takes: at least, and if nothing is wrapped. */
struct widths {
    size_t least[TABLE_COLUMNS], whole[TABLE_COLUMNS];
    unsigned rank[TABLE_COLUMNS];  /* 0: never left out */
    bool is_filled[TABLE_COLUMNS]; /* there is something in it */
};

static void widen (struct widths *self, size_t column, const char *cell)
{
    size_t least = least_width (cell), whole = table_width_of (cell);
    self->least[column] = least > self->least[column] ? least : self->least[column];
    self->whole[column] = whole > self->whole[column] ? whole : self->whole[column];
}

static void read_heading (struct table_fit *fit, struct widths *widths, size_t column, const struct table *table,
                          bool shorten)
{
    const char *heading = table->headings[column];
    for (; *heading == '-'; heading++)
        widths->rank[column]++;
    fit->to_the_right[column] = *heading == '>';
    fit->ids[column] = *heading == '#' && shorten ? digits_needed (table, column) : 0;
    fit->headings[column] = heading + strspn (heading, ">#");
    widths->least[column] = widths->whole[column] = least_width (fit->headings[column]);
}

static size_t sum (const struct table_fit *fit, const size_t *widths)
{
    size_t all = 0;
    for (size_t i = 0; i < fit->columns; i++)
        all += fit->left_out[i] ? 0 : widths[i] + (all ? TABLE_GAP : 0);
    return all;
}

/* The column that can best be missed. False: none can. */
static bool leave_out (struct table_fit *fit, const struct widths *widths)
{
    size_t found = fit->columns;
    for (size_t i = 0; i < fit->columns; i++)
        if (!fit->left_out[i] && widths->rank[i] &&
            (found == fit->columns || widths->rank[i] >= widths->rank[found]))
            found = i;
    if (found < fit->columns)
        fit->left_out[found] = true;
    return found < fit->columns;
}

/* Where all of it does not fit: columns in which nothing is, whatever their rank. */
static void leave_out_empty (struct table_fit *fit, const struct widths *widths, size_t room)
{
    for (size_t i = fit->columns; i-- > 0 && sum (fit, fit->widths) > room;)
        fit->left_out[i] = !widths->is_filled[i];
}

/* The words themselves must break: those of the widest column first. */
static void narrow (struct table_fit *fit, size_t room)
{
    while (sum (fit, fit->widths) > room) {
        size_t widest = 0;
        for (size_t i = 1; i < fit->columns; i++)
            if (!fit->left_out[i] && (fit->left_out[widest] || fit->widths[i] > fit->widths[widest]))
                widest = i;
        if (fit->widths[widest] <= 1)
            return;
        fit->widths[widest]--;
    }
}

/* Columns that need little more get it first, so that as few as can be are wrapped. Returns what is left of the
 * room. */
static size_t make_whole (struct table_fit *fit, const struct widths *widths, size_t left)
{
    for (;;) {
        size_t found = fit->columns, least = left + 1;
        for (size_t i = 0; i < fit->columns; i++) {
            size_t need = widths->whole[i] - fit->widths[i];
            if (!fit->left_out[i] && need > 0 && need < least) {
                found = i;
                least = need;
            }
        }
        if (found == fit->columns)
            return left;
        fit->widths[found] = widths->whole[found];
        left -= least;
    }
}

/* Gives what room is left to the columns of which the most is wrapped. */
static void deal_out (struct table_fit *fit, const struct widths *widths, size_t left)
{
    for (; left > 0; left--) {
        size_t found = fit->columns;
        for (size_t i = 0; i < fit->columns; i++) {
            if (fit->left_out[i] || fit->widths[i] >= widths->whole[i])
                continue;
            /* whole / width is the number of lines, about */
            if (found == fit->columns ||
                widths->whole[i] * fit->widths[found] > widths->whole[found] * fit->widths[i])
                found = i;
        }
        if (found == fit->columns)
            return;
        fit->widths[found]++;
    }
}

struct table_fit table_fit (const struct table *table, size_t room)
{
    struct table_fit fit = {.columns = table->columns, .arena = table->arena};
    struct widths widths = {0};
    for (size_t i = 0; i < table->columns; i++) {
        if (table->headings)
            read_heading (&fit, &widths, i, table, room > 0);
        for (const struct table_row *row = table->first; row; row = row->next) {
            widen (&widths, i, fit.ids[i] ? table_fit_id (&fit, i, row->cells[i]) : row->cells[i]);
            widths.is_filled[i] = widths.is_filled[i] || strcmp (row->cells[i], "-") != 0;
        }
    }
    if (!table->headings) /* names stay whole, as they are what the eye looks for */
        widths.least[0] = widths.whole[0] < room / 2 ? widths.whole[0] : widths.least[0];
    memcpy (fit.widths, widths.whole, sizeof fit.widths);
    for (size_t i = 0; table->headings && i < table->columns; i++)
        if (fit.widths[i] < table_width_of (fit.headings[i]))
            fit.widths[i] = table_width_of (fit.headings[i]);
    if (room > 0 && table->headings && table->first)
        leave_out_empty (&fit, &widths, room);
    if (room == 0 || sum (&fit, fit.widths) <= room)
        return fit;
    while (sum (&fit, widths.least) > room && leave_out (&fit, &widths))
        ;
    memcpy (fit.widths, widths.least, sizeof fit.widths);
    if (sum (&fit, fit.widths) > room)
        narrow (&fit, room);
    else
        deal_out (&fit, &widths, make_whole (&fit, &widths, room - sum (&fit, fit.widths)));
    return fit;
}

void table_fit_widen (struct table_fit *self, const size_t least[TABLE_COLUMNS], size_t room)
{
    size_t widths[TABLE_COLUMNS];
    for (size_t i = 0; i < self->columns; i++)
        widths[i] = self->widths[i] < least[i] ? least[i] : self->widths[i];
    if (room == 0 || sum (self, widths) <= room)
        memcpy (self->widths, widths, self->columns * sizeof *widths);
}
