/* The man in the middle: it stands for the registry towards the client that is tested, and passes on what that
   asks to the scratch registry as the client's party, and what comes back. So everything can be seen, lost, or be
   another.

   It has two key pairs of its own, of which the client's key file names one as the registry's, or both. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "envelope.pb-c.h"
#include "key_file.h"

enum { MESSAGE_LIMIT = 1 << 20, KEY_TEXT = 41 };

enum fate { PASS, SWALLOW };

/* What a case does with a message. Both may change `told`, which is then sent as it is. NULL: all passes. */
struct meddler {
    enum fate (*asked) (void *of, const Consentd__Request *asked, const void *bytes, size_t size);
    enum fate (*told) (void *of, Consentd__Reply *told);
    void *of;
};

struct middle;

/* NULL, with a sentence in `error`: it cannot listen, or the registry cannot be reached so. `partner` is copied.
   Caller owns it. */
struct middle *middle_new (const struct key_file *partner, char *error, size_t size);
void middle_destroy (struct middle **self_p);

/* Where the client finds it, and by which keys: 0, with which it begins, and 1. Valid as long as it is there. */
const char *middle_requests (const struct middle *self);
const char *middle_events (const struct middle *self);
const char *middle_key (const struct middle *self, size_t which);

/* Listens at the same endpoints by this of its keys: where that is another, all connections of clients end. False:
   it cannot. */
bool middle_take_key (struct middle *self, size_t key);
/* From now on nobody is let in who is not in already (ZAP status 400), or everybody is. */
void middle_refuse (struct middle *self, bool refuses);
/* How often somebody was not. */
unsigned middle_refused (const struct middle *self);

/* Sets who meddles from now on. Routes of before are forgotten. */
void middle_meddle (struct middle *self, const struct meddler *meddler);

/* Passes on what came, and waits up to `ms` for something on a socket or on `file` (-1: none). */
void middle_turn (struct middle *self, int file, int ms);

/* Sends the client, which asked with this key (16 bytes; NULL: the one that subscribed), a reply that the registry
   did not make; or bytes that are none. False: it has left that connection, and hears nothing of it. */
bool middle_tell (struct middle *self, const uint8_t *key, const Consentd__Reply *reply);
bool middle_tell_bytes (struct middle *self, const uint8_t *key, const void *bytes, size_t size);
