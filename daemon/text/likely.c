#include "likely.h"

#include <ctype.h>
#include <string.h>

enum { WRONG = 2, BEGINNING = 3 };

struct likely likely_begin (const char *typed, size_t size)
{
    return (struct likely){typed, size, WRONG + 1};
}

static bool is_same (char a, char b)
{
    return tolower ((unsigned char)a) == tolower ((unsigned char)b);
}

static size_t least_of (size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t likely_distance (const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t cost[LIKELY_WORD_MAX + 1][LIKELY_WORD_MAX + 1];
    a_size = least_of (a_size, LIKELY_WORD_MAX);
    b_size = least_of (b_size, LIKELY_WORD_MAX);
    for (size_t i = 0; i <= a_size; i++)
        for (size_t j = 0; j <= b_size; j++) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            size_t best = cost[i - 1][j - 1] + !is_same (a[i - 1], b[j - 1]);
            best = least_of (best, least_of (cost[i - 1][j], cost[i][j - 1]) + 1);
            if (i > 1 && j > 1 && is_same (a[i - 1], b[j - 2]) && is_same (a[i - 2], b[j - 1]))
                best = least_of (best, cost[i - 2][j - 2] + 1);
            cost[i][j] = best;
        }
    return cost[a_size][b_size];
}

bool likely_try (struct likely *self, const char *word)
{
    size_t size = strlen (word);
    if (self->size > LIKELY_WORD_MAX || size > LIKELY_WORD_MAX || self->size == 0)
        return false;
    bool begins = self->size >= BEGINNING && self->size < size && memcmp (self->typed, word, self->size) == 0;
    size_t wrong = begins ? 1 : likely_distance (self->typed, self->size, word, size);
    if (wrong == 0 && memcmp (self->typed, word, size) != 0)
        wrong = 1; /* only small letters for large ones */
    if (wrong >= self->least || wrong * 2 > size || wrong == 0)
        return false;
    self->least = wrong;
    return true;
}
