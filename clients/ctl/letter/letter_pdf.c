#include "letter_pdf.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "config/file_write.h"
#include "ctl.h"

enum { PDF_LIMIT = 64 << 20 /* bytes */, TOLD = 256 };

extern char **environ;

/* The files in memory between which the program runs. */
struct pipe_work {
    int page, pdf, said;
};

static int open_memory (void)
{
    int file = memfd_create ("letter", MFD_CLOEXEC);
    if (file < 0)
        abort ();
    return file;
}

static int start (const struct pipe_work *work, pid_t *child)
{
    char program[] = "weasyprint", quiet[] = "--quiet", encoding[] = "--encoding", utf8[] = "utf8", from[] = "-",
         to[] = "-";
    char *arguments[] = {program, quiet, encoding, utf8, from, to, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_adddup2 (&actions, work->page, STDIN_FILENO);
    posix_spawn_file_actions_adddup2 (&actions, work->pdf, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2 (&actions, work->said, STDERR_FILENO);
    int result = posix_spawnp (child, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy (&actions);
    return result;
}

/* The last line that the program said on its standard error, or "". */
static void read_last_line (int said, char line[TOLD])
{
    off_t end = lseek (said, 0, SEEK_END);
    off_t from = end > TOLD - 1 ? end - (TOLD - 1) : 0;
    ssize_t size = pread (said, line, TOLD - 1, from);
    if (size < 0)
        size = 0;
    while (size > 0 && line[size - 1] == '\n')
        size--;
    line[size] = '\0';
    const char *last = strrchr (line, '\n');
    if (last)
        memmove (line, last + 1, strlen (last));
}

static int fail_of_program (const struct pipe_work *work)
{
    char line[TOLD];
    read_last_line (work->said, line);
    return ctl_fail (EX_SOFTWARE, "weasyprint could not make the PDF%s%s", *line ? ": " : "", line);
}

static int take_pdf (const struct pipe_work *work, char **pdf_p, size_t *pdf_size)
{
    off_t size = lseek (work->pdf, 0, SEEK_END);
    if (size < 5 || size > PDF_LIMIT)
        return fail_of_program (work);
    char *pdf = malloc ((size_t)size);
    if (!pdf)
        abort ();
    if (pread (work->pdf, pdf, (size_t)size, 0) != size || memcmp (pdf, "%PDF-", 5) != 0) {
        free (pdf);
        return fail_of_program (work);
    }
    *pdf_p = pdf;
    *pdf_size = (size_t)size;
    return 0;
}

static int run (const struct pipe_work *work)
{
    pid_t child;
    int status, result = start (work, &child);
    if (result == ENOENT)
        return ctl_fail (EX_UNAVAILABLE, "a PDF is made by WeasyPrint, which is not here: install the package "
                                         "weasyprint, or take --format html");
    if (result != 0)
        return ctl_fail (EX_OSERR, "cannot run weasyprint: %s", strerror (result));
    while (waitpid (child, &status, 0) < 0)
        if (errno != EINTR)
            return ctl_fail (EX_OSERR, "cannot wait for weasyprint: %s", strerror (errno));
    return WIFEXITED (status) && WEXITSTATUS (status) == 0 ? 0 : fail_of_program (work);
}

int letter_pdf_make (const char *html, size_t size, char **pdf_p, size_t *pdf_size)
{
    struct pipe_work work = {open_memory (), open_memory (), open_memory ()};
    *pdf_p = NULL;
    int error = file_write_all (work.page, html, size) != 0 || lseek (work.page, 0, SEEK_SET) != 0
                    ? ctl_fail (EX_OSERR, "there is no memory for the page")
                    : 0;
    if (!error)
        error = run (&work);
    if (!error)
        error = take_pdf (&work, pdf_p, pdf_size);
    close (work.page);
    close (work.pdf);
    close (work.said);
    return error;
}
