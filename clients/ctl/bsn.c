#include "bsn.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "ctl.h"
#include "options.h"
#include "burgerservicenummer.h"

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

/* Reads until end of file. `typed`: until the end of the line that a person types, and signals, blocked till then,
   are let through by this mask while it waits: -EINTR where one came, also just before. */
static ssize_t read_input (int fd, char *text, size_t size, const sigset_t *typed)
{
    size_t used = 0;
    while (used < size) {
        struct pollfd waiting = {.fd = fd, .events = POLLIN};
        if (typed && ppoll (&waiting, 1, NULL, typed) < 0)
            return -errno;
        ssize_t got = read (fd, text + used, size - used);
        if (got < 0)
            return -errno;
        used += (size_t)got;
        if (got == 0 || (typed && text[used - 1] == '\n'))
            break;
    }
    return (ssize_t)used;
}

/* A signal that ends or stops the program waits until the terminal shows again what is typed. */
static const int prompt_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
enum { PROMPT_SIGNALS = sizeof prompt_signals / sizeof *prompt_signals };
static volatile sig_atomic_t caught_signal;

static void catch_signal (int number)
{
    caught_signal = number;
}

/* The terminal is silent before it asks: what is typed at once is neither shown nor thrown away. */
static ssize_t read_unseen (int terminal, char *text, size_t size, const sigset_t *mask)
{
    static const char question[] = "BSN: ";
    struct termios before;
    if (tcgetattr (terminal, &before) != 0)
        return -errno;
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    if (tcsetattr (terminal, TCSAFLUSH, &silent) != 0)
        return -errno;
    ssize_t got = write (terminal, question, sizeof question - 1) < 0 ? -errno : 0;
    if (got == 0)
        got = read_input (terminal, text, size, mask);
    tcsetattr (terminal, TCSAFLUSH, &before);
    return got;
}

static ssize_t read_prompt (int terminal, char *text, size_t size)
{
    struct sigaction catch = {.sa_handler = catch_signal}, before[PROMPT_SIGNALS];
    sigset_t blocked, mask;
    caught_signal = 0;
    sigemptyset (&blocked);
    for (int i = 0; i < PROMPT_SIGNALS; i++) {
        sigaddset (&blocked, prompt_signals[i]);
        sigaction (prompt_signals[i], &catch, &before[i]);
    }
    sigprocmask (SIG_BLOCK, &blocked, &mask);
    ssize_t got = read_unseen (terminal, text, size, &mask);
    if (write (terminal, "\n", 1) < 0 && got >= 0)
        got = -errno;
    sigprocmask (SIG_SETMASK, &mask, NULL);
    for (int i = 0; i < PROMPT_SIGNALS; i++)
        sigaction (prompt_signals[i], &before[i], NULL);
    if (caught_signal)
        raise (caught_signal);
    return got;
}

static int take_input (struct ctl *ctl, const char *text, ssize_t size, const char *source, char **bsn_p)
{
    if (size < 0)
        return ctl_fail (EX_IOERR, "cannot read the BSN from %s: %s", source, strerror ((int)-size));
    if (size == 0)
        return ctl_fail (EX_NOINPUT, "no BSN on %s", source);
    *bsn_p = arena_alloc (ctl->arena, BSN_TEXT);
    if (!bsn_read_text (text, (size_t)size, *bsn_p))
        return ctl_fail (EX_DATAERR, "what came from %s is no BSN: eight or nine digits that pass the 11-test",
                         source);
    return 0;
}

int bsn_ask (struct ctl *ctl, const struct options *options, char **bsn_p)
{
    const char *file = options_text (options, "bsn-file");
    const char *source = file ? file : "standard input";
    char text[INPUT_LIMIT];
    ssize_t size;
    if (file) {
        int fd = open (file, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return ctl_fail (EX_NOINPUT, "cannot open %s: %s", file, strerror (errno));
        size = read_input (fd, text, sizeof text, NULL);
        close (fd);
    } else if (isatty (STDIN_FILENO)) {
        int terminal = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
        if (terminal < 0)
            return ctl_fail (EX_NOINPUT, "no terminal to ask the BSN at: %s", strerror (errno));
        size = read_prompt (terminal, text, sizeof text);
        close (terminal);
        source = "the terminal";
    } else {
        size = read_input (STDIN_FILENO, text, sizeof text, NULL);
    }
    int error = take_input (ctl, text, size, source, bsn_p);
    explicit_bzero (text, sizeof text);
    return error;
}
