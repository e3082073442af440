#include "policy_stanza.h"

#include <stdlib.h>
#include <string.h>
#include "policy_error.h"
#include "text/utf8.h"

/* A character that a reviewer cannot see, or that changes the order in which text is shown. */
static bool is_invisible (uint32_t point)
{
    return (point >= 0x7F && point < 0xA0) || point == 0xAD || (point >= 0x200B && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF;
}

int policy_text_check (const char *file, const char *text, size_t size, struct policy_error *error)
{
    unsigned line = 1;
    for (size_t at = 0; at < size;) {
        uint32_t point = 0;
        size_t length = utf8_decode (text + at, size - at, &point);
        if (length == 0)
            return policy_error_set (error, file, line, "not UTF-8; save the file as UTF-8");
        if (point == '\n')
            line++;
        else if (point == 0)
            return policy_error_set (error, file, line, "a NUL byte; this is not a text file");
        else if (point == '\t')
            return policy_error_set (error, file, line, "a tab; use spaces");
        else if (point == '\r' && (at + 1 == size || text[at + 1] != '\n'))
            return policy_error_set (error, file, line, "a carriage return that does not end a line");
        else if ((point < 0x20 && point != '\r') || is_invisible (point))
            return policy_error_set (error, file, line, "an invisible character, U+%04X; remove it",
                                     (unsigned)point);
        at += length;
    }
    return 0;
}

/* The text is read line by line. What is open gets its closing NUL as soon as its end is known. */
struct parse {
    struct policy_document *document;
    struct policy_faults *faults;
    unsigned line;
    bool headless;  /* lines before the first heading were told */
    bool crooked;   /* that a line of the open stanza is not aligned was told */
    size_t indent;  /* of the fields of the open stanza; 0: none yet */
    char *open_end; /* just behind the open value, where its NUL will be put; NULL: nothing is open */
};

static void close_open (struct parse *parse)
{
    if (parse->open_end != NULL)
        *parse->open_end = '\0';
    parse->open_end = NULL;
}

static char no_text[] = "";

/* Ends the word at `start` with a NUL. Returns what follows it before `end`, or no_text. */
static char *split_word (char *start, char *end)
{
    char *at = start;
    while (at < end && *at != ' ')
        at++;
    bool alone = at == end;
    *at++ = '\0';
    if (alone)
        return no_text;
    while (*at == ' ')
        at++;
    return at;
}

static void add_stanza (struct parse *parse, char *start, char *end)
{
    struct policy_document *document = parse->document;
    struct policy_stanza *stanza = &document->stanzas[document->stanza_count++];
    stanza->line = parse->line;
    stanza->sort = start;
    stanza->name = split_word (start, end);
    stanza->fields = &document->fields[document->field_count];
    parse->open_end = stanza->name == no_text ? NULL : end;
    parse->indent = 0;
    parse->crooked = false;
}

static void add_field (struct parse *parse, char *start, char *end)
{
    struct policy_document *document = parse->document;
    struct policy_field *field = &document->fields[document->field_count++];
    document->stanzas[document->stanza_count - 1].field_count++;
    field->line = field->value_line = parse->line;
    field->key = start;
    field->value = split_word (start, end);
    parse->open_end = field->value == no_text ? NULL : end;
}

static void continue_field (struct parse *parse, char *start, char *end)
{
    struct policy_field *field = &parse->document->fields[parse->document->field_count - 1];
    if (field->value == no_text) {
        field->value = start;
        field->value_line = parse->line;
    }
    parse->open_end = end;
}

/* A line that is indented less than the fields above it was meant as one of them. */
static void parse_indented (struct parse *parse, char *start, char *end, size_t indent)
{
    const char *file = parse->document->file;
    if (parse->document->stanza_count == 0) {
        if (parse->headless)
            return;
        parse->headless = true;
        policy_faults_set (parse->faults, file, parse->line,
                           "an indented line before the first heading; a heading starts at the margin");
        return;
    }
    if (parse->indent == 0)
        parse->indent = indent;
    if (indent > parse->indent) {
        continue_field (parse, start, end);
        return;
    }
    if (indent < parse->indent && !parse->crooked)
        policy_faults_set (parse->faults, file, parse->line,
                           "indented by %zu, but the fields above it by %zu; align it with them", indent,
                           parse->indent);
    parse->crooked = parse->crooked || indent < parse->indent;
    close_open (parse);
    add_field (parse, start, end);
}

static void blank_comment (char *start, char *end)
{
    for (char *at = start; at < end; at++)
        if (*at == '#' && (at == start || at[-1] == ' ')) {
            memset (at, ' ', (size_t)(end - at));
            return;
        }
}

/* Reads the line from `start` to `end`; it has no line feed. */
static void parse_line (struct parse *parse, char *start, char *end)
{
    if (end > start && end[-1] == '\r')
        end[-1] = ' ';
    blank_comment (start, end);
    while (end > start && end[-1] == ' ')
        end--;
    char *word = start;
    while (word < end && *word == ' ')
        word++;
    if (word == end)
        return;
    if (word > start) {
        parse_indented (parse, word, end, (size_t)(word - start));
        return;
    }
    close_open (parse);
    add_stanza (parse, word, end);
}

void *policy_allocate (size_t count, size_t size)
{
    void *memory = calloc (count + 1, size);
    if (memory == NULL) /* no test makes the machine run out: GCOVR_EXCL_BR_LINE */
        abort ();       /* GCOVR_EXCL_LINE */
    return memory;
}

int policy_document_parse (struct policy_document *self, const char *file, char *text, size_t size,
                           struct policy_faults *faults)
{
    struct policy_error error;
    size_t before = faults->count;
    *self = (struct policy_document){.file = file};
    size_t mark = utf8_mark (text, size);
    text += mark;
    size -= mark;
    if (policy_text_check (file, text, size, &error) != 0)
        return policy_faults_add (faults, &error);

    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    self->stanzas = policy_allocate (lines, sizeof *self->stanzas);
    self->fields = policy_allocate (lines, sizeof *self->fields);

    struct parse parse = {.document = self, .faults = faults};
    char *text_end = text + size;
    for (char *start = text; start < text_end;) {
        char *end = memchr (start, '\n', (size_t)(text_end - start));
        if (end == NULL)
            end = text_end;
        parse.line++;
        parse_line (&parse, start, end);
        start = end < text_end ? end + 1 : text_end;
    }
    close_open (&parse);
    return faults->count == before ? 0 : POLICY_INVALID;
}

void policy_document_clear (struct policy_document *self)
{
    free (self->stanzas);
    free (self->fields);
    *self = (struct policy_document){0};
}
