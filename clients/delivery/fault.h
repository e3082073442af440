/* Why something cannot be done, for whoever says it to people. */
#pragma once

struct fault {
    int code;           /* of sysexits.h; 0: none */
    char sentence[512]; /* with what others wrote in it: to be shown escaped */
};

/* Returns the code. */
int fault_set (struct fault *fault, int code, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
