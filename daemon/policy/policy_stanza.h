/* The line language of a pack's files: stanzas of a heading and indented fields.

       flow D2                          # a heading: its sort and its name
           purpose     eigen-bijdrage   # a field: its key and its value
           categories  bsn, naw,
                       geboortedatum    # a line that is indented deeper continues the value

   UTF-8 without control or invisible characters; lines end in LF or CR LF; what follows a `#` at the start of a
   line or after a space is a comment. docs/policy-packs.md says the same to authors of packs. */
#pragma once
#include "policy_read.h"

struct policy_field {
    const char *key;
    char *value;         /* as written, with its line ends, so that each word keeps its line; without comments */
    unsigned line;       /* of the key */
    unsigned value_line; /* on which `value` starts */
    bool refused;        /* what is wrong with the key has been told */
};

struct policy_stanza {
    const char *sort; /* "flow" */
    char *name;       /* "D2"; "": none given */
    unsigned line;
    struct policy_field *fields;
    size_t field_count;
};

/* One file, in its parts. */
struct policy_document {
    const char *file; /* its name in the pack */
    struct policy_stanza *stanzas;
    size_t stanza_count;
    struct policy_field *fields;
    size_t field_count;
};

/* The text is UTF-8, and holds no tab and nothing that a reviewer cannot see. 0 or POLICY_INVALID. */
int policy_text_check (const char *file, const char *text, size_t size, struct policy_error *error);
/* Takes `text` apart in place: names, keys and values point into it. `size` does not count the NUL at its end. 0
   or POLICY_INVALID. In both cases the caller clears *self with policy_document_clear, and keeps `text`. Of a text
   with a character that may not be there the first is told, and nothing is taken apart; a line that is indented
   wrongly is told, and the rest is taken apart. */
int policy_document_parse (struct policy_document *self, const char *file, char *text, size_t size,
                           struct policy_faults *faults);
void policy_document_clear (struct policy_document *self);

/* Zeroed memory for `count` things. Never NULL: if there is no memory the process ends. Caller frees it. */
void *policy_allocate (size_t count, size_t size);
