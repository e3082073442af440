/* The lines of a mapping that say something of the whole message. They come before its elements. */
#include "mapping_reader.h"
#include <string.h>

static int read_code (struct reader *self, const char **code_p)
{
    if (self->word_count != 2 || *code_p || !reader_is_code (self->words[1]))
        return reader_refuse (self, self->line, "%s: one code is needed, once", self->words[0]);
    *code_p = self->words[1];
    return 0;
}

static int read_origin (struct reader *self)
{
    return read_code (self, &self->origin);
}

static int read_purpose (struct reader *self)
{
    self->mapping->lines.purpose = self->line;
    return read_code (self, &self->mapping->purpose);
}

static int read_flow (struct reader *self)
{
    self->mapping->lines.flow = self->line;
    return read_code (self, &self->mapping->flow);
}

static int read_release (struct reader *self)
{
    static const char allowed[] = "0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
    const char *text = self->words[1];
    if (self->word_count != 2 || self->mapping->release || text[strspn (text, allowed)] != 0)
        return reader_refuse (self, self->line, "release: the release of the standard is needed, as 3.2, once");
    self->mapping->release = text;
    return 0;
}

/* A name without a directory: a mapping does not choose which file of the machine is opened. */
static int read_schema (struct reader *self)
{
    const char *text = self->words[1];
    if (self->word_count != 2 || self->mapping->schema || strchr (text, '/') || *text == '.')
        return reader_refuse (self, self->line,
                              "schema: the name of one file is needed, without a directory, once");
    self->mapping->schema = text;
    return 0;
}

static int read_kinds (struct reader *self, struct mapping_words *kinds)
{
    if (self->word_count < 2 || self->word_count > 1 + MAPPING_WORDS_MAX || kinds->count > 0)
        return reader_refuse (self, self->line, "%s: one to %d kinds of parties are needed, once", self->words[0],
                              MAPPING_WORDS_MAX);
    for (char **word = self->words + 1; *word; word++) {
        if (!reader_is_code (*word))
            return reader_refuse (self, self->line, "'%s' is not the code of a kind of party", *word);
        kinds->words[kinds->count++] = *word;
    }
    return 0;
}

static int read_from (struct reader *self)
{
    self->mapping->lines.from = self->line;
    return read_kinds (self, &self->mapping->from);
}

static int read_to (struct reader *self)
{
    self->mapping->lines.to = self->line;
    return read_kinds (self, &self->mapping->to);
}

static int keep_path (struct reader *self, struct reader_path *place, char *path)
{
    if (place->path)
        return reader_refuse (self, self->line, "%s is said once", self->words[0]);
    *place = (struct reader_path){path, self->line};
    return 0;
}

static int read_path (struct reader *self, struct reader_path *place)
{
    if (self->word_count != 2)
        return reader_refuse (self, self->line, "%s: one path is needed", self->words[0]);
    return keep_path (self, place, self->words[1]);
}

static int read_identification (struct reader *self)
{
    return read_path (self, &self->identification);
}

static int read_subject (struct reader *self)
{
    return read_path (self, &self->subject);
}

static int read_address (struct reader *self, struct reader_path *place, struct mapping_address *address)
{
    if (self->word_count == 3) {
        for (enum mapping_identifier i = MAPPING_AGB; i <= MAPPING_OIN; i++) {
            if (strcmp (self->words[2], mapping_identifier_text (i)) == 0) {
                address->identifier = i;
                return keep_path (self, place, self->words[1]);
            }
        }
    }
    return reader_refuse (self, self->line, "%s: a path is needed, and agb, gemeentecode or oin%s", self->words[0],
                          place == &self->receiver ? "; or 'absent'" : "");
}

static int read_sender (struct reader *self)
{
    return read_address (self, &self->sender, &self->mapping->sender);
}

static int read_receiver (struct reader *self)
{
    if (self->receiver_said)
        return reader_refuse (self, self->line, "receiver is said once");
    self->receiver_said = true;
    if (self->word_count == 2 && strcmp (self->words[1], "absent") == 0)
        return 0;
    return read_address (self, &self->receiver, &self->mapping->receiver);
}

static int read_clients (struct reader *self)
{
    const char *how = self->word_count == 3 ? self->words[2] : "";
    bool each = strcmp (how, "each") == 0;
    if (!each && strcmp (how, "whole") != 0)
        return reader_refuse (
            self, self->line,
            "clients: a path is needed, and 'each' (the message goes without those who may not) or "
            "'whole' (it is held)");
    self->mapping->clients = each ? MAPPING_CLIENTS_EACH : MAPPING_CLIENTS_WHOLE;
    return keep_path (self, &self->client, self->words[1]);
}

static int keep_paths (struct reader *self, struct reader_paths *list, char **words, size_t count)
{
    if (count == 0 || count > MAPPING_WORDS_MAX || list->count > 0)
        return reader_refuse (self, self->line, "%s: one to %d paths are needed, once", self->words[0],
                              MAPPING_WORDS_MAX);
    while (list->count < count) {
        list->paths[list->count] = (struct reader_path){words[list->count], self->line};
        list->count++;
    }
    return 0;
}

static int read_references (struct reader *self)
{
    return keep_paths (self, &self->references, self->words + 1, self->word_count - 1);
}

static int read_same_as (struct reader *self)
{
    return keep_paths (self, &self->same_as, self->words + 1, self->word_count - 1);
}

static int read_removal (struct reader *self)
{
    bool says_first = self->word_count == 5 && strcmp (self->words[3], "first") == 0;
    if (self->word_count != 3 && !says_first)
        return reader_refuse (self, self->line,
                              "removal: a path is needed, and the value that takes back; perhaps 'first' and the "
                              "value before which nothing was told");
    self->mapping->removal.value = self->words[2];
    self->mapping->removal.first = says_first ? self->words[4] : NULL;
    return keep_path (self, &self->removal, self->words[1]);
}

/* Reads what follows PATH...: of URI... The number of paths, or -EINVAL. */
static int read_answered (struct reader *self, struct mapping_words *uris)
{
    size_t of = 1;
    while (self->words[of] && strcmp (self->words[of], "of") != 0)
        of++;
    if (of >= self->word_count - 1 || self->word_count - of - 1 > MAPPING_WORDS_MAX)
        return reader_refuse (self, self->line,
                              "%s: paths are needed, 'of', and the namespaces of what may be answered",
                              self->words[0]);
    uris->count = 0;
    for (size_t i = of + 1; i < self->word_count; i++)
        uris->words[uris->count++] = self->words[i];
    return (int)of - 1;
}

static int read_returns (struct reader *self)
{
    int r = read_answered (self, &self->mapping->returns.uris);
    return r < 0 ? r : keep_paths (self, &self->returns, self->words + 1, (size_t)r);
}

static int read_subject_by (struct reader *self)
{
    int r = read_answered (self, &self->mapping->requests);
    if (r >= 0 && r != 1)
        return reader_refuse (self, self->line, "subject-by: one path is needed, and what may be answered");
    return r < 0 ? r : keep_path (self, &self->subject_by, self->words[1]);
}

int reader_read_statement (struct reader *self)
{
    static const struct {
        const char *word;
        int (*read) (struct reader *self);
    } statements[] = {{"origin", read_origin},
                      {"release", read_release},
                      {"purpose", read_purpose},
                      {"flow", read_flow},
                      {"from", read_from},
                      {"to", read_to},
                      {"schema", read_schema},
                      {"sender", read_sender},
                      {"receiver", read_receiver},
                      {"identification", read_identification},
                      {"clients", read_clients},
                      {"subject", read_subject},
                      {"subject-by", read_subject_by},
                      {"reference", read_references},
                      {"returns", read_returns},
                      {"removal", read_removal},
                      {"same-as", read_same_as}};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        if (strcmp (self->words[0], statements[i].word) != 0)
            continue;
        if (self->mapping->root && self->mapping->root->first_child)
            return reader_refuse (self, self->line, "'%s' comes before the elements", self->words[0]);
        return statements[i].read (self);
    }
    return 1;
}
