/* A file that is part of a question: what is in it is about a person. */
#pragma once
#include "ctl.h"

/* Reads the whole of it, at most `limit` bytes, into the arena, with a NUL more. 0 with *text and *size; the
   caller wipes the text when it is done. Or an exit code with its line printed. */
int question_file_read (struct ctl *ctl, const char *path, size_t limit, char **text, size_t *size);
