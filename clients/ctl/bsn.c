#include "bsn.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "ctl.h"
#include "input.h"
#include "terminal.h"
#include "options.h"
#include "text/burgerservicenummer.h"

enum { DIGITS = 9, INPUT_LIMIT = 64 };

static bool is_blank (char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool bsn_read_text (const char *text, size_t size, char bsn[BSN_TEXT])
{
    while (size > 0 && is_blank (text[size - 1]))
        size--;
    for (; size > 0 && is_blank (*text); text++)
        size--;
    if (size != DIGITS && size != DIGITS - 1)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!isdigit ((unsigned char)text[i]))
            return false;
    bsn[0] = '0';
    memcpy (bsn + DIGITS - size, text, size);
    bsn[DIGITS] = '\0';
    return bsn_is_valid (bsn);
}

static bool holds_bsn (const char *word)
{
    while (*word) {
        size_t length = 0, digits = 0;
        for (; isalnum ((unsigned char)word[length]); length++)
            digits += isdigit ((unsigned char)word[length]) != 0;
        char number[BSN_TEXT] = {0};
        if (length == DIGITS && digits == DIGITS && bsn_is_valid (memcpy (number, word, DIGITS)))
            return true;
        word += length ? length : 1;
    }
    return false;
}

bool bsn_is_among (const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (holds_bsn (words[i]))
            return true;
    return false;
}

static int take_input (struct ctl *ctl, const char *text, ssize_t size, const char *source, char **bsn_p)
{
    if (size < 0 && size != -EFBIG)
        return ctl_fail (EX_NOINPUT, "cannot read the BSN from %s: %s", source, input_problem (size));
    if (size == 0)
        return ctl_fail (EX_NOINPUT, "no BSN on %s", source);
    *bsn_p = arena_alloc (ctl->arena, BSN_TEXT);
    if (size < 0 || !bsn_read_text (text, (size_t)size, *bsn_p))
        return ctl_fail (EX_DATAERR, "what came from %s is no BSN: eight or nine digits that pass the 11-test",
                         source);
    return 0;
}

int bsn_ask (struct ctl *ctl, const struct options *options, char **bsn_p)
{
    const char *file = options_text (options, "bsn-file"), *other = options_standard_input (options);
    if (file && strcmp (file, "-") == 0)
        file = other = NULL;
    if (!file && other && !isatty (STDIN_FILENO))
        return ctl_fail (EX_USAGE, "--%s - leaves no standard input for the BSN: give --bsn-file FILE", other);
    const char *source = file ? file : "standard input";
    char text[INPUT_LIMIT];
    ssize_t size;
    if (file) {
        size = input_read_text (file, text, sizeof text);
    } else if (isatty (STDIN_FILENO)) {
        size = terminal_ask ("BSN: ", false, text, sizeof text);
        source = "the terminal";
    } else {
        size = input_without_mark (text, terminal_read (STDIN_FILENO, text, sizeof text));
    }
    int error = take_input (ctl, text, size, source, bsn_p);
    explicit_bzero (text, sizeof text);
    return error;
}
