/* What the disk alone takes for the durability of one line. */
#pragma once

struct disk;

/* Makes what is needed in this directory. */
struct disk *disk_open (const char *directory);
void disk_close (struct disk **self_p);
/* Appends a line to a file whose place on the disk was made and written before, and waits for one fdatasync. */
void disk_append (struct disk *self);
/* Commits one line to LMDB: what a design pays that commits for every answer. */
void disk_commit (struct disk *self);
