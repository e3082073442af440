/* Sockets, signals, timers, and the turn: take what waits, one transaction, one durable commit, then the answers.

   There is one thread. So checks and revocations come one after the other by construction (C13), and no lock is
   needed. Only main.c includes this header. */
#pragma once
#include "in_force.h"
#include "outcome.h"
#include "config/settings.h"

struct broker;

struct broker_options {
    const char *config_path;
    bool restored;             /* the store comes from a backup: a new epoch begins (C13) */
    bool without_list;         /* and a list that is lost does not stop it (registry/catching_up.h) */
    const char *operator_file; /* file of a party to bring in; NULL: none */
};

/* Opens vault and store, and binds every endpoint. Takes over `in_force`. SIGTERM, SIGINT and SIGHUP must be
   blocked before. 0; BROKER_CANNOT_START: with this set-up it never can; BROKER_NOT_NOW: another process has the
   store, or an endpoint, which may pass; each with one line in `error`; or negative. Caller owns *self_p, also
   after a failure. */
int broker_new (struct broker **self_p, struct in_force *in_force, const struct broker_options *options,
                struct settings_error *error);
/* Runs until SIGTERM or SIGINT. Leaves nobody without an answer. 0, or the failure that ended it. */
int broker_run (struct broker *self);
void broker_destroy (struct broker **self_p);
