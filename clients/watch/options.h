/* What is typed. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum watch_format { FORMAT_NONE, FORMAT_JSON, FORMAT_CLOUDEVENTS };
enum watch_ack { ACK_NOT_SAID, ACK_STDIN, ACK_NONE };

struct watch_options {
    const char *key;
    const char *position;
    const char *consumer; /* NULL: "default" */
    bool snapshot;  /* begin with what stands */
    uint64_t from;  /* 0: not given */
    uint64_t count; /* 0: no end */
    /* Where events go. NULL: to standard output. */
    char **program; /* ends with NULL */
    const char *url;
    enum watch_ack ack;
    enum watch_format format; /* never NONE, once it was judged */
    const char *source;       /* of CloudEvents; else NULL */
    uint64_t tries;           /* 0: not given */
    uint64_t time_limit;      /* s; 0: not given */
    const char *set_aside;
    const char *ca;
    const char *headers;
    /* As a witness. */
    const char *witness; /* NULL: signs nothing */
    const char *new_key; /* NULL: makes none */
    const char *name;    /* of the new key */
};

enum { OPTIONS_DONE = -1 };

/* 0 to go on, OPTIONS_DONE if everything is said already, or an exit code with its line printed. *options is
 * zeroed.
 */
int options_read (struct watch_options *options, int argc, char **argv);

/* Prints "consent-watch: " and what is wrong with what. Returns `code`. */
int complain (int code, const char *what, const char *why);
