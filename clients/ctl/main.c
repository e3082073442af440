/* consentctl: the operator's tool. */
#include <czmq.h>
#include <locale.h>
#include "run.h"
#include "streams.h"

int main (int argc, char **argv)
{
    streams_hold ();
    /* Tables are UTF-8, whatever the terminal's language: the registry's words are Dutch. */
    setlocale (LC_CTYPE, "C.UTF-8");
    zsys_set_logstream (NULL); /* CZMQ would print what it cannot read, even secret keys */
    zsys_handler_set (NULL);   /* an interrupt ends this program, as usual */
    return run_words ((const char *const *)argv + 1, argc > 0 ? (size_t)argc - 1 : 0);
}
