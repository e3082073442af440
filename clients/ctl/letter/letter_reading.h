/* A template while it is being read, line by line. For letter_template.c, which knows files and blocks, and
   letter_line.c, which knows fields and lines. */
#pragma once
#include "letter_template_tree.h"
#include "policy/policy_error.h"

/* A block that is open: [als], its [anders], [elke], or the whole template. */
struct open_block {
    struct letter_node **end;            /* where its next node goes */
    struct letter_node *node;            /* NULL: the whole */
    const struct letter_field *if_field; /* of [als]; NULL behind [anders], where it is not so */
    const struct letter_field *fields;   /* that belong to it: of the form, or of the group that is repeated */
    unsigned scope;
    unsigned line;
    bool is_otherwise; /* its [anders] was there */
};

/* A template that is being read. */
struct reading {
    struct arena *arena;
    const struct letter_form *form;
    const struct letter_sources *sources;
    struct policy_error *error;
    const char *file;
    unsigned line;
    struct open_block blocks[LETTER_DEPTH];
    size_t depth;
    struct letter_node *last; /* that a line which begins with a space continues; NULL: none */
    size_t parts;
    size_t part_depth; /* blocks that were open where the part began */
    bool in_part, has_title;
    const struct letter_field **seen; /* fields that must stand in it, and do; each once */
    size_t seen_count;
};

enum { SEEN_LIMIT = 256 }; /* more than any form has fields */

/* Says what is wrong on this line, and gives POLICY_INVALID. */
#define FAIL(self, ...) policy_error_set ((self)->error, (self)->file, (self)->line, __VA_ARGS__)

/* The block that was opened last. */
struct open_block *letter_reading_top (struct reading *self);
/* Adds a node at the end of that block. */
struct letter_node *letter_reading_add (struct reading *self, enum letter_node_kind kind);

/* Each returns 0 or POLICY_INVALID. */

/* Finds a field by its name: of what is repeated here, or of what is around it. */
int letter_find_field (struct reading *self, const char *name, size_t size, struct letter_piece **piece_p);
/* A line of the letter itself, by its first character: "= ...", "| ...", "- ..." or words. */
int letter_read_heading (struct reading *self, const char *text);
int letter_read_fact (struct reading *self, const char *text);
int letter_read_item (struct reading *self, const char *text);
int letter_read_words (struct reading *self, const char *text);

/* Remembers that a field which must stand in the template does, if nothing but itself decides that. */
void letter_see_field (struct reading *self, const struct letter_field *field);
/* Fails if a field that must stand in the template does not; of a group too, whose block ends here. */
int letter_check_all_seen (struct reading *self, const struct letter_field *fields);
/* A name of a field or a part. */
bool letter_is_name (const char *name, size_t size);
const char *letter_skip_spaces (const char *text);
