#include "free_text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "arena.h"
#include "ctl.h"
#include "input.h"
#include "syntax.h"
#include "terminal.h"

static const char blanks[] = " \t\r\n";

static int take (struct ctl *ctl, const char *source, const char *text, size_t size, char **text_p)
{
    if (strlen (text) != size)
        return ctl_fail (EX_DATAERR, "%s holds something else than text", source);
    text += strspn (text, blanks);
    size = strlen (text);
    while (size > 0 && strchr (blanks, text[size - 1]))
        size--;
    if (size == 0)
        return ctl_fail (EX_DATAERR, "%s holds no text", source);
    if (size > SYNTAX_FREE_TEXT_LIMIT)
        return ctl_fail (EX_DATAERR, "the text of %s is longer than %d bytes", source, SYNTAX_FREE_TEXT_LIMIT);
    *text_p = arena_strndup (ctl->arena, text, size);
    return 0;
}

/* The command also reads a BSN, and from stdin, because no file was named for it. */
static bool asks_bsn (const struct options *options)
{
    for (const struct option *option = options->command->options; option->name; option++)
        if (strcmp (option->name, "bsn-file") == 0)
            return !options_has (options, "bsn-file");
    return false;
}

static int judge (struct ctl *ctl, const char *source, ssize_t size, char *text, char **text_p)
{
    if (size == -EFBIG)
        return ctl_fail (EX_DATAERR, "the text of %s is longer than %d bytes", source, SYNTAX_FREE_TEXT_LIMIT);
    if (size < 0)
        return ctl_fail (EX_NOINPUT, "cannot read %s: %s", source, input_problem (size));
    text[size] = '\0';
    return take (ctl, source, text, (size_t)size, text_p);
}

int free_text_read_file (struct ctl *ctl, const char *path, char **text_p)
{
    char text[4 * SYNTAX_FREE_TEXT_LIMIT];
    ssize_t size = input_read_text (path, text, sizeof text - 1);
    int error = judge (ctl, path, size, text, text_p);
    explicit_bzero (text, sizeof text);
    return error;
}

int free_text_ask (struct ctl *ctl, const char *question, char **text_p)
{
    char text[4 * SYNTAX_FREE_TEXT_LIMIT];
    ssize_t size = terminal_ask (question, true, text, sizeof text - 1);
    if (size >= 0)
        text[size] = '\0';
    bool nothing = size >= 0 && strspn (text, blanks) >= (size_t)size;
    *text_p = arena_strdup (ctl->arena, "");
    int error = nothing ? 0 : judge (ctl, "the terminal", size, text, text_p);
    explicit_bzero (text, sizeof text);
    return error;
}

int free_text_read (struct ctl *ctl, const struct options *options, const char *name, const char *question,
                    char **text_p)
{
    const char *path = options_text (options, name), *source;
    bool is_input = path && strcmp (path, "-") == 0, at_terminal = isatty (STDIN_FILENO);
    char text[4 * SYNTAX_FREE_TEXT_LIMIT];
    ssize_t size;
    if (!path && !at_terminal)
        return ctl_fail (EX_USAGE, "%s needs --%s FILE; see 'consentctl %s --help'", options->command->name, name,
                         options->command->name);
    if (is_input && !at_terminal && asks_bsn (options))
        return ctl_fail (EX_USAGE, "--%s - leaves no standard input for the BSN: give --bsn-file", name);
    if (path && !is_input)
        return free_text_read_file (ctl, path, text_p);
    if (at_terminal) {
        source = "the terminal";
        size = terminal_ask (question, true, text, sizeof text - 1);
    } else {
        source = "standard input";
        size = input_without_mark (text, terminal_read (STDIN_FILENO, text, sizeof text - 1));
    }
    int error = judge (ctl, source, size, text, text_p);
    explicit_bzero (text, sizeof text);
    return error;
}

int free_text_read_if_given (struct ctl *ctl, const struct options *options, const char *name,
                             const char *question, char **text_p)
{
    *text_p = options_field (options, name);
    return **text_p ? free_text_read (ctl, options, name, question, text_p) : 0;
}
