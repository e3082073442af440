/* Lines leave the store for the archive (audit/archive.h): when a directory has them, and not before. Whoever
   wrote it there is not believed. */
#pragma once
#include "turn.h"

/* Up to which line they may: whole bundles, of which every line is older than is configured, which the newest
   checkpoint has, and behind which a bundle or more stays; at least those that have left. Opens no file. 0 or a
   failure. */
int archiving_find_until (struct turn *turn, uint64_t *until);

enum { ARCHIVING_WHY = 512 };
/* Takes the lines of one bundle out of the store: those from index * 256 + 1 on, all before which have left. Its
   file is read, and each line in it must be the one in the store. Whoever asks for it has synced the file: to wait
   for a disk here would hold up every check. 0;
   ARCHIVE_DAMAGED: it is not so, or RECORD_DAMAGED: a line cannot be read, with a sentence in `why`, and nothing
   was changed; or a failure. */
int archiving_take_out (struct turn *turn, uint64_t index, char why[ARCHIVING_WHY]);
