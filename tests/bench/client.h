/* What the measuring programs have in common: time, medians, clients with a party's key, and the daemon's process.
 */
#pragma once
#include <czmq.h>

int64_t bench_now_us (void);
/* Ends the program, after it was said why. The processes that it started end with it. */
void bench_give_up (void) __attribute__ ((noreturn));
/* Says so, and ends the program. */
void bench_fail (const char *what) __attribute__ ((noreturn));

/* The value below which that part of them lie; sorts them. 0 where there are none. */
double bench_quantile (double *values, size_t count, double part);

/* Measured once a round. What comes beyond its size is not kept. */
struct series {
    double values[128];
    size_t count;
};

void series_add (struct series *series, double value);
double series_median (const struct series *series);

/* Who connects, and where. */
struct bench_identity {
    char public_key[41], secret_key[41], server_key[41], endpoint[128];
};

/* A party's, of its key file, at the endpoint of that name in it. */
void bench_read_identity (const char *key_file, const char *endpoint_name, struct bench_identity *identity);
/* A socket of this type with that key, without a bound for what waits in it. It is not connected. Caller destroys
 * it.
 */
zsock_t *bench_socket (const struct bench_identity *identity, int type);

/* A DEALER with a party's key file, connected to the endpoint. Caller destroys it. */
zsock_t *bench_connect_to (const char *key_file, const char *endpoint);
/* The same, to the endpoint of that name in the key file. */
zsock_t *bench_connect (const char *key_file, const char *endpoint_name);

/* A process that ends with this one. As fork (). */
pid_t bench_fork (void);
/* The daemon, as such a process, once it is ready. `log` is a file to which its standard error goes. How long this
   took is in *took_ms, which may be NULL. */
pid_t bench_start_daemon (const char *consentd, const char *config, const char *log, double *took_ms);
/* Asks it to stop, and waits until it has. A daemon must then end with 0. */
void bench_stop (pid_t child);
void bench_stop_daemon (pid_t child);
/* MiB of its memory that is no page of a file. */
double bench_memory_mib (pid_t process);
/* Microseconds for which all its threads together have used a processor. */
double bench_processor_us (pid_t process);
