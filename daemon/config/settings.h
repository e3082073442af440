/* A file of settings in ZPL. It is read whole and strictly: a name that nobody asks for is an error, with its
   line.

   CZMQ's zconfig reads the values. Before that each line is checked here, because zconfig keeps no line numbers,
   silently takes the first of two settings with the same name, cannot say which names nobody asked for, and prints
   what it cannot read, which may be a secret. Otherwise a setting that is misspelt or given twice would silently
   count for nothing. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "outcome.h"

struct settings;

struct settings_error {
    char text[512]; /* "FILE:LINE: what is wrong", in one line */
};

/* Reads a file. Never waits, if the file is a FIFO or a device. 0; SETTINGS_INVALID; or negative if the system
   fails, also with the error. Caller owns *self_p. */
int settings_read (struct settings **self_p, const char *path, struct settings_error *error);
void settings_destroy (struct settings **self_p);

/* The value at a path ("store/size"). NULL if it is not there. Valid as long as the settings. Marks the path as
   known. */
const char *settings_get (struct settings *self, const char *path);
/* The names directly under a path, one at a time: index from 0, NULL past the last. Marks the path as known. */
const char *settings_name (struct settings *self, const char *path, size_t index);
/* Writes "FILE:LINE: message" about the setting at a path. If the setting is missing, the line is that of the
   section in which it should be, or there is only the file. Returns SETTINGS_INVALID. */
int settings_fault (const struct settings *self, const char *path, struct settings_error *error,
                    const char *format, ...) __attribute__ ((format (printf, 4, 5)));
/* 0 if every name in the file was asked for. Else SETTINGS_INVALID, at the first that was not. */
int settings_all_known (const struct settings *self, struct settings_error *error);
