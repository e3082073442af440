/* Templates of letters: plain text with named fields, which a communication officer can change. Pure: text in, a
   template or the file and line of what is wrong out; a template and values in, a document out.

       # what nobody sees
       = Uw toestemming                      the subject of the letter, one or more
       == Wat hebt u afgesproken?            a heading; === one below it
       U geeft toestemming aan {verstrekkers}.
       It goes on on the next line, until an empty one.
       - {gegevens}                          an item: of a field that is a list one for each
       {toestemmingen}                       alone on a line: a part that the program makes, with its tables
       | Ons kenmerk | {kenmerk}             a name and its value
       [als eenmalig] ... [anders] ... [einde]   stands only if something is so; [als niet X] the other way round
       [elke grond] ... [einde]              once for each entry of a group
       [deel klachten]                       the file deel-klachten.txt

   Nothing goes round: a part holds no parts, and a repeat names a group of what is repeated around it, of which
   forms have few, one in the other. docs/letters.md says the same to who writes templates. */
#pragma once
#include "letter_form.h"
#include "policy/policy_read.h"

struct letter_document;
struct letter_template;

enum {
    LETTER_TEMPLATE_LIMIT = 64 << 10, /* bytes of a file */
    LETTER_LINE_LIMIT = 1000,         /* bytes of a line */
    LETTER_DEPTH = 8,                 /* blocks in each other */
    LETTER_PARTS = 16,                /* parts in one template */
};

/* The files that templates are made of. Borrowed. One with data NULL was refused before: that is told already. */
struct letter_sources {
    const char *folder; /* in which errors say that they are: "brieven" */
    const struct policy_text *files;
    size_t count;
};

/* Reads the template of a form, with its parts. 0, or POLICY_INVALID with all that is wrong added, but what is
   there already. Where it is not known which blocks are open, the rest is not read. *template_p is the arena's. */
int letter_template_read (const struct letter_template **template_p, struct arena *arena,
                          const struct letter_form *form, const struct letter_sources *sources,
                          struct policy_faults *faults);

/* Adds the letter to the document. NULL, or the name of a field that has no value and must have one. */
const char *letter_template_fill (const struct letter_template *self, const struct letter_values *values,
                                  struct letter_document *document);
