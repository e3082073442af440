/* consent-adapter mapping check: is this mapping right, and what becomes of what is in such a message? */
#pragma once

/* Checks the mappings that are named, by themselves and, where they are given, against a policy pack and an XML
   Schema; argv[0] stands for the command in errors. Prints what it finds. Returns the exit code: 0; EX_USAGE;
   EX_DATAERR: a mapping is wrong; EX_CONFIG: the pack or the schema cannot be used. */
int mapping_check_run (int argc, char **argv);
