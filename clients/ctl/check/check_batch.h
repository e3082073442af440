/* consentctl check --batch: asks many checks from a file in one message. */
#pragma once
#include <stdbool.h>
#include "envelope.pb-c.h"

struct arena;
struct ctl;
struct options;

/* Reads an item as a person writes it, "naw:wmo" or "naw". Texts are the arena's. False if a part of it is
   empty. */
bool check_item_read (struct arena *arena, const char *text, Consentd__Item *item);

/* Asks the checks of the file that --batch names. What a check leaves out is taken from `common`. Returns the exit
   code. */
int check_batch_run (struct ctl *ctl, const struct options *options, const Consentd__CheckRequest *common);
