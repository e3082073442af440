/* What a kind of letter has to tell: its named fields, and the values that they have in one letter. A template is
   checked against the form, and filled from the values. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct letter_document;

enum letter_field_kind {
    LETTER_TEXT,  /* one text */
    LETTER_TEXTS, /* a list of texts */
    LETTER_FLAG,  /* something is so, or not */
    LETTER_GROUP, /* a list of which each has fields of its own */
    LETTER_PART,  /* tables and what belongs to them, made by the program; stands alone on a line */
};

enum letter_field_use {
    LETTER_MAY,   /* the template may leave it out */
    LETTER_MUST,  /* the template must have it */
    LETTER_EMPTY, /* the template may leave it out, and it may have no value */
    LETTER_HEED,  /* the template must have it, at least where it has a value: it may have none */
};

struct letter_field {
    const char *name;
    enum letter_field_kind kind;
    enum letter_field_use use;
    const char *meaning;               /* in Dutch, for whoever writes templates */
    const struct letter_field *fields; /* of a group; ends like the list of a form */
};

struct letter_form {
    const char *name;                  /* of its template, without ".txt": "toestemming" */
    const char *meaning;               /* in Dutch: what the letter is for */
    const struct letter_field *fields; /* ends with an entry without a name */
};

/* The field with this name. NULL: there is none. */
const struct letter_field *letter_field_find (const struct letter_field *fields, const char *name, size_t size);

struct letter_value {
    const char *text;
    const char **texts;            /* `count` of them */
    struct letter_values **groups; /* `count` of them */
    size_t count, room;
    bool is_so;
    const struct letter_document *part; /* NULL: none; one without blocks is said too */
};

/* The values of one letter, or of one entry of a group. They live as long as their arena. */
struct letter_values {
    struct arena *arena;
    const struct letter_field *fields;
    struct letter_value *all; /* one for each field */
};

struct letter_values *letter_values_new (struct arena *arena, const struct letter_field *fields);
/* Each sets, or adds to, the field of this name, which must be of that kind. Texts are copied. */
void letter_set (struct letter_values *self, const char *name, const char *text);
void letter_add (struct letter_values *self, const char *name, const char *text);
void letter_set_flag (struct letter_values *self, const char *name, bool is_so);
/* The blocks of the part are borrowed until the letter is filled. */
void letter_set_part (struct letter_values *self, const char *name, const struct letter_document *part);
/* Adds an entry to a group, and returns its values. */
struct letter_values *letter_add_group (struct letter_values *self, const char *name);

/* The field says something: a text that is not empty, a list that is not, a flag that is so, or a part. */
bool letter_value_is_said (const struct letter_values *self, const struct letter_field *field);
const struct letter_value *letter_value_of (const struct letter_values *self, const struct letter_field *field);
/* "a, b en c". The arena's. */
const char *letter_join (struct arena *arena, const char *const *texts, size_t count);
