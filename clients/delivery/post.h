/* What is sent to a server of somebody else over HTTP: one POST, and what came of it. Certificates are verified,
   only http and https are spoken, no redirect is followed, and what the headers hold is never printed. What is for
   this machine goes through no proxy, whatever the environment names; to others one sees no more than whom. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "fault.h"

/* Where it goes, and how. What it points to is lent until the end. */
struct post_to {
    const char *option;  /* by which it was given, for the words of a fault: "--otlp" */
    const char *url;     /* as it was given */
    const char *path;    /* is added to that of the address; "": nothing */
    const char *type;    /* of what is sent: "application/json" */
    const char *program; /* who sends it: "consentctl" */
    const char *ca;      /* file with who vouches for the server; NULL: those of the machine */
    const char *headers; /* file with lines of a header, which may be secret; NULL: none */
    long timeout;        /* ms that a request may take */
    bool here_or_secret; /* http only to this machine */
};

struct post;
/* NULL with *fault, which never repeats an address: that may hold a password. Caller must end it. */
struct post *post_new (const struct post_to *to, struct fault *fault);
void post_destroy (struct post **self_p);

enum post_outcome {
    POST_ANSWERED,
    POST_UNANSWERED, /* nobody knows whether the server has it */
    POST_UNREACHED,  /* nothing of it was sent */
    POST_TOO_LONG,   /* it answered with this status, and with more than any answer holds that is read: no text */
    POST_STOPPED,    /* somebody asked to stop meanwhile (stopping.h) */
};

struct post_answer {
    enum post_outcome outcome;
    long status;      /* of HTTP */
    long pause;       /* s that the server asks for; 0: none */
    const char *text; /* of the answer, of `size` bytes; until the next POST */
    size_t size;
    char problem[256]; /* not POST_ANSWERED: why, a clause; else what it answered: "answers 500" */
};
void post_send (struct post *self, const char *body, struct post_answer *answer);

/* 408, 429 and 5xx: the same may be taken at another time. Any other status but 2xx says that it will not be. */
bool post_may_be_taken_later (long status);
/* 400, 409, 413 and 422 may be about what was sent. Any other that is not taken later is about the way there: the
   address, who we are, or the type; whatever else is sent gets the same. */
bool post_is_about_the_body (long status);
/* One of the headers' values is in this text. */
bool post_has_header_in (const struct post *self, const char *text);
