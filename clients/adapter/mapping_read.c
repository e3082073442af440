/* Reads a mapping file line by line. Any fault refuses the whole file: a mapping that is half understood would
   decide about personal data by accident. */
#include "input.h"
#include "mapping_reader.h"
#include "allocate.h"
#include <errno.h>
#include <stdio.h>
#include "text/utf8.h"

/* Reads in [PATH]: the place where the paths that follow begin. */
static int read_base (struct reader *self)
{
    self->base = NULL;
    if (self->word_count == 1)
        return 0;
    struct mapping_place place;
    if (self->word_count != 2)
        return reader_refuse (self, self->line, "in: one path is needed, or none for the root");
    int r = reader_walk_path (self, self->line, self->words[1], &place);
    if (r < 0)
        return r;
    if (!place.rule)
        return reader_refuse (self, self->line, "'%s' has no line before this one", place.name.local);
    self->base = place.rule;
    return 0;
}

static int read_namespace (struct reader *self)
{
    struct mapping *mapping = self->mapping;
    if (self->word_count != 3 || !reader_is_name (self->words[1]))
        return reader_refuse (self, self->line, "namespace: a prefix and a URI are needed");
    if (mapping->space_count == sizeof mapping->spaces / sizeof *mapping->spaces)
        return reader_refuse (self, self->line, "too many namespaces");
    for (size_t i = 0; i < mapping->space_count; i++) {
        if (strcmp (mapping->spaces[i].prefix, self->words[1]) == 0 ||
            strcmp (mapping->spaces[i].uri, self->words[2]) == 0)
            return reader_refuse (self, self->line, "this prefix or URI was declared already");
    }
    mapping->spaces[mapping->space_count++] =
        (struct mapping_namespace){.prefix = self->words[1], .uri = self->words[2]};
    return 0;
}

static int read_message (struct reader *self)
{
    if (self->word_count != 2 || self->mapping->root)
        return reader_refuse (self, self->line, "message: the name of the root element is needed, once");
    struct element_name name;
    int r = reader_resolve_name (self, self->line, self->words[1], NULL, &name);
    if (r < 0)
        return r;
    self->mapping->root = reader_add_rule (self, NULL, name.space, name.local);
    self->mapping->root->use = MAPPING_STRUCTURE;
    self->mapping->root->occurrence = MAPPING_REQUIRED;
    return 0;
}

static int read_output (struct reader *self)
{
    struct mapping_rule *root = self->mapping->root;
    if (self->word_count != 2 || !root || root->first_child || self->mapping->reshapes)
        return reader_refuse (self, self->line,
                              "output: a root element is needed, once, between message and the elements");
    struct element_name name;
    int r = reader_resolve_name (self, self->line, self->words[1], NULL, &name);
    if (r < 0)
        return r;
    self->output_space = root->output_space = name.space;
    root->output_name = name.local;
    self->mapping->reshapes = true;
    return 0;
}

static int read_version (struct reader *self)
{
    if (self->word_count == 2 && strcmp (self->words[1], "1") == 0)
        return reader_refuse (self, self->line,
                              "version 1 is no longer read: version 2 also says release, purpose, flow, from, to, "
                              "sender, receiver and identification (docs/adapters.md)");
    if (self->word_count != 2 || self->versioned || strcmp (self->words[1], "2") != 0)
        return reader_refuse (self, self->line, "mapping: only version 2 is known, and said once");
    self->versioned = true;
    return 0;
}

static int read_line (struct reader *self, char *line)
{
    static const struct {
        const char *word;
        int (*read) (struct reader *self);
    } directives[] = {{"element", reader_read_element}, {"in", read_base},       {"namespace", read_namespace},
                      {"message", read_message},        {"output", read_output}, {"mapping", read_version}};
    self->word_count = 0;
    for (char *rest = line, *word = strsep (&rest, " \t\r"); word; word = strsep (&rest, " \t\r")) {
        if (!*word)
            continue;
        if (*word == '#')
            break;
        if (self->word_count == WORDS_MAX)
            return reader_refuse (self, self->line, "too many words");
        self->words[self->word_count++] = word;
    }
    self->words[self->word_count] = NULL;
    if (self->word_count == 0)
        return 0;
    if (!self->versioned && strcmp (self->words[0], "mapping") != 0)
        return reader_refuse (self, self->line, "the first line says 'mapping 2'");
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        if (strcmp (self->words[0], directives[i].word) == 0)
            return directives[i].read (self);
    }
    int r = reader_read_statement (self);
    return r > 0 ? reader_refuse (self, self->line, "'%s' is not a word of a mapping", self->words[0]) : r;
}

static int read_lines (struct reader *self)
{
    for (char *rest = self->mapping->text, *line = strsep (&rest, "\n"); line; line = strsep (&rest, "\n")) {
        if (!rest && !*line)
            break;
        self->line++;
        int r = read_line (self, line);
        if (r < 0)
            return r;
    }
    return reader_check_whole (self);
}

struct mapping *mapping_parse (const char *name, const char *text, size_t length, char *error, size_t size)
{
    struct mapping *mapping = allocate (1, sizeof *mapping);
    mapping->name = allocate_text (name);
    mapping->text = allocate (length + 1, 1);
    memcpy (mapping->text, text, length);
    struct reader self = {.mapping = mapping, .error = error, .error_size = size};
    /* Of what is no UTF-8, libxml2 makes no pattern, and no end. */
    int r = utf8_is_valid (text, length) && !memchr (text, 0, length)
                ? read_lines (&self)
                : reader_refuse (&self, 1, "a mapping is text in UTF-8, without NUL");
    if (r < 0)
        mapping_destroy (&mapping);
    return mapping;
}

struct mapping *mapping_read (const char *file, char *error, size_t size)
{
    char *text = allocate (MAPPING_FILE_MAX + 1, 1);
    ssize_t length = input_read_text (file, text, MAPPING_FILE_MAX);
    struct mapping *mapping = NULL;
    if (length == -EFBIG) {
        snprintf (error, size, "%s: is larger than %d bytes", file, MAPPING_FILE_MAX);
    } else if (length < 0) {
        snprintf (error, size, "%s: %s", file, input_problem (length));
    } else {
        const char *slash = strrchr (file, '/');
        mapping = mapping_parse (slash ? slash + 1 : file, text, (size_t)length, error, size);
        if (mapping)
            mapping->directory = slash ? strndup (file, (size_t)(slash - file)) : allocate_text (".");
    }
    free (text);
    return mapping;
}
