/* A party's text in a file of its own, ID.party, in ZPL. People read and write parties in this form. A text that
   party_file_text made, read and made again, is byte for byte the same. */
#pragma once
#include "party_text.h"
#include "rules/calendar.h"
#include "config/settings.h"

struct arena;

#define PARTY_FILE_SUFFIX ".party"

/* Reads and checks a party's file. The file's name gives its id. Older files have a `public-key` outside of
   `keys`: it is read as a key with the name "first". 0, or SETTINGS_INVALID with file and line. Texts are the
   arena's. */
int party_file_read (const char *path, struct arena *arena, struct party_text *party,
                     struct settings_error *error);

struct party_list {
    struct party_text *parties;
    const char **files; /* the path of each party's file */
    size_t count;
};

/* Reads every *.party file of a directory, in the order of their names. 0, or SETTINGS_INVALID with file and line
   of the first fault. The list is the arena's. */
int party_file_read_all (const char *directory, struct arena *arena, struct party_list *list,
                         struct settings_error *error);
/* How many party files of the directory were written since that moment. Also 0 where it cannot be read. */
size_t party_file_count_since (const char *directory, moment since);
/* Writes "FILE:LINE: message" for a fault that was found after the file was read. Returns SETTINGS_INVALID. */
int party_file_fault (const char *path, const struct party_text *party, const struct party_fault *fault,
                      struct settings_error *error);
/* The text of the party's file. It is the arena's. */
const char *party_file_text (const struct party_text *party, struct arena *arena);
