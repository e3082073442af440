#include "recording_key.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "call.h"

static const moment LONGEST_AGO = 30 * 86400000LL, AHEAD = 300000;

void recording_key_new (uint8_t key[RECORDING_KEY_SIZE], moment now)
{
    if (getrandom (key, RECORDING_KEY_SIZE, 0) != RECORDING_KEY_SIZE)
        abort ();
    for (int i = 0; i < 6; i++)
        key[i] = (uint8_t)((uint64_t)now >> (40 - 8 * i));
    key[6] = (uint8_t)(0x70 | (key[6] & 0x0F));
    key[8] = (uint8_t)(0x80 | (key[8] & 0x3F));
}

bool recording_key_read (const char *text, uint8_t key[RECORDING_KEY_SIZE])
{
    static const uint8_t zeroes[RECORDING_KEY_SIZE];
    char digits[RECORDING_KEY_TEXT];
    size_t count = 0;
    for (; *text; text++) {
        if (*text == '-')
            continue;
        if (count == RECORDING_KEY_TEXT - 1)
            return false;
        digits[count++] = *text;
    }
    digits[count] = '\0';
    return consent_unhex (digits, key) && memcmp (key, zeroes, sizeof zeroes) != 0;
}

moment recording_key_moment (const uint8_t key[RECORDING_KEY_SIZE], moment now)
{
    moment made = 0;
    for (int i = 0; i < 6; i++)
        made = made << 8 | key[i];
    bool ours = (key[6] & 0xF0) == 0x70 && (key[8] & 0xC0) == 0x80;
    return ours && made >= now - LONGEST_AGO && made <= now + AHEAD ? made : now;
}
