/* Clients that ask: so many requests outstanding, one, or so many a second whatever the answers do. */
#pragma once
#include <stdbool.h>
#include "client.h"
#include "requests.h"

enum { LOAD_CLIENTS = 128 };

/* Ends the program, if this is not the reply that must come. */
typedef void load_look (const Consentd__Reply *reply);
load_look load_must_be_ok;
load_look load_must_permit;
load_look load_must_permit_all; /* of a batch */

struct load {
    zsock_t **sockets;
    size_t clients, window; /* so many are outstanding on each client; not more than LOAD_CLIENTS */
    bench_maker *make;
    struct people people;
    size_t first;    /* number of the first request */
    load_look *look; /* NULL: an echo, which has nothing to look at */
    size_t every;    /* one reply in so many is looked at */
    size_t total;    /* it ends after so many requests, or, if not 0, after `ms`; one of them is given */
    int64_t ms;
    size_t answered;    /* out: requests */
    size_t turned_away; /* out: of those, in an open run: they were told that too much was waiting */
    double per_second;  /* out */
    size_t reply_size;  /* out: of the last */
};

void load_run (struct load *load);

enum { LOAD_TIMES = 1 << 21 };

/* Times, in microseconds, of which a program needs one set at once. */
extern double load_times[LOAD_TIMES];

/* One outstanding, on the first client: fills `load_times`, and returns how many. */
size_t load_run_single (struct load *load);
/* So many requests a second, in turns on each client, at moments that do not wait for answers. An answer's time is
   counted from the moment at which its request was due. Fills `load_times`, and returns how many. */
size_t load_run_open (struct load *load, double per_second);
