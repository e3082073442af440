#include "streams.h"
#include <fcntl.h>
#include <sysexits.h>
#include <unistd.h>

void streams_hold (void)
{
    /* Open the wrong way round, so that nothing can be read from it, or written to it. */
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl (stream, F_GETFD) < 0 &&
            open ("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream)
            _exit (EX_OSERR); /* there is nowhere to say why */
}
