/* The files of a pack: which there are, in memory and in a directory. */
#pragma once
#include "policy_read.h"

/* The files by name. They are hashed in this order. */
enum policy_file {
    AGES,
    CASES,
    CATEGORIES,
    FLOWS,
    NOTICES,
    ORIGINS,
    PACK,
    PARTIES,
    PURPOSES,
    REPRESENTATIVES,
    RETENTION,
    STATUTES,
    URGENT_REASONS
};

extern const char *const policy_file_names[POLICY_FILES];

/* Puts the files in the order of policy_file_names, with name NULL where there is none. 0; or POLICY_INVALID, with
   what is wrong added: a file that is unknown, given twice, too large, or missing though it must be there. A file
   with data NULL was refused before, and stays so. */
int policy_files_sort (const struct policy_text *files, size_t count, struct policy_text sorted[POLICY_FILES],
                       struct policy_faults *faults);

/* The bytes that are hashed: every name and every content, each after its length (8 bytes, big-endian), so that
   two different packs never give the same bytes. A file that is not there is not hashed. Caller frees them. */
uint8_t *policy_files_whole (const struct policy_text sorted[POLICY_FILES], size_t *size);

/* Reads the files of the directory. 0, POLICY_INVALID or negative (-errno), with what is wrong added. In all cases
   `files` has `count` files, and the caller frees the data of each. */
int policy_files_read (const char *directory, struct policy_text files[POLICY_FILES], size_t *count,
                       struct policy_faults *faults);
