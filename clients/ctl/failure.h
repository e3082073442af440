/* With --json a program reads standard output alone: what fails is one document there too (Failure of
 * docs/json.md). */
#pragma once
#include <stdbool.h>
#include "envelope.pb-c.h"

/* From now on what is said is kept, to be told as a document. */
void failure_expect (void);
/* A line for people, without the name of the program. `code` 0: a note. */
void failure_note (int code, const char *line);
/* The registry answered with another status than OK. The reply is the caller's. */
void failure_refused (const Consentd__Reply *reply);
/* Prints the document, if documents are expected, this exit code is an error and none was printed yet. */
void failure_tell (int code);
