/* The configuration file, checked: what the daemon needs in order to start. Immutable. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "settings.h"

enum { CONFIG_ROLES = 32, CONFIG_COPIES = 4 };

struct role {
    char *name;
    uint32_t permissions; /* enum permission */
};

/* What one party may take (L3, L4, L6), unless its own record says otherwise. */
struct config_limits {
    uint32_t requests_per_second, requests_burst;
    uint32_t log_per_second, log_burst; /* KiB */
    uint32_t connections;
    uint32_t subjects_per_hour; /* if a party asks about more subjects, known or not, operators are told */
    uint32_t unknown_per_hour;  /* the same for subjects whom the registry does not know */
};

struct config {
    char *path;
    char *controller;                    /* verantwoordelijke */
    char *requests, *events, *operators; /* endpoints, separated by spaces; ipc paths absolute */
    char *server_key, *vault_key;
    char *server_next;               /* the server key to come, which is only told to parties; NULL: none is */
    char *vault_former;              /* the vault key of before, which is still accepted; NULL: none is */
    char *log_key;                   /* NULL: no checkpoints of the log are made (audit/checkpoints.h) */
    char *log_origin;                /* with it; the name of the log */
    uint64_t checkpoint_lines;       /* a checkpoint is made after so many lines, */
    char *log_copies[CONFIG_COPIES]; /* names of the copies of the log that there must be */
    size_t log_copy_count;
    int64_t copy_lag;        /* ms that a copy may be behind */
    int64_t checkpoint_time; /* or so many ms after the one before, if there are new lines */
    char *log_archive;       /* directory of lines that left the store (audit/archive.h); NULL: none */
    int64_t archive_after;   /* ms: no younger line leaves it */
    uint64_t events_keep;    /* events that may wait for one consumer; of more the oldest are dropped */
    int64_t events_age;      /* ms that one may wait */
    int64_t events_overdue; /* ms until operators are told that one which ends or limits something was not heard */
    char *metrics_file;     /* NULL: no metrics are written */
    int64_t metrics_every;  /* ms */
    char *store_directory;
    uint64_t store_size, store_reserve; /* bytes */
    uint64_t store_operators;           /* bytes of the reserve for operators; 0: the store's default */
    char *policy_directory;
    char *parties_directory; /* party files of an earlier version, for the first start; NULL: none */
    struct role roles[CONFIG_ROLES];
    size_t role_count;
    unsigned turn_limit; /* requests a turn */
    uint64_t cache_size; /* bytes of opened subject files kept in memory */
    struct config_limits limits;
    int64_t clock_jump; /* ms: if the clock jumps further within a day, decisions stop (C14) */
    int64_t absence;    /* ms: they also stop if a start is further ahead of the time acted on (C14) */
};

/* 0, or SETTINGS_INVALID with file and line. Caller owns *self_p. */
int config_read (struct config **self_p, const char *path, struct settings_error *error);
void config_destroy (struct config **self_p);
/* The role with this name. NULL: there is none. */
const struct role *config_role (const struct config *self, const char *name);
