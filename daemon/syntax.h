/* The syntax of what a request holds: texts, BSNs, days, times, sets. The limits are those of
   proto/envelope.proto.

   The first fault is kept, and later ones are ignored. So a reader calls one function after the other, and looks
   for a fault at the end. A fault names the field and says what it should have been, never what it was. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rules/calendar.h"
#include "rules/statement.h"

struct arena;

enum { SYNTAX_FREE_TEXT_LIMIT = 1000 }; /* bytes of the longest text */

enum syntax_sort {
    SYNTAX_ANY,        /* nothing is judged */
    SYNTAX_PARTY,      /* an id, at most 32 bytes */
    SYNTAX_CONSUMER,   /* the name of a system of a party, at most 32 bytes */
    SYNTAX_CODE,       /* of the pack, at most 48 bytes; not nine digits like a BSN */
    SYNTAX_REFERENCE,  /* opaque, at most 64 bytes; not nine digits like a BSN, and without the subject's BSN */
    SYNTAX_KEY,        /* a public key: Z85, 40 characters */
    SYNTAX_LINE,       /* free text without control characters; something of it is visible */
    SYNTAX_TEXT,       /* free text; something of it is visible */
    SYNTAX_MOTIVATION, /* free text; if it shows nothing, a rule says so (G2, C8) */
    SYNTAX_RAW,        /* a text that the rules judge as it came (G2), but too long, or nine digits like a BSN */
    SYNTAX_BSN,        /* nine digits that pass the 11-test; eight are padded, in the arena */
    SYNTAX_DAY,        /* YYYY-MM-DD */
    SYNTAX_HASH,       /* a SHA-256 */
    SYNTAX_CURSOR,     /* where a page ended */
    SYNTAX_SORTS,
};

/* An opaque reference of the caller's, and the field in which it is. */
struct reference {
    const struct reference *before; /* NULL: this is the first */
    const char *field, *text;
};

struct syntax {
    struct arena *arena;
    const char *body; /* the part of the request that has the fields named below: "check"; NULL: the envelope */
    size_t index;     /* what '#' in the name of a field stands for */
    /* Where the text is that is judged, if no field is named. Whoever reads by tables sets both. */
    const void *place;
    const char *(*path) (const void *place, struct arena *arena);
    const char *bsn;                    /* the BSN that was read; NULL: none yet. No reference may hold it (A3). */
    const struct reference *references; /* the references that were read before the BSN */
    const char *field;                  /* path of the first fault, in the arena; NULL: none */
    const char *message;
};

void syntax_fault (struct syntax *self, const char *field, const char *message);

/* Return the text as it is given; "" if there is a fault. */
const char *syntax_required (struct syntax *self, enum syntax_sort sort, const char *field, const char *text);
const char *syntax_optional (struct syntax *self, enum syntax_sort sort, const char *field, const char *text);

/* Judges a text by its sort. `needed`: it may not be left out. Returns it, as above. */
const char *syntax_text (struct syntax *self, enum syntax_sort sort, bool needed, const char *text);
/* What is said of bytes of this sort that do not have this size. */
const char *syntax_size_fault (struct syntax *self, enum syntax_sort sort, size_t size);
/* Sorts the texts, and leaves each in once. */
void syntax_make_set (struct text_set *set);

/* A day. month 0 if there is a fault, or if an optional day is "". */
struct day syntax_required_day (struct syntax *self, const char *field, const char *text);
struct day syntax_optional_day (struct syntax *self, const char *field, const char *text);
/* A moment from 1970 up to the year 10000. */
moment syntax_time (struct syntax *self, const char *field, int64_t value);
/* `value`, which must be from `least` to `most`. */
unsigned syntax_number (struct syntax *self, const char *field, uint32_t value, unsigned least, unsigned most);
