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
    struct policy_faults *faults;
    const char *file;
    unsigned line;
    struct open_block blocks[LETTER_DEPTH];
    size_t depth;
    struct letter_node *last; /* that a line which begins with a space continues; NULL: none */
    size_t parts;
    size_t part_depth; /* blocks that were open where the part began */
    bool in_part, has_title;
    unsigned failures;
    bool is_broken;  /* which blocks there are is not known any more: what follows is not read */
    bool is_partial; /* of what was wrong not all is known: whether a field is missing is not asked */
    const struct letter_field **seen; /* fields that must stand in it, and do; each once */
    size_t seen_count;
};

enum { SEEN_LIMIT = 256 }; /* more than any form has fields */

/* Adds what is wrong on this line, unless another letter with the same part has, and gives POLICY_INVALID. */
int letter_fail (struct reading *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* The same, where fields on the line, or behind it, may not have been seen. */
#define FAIL(self, ...) ((self)->is_partial = true, letter_fail (self, __VA_ARGS__))
/* The same, where it is not known which blocks are open from here on. */
#define FAIL_BLOCK(self, ...) ((self)->is_broken = true, FAIL (self, __VA_ARGS__))

/* The block that was opened last. */
struct open_block *letter_reading_top (struct reading *self);
/* Adds a node at the end of that block. */
struct letter_node *letter_reading_add (struct reading *self, enum letter_node_kind kind);

/* Each returns 0 or POLICY_INVALID. */

/* Finds a field by its name: of what is repeated here, or of what is around it. Where there is none, *piece_p is
   that of the field that is probably meant, or NULL. */
int letter_find_field (struct reading *self, const char *name, size_t size, struct letter_piece **piece_p);
/* A line of the letter itself, by its first character: "= ...", "| ...", "- ..." or words. */
int letter_read_heading (struct reading *self, const char *text);
int letter_read_fact (struct reading *self, const char *text);
int letter_read_item (struct reading *self, const char *text);
int letter_read_words (struct reading *self, const char *text);

/* Remembers that a field which must stand in the template does, if nothing but itself decides that. */
void letter_see_field (struct reading *self, const struct letter_field *field);
/* Fails for each field that must stand in the template and does not; of a group too, whose block ends here. */
int letter_check_all_seen (struct reading *self, const struct letter_field *fields);
/* A name of a field or a part. */
bool letter_is_name (const char *name, size_t size);
const char *letter_skip_spaces (const char *text);
