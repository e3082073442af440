/* The requests that the measuring programs send. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "client.h"
#include "envelope.pb-c.h"

enum {
    BENCH_MESSAGE_LIMIT = 65536,
    BENCH_ITEMS = 5,  /* of a check */
    BENCH_BATCH = 64, /* checks in one message */
    BENCH_KEY_SIZE = 16,
};

/* The numbers of so many people. First come the test BSNs that pass the 11-test; where these are not enough,
   numbers of nine digits that begin with 00 and pass it: they are not known ever to have been given to anybody. */
extern char (*bench_bsns)[10];
void bench_list_bsns (size_t count);

/* Some of them, from `first` on. */
struct people {
    size_t first, count;
};

/* The place in `bench_bsns` of the one who is asked `number`th. From 0 to count - 1 each comes once, in an order
   that is none of their numbers'. */
size_t bench_person (struct people people, size_t number);

/* Each maker writes request `number` about these people into `message`, which has room for BENCH_MESSAGE_LIMIT,
   and returns its size. */
typedef size_t bench_maker (struct people people, size_t number, uint8_t *message);

/* Records person `number` of them, born in 1967. */
bench_maker bench_make_subject;
/* A consent of person `number` of them, from count on of the first again. The first of each carries the check. */
bench_maker bench_make_grant;
/* May five items be told about the one who is asked `number`th, with DISCLOSE? Or with ADVISE. */
bench_maker bench_make_check;
bench_maker bench_make_advice;
/* The checks `number` * 64 to `number` * 64 + 63 in one message. */
bench_maker bench_make_batch;
/* Who is asked does not matter. */
bench_maker bench_make_whoami;
bench_maker bench_make_status;

/* The generated code takes no const. */
char *bench_text (const char *value);
/* Makes it a new request, whose key stands in `key`: its last eight bytes count the requests of this program. */
void bench_new_key (Consentd__Request *request, uint8_t key[BENCH_KEY_SIZE]);
/* What the last eight bytes of the newest key are. */
uint64_t bench_newest_key (void);
/* Its size in `message`. */
size_t bench_pack (const Consentd__Request *request, uint8_t *message);
/* All of a consent that is recorded but whose it is, and of what. */
void bench_fill_grant (Consentd__GrantRequest *grant);
/* Asks, and waits for the answer. Ends the program if there is none. Caller owns it. */
Consentd__Reply *bench_ask (zsock_t *socket, const uint8_t *message, size_t size);
