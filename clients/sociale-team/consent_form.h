/* sociale-team consent: records a filled-in consent form. */
#pragma once

/* Runs the command; argv[0] is "consent". Returns the exit code: 0 recorded, else one of sysexits.h (65 also if
   the rules do not admit it). */
int consent_form_run (int argc, char **argv);
