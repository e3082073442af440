/* Copies of the files of a simulation's registry: as a backup has them, or as they are when the process is killed.
   A copy lies beside its file, under its name and an ending. */
#pragma once
#include "simulation.h"

/* Where there is no `from`, there is then no `to`. */
void copy_file (const char *from, const char *to);
/* Store, journal and witness: those that end with `from` become those that end with `to`. "": the files
   themselves. */
void copy_store (struct simulation *sim, const char *from, const char *to);
/* The keyring and the list beside it. */
void copy_keys (struct simulation *sim, const char *from, const char *to);
/* The path of a file in the simulation's directory; the simulation's. */
const char *path_of (struct simulation *sim, const char *file, const char *ending);

/* What a killed process leaves is all that the next start finds; it must start. */
void kill_and_start (struct simulation *sim);
