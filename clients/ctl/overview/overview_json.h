/* The overview as data: the document Overview of docs/json.md. It is written as the pages come, so that a long one
   does not stand in memory as objects. */
#pragma once
#include "overview_data.h"

struct overview_json;
struct overview_json *overview_json_new (void);
void overview_json_destroy (struct overview_json **self_p);
/* Adds what the page has of the wanted part. To be called when the overview has taken the page. */
void overview_json_take (struct overview_json *self, const struct overview *overview,
                         const Consentd__OverviewReply *page);
/* The whole document. Caller frees it. To be called once. */
char *overview_json_finish (struct overview_json *self, const struct overview *overview, size_t *size);
