#include "letter_setting.h"

#include <errno.h>
#include <string.h>
#include "codec/document.h"
#include "input.h"
#include "letter_document.h"
#include "letter_words.h"
#include "policy/pack.h"
#include "policy/policy_read.h"
#include "text/utf8.h"

enum { ADDRESS_LIMIT = 1000, ADDRESS_LINES = 8 };

/* --- The pack ------------------------------------------------------------------------------------------ */

static int find_pack (struct letter_setting *self, const char **directory_p)
{
    int error = 0;
    *directory_p = options_text (self->options, "policy");
    if (!*directory_p)
        *directory_p = pack_in_force (self->ctl, &error);
    if (error || *directory_p)
        return error;
    return ctl_fail (EX_USAGE, "a letter takes its words from a policy pack: --policy DIR");
}

int letter_setting_read (struct letter_setting *self, const char *directory)
{
    int error = letter_folder_read (self->ctl, directory, &self->folder);
    const char *missing = error ? NULL : letter_sender_lacks (&self->folder.sender);
    return missing
               ? ctl_fail (EX_CONFIG,
                           "%s/" LETTER_FOLDER "/gemeente.txt: \"gemeente\" has no \"%s\", which a letter needs",
                           directory, missing)
               : error;
}

int letter_setting_open (struct letter_setting *self, struct ctl *ctl, const struct options *options)
{
    *self = (struct letter_setting){.ctl = ctl, .options = options};
    int error = letter_file_check (options);
    return error ? error : letter_setting_begin (self, ctl, options);
}

int letter_setting_begin (struct letter_setting *self, struct ctl *ctl, const struct options *options)
{
    const char *directory;
    *self = (struct letter_setting){.ctl = ctl, .options = options};
    int error = find_pack (self, &directory);
    if (!error)
        error = pack_read (directory, &self->policy);
    return error ? error : letter_setting_read (self, directory);
}

void letter_setting_close (struct letter_setting *self)
{
    policy_destroy (&self->policy);
}

/* --- The fields of every letter ------------------------------------------------------------------------ */

/* Reads the address of the reader, line by line. */
static int read_address (struct letter_setting *self, struct letter_values *values)
{
    const char *file = options_text (self->options, "to-file");
    char text[ADDRESS_LIMIT + 1];
    if (!file)
        return 0;
    ssize_t size = input_read_text (file, text, ADDRESS_LIMIT);
    if (size == -EFBIG)
        return ctl_fail (EX_DATAERR, "%s: a name and an address have at most %d bytes", file, ADDRESS_LIMIT);
    if (size < 0)
        return ctl_fail (EX_NOINPUT, "cannot read %s: %s", file, input_problem (size));
    text[size] = '\0';
    if (strlen (text) != (size_t)size || !utf8_is_valid (text, (size_t)size))
        return ctl_fail (EX_DATAERR, "%s: not UTF-8; save the file as UTF-8", file);
    size_t count = 0;
    char *rest = text;
    for (const char *line = strsep (&rest, "\n"); line; line = strsep (&rest, "\n")) {
        if (!*letter_clean (self->ctl->arena, line))
            continue;
        if (++count > ADDRESS_LINES)
            return ctl_fail (EX_DATAERR, "%s: a name and an address have at most %d lines", file, ADDRESS_LINES);
        letter_add (values, "geadresseerde", line);
    }
    return count ? 0 : ctl_fail (EX_DATAERR, "%s holds no text", file);
}

struct letter_values *letter_values_begin (const struct letter_setting *self, const struct letter_form *form,
                                           const char *reference, const char *reader)
{
    struct letter_values *values = letter_values_new (self->ctl->arena, form->fields);
    letter_sender_tell (&self->folder.sender, values);
    letter_set (values, "datum", letter_day (self->ctl->arena, moment_now ()));
    letter_set (values, "kenmerk", reference);
    letter_set_flag (values, "vertegenwoordiger", strcmp (reader, "subject") != 0);
    return values;
}

int letter_begin (struct letter_setting *self, const struct letter_form *form, const char *reference,
                  const char *reader, struct letter_values **values_p)
{
    *values_p = letter_values_begin (self, form, reference, reader);
    return read_address (self, *values_p);
}

/* --- Labels -------------------------------------------------------------------------------------------- */

#define LOOK_UP(list, count) look_up (&(list)->entry, (count), sizeof *(list), name)

/* The label of the entry with this code; each entry begins with its struct policy_entry. */
static const char *look_up (const struct policy_entry *first, size_t count, size_t stride, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        const struct policy_entry *entry = (const void *)((const char *)first + i * stride);
        if (strcmp (entry->code, name) == 0)
            return entry->label_nl;
    }
    return NULL;
}

static const char *find_label (const struct policy *policy, enum letter_vocabulary vocabulary, const char *name)
{
    switch (vocabulary) {
    case LETTER_CATEGORY:
        return LOOK_UP (policy->categories, policy->category_count);
    case LETTER_PURPOSE:
        return LOOK_UP (policy->purposes, policy->purpose_count);
    case LETTER_ORIGIN:
        return LOOK_UP (policy->origins, policy->origin_count);
    case LETTER_STATUTE:
        return LOOK_UP (policy->statutes, policy->statute_count);
    case LETTER_KIND:
        return LOOK_UP (policy->kinds, policy->kind_count);
    default:
        return LOOK_UP (policy->urgent_reasons, policy->urgent_reason_count);
    }
}

const char *letter_label (struct letter_setting *self, enum letter_vocabulary vocabulary, const char *name)
{
    const char *label = find_label (self->policy, vocabulary, name);
    if (label)
        return label;
    if (!self->error)
        self->error =
            ctl_fail (EX_DATAERR, "the pack %s has no words for \"%s\": --policy DIR with the pack of that time",
                      self->policy->id, name);
    return "";
}

const char *letter_organisation (struct letter_setting *self, const char *party)
{
    const char *name = letter_sender_organisation (&self->folder.sender, party);
    if (name)
        return name;
    if (!self->error)
        self->error = ctl_fail (
            EX_CONFIG, LETTER_FOLDER "/gemeente.txt has no \"organisatie %s\": a letter says how it is called",
            party);
    return "";
}

const char *letter_article (struct letter_setting *self, const char *article)
{
    const char *words = letter_law_article (&self->folder.laws, self->ctl->arena, article);
    if (words)
        return words;
    if (!self->error)
        self->error = ctl_fail (EX_DATAERR,
                                "the pack %s rests on no law called as in \"%s\" (" LETTER_FOLDER
                                "/wetten.txt): --policy DIR with the pack of that time",
                                self->policy->id, article);
    return "";
}

void letter_add_labels (struct letter_setting *self, struct letter_values *values, const char *field,
                        enum letter_vocabulary vocabulary, struct letter_codes codes)
{
    for (size_t i = 0; i < codes.count; i++)
        letter_add (values, field, letter_label (self, vocabulary, codes.items[i]));
}

void letter_add_organisations (struct letter_setting *self, struct letter_values *values, const char *field,
                               struct letter_codes parties)
{
    for (size_t i = 0; i < parties.count; i++)
        letter_add (values, field, letter_organisation (self, parties.items[i]));
}

/* --- The letter ---------------------------------------------------------------------------------------- */

static json_t *rows_json (const struct letter_block *block)
{
    json_t *rows = json_array ();
    for (const struct letter_row *row = block->first; row; row = row->next) {
        json_t *cells = json_array ();
        for (size_t i = 0; i < block->columns; i++)
            json_array_append_new (cells, document_string (row->cells[i]));
        json_array_append_new (rows, cells);
    }
    return rows;
}

static json_t *blocks_json (const struct letter_document *document)
{
    static const char *const kinds[] = {
        [LETTER_HEADING] = "HEADING", [LETTER_PARAGRAPH] = "PARAGRAPH", [LETTER_LINES] = "LINES",
        [LETTER_LIST] = "LIST",       [LETTER_FACTS] = "FACTS",         [LETTER_TABLE] = "TABLE",
        [LETTER_QR] = "QR",           [LETTER_CHOICE] = "CHOICE",       [LETTER_BLANK] = "BLANK",
    };
    json_t *blocks = json_array ();
    for (const struct letter_block *block = document->first; block; block = block->next)
        if (letter_block_is_shown (block))
            json_array_append_new (blocks, json_pack ("{s:s, s:i, s:o, s:o}", "kind", kinds[block->kind], "level",
                                                      (int)block->level, "text", document_string (block->text),
                                                      "rows", rows_json (block)));
    return blocks;
}

json_t *letter_json (const struct letter_form *form, const char *file, const struct letter_document *document)
{
    return json_pack ("{s:s, s:o, s:o, s:o}", "letter", form->name, "file", document_string (file), "title",
                      document_string (document->title), "blocks", blocks_json (document));
}

int letter_fill (const struct letter_setting *self, const struct letter_form *form,
                 const struct letter_values *values, struct letter_document *document)
{
    if (self->error)
        return self->error;
    *document = letter_document_start (self->ctl->arena);
    const char *missing = letter_template_fill (letter_folder_template (&self->folder, form), values, document);
    return missing
               ? ctl_fail (EX_SOFTWARE, "the registry tells nothing for the field \"%s\" of this letter", missing)
               : 0;
}

int letter_finish (struct letter_setting *self, const struct letter_form *form, const struct letter_values *values)
{
    struct letter_document document;
    int error = letter_fill (self, form, values, &document);
    if (error)
        return error;
    error =
        self->ctl->json && !options_has (self->options, "out") ? 0 : letter_file_write (self->options, &document);
    if (!error && self->ctl->json)
        document_print (letter_json (form, options_text (self->options, "out"), &document));
    return error;
}
