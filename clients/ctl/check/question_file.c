#include "question_file.h"

#include <errno.h>
#include "input.h"

int question_file_read (struct ctl *ctl, const char *path, size_t limit, char **text, size_t *size)
{
    *text = arena_alloc (ctl->arena, limit + 1);
    ssize_t got = input_read_text (path, *text, limit);
    if (got == -EFBIG)
        return ctl_fail (EX_DATAERR, "%s is larger than %zu bytes", path, limit);
    if (got < 0)
        return ctl_fail (EX_NOINPUT, "cannot read %s: %s", path, input_problem (got));
    *size = (size_t)got;
    (*text)[*size] = '\0';
    return 0;
}
