/* A letter, an overview or a register before it has a form: blocks, one after the other. Whoever makes one adds
   blocks; letter_text.h, letter_html.h and letter_pdf.h give it a form. Pure: it knows neither files nor the
   registry.

   Every text is copied into the arena, as one line: blanks and line ends become one space, and what is not visible
   is escaped (escape.h). So a text of others is never more than a text, in whatever form. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct arena;

enum letter_block_kind {
    LETTER_HEADING,   /* `text`, with a level */
    LETTER_PARAGRAPH, /* `text` */
    LETTER_LINES,     /* rows of one cell, each a line: an address */
    LETTER_LIST,      /* rows of one cell, each an item */
    LETTER_FACTS,     /* rows of two cells: a name and its value */
    LETTER_TABLE,     /* rows of `columns` cells; the first row has their headings */
    LETTER_QR,        /* `text` as a QR code; as plain text nothing */
    LETTER_CHOICE,    /* of a form: rows of a value and its label, of which the reader marks one, many, or none */
    LETTER_BLANK,     /* of a form: `text` with a place to fill in */
};

/* Of a form: how what is filled in counts. */
enum letter_input {
    LETTER_ONE,    /* a choice of one */
    LETTER_MANY,   /* a choice of any number */
    LETTER_YES,    /* a choice of one row that is so, or not */
    LETTER_LINE,   /* a blank of one line */
    LETTER_NUMBER, /* of a number */
    LETTER_DAY,    /* of a day */
    LETTER_FREE,   /* of some lines */
    LETTER_FIXED,  /* what is filled in already: `value` */
    LETTER_SIGN,   /* a place for a signature, on paper: it has no name */
};

enum { LETTER_LEVELS = 3, LETTER_COLUMNS = 8, LETTER_QR_SIZE = 1000 };

struct letter_row {
    const char **cells;
    struct letter_row *next;
};

struct letter_block {
    enum letter_block_kind kind;
    unsigned level;          /* of a heading: 1 is the title of all, 2 and 3 are below it */
    const char *text;        /* of a heading, a paragraph or a QR code */
    size_t columns;          /* of what has rows */
    enum letter_input input; /* of a choice or a blank, and the next three */
    const char *name;        /* under which it is told: "bewijs.kenmerk" */
    const char *value;       /* of a blank that is filled in; of a choice of one, what is chosen; else "" */
    bool needed;             /* who leaves it open did not fill in the form */
    struct letter_row *first, *last;
    struct letter_block *next;
};

struct letter_document {
    struct arena *arena;
    const char *title; /* the first heading of level 1; "": none yet */
    struct letter_block *first, *last;
};

/* A document without blocks. It lives as long as its arena. */
struct letter_document letter_document_start (struct arena *arena);

void letter_add_heading (struct letter_document *self, unsigned level, const char *text);
void letter_add_paragraph (struct letter_document *self, const char *text);
/* A QR code, of at most LETTER_QR_SIZE bytes. */
void letter_add_qr (struct letter_document *self, const char *text);
/* A place to fill in, of this name. All are copied; `value` as above. */
struct letter_place {
    enum letter_input input;
    const char *name, *label, *value;
    bool needed;
};
void letter_add_blank (struct letter_document *self, const struct letter_place *place);
/* A choice, of which each row is then added: a value and its label. The label of the choice itself is told to who
   cannot see where it stands. */
void letter_begin_choice (struct letter_document *self, const struct letter_place *place);
/* A block of rows, and then each of its rows. `headings` has as many cells as the table has columns (1 to
   LETTER_COLUMNS). A block that gets no rows is not shown. */
void letter_begin_lines (struct letter_document *self);
void letter_begin_list (struct letter_document *self);
void letter_begin_facts (struct letter_document *self);
void letter_begin_table (struct letter_document *self, const char *const *headings, size_t columns);
/* Adds a row to the block that was begun last, with as many cells as it has columns. NULL is "". */
void letter_add_row (struct letter_document *self, const char *const *cells);
/* The same for blocks of one cell, and of two: a fact whose value is NULL or "" is left out. */
void letter_add_line (struct letter_document *self, const char *text);
void letter_add_fact (struct letter_document *self, const char *name, const char *value);

/* Adds copies of all blocks of a part, which has no heading of level 1; their texts are borrowed. */
void letter_add_part (struct letter_document *self, const struct letter_document *part);

/* The block has something to show. */
bool letter_block_is_shown (const struct letter_block *block);

/* The text as a document keeps it. The arena's. */
const char *letter_clean (struct arena *arena, const char *text);
