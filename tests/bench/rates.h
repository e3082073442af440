/* How many a second. What is compared is measured in rounds: in each round the same is asked of the echo, of the
   registry and of PostgreSQL, one after the other. */
#pragma once
#include "setting.h"

struct rounds {
    size_t count;
    int64_t ms; /* so long everything in a round is measured */
    size_t peer_clients;
};

struct compared {
    struct series echo, checks, peer;   /* a second */
    struct series ratio, times_peer;    /* checks by echo, checks by peer, of the same round */
    struct series echo_cpu, checks_cpu; /* microseconds of a processor for each, in the server alone */
    double grown, answered;             /* bytes of the store; checks of the registry */
};

/* A few thousand people, who are asked about again and again. */
struct people rates_known (const struct setting *setting);

struct warm_rates {
    struct compared compared;
    struct series batch, advise; /* checks a second: in messages of 64; with ADVISE, one in a message */
};

/* Of people who were all asked about before; the usual clients and outstanding requests. */
void rates_warm (struct setting *setting, struct rounds rounds, struct warm_rates *rates);

struct first_rates {
    double per_second, cpu_us; /* as of a cold round */
};

/* The daemon is started anew, and everybody who was recorded since the last time is disclosed about, once. So the
   registry writes down what the recipient has of each of them, which it does once in a life. PostgreSQL is asked
   the same. To be called before all else that is measured. */
void rates_first (struct setting *setting, struct rounds rounds, struct first_rates *rates);

struct cold_rates {
    struct compared compared;
    struct series start_ms; /* of the daemon before each round */
    double memory_mib;      /* that it keeps beside its cache for subjects and what it maps of files */
};

/* The daemon is started anew before each round, and nobody is asked about twice in it. Of everybody something was
   disclosed before the start. */
void rates_cold (struct setting *setting, struct rounds rounds, struct cold_rates *rates);
/* One round: so many clients of each, with one outstanding. */
void rates_clients (struct setting *setting, size_t clients, int64_t ms, struct compared *compared);

/* The number of clients with which PostgreSQL is fastest. 0: there is no PostgreSQL. */
size_t rates_best_peer (struct setting *setting, int64_t ms);
