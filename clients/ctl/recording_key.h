/* The idempotency key of what is recorded (G11), which a person can give again where the answer was lost: the same
   command with the same key is answered from the record, and does nothing twice.

   It is a UUID of version 7: random, but for the moment at which it was made. What a command says of "now" is that
   moment, so that the command given again says the same. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "moments.h"

enum { RECORDING_KEY_SIZE = 16, RECORDING_KEY_TEXT = 2 * RECORDING_KEY_SIZE + 1 };

void recording_key_new (uint8_t key[RECORDING_KEY_SIZE], moment now);
/* Reads 32 hexadecimal digits, with or without the dashes of a UUID; not all of them 0. False if it is something
 * else. */
bool recording_key_read (const char *text, uint8_t key[RECORDING_KEY_SIZE]);
/* When it was made; `now` where it is none of ours, or not of the last 30 days. */
moment recording_key_moment (const uint8_t key[RECORDING_KEY_SIZE], moment now);
