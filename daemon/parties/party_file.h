/* A party's text in a file of its own, ID.party, in ZPL: how people see parties and bring them. What is written of
   a party is what is read of it, byte for byte. */
#pragma once
#include "party_text.h"
#include "rules/calendar.h"
#include "settings.h"

struct arena;

#define PARTY_FILE_SUFFIX ".party"

/* Reads and checks a party's file, whose name says its id; `public-key` outside of `keys`, as older files have it,
   is that of a key "first". 0, or SETTINGS_INVALID with file and line. Texts are the arena's. */
int party_file_read (const char *path, struct arena *arena, struct party_text *party,
                     struct settings_error *error);

struct party_list {
    struct party_text *parties;
    const char **files; /* of each, its path */
    size_t count;
};

/* Reads every *.party file of a directory, in the order of their names. 0, or SETTINGS_INVALID with file and line
   of the first that is wrong. The arena's. */
int party_file_read_all (const char *directory, struct arena *arena, struct party_list *list,
                         struct settings_error *error);
/* How many party files of that directory were written since that moment; 0 also where it cannot be read. */
size_t party_file_count_since (const char *directory, moment since);
/* Writes "FILE:LINE: message" of a fault that was found in a party's file later. Returns SETTINGS_INVALID. */
int party_file_fault (const char *path, const struct party_text *party, const struct party_fault *fault,
                      struct settings_error *error);
/* The text of its file; the arena's. */
const char *party_file_text (const struct party_text *party, struct arena *arena);
