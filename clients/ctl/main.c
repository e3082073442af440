/* consentctl: the operator's tool. */
#include <czmq.h>
#include <locale.h>
#include "run.h"

int main (int argc, char **argv)
{
    /* Tables are UTF-8 whatever the terminal's language: the registry's words are Dutch. */
    setlocale (LC_CTYPE, "C.UTF-8");
    zsys_set_logstream (NULL); /* it would print what it cannot read, secret keys too */
    zsys_handler_set (NULL);   /* an interrupt ends this program, as it does others */
    return run_words ((const char *const *)argv + 1, argc > 0 ? (size_t)argc - 1 : 0);
}
