/* held list | show NAME | release NAME | drop NAME, for who must solve what is held. */
#pragma once

/* argv[0] is "held". Works beside a spool that runs: what is to be done is left for it as a file, and done within
   a second, or at its next start. Returns the exit code. */
int held_command (const char *program, int argc, char **argv);
