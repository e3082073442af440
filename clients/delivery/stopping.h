/* The end that somebody asks for by SIGTERM or SIGINT. Both are blocked, and looked for where the program can
   stop: so no call is cut off in its midst, and what is out is noted. */
#pragma once
#include <stdbool.h>

/* From now on. A write to a pipe that nobody reads is then an error like any other. */
void stopping_begin (void);
/* Somebody has asked. Stays so. */
bool stopping_is_asked (void);
/* Waits, at most until somebody asks. */
void stopping_pause (long milliseconds);
