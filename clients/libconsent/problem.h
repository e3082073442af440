/* What went wrong, in words. */
#pragma once

/* A negative status, -errno of the system or of ZeroMQ, in words and never a number. Static, or the system's. */
const char *problem_words (int status);
