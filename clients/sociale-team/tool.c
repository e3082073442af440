#include "tool.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "config/file_write.h"

enum {
    MEMORY = 256 << 20,      /* bytes */
    OUTPUT_LIMIT = 32 << 20, /* bytes */
    FILES = 32,
    NO_PROGRAM = 127,
};

/* Its standard input, output and error: files in memory. */
struct ends {
    int file[3];
};

static void limit (int what, rlim_t most)
{
    setrlimit (what, &(struct rlimit){most, most});
}

/* In the process that becomes the program. An alarm outlives the exec, and ends it. */
_Noreturn static void become (char *const *argv, unsigned seconds, const struct ends *ends)
{
    for (int i = 0; i < 3; i++)
        if (dup2 (ends->file[i], i) < 0)
            _exit (NO_PROGRAM);
    limit (RLIMIT_CPU, seconds);
    limit (RLIMIT_AS, MEMORY);
    limit (RLIMIT_FSIZE, OUTPUT_LIMIT);
    limit (RLIMIT_NOFILE, FILES);
    limit (RLIMIT_CORE, 0);
    alarm (seconds);
    execvp (argv[0], argv);
    _exit (NO_PROGRAM);
}

static int wait_for (pid_t child, struct tool_output *output)
{
    int status;
    while (waitpid (child, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    if (!WIFEXITED (status))
        return TOOL_OVER;
    output->code = WEXITSTATUS (status);
    return output->code == NO_PROGRAM ? TOOL_ABSENT : 0;
}

static int take_output (const struct ends *ends, struct tool_output *output)
{
    off_t size = lseek (ends->file[STDOUT_FILENO], 0, SEEK_END);
    if (size < 0 || size > OUTPUT_LIMIT)
        return TOOL_OVER;
    output->text = malloc ((size_t)size + 1);
    if (!output->text)
        abort ();
    if (pread (ends->file[STDOUT_FILENO], output->text, (size_t)size, 0) != size)
        return -EIO;
    output->text[size] = '\0';
    output->size = (size_t)size;
    ssize_t said = pread (ends->file[STDERR_FILENO], output->said, sizeof output->said - 1, 0);
    output->said[said > 0 ? said : 0] = '\0';
    return 0;
}

static int run (char *const *argv, unsigned seconds, struct bytes input, const struct ends *ends,
                struct tool_output *output)
{
    int rc = file_write_all (ends->file[STDIN_FILENO], input.data, input.size);
    if (rc != 0)
        return rc;
    if (lseek (ends->file[STDIN_FILENO], 0, SEEK_SET) != 0)
        return -errno;
    pid_t child = fork ();
    if (child < 0)
        return -errno;
    if (child == 0)
        become (argv, seconds, ends);
    rc = wait_for (child, output);
    return rc == 0 ? take_output (ends, output) : rc;
}

int tool_run (char *const *argv, unsigned seconds, struct bytes input, struct tool_output *output)
{
    struct ends ends;
    *output = (struct tool_output){.text = NULL};
    for (int i = 0; i < 3; i++)
        if ((ends.file[i] = memfd_create ("tool", MFD_CLOEXEC)) < 0)
            abort ();
    int rc = run (argv, seconds, input, &ends, output);
    for (int i = 0; i < 3; i++)
        close (ends.file[i]);
    return rc;
}
