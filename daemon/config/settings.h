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
    char text[512];  /* "FILE:LINE: what is wrong", in one line */
    char more[3584]; /* further faults, each a line without its end, with \n between; as many as have room, and
                        a last line that says so if there are others. "": none */
};

enum { SETTINGS_ERROR_ONE = 512 }; /* bytes of a fault and its NUL */
/* Copies the fault of this place, from 0 on. False: there is none. */
bool settings_error_at (const struct settings_error *self, size_t index, char fault[SETTINGS_ERROR_ONE]);
/* The first, and in the same line how many more there are, where there is room for one line alone. */
void settings_error_sum (const struct settings_error *self, char sum[SETTINGS_ERROR_ONE]);

/* Reads a file. Never waits, if the file is a FIFO or a device. 0; SETTINGS_INVALID; or negative if the system
   fails, also with the error. Caller owns *self_p. */
int settings_read (struct settings **self_p, const char *path, struct settings_error *error);
void settings_destroy (struct settings **self_p);

/* The value at a path ("store/size"). NULL if it is not there. Valid as long as the settings. Marks the path as
   known. */
const char *settings_get (struct settings *self, const char *path);
/* The names directly under a path, one at a time: index from 0, NULL past the last. Marks the path as known. */
const char *settings_name (struct settings *self, const char *path, size_t index);
/* Notes a fault of the setting at a path. If the setting is missing, the line is that of the section in which it
   should be, or there is only the file. Writes the first of all faults to *error, as "FILE:LINE: message". Returns
   SETTINGS_INVALID, and the reader may go on, to find the others. */
int settings_fault (struct settings *self, const char *path, struct settings_error *error, const char *format, ...)
    __attribute__ ((format (printf, 4, 5)));
/* To be called when all is read that may be there. 0 if there was no fault, and every name in the file was asked
   for. Else SETTINGS_INVALID, with all faults, in the order of the file. A name that nobody asked for is one;
   where another, which is not there, was likely meant, that is said, and not that this other one is missing. */
int settings_judge (struct settings *self, struct settings_error *error);
