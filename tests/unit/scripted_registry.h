/* A registry for the tests of libconsent that can be told to lie, to be silent and to be late. It hears of every
   check and answers with a permit of all that is asked, unless its script says otherwise; one a program. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "consent.h"
#include "envelope.pb-c.h"

enum {
    SCRIPTED_ATTEMPTS = 3, /* of the client that scripted_connect gives */
    SCRIPTED_CHECKS = 4,   /* of a batch, at most */
};

struct scripted_registry {
    void *context, *socket;
    pthread_t thread;
    atomic_bool stop;
    char endpoint[256];
    char public_key[41], secret_key[41];
    /* The script, set before a call. */
    atomic_int ignore;                              /* so many requests have no answer */
    void (*_Atomic twist) (Consentd__Reply *reply); /* changes the answer, which would be a permit */
    /* What came of it. */
    atomic_int heard;
    atomic_bool differed; /* a request was sent again with other bytes */
    uint8_t last[4096];
    atomic_size_t last_size;
};

extern struct scripted_registry scripted;

/* Scripts. Whatever they change beside it, the answer still says PERMIT. */
void scripted_honest (Consentd__Reply *reply);
void scripted_forbidden (Consentd__Reply *reply);
void scripted_unavailable (Consentd__Reply *reply);
void scripted_no_body (Consentd__Reply *reply);

/* cmocka's setup and teardown of a group: the registry runs. */
int scripted_start (void **state);
int scripted_stop (void **state);

/* The path of a key file; its setup and teardown. A key file that is written is kernteam's, for this registry;
   `secret_key` NULL: it has none. */
extern char scripted_key_file[];
int scripted_make_key_file (void **state);
int scripted_remove_key_file (void **state);
void scripted_write_key_file (const char *public_key, const char *secret_key, mode_t mode);

/* The same of a test: *state is a client of the registry, and the script an honest one. */
int scripted_connect (void **state);
int scripted_disconnect (void **state);
#define SCRIPTED_TEST(name) cmocka_unit_test_setup_teardown (name, scripted_connect, scripted_disconnect)

/* A disclosure of two items. */
extern const struct consent_question scripted_question;
/* Asks, with this script. The caller destroys the answer. */
struct consent_answer *scripted_ask (consent_t *self, void (*twist) (Consentd__Reply *reply),
                                     const struct consent_question *question);
/* The same, and nothing in the answer permits. */
void scripted_assert_no_permit (consent_t *self, void (*twist) (Consentd__Reply *reply), int status);
/* The answer is a permit of both items. */
void scripted_assert_permit (consent_t *self);
