/* What a template is once it was read. For letter_template.c and letter_line.c, which make it, and letter_fill.c, which fills it.
 */
#pragma once
#include "letter_template.h"

/* A piece of a line: text, or a field. */
struct letter_piece {
    const char *text;                 /* where `field` is NULL */
    const struct letter_field *field; /* of the form, or of the group at `scope` */
    unsigned scope;                   /* how many groups are around what the field belongs to */
    struct letter_piece *next;
};

enum letter_node_kind {
    NODE_HEADING,
    NODE_TEXT, /* a line of a paragraph */
    NODE_ITEM,
    NODE_FACT,
    NODE_EMPTY, /* an empty line: what was begun ends */
    NODE_IF,
    NODE_EACH,
};

struct letter_node {
    enum letter_node_kind kind;
    unsigned level;              /* of a heading */
    const char *name;            /* of a fact */
    struct letter_piece *pieces; /* of a line; of IF and EACH: its one field */
    bool negated;                /* of IF: stands if it is not so */
    struct letter_node *inner, *otherwise, *next;
};

struct letter_template {
    struct letter_node *first;
};
