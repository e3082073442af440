/* A spool: a directory through which messages go by themselves, many at once, each exactly once (docs/spool.md).
 */
#pragma once
#include <stdbool.h>
#include "passage.h"

/* What a spool is told. All is borrowed. */
struct spool_order {
    const char *directory;
    const char *key;            /* the party's key file */
    const char *former_key;     /* the key file before, under which the ledger is; NULL: there was none */
    const char *program;        /* its name, with which each line begins */
    const char *consumer;       /* by which the registry knows who listens */
    struct passage_order order; /* of each message */
    uint64_t from;              /* the event to begin with, whatever was heard before; 0: go on */
    unsigned hold_days;         /* how long a message is held at most */
    unsigned ledger_days;       /* how long it is known what went */
    bool request;               /* asks for the consent that a held message needs, once */
    /* With order.advise_only nothing goes: it only says what would become of what is in in/, and ends. */
    bool once;  /* ends when there is no more to do now */
    bool quiet; /* says nothing of what goes well */
    bool json;  /* prints the summary as JSON */
};

/* Runs until SIGTERM or SIGINT, or with `once` until all is done. Returns the exit code. */
int spool_run (const struct spool_order *order);
