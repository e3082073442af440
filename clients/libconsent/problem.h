/* What went wrong, in words. */
#pragma once

/* What a negative status says, -errno of the system or of ZeroMQ; never a number. Static, or the system's. */
const char *problem_words (int status);
