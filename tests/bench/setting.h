/* What is measured: a registry with so many consents, an echo beside it, and PostgreSQL with as many consents,
   each with its clients. Nothing is done with the registry but what any client could do. */
#pragma once
#include <sys/types.h>
#include "load.h"
#include "peer.h"

enum { SETTING_CLIENTS = 8, SETTING_WINDOW = 64 };

/* The clients of one server. */
struct side {
    zsock_t *sockets[LOAD_CLIENTS];
    size_t count;
};

struct setting {
    const char *consentd, *instance; /* the program; the folder that scripts/bench made */
    char party_key[512], operator_key[512], server_key[512], log[512];

    pid_t daemon, echo;
    char echo_endpoint[64];
    struct side registry, bare;
    zsock_t *operator_socket;
    struct peer *peer; /* NULL: there is none */

    struct people people; /* everybody who was recorded */
    size_t disclosed;     /* so many of them, the first, have been disclosed about by rates_first */
    size_t consents;      /* of all of them */
    size_t reply_size;    /* of a check, in bytes */
    double grant_seconds; /* that recording the consents took */
    double grant_cpu;     /* microseconds of a processor that it took the registry */
    double grown;         /* bytes of the store that people and consents take */
};

struct setting_names {
    const char *consentd, *instance;
    const char *peer_socket; /* the folder that holds it; NULL: there is no PostgreSQL */
    const char *sql;         /* the folder with the peer's SQL */
};

/* Starts and connects to all of it, and records the first people with their consents: so many, or as many as there
   was time for. */
void setting_open (struct setting *self, const struct setting_names *names);
void setting_close (struct setting *self);

/* So many people have so many consents. */
size_t setting_people_of (size_t consents);
/* Records people and consents until there are so many, or this moment has come. */
void setting_grow (struct setting *self, size_t consents, int64_t until_us);

/* There are at least so many clients of each server, and each has signed in. */
void setting_connect (struct setting *self, size_t clients);
/* Stops the daemon and starts it with this configuration of the instance. Returns how many milliseconds the start
   took. */
double setting_restart (struct setting *self, const char *config);
/* Bytes of the store that are in use, as the registry tells its operators. */
double setting_store_used (struct setting *self);
