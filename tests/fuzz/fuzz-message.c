/* libFuzzer: any bytes as a message, through the whole core of the adapters, with a registry that permits some
   categories and denies others (which ones follows from the bytes).

   What goes out is put in again: it must be understood, go whole under the same permits, and come out the same. So
   nothing that was denied, unknown or malformed can be in it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "adapter.h"
#include "report.h"

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { SHAPES = 3, KINDS = 2 };

static struct mapping *mappings[SHAPES][KINDS + 1];

struct whim {
    uint64_t seed;
    struct consent_answer answer;
    struct consent_item_answer items[MAPPING_ITEMS_MAX];
};

static uint64_t hash (uint64_t seed, const void *data, size_t size)
{
    for (const uint8_t *byte = data; size > 0; size--)
        seed = (seed ^ *byte++) * 0x100000001b3;
    return seed;
}

/* The same category gets the same verdict in both passes. Three in four are permitted, or all: else nothing would
   ever go. */
static bool is_permitted (uint64_t seed, const char *category)
{
    return seed % 5 == 0 || (hash (seed, category, strlen (category)) >> 20) % 8 != 0;
}

static const struct consent_answer *answer (void *context, const struct consent_question *question)
{
    static const struct consent_reason reason = {.code = "NO_CONSENT", .rule = "C7"};
    struct whim *whim = context;
    for (size_t i = 0; i < question->item_count; i++) {
        bool permit = is_permitted (whim->seed, question->items[i].category);
        whim->items[i] = (struct consent_item_answer){.category = question->items[i].category,
                                                      .origin = question->items[i].origin,
                                                      .verdict = permit ? CONSENT_PERMIT : CONSENT_DENY,
                                                      .reasons = &reason,
                                                      .reason_count = !permit};
    }
    whim->answer = (struct consent_answer){.status = CONSENT_OK,
                                           .verdict = CONSENT_PARTIAL,
                                           .items = whim->items,
                                           .item_count = question->item_count,
                                           .policy = "fuzz/1"};
    return &whim->answer;
}

static void report (const struct adapter_order *order, const struct adapter_result *result)
{
    static FILE *nowhere;
    if (!nowhere)
        nowhere = fopen ("/dev/null", "we");
    report_print (nowhere, "fuzz", result);
    free (report_json (order, result));
}

/* What went once goes again, whole and the same. */
static void check_again (const struct adapter_order *order, const struct adapter_registry *registry,
                         const struct adapter_result *first)
{
    struct adapter_result second;
    if (adapter_run (order, registry, first->output, first->output_size, &second) != ADAPTER_PASSED)
        abort ();
    if (second.output_size != first->output_size || memcmp (second.output, first->output, first->output_size) != 0)
        abort ();
    adapter_result_clear (&second);
}

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    static const char *const files[SHAPES][KINDS] = {{"wmo301.map", "jw301.map"},
                                                     {"wmo301-eigen-bijdrage.map", "jw301-eigen-bijdrage.map"},
                                                     {"wmo301-pgb.map", "jw301-pgb.map"}};
    (void)argc;
    (void)argv;
    for (size_t i = 0; i < SHAPES * KINDS; i++) {
        char path[1024];
        char error[512] = "";
        snprintf (path, sizeof path, "%s/adapters/%s", CONFIG_DIR, files[i / KINDS][i % KINDS]);
        mappings[i / KINDS][i % KINDS] = mapping_read (path, error, sizeof error);
        if (!mappings[i / KINDS][i % KINDS]) {
            fprintf (stderr, "%s\n", error);
            exit (1);
        }
    }
    return 0;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    struct whim whim = {.seed = hash (0xcbf29ce484222325, data, size)};
    size_t shape = (whim.seed >> 8) % 4 % SHAPES;
    struct adapter_order order = {.mappings = (const struct mapping *const *)mappings[shape],
                                  .provider = "kernteam",
                                  .recipient = "zorgaanbieder-horizon",
                                  .purpose = "toekenning",
                                  .user = "fuzz"};
    struct adapter_registry registry = {.ask = answer, .context = &whim};
    struct adapter_result result;
    adapter_run (&order, &registry, (const char *)data, size, &result);
    report (&order, &result);
    if (result.output && !mappings[shape][0]->reshapes)
        check_again (&order, &registry, &result);
    adapter_result_clear (&result);
    return 0;
}
