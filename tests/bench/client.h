/* What the measuring programs have in common: clients with a party's key, and the requests that they make. */
#pragma once
#include <czmq.h>
#include "envelope.pb-c.h"

enum {
    BENCH_MESSAGE_LIMIT = 65536,
    BENCH_ITEMS = 5, /* of an honest check */
};

/* The test BSNs that pass the 11-test. */
extern char (*bench_bsns)[10];
extern size_t bench_bsn_count;

int64_t bench_now_us (void);
/* Says so, and ends the program. */
void bench_fail (const char *what) __attribute__ ((noreturn));
void bench_list_bsns (void);

/* A DEALER with a party's key file, connected to the endpoint of that name in it. */
zsock_t *bench_connect (const char *key_file, const char *endpoint_name);
/* The daemon, as a process of its own. */
pid_t bench_start_daemon (const char *consentd, const char *instance);
void bench_stop (pid_t child);

/* The generated code takes no const. */
char *bench_text (const char *value);
/* Makes it a new request, whose key stands in `key`. */
void bench_new_key (Consentd__Request *request, uint8_t key[16]);
/* Its size in `message`, which has room for BENCH_MESSAGE_LIMIT. */
size_t bench_pack (const Consentd__Request *request, uint8_t *message);

/* Subject `number`, born in 1967; consent `number` of it (of subject 0 again from bench_bsn_count on), of which
   the first of a subject carries the check, with DISCLOSE. */
size_t bench_make_subject (size_t number, uint8_t *message);
size_t bench_make_grant (size_t number, uint8_t *message);
size_t bench_make_check (size_t number, uint8_t *message);

/* The value below which that part of them lie; sorts them. */
double bench_quantile (double *values, size_t count, double part);
