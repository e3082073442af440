#include "problem.h"

#include <string.h>
#include <zmq.h>

const char *problem_words (int status)
{
    static const char unknown[] = "Unknown error";
    const char *words = zmq_strerror (-status);
    return strncmp (words, unknown, sizeof unknown - 1) == 0 ? "a failure for which this machine has no word"
                                                             : words;
}
