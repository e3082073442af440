#include "burgerservicenummer.h"
#include <string.h>

static const char digits[] = "0123456789";

/* The 11-test: the first of `length` digits counts `length` times, the next once less, and so on. The last counts
   -1. */
static bool has_right_sum (const char *text, size_t length)
{
    int sum = -(text[length - 1] - '0');
    for (size_t i = 0; i < length - 1; i++)
        sum += (int)(length - i) * (text[i] - '0');
    return sum % 11 == 0;
}

static bool is_number (const char *text, size_t length)
{
    return has_right_sum (text, length) && strspn (text, "0") < length;
}

bool bsn_is_valid (const char *text)
{
    size_t length = strspn (text, digits);
    return text[length] == '\0' && (length == BSN_SIZE || length == BSN_SIZE - 1) && is_number (text, length);
}

bool bsn_is_alike (const char *text)
{
    return strlen (text) == BSN_SIZE && strspn (text, digits) == BSN_SIZE && has_right_sum (text, BSN_SIZE);
}

/* Copies the text without the signs that a reference may have between digits, as long as it fits. */
static size_t close_up (const char *text, char closed[BSN_WITHIN + 1])
{
    size_t size = 0;
    for (; *text != '\0'; text++)
        if (strchr (".-_:", *text) == NULL) {
            if (size == BSN_WITHIN)
                return closed[0] = '\0';
            closed[size++] = *text;
        }
    closed[size] = '\0';
    return size;
}

bool bsn_is_within (const char *text, const char bsn[BSN_SIZE + 1])
{
    char closed[BSN_WITHIN + 1];
    close_up (text, closed);
    return strstr (closed, bsn + (bsn[0] == '0' ? 1 : 0)) != NULL;
}

/* Each position of `at` stands for half a byte: first nine digits from that byte on, then eight. */
bool bsn_next (const char *text, size_t *at, char bsn[BSN_SIZE + 1])
{
    char closed[BSN_WITHIN + 1];
    size_t size = close_up (text, closed);
    for (; *at / 2 < size; ++*at) {
        const char *from = closed + *at / 2;
        size_t length = BSN_SIZE - *at % 2;
        if (strspn (from, digits) < length || !is_number (from, length))
            continue;
        bsn[0] = '0';
        memcpy (bsn + BSN_SIZE - length, from, length);
        bsn[BSN_SIZE] = '\0';
        ++*at;
        return true;
    }
    return false;
}
