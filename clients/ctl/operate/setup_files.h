/* The files of a new instance. Each function returns 0, or an exit code with its line printed. */
#pragma once
#include <stddef.h>

struct ctl;

/* A setting: its path and its value. NULL: the value of the template. */
struct setup_value {
    const char *path; /* "listen/requests" */
    const char *value;
};

/* Makes the directory, mode 0700, or takes an empty one. *own_p is its absolute path, the arena's. */
int setup_make_empty (struct ctl *ctl, const char *directory, const char **own_p);
/* Copies the files of one directory into another, without those in its subdirectories. */
int setup_copy_files (struct ctl *ctl, const char *from, const char *into);
/* Copies a configuration, with these settings replaced and its comments kept. Each setting must be in the
   template. */
int setup_fill_template (const char *template, const char *file, const struct setup_value *values, size_t count);

/* Writes a new file, mode 0600, durably. 0, or an exit code with its line printed. */
int setup_write_file (const char *file, const char *text);
