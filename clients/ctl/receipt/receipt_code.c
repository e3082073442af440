#include "receipt_code.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Without I, L, O and U: Crockford's base 32. */
static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { HASH_SIGNS = 15, SIGNS = HASH_SIGNS + 1, IN_A_GROUP = 4, BITS = 5, NUMBER_SIGNS = 20 };

/* The field of 32 elements, in which 2 makes all others: x^5 + x^2 + 1. */
static unsigned times_two (unsigned value)
{
    return (value << 1 & 31) ^ ((value & 16) != 0 ? 5 : 0);
}

/* The remainder of the signs as a polynomial: it differs if one sign is another, or if two have changed places
   that are less than 31 apart. */
static unsigned check_sign (const char *number, const unsigned hash[HASH_SIGNS])
{
    unsigned check = 0;
    for (; *number != '\0'; number++)
        check = times_two (check) ^ (unsigned)(*number - '0');
    for (size_t i = 0; i < HASH_SIGNS; i++)
        check = times_two (check) ^ hash[i];
    return times_two (check);
}

static void write (const char *number, const unsigned hash[HASH_SIGNS], char code[RECEIPT_CODE_SIZE])
{
    size_t at = (size_t)snprintf (code, RECEIPT_CODE_SIZE, "%s", number);
    for (size_t i = 0; i < SIGNS; i++) {
        if (i % IN_A_GROUP == 0)
            code[at++] = '-';
        code[at++] = signs[i < HASH_SIGNS ? hash[i] : check_sign (number, hash)];
    }
    code[at] = '\0';
}

void receipt_code_write (uint64_t number, const struct merkle_hash *leaf, char code[RECEIPT_CODE_SIZE])
{
    char text[NUMBER_SIGNS + 1];
    unsigned hash[HASH_SIGNS] = {0};
    for (size_t bit = 0; bit < HASH_SIGNS * BITS; bit++)
        hash[bit / BITS] = hash[bit / BITS] << 1 | (leaf->bytes[bit / 8] >> (7 - bit % 8) & 1);
    snprintf (text, sizeof text, "%" PRIu64, number);
    write (text, hash, code);
}

/* What stands for one sign. -1: nothing does. */
static int value_of (char typed)
{
    char sign = (char)toupper ((unsigned char)typed);
    sign = sign == 'O' ? '0' : sign == 'I' || sign == 'L' ? '1' : sign;
    const char *found = sign != '\0' ? strchr (signs, sign) : NULL;
    return found != NULL ? (int)(found - signs) : -1;
}

static bool is_between (char typed)
{
    return typed == '-' || typed == ' ';
}

/* The number, up to the first sign between. */
static const char *read_number (const char *typed, char number[NUMBER_SIGNS + 1])
{
    size_t size = strspn (typed, "0123456789");
    if (size == 0 || size > NUMBER_SIGNS || typed[0] == '0' || !is_between (typed[size]))
        return NULL;
    memcpy (number, typed, size);
    number[size] = '\0';
    return typed + size;
}

bool receipt_code_read (const char *typed, char code[RECEIPT_CODE_SIZE])
{
    char number[NUMBER_SIGNS + 1];
    unsigned read[SIGNS];
    size_t count = 0;
    const char *at = read_number (typed, number);
    for (; at != NULL && *at != '\0'; at++) {
        int value = value_of (*at);
        if (is_between (*at))
            continue;
        if (value < 0 || count == SIGNS)
            return false;
        read[count++] = (unsigned)value;
    }
    if (at == NULL || count < SIGNS || read[HASH_SIGNS] != check_sign (number, read))
        return false;
    write (number, read, code);
    return true;
}
