/* What every letter is made with: the pack and its folder of letters, who reads it, and the common fields. */
#pragma once
#include <jansson.h>
#include "ctl.h"
#include "letter_file.h"
#include "letter_folder.h"
#include "letter_forms.h"
#include "rules/policy.h"

/* clang-format off */
#define LETTER_OPTIONS                                                                                            \
    {"policy", "DIR", "the policy pack with the words (else the one in force, for an operator)", 0},              \
    {"to-file", "FILE", "file with name and address of the reader, for the head of the letter", 0},               \
    LETTER_FILE_OPTIONS
#define LETTER_READER_OPTION                                                                                      \
    {"for", "WHO", "who reads it: a representative's reference (else 'subject')", 0}
/* clang-format on */

struct letter_setting {
    struct ctl *ctl;
    const struct options *options;
    struct policy *policy;
    struct letter_folder folder;
    int error; /* of the first label that is missing; its line is printed */
};

/* Reads the options, the pack and its letters. 0, or an exit code with its line printed. Close it in both cases.
 */
int letter_setting_open (struct letter_setting *self, struct ctl *ctl, const struct options *options);
/* The same for a letter beside something else, whose file is not that of --out. */
int letter_setting_begin (struct letter_setting *self, struct ctl *ctl, const struct options *options);
void letter_setting_close (struct letter_setting *self);
/* For a setting of which `ctl`, `options` and `policy` are set already: reads the letters of the pack in this
   directory. Returns as above; nothing of it must be closed. */
int letter_setting_read (struct letter_setting *self, const char *directory);

/* Values with the fields of every letter, but for the reader's address. `reader` is "subject" or a
   representative's reference. */
struct letter_values *letter_values_begin (const struct letter_setting *self, const struct letter_form *form,
                                           const char *reference, const char *reader);
/* The same with the address, of the option --to-file. 0, or an exit code with its line printed. */
int letter_begin (struct letter_setting *self, const struct letter_form *form, const char *reference,
                  const char *reader, struct letter_values **values_p);
/* Fills the template. 0, or an exit code with its line printed; that of a label that is missing, too. */
int letter_fill (const struct letter_setting *self, const struct letter_form *form,
                 const struct letter_values *values, struct letter_document *document);
/* The same, and gives the letter out. Returns the exit code. */
int letter_finish (struct letter_setting *self, const struct letter_form *form,
                   const struct letter_values *values);

/* The letter for programs: Letter of docs/json.md. `file` NULL: none was made. Caller owns the return value. */
json_t *letter_json (const struct letter_form *form, const char *file, const struct letter_document *document);

enum letter_vocabulary { LETTER_CATEGORY, LETTER_PURPOSE, LETTER_ORIGIN, LETTER_STATUTE, LETTER_URGENT_REASON, LETTER_KIND };

/* The Dutch label of a code in the pack, and the name of an organisation. If there is none, "", with the line
   printed and the exit code kept: letter_finish then writes nothing. */
const char *letter_label (struct letter_setting *self, enum letter_vocabulary vocabulary, const char *name);
const char *letter_organisation (struct letter_setting *self, const char *party);
/* The same for an article: "artikel 13.4 van ons privacyreglement" of "KB 13.4". */
const char *letter_article (struct letter_setting *self, const char *article);
/* The same for a list of codes, or of parties. */
struct letter_codes {
    char *const *items;
    size_t count;
};
void letter_add_labels (struct letter_setting *self, struct letter_values *values, const char *field,
                        enum letter_vocabulary vocabulary, struct letter_codes codes);
void letter_add_organisations (struct letter_setting *self, struct letter_values *values, const char *field,
                               struct letter_codes parties);
