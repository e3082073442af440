/* A file that is part of a question. It is about a person. */
#pragma once
#include "ctl.h"

/* Reads the whole file, at most `limit` bytes, into the arena, and adds a NUL. 0 with *text and *size: the caller
   wipes the text when it is done. Otherwise an exit code with its line printed. */
int question_file_read (struct ctl *ctl, const char *path, size_t limit, char **text, size_t *size);
