/* The sockets: libmicrohttpd with TLS, a thread for each connection, and an end for each that is too slow. */
#pragma once
#include <pthread.h>
#include <stdint.h>
#include "bridge.h"
#include "identity.h"
#include "pool.h"
#include "revoked.h"

struct MHD_Daemon;
struct MHD_Connection;
struct peer;

struct server {
    const struct bridge *bridge;
    struct pool *pool;
    struct revoked *revoked;
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock; /* over the peers */
    struct peer *peers;
};

/* Listens, with the bridge, pool and revoked that it has. 0, or -1: the address cannot be had, or the certificate
   and key cannot be used. */
int server_start (struct server *self);
/* Ends the connections of those whose request, or whose reading of the answer, takes too long. To be called every
   second or so. */
void server_look (struct server *self);
/* Answers what is being answered, and ends. */
void server_stop (struct server *self);

/* The party at the other end of the connection. NULL: nobody. */
const struct bridge_party *server_party (struct server *self, struct MHD_Connection *connection);

/* While the registry is asked the time is not the client's. Once that is done it may take as long to take the
   answer as it may take to ask. */
void server_busy (struct server *self, struct MHD_Connection *connection, bool is_busy);
/* The answer went out: the time for the next request begins. */
void server_wait (struct server *self, struct MHD_Connection *connection);
