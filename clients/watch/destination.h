/* Where events go. Each sort is in a file of its own; what is common to all, such as how often it is tried, is in
   deliver.h. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "delivery/fault.h"

enum destination_outcome {
    DESTINATION_TOOK,    /* the event is there for good, and may be acknowledged */
    DESTINATION_LATER,   /* it is not; the same may be taken at another time */
    DESTINATION_REFUSES, /* it is not, and at another time it would not be taken either */
    DESTINATION_STOPPED, /* somebody asked to stop (delivery/stopping.h); it may be there or not */
    DESTINATION_BROKEN,  /* it is not, and no event can be put there any more */
};

struct destination_answer {
    enum destination_outcome outcome;
    long pause;     /* LATER: s that the other side asks for; 0: none */
    bool any_event; /* LATER, REFUSES: it would be so of any event, so this one is not set aside for it */
    /* LATER, REFUSES: the sentence is a clause, behind the name: "ended with 1". BROKEN: the code of the exit too.
     */
    struct fault fault;
};

struct destination {
    const char *name; /* for people */
    bool is_patient;  /* LATER says nothing of the event, such as that nobody answers: it may be tried for ever */
    /* Puts one event there, `text` being one object of JSON without a line end. */
    void (*put) (struct destination *self, const char *text, uint64_t number, struct destination_answer *answer);
    void (*close) (struct destination *self);
    /* NULL, or asked between two events: BROKEN if none could be put there any more. */
    void (*look) (struct destination *self, struct destination_answer *answer);
};

/* Each: NULL with *fault. Caller must end it. What it is given is lent until then. */

/* Standard output is a file: a line is there, and synced. */
struct destination *destination_file (struct fault *fault);
/* Standard output is something else. Whoever reads it answers on standard input, with the number of the event on a
   line, when that is stored. */
struct destination *destination_pipe (struct fault *fault);
/* Standard output, whatever it is, of which nobody says what becomes of it: what goes there is not acknowledged.
 */
struct destination *destination_shown (struct fault *fault);
/* A program that is run for each event, with the line on its standard input: it ended with 0. Its `arguments`
   begin with the program and end with NULL. It may take `limit` ms. */
struct destination *destination_program (char *const *arguments, long limit, struct fault *fault);

struct destination_receiver {
    const char *url;
    const char *ca;      /* file with who vouches for it; NULL: those of the machine */
    const char *headers; /* file; NULL: none */
    long limit;          /* ms that a request may take */
};
/* A receiver of CloudEvents over HTTP: it answered 2xx. */
struct destination *destination_http (const struct destination_receiver *receiver, struct fault *fault);

void destination_close (struct destination **self_p);
/* What a destination came to, in one line each. */
void destination_say (struct destination_answer *answer, enum destination_outcome outcome, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
void destination_break (struct destination_answer *answer, int code, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
/* A new one of `size` bytes, all zero, which begins with a struct destination. */
void *destination_new (size_t size);
