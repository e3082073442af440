/* What the parts of the reader of mappings share: lines (mapping_read.c), what is said of the whole message
   (mapping_statement.c), elements (mapping_element.c), names and paths (mapping_path.c), and what can be judged
   only after all lines were read (mapping_whole.c). */
#pragma once
#include "mapping.h"

enum { WORDS_MAX = 32, STEP_DEPTH_MAX = 16 };

/* A path of a statement: the element has its line further on. */
struct reader_path {
    char *path; /* NULL: not given */
    size_t line;
};

struct reader_paths {
    struct reader_path paths[MAPPING_WORDS_MAX];
    size_t count;
};

struct reader {
    struct mapping *mapping;
    const char *origin;        /* of elements that name none */
    struct mapping_rule *base; /* where paths begin; NULL: at the root */
    const struct mapping_namespace *output_space;
    bool versioned;
    bool receiver_said; /* "absent" too */
    struct reader_path sender, receiver, identification, client, subject, subject_by, removal;
    struct reader_paths references, returns, same_as;
    char *words[WORDS_MAX + 1]; /* the words of the line; ends with NULL */
    size_t word_count;
    size_t line;
    char *error;
    size_t error_size;
};

struct element_name {
    const struct mapping_namespace *space;
    const char *local;
};

/* Where a path leads. */
struct mapping_place {
    struct mapping_rule *parent, *rule;
    struct element_name name;
};

/* Fills the error. Returns always -EINVAL, so that a step can end with `return reader_refuse (...)`. */
int reader_refuse (struct reader *self, size_t line, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

/* The text can be the name of an element; it can be a code of the policy, and is no word of the mapping
   language. */
bool reader_is_name (const char *text);
bool reader_is_code (const char *text);

/* Splits "i:Naam" into namespace and local name. Without a prefix the namespace is the one given. Cuts `step`. 0
   or -EINVAL. */
int reader_resolve_name (struct reader *self, size_t line, char *step, const struct mapping_namespace *inherited,
                         struct element_name *name);

/* Walks a path down from the base, as far as there are rules. The last step may have no rule: then place->rule is
   NULL, and the rest of *place says what it would be. Cuts `path`. 0 or -EINVAL. */
int reader_walk_path (struct reader *self, size_t line, char *path, struct mapping_place *place);

/* Adds a rule at the end of its parent, or makes the root. The parent owns the rule; a root is the caller's. */
struct mapping_rule *reader_add_rule (struct reader *self, struct mapping_rule *parent,
                                      const struct mapping_namespace *space, const char *name);

/* Reads the line that was split into words: element PATH USE OCCURRENCE [OPTION ...]. 0 or -EINVAL. */
int reader_read_element (struct reader *self);

/* Reads such a line, if it says something of the whole message. 0; 1: its first word is none of those; -EINVAL. */
int reader_read_statement (struct reader *self);

/* Checks what can be judged only after all lines were read, and finds the elements that the statements name. 0 or
   -EINVAL. */
int reader_check_whole (struct reader *self);
