#include "syntax.h"

#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "text/burgerservicenummer.h"
#include "text/visible.h"

enum { RAW_LIMIT = 64, CONSUMER_LIMIT = 32 };

/* 9999-12-31T23:59:59.999Z */
static const moment LAST_MOMENT = INT64_C (253402300799999);

/* Z85 has these signs besides letters and digits (ZeroMQ RFC 32). */
#define Z85_SIGNS ".-:+=^!/*?&<>()[]{}@%$#"

static bool is_alphanumeric (char one)
{
    return (one >= '0' && one <= '9') || (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
}

static bool is_name (const char *text, size_t longest)
{
    if (!is_alphanumeric (text[0]))
        return false;
    size_t length = 1;
    while (is_alphanumeric (text[length]) || text[length] == '-' || text[length] == '.' || text[length] == '_' ||
           text[length] == ':')
        length++;
    return text[length] == '\0' && length <= longest;
}

static bool is_party (const char *text)
{
    return is_name (text, 32) && !bsn_is_alike (text); /* it is in clear wherever a party is named (A3) */
}

static bool is_consumer (const char *text)
{
    size_t size = strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return size > 0 && size <= CONSUMER_LIMIT && text[size] == '\0' && text[0] != '-' && !bsn_is_alike (text);
}

static bool is_code (const char *text)
{
    return is_name (text, 48) &&
           !bsn_is_alike (text); /* the log keeps it, also one that the pack does not have (A3) */
}

static bool is_reference (const char *text)
{
    return is_name (text, 64) && !bsn_is_alike (text);
}

static bool is_key (const char *text)
{
    size_t length = 0;
    while (is_alphanumeric (text[length]) || (text[length] != '\0' && strchr (Z85_SIGNS, text[length])))
        length++;
    return text[length] == '\0' && length == 40;
}

static bool is_text (const char *text)
{
    return strlen (text) <= SYNTAX_FREE_TEXT_LIMIT;
}

/* The text can stand in a file of lines. */
static bool is_line (const char *text)
{
    for (const char *at = text; *at; at++)
        if ((uint8_t)*at < 0x20 || *at == 0x7f)
            return false;
    return is_text (text);
}

#define NAME_RULE "letters, digits, '.', '_', ':' and '-', the first of them a letter or a digit."

static const struct {
    bool (*is) (const char *text);
    const char *message;
} sorts[SYNTAX_SORTS] = {
    [SYNTAX_PARTY] = {is_party, "The id of a party is not a BSN, and is 1-32 " NAME_RULE},
    [SYNTAX_CONSUMER] = {is_consumer,
                         "The name of a consumer is not a BSN, and is 1-32 of a-z, 0-9 and -, the first "
                         "not a -."},
    [SYNTAX_CODE] = {is_code, "A code is not a BSN, and is 1-48 " NAME_RULE},
    [SYNTAX_REFERENCE] = {is_reference, "A reference is not a BSN, and is 1-64 " NAME_RULE},
    [SYNTAX_KEY] = {is_key, "A public key is 40 characters of Z85."},
    [SYNTAX_LINE] = {is_line, "This is one line of at most 1000 bytes."},
    [SYNTAX_TEXT] = {is_text, "This text is at most 1000 bytes."},
    [SYNTAX_MOTIVATION] = {is_text, "This text is at most 1000 bytes."},
};

/* The path of a field, as the sender of the message knows it. */
static const char *path_of (const struct syntax *self, const char *field)
{
    if (self->place != NULL)
        return self->path (self->place, self->arena);
    const char *dot = self->body ? "." : "";
    const char *body = self->body ? self->body : "";
    const char *hash = strchr (field, '#');
    if (hash)
        return arena_printf (self->arena, "%s%s%.*s%zu%s", body, dot, (int)(hash - field), field, self->index,
                             hash + 1);
    return arena_printf (self->arena, "%s%s%s", body, dot, field);
}

static void fault_at (struct syntax *self, const char *path, const char *message)
{
    if (self->field)
        return;
    self->field = path;
    self->message = message;
}

void syntax_fault (struct syntax *self, const char *field, const char *message)
{
    if (!self->field)
        fault_at (self, path_of (self, field), message);
}

/* Free text and names that show nothing are missing (G2). A motivation is not judged here: it has a rule of its
   own. */
static bool shows_nothing (enum syntax_sort sort, const char *text)
{
    return (sort == SYNTAX_TEXT || sort == SYNTAX_LINE) && !visible_has_any (text);
}

static const char own_bsn[] = "A reference does not hold the subject's BSN.";

/* A3: no reference may hold the subject's BSN. The log keeps the request without it, and a reference would then
   mean something else (a case that statements are bound to, an evidence). If the BSN has not been read yet, the
   reference is kept until it is. */
static void judge_reference (struct syntax *self, const char *field, const char *text)
{
    if (self->bsn != NULL) {
        if (bsn_is_within (text, self->bsn))
            syntax_fault (self, field, own_bsn);
        return;
    }
    struct reference *one = arena_alloc (self->arena, sizeof *one);
    *one = (struct reference){self->references, path_of (self, field), text};
    self->references = one;
}

const char *syntax_required (struct syntax *self, enum syntax_sort sort, const char *field, const char *text)
{
    if (text[0] != '\0' && !shows_nothing (sort, text))
        return syntax_optional (self, sort, field, text);
    syntax_fault (self, field, "This is required.");
    return "";
}

const char *syntax_optional (struct syntax *self, enum syntax_sort sort, const char *field, const char *text)
{
    if (text[0] == '\0')
        return text;
    const char *message = !sorts[sort].is (text)       ? sorts[sort].message
                          : shows_nothing (sort, text) ? "Nothing of this text is visible: leave it out."
                                                       : NULL;
    if (message != NULL)
        syntax_fault (self, field, message);
    else if (sort == SYNTAX_REFERENCE)
        judge_reference (self, field, text);
    return message != NULL ? "" : text;
}

static const char *judge_bsn (struct syntax *self, const char *field, const char *text)
{
    if (!bsn_is_valid (text)) {
        syntax_fault (self, field, "A BSN is eight or nine digits that pass the 11-test.");
        return "";
    }
    self->bsn = strlen (text) == BSN_SIZE ? text : arena_printf (self->arena, "0%s", text);
    for (const struct reference *one = self->references; one != NULL; one = one->before)
        if (bsn_is_within (one->text, self->bsn))
            fault_at (self, one->field, own_bsn);
    self->references = NULL;
    return self->bsn;
}

struct day syntax_required_day (struct syntax *self, const char *field, const char *text)
{
    struct day day = {0};
    if (!calendar_parse (text, &day)) {
        syntax_fault (self, field,
                      calendar_is_no_day (text) ? "This day does not exist." : "A day is written as YYYY-MM-DD.");
        return (struct day){0};
    }
    return day;
}

struct day syntax_optional_day (struct syntax *self, const char *field, const char *text)
{
    return text[0] != '\0' ? syntax_required_day (self, field, text) : (struct day){0};
}

moment syntax_time (struct syntax *self, const char *field, int64_t value)
{
    if (value >= 0 && value <= LAST_MOMENT)
        return value;
    syntax_fault (self, field, "A time is a number of milliseconds since 1970, before the year 10000.");
    return 0;
}

unsigned syntax_number (struct syntax *self, const char *field, uint32_t value, unsigned least, unsigned most)
{
    if (value >= least && value <= most)
        return value;
    syntax_fault (self, field, arena_printf (self->arena, "This is a number from %u to %u.", least, most));
    return least;
}

static int compare_texts (const void *left, const void *right)
{
    return strcmp (*(const char *const *)left, *(const char *const *)right);
}

void syntax_make_set (struct text_set *set)
{
    size_t count = set->count;
    if (count > 1)
        qsort (set->item, count, sizeof *set->item, compare_texts);
    set->count = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp (set->item[i], set->item[set->count - 1]) != 0)
            set->item[set->count++] = set->item[i];
}

static const char *judge_raw (struct syntax *self, const char *field, const char *text)
{
    const char *message = strlen (text) > RAW_LIMIT ? "This text is at most 64 bytes."
                          : bsn_is_alike (text)     ? "A BSN is no name of a party, nor a code."
                                                    : NULL;
    if (message == NULL)
        return text;
    syntax_fault (self, field, message);
    return "";
}

const char *syntax_text (struct syntax *self, enum syntax_sort sort, bool needed, const char *text)
{
    if (sort == SYNTAX_ANY)
        return text;
    if (sort == SYNTAX_RAW)
        return judge_raw (self, NULL, text);
    if (sort == SYNTAX_BSN)
        return needed || text[0] != '\0' ? judge_bsn (self, NULL, text) : text;
    if (sort == SYNTAX_DAY) {
        syntax_required_day (self, NULL, text);
        return text;
    }
    return needed ? syntax_required (self, sort, NULL, text) : syntax_optional (self, sort, NULL, text);
}

const char *syntax_size_fault (struct syntax *self, enum syntax_sort sort, size_t size)
{
    if (sort == SYNTAX_HASH)
        return "The SHA-256 of the evidence is required: 32 bytes.";
    if (sort == SYNTAX_CURSOR)
        return arena_printf (self->arena, "This is `next` of the page before: %zu bytes.", size);
    return arena_printf (self->arena, "This is %zu bytes.", size);
}
