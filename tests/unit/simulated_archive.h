/* A simulation whose log is signed, and whose old lines can leave the store for a directory. */
#pragma once
#include "merkle/merkle.h"
#include "simulation_verbs.h"

enum { BUNDLE = MERKLE_TILE_WIDTH };

struct simulation *simulated_archive_new (const struct simulation_options *options);
/* cmocka's setup and teardown: 999900006 is on record. */
int simulated_archive_setup (void **state);
int simulated_archive_teardown (void **state);
/* Stops and starts again. */
void simulated_archive_restart (struct simulation *sim);
/* A start is read from its configuration, which has no archive: gives it one. */
void simulated_archive_configure (struct simulation *sim);

/* Checks, until the log has this line. */
void simulated_archive_fill (struct simulation *sim, uint64_t line);
/* Fills the log up to this line, lets three years pass, writes a bundle and more behind it, and signs it all. */
void simulated_archive_age (struct simulation *sim, uint64_t line);
/* Signs what the log has. */
void simulated_archive_sign (struct simulation *sim);

/* The file of a bundle; the arena's. */
const char *simulated_archive_path (struct simulation *sim, uint64_t index);
/* What is to be in it: the lines as they are now, 2 bytes of length before each; the arena's. */
struct bytes simulated_archive_content (struct simulation *sim, uint64_t index);
/* Writes the file. */
void simulated_archive_write (struct simulation *sim, uint64_t index);

/* Asks that these lines leave, `limit` bundles in one turn. The reply; NULL: the turn failed. */
Consentd__Reply *simulated_archive_ask (struct simulation *sim, uint64_t until, unsigned limit);
/* Writes the files, and has the lines leave, page by page. */
void simulated_archive_leave (struct simulation *sim, uint64_t until);
/* Lines that have left. */
uint64_t simulated_archive_count (struct simulation *sim);

/* The log as it is: to be compared with later, wherever its lines are then. */
struct log_model;
struct log_model *log_model_of (struct simulation *sim);
/* Each line of the model is as it was, byte for byte, and found by its number, and by its link. */
void log_model_assert (struct simulation *sim, const struct log_model *model);
