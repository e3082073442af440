#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Reads until the end of the file, or, if `typed`, until the end of the line that a person types. Signals are
   blocked, and let through by the mask `typed` only while it waits. -EINTR if one came, also just before. */
static ssize_t read_until (int fd, char *text, size_t size, const sigset_t *typed)
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

/* These signals end or stop the program. They wait until the terminal shows again what is typed. */
static const int prompt_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
enum { PROMPT_SIGNALS = sizeof prompt_signals / sizeof *prompt_signals };
static volatile sig_atomic_t caught_signal;

static void catch_signal (int number)
{
    caught_signal = number;
}

struct question {
    const char *text;
    bool seen; /* what is typed is shown */
};

/* The terminal is made silent before the question. So what is typed early is neither shown nor lost. */
static ssize_t read_answer (int terminal, const struct question *question, char *text, size_t size,
                            const sigset_t *mask)
{
    struct termios before;
    if (tcgetattr (terminal, &before) != 0)
        return -errno;
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    if (!question->seen && tcsetattr (terminal, TCSAFLUSH, &silent) != 0)
        return -errno;
    ssize_t got = write (terminal, question->text, strlen (question->text)) < 0 ? -errno : 0;
    if (got == 0)
        got = read_until (terminal, text, size, mask);
    if (!question->seen)
        tcsetattr (terminal, TCSAFLUSH, &before);
    return got;
}

static ssize_t ask_at (int terminal, const struct question *question, char *text, size_t size)
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
    ssize_t got = read_answer (terminal, question, text, size, &mask);
    if (!question->seen && write (terminal, "\n", 1) < 0 && got >= 0)
        got = -errno;
    sigprocmask (SIG_SETMASK, &mask, NULL);
    for (int i = 0; i < PROMPT_SIGNALS; i++)
        sigaction (prompt_signals[i], &before[i], NULL);
    if (caught_signal)
        raise (caught_signal);
    return got;
}

ssize_t terminal_ask (const char *question, bool seen, char *text, size_t size)
{
    int terminal = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return -errno;
    ssize_t got = ask_at (terminal, &(struct question){question, seen}, text, size);
    close (terminal);
    return got;
}

ssize_t terminal_read (int fd, char *text, size_t size)
{
    return read_until (fd, text, size, NULL);
}
