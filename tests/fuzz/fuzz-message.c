/* libFuzzer: any bytes as a message, through the whole core of the adapters, with a registry that permits some
   categories and denies others (which ones follows from the bytes).

   What goes out is put in again: it must be understood, go whole under the same permits, and come out the same. So
   nothing that was denied, unknown or malformed can be in it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "address.h"
#include "bytes.h"
#include "message.h"
#include "passage.h"
#include "report.h"
#include "unconst.h"

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

static void answer (struct whim *whim, struct passage *passage, const struct consent_question *question)
{
    static const struct consent_reason reason = {.code = "NO_CONSENT", .rule = "C7"};
    for (size_t i = 0; i < question->item_count; i++) {
        bool permit = is_permitted (whim->seed, question->items[i].category);
        whim->items[i] = (struct consent_item_answer){.category = question->items[i].category,
                                                      .origin = question->items[i].origin,
                                                      .verdict = permit ? CONSENT_PERMIT : CONSENT_DENY,
                                                      .statute = "",
                                                      .reasons = &reason,
                                                      .reason_count = !permit};
    }
    whim->answer = (struct consent_answer){.status = CONSENT_OK,
                                           .field = "",
                                           .message = "",
                                           .verdict = CONSENT_PARTIAL,
                                           .items = whim->items,
                                           .item_count = question->item_count,
                                           .policy = "fuzz/1"};
    passage_tell_answers (passage, (const struct consent_answer *const[]){&whim->answer});
}

/* Everybody is called as the message says. */
static void identify (struct passage *passage, const struct consent_identification *asked)
{
    const struct elements *elements = passage_result (passage)->elements;
    bool is_sender = strcmp (asked->parties[0], "kernteam") == 0;
    const struct mapping_address *address = is_sender ? &elements->mapping->sender : &elements->mapping->receiver;
    const char *named = address_value (elements, address->rule);
    named = named ? named : "";
    struct consent_known_party party = {
        .id = asked->parties[0], .kind = "zorgaanbieder", .agb = named, .gemeentecode = named, .oin = named};
    passage_tell_parties (passage, CONSENT_OK, &(struct consent_parties){.parties = &party, .count = 1});
}

/* Takes a message to its end. Caller owns *output_p, which is NULL if nothing goes. */
static struct passage *run (const struct passage_order *order, struct whim *whim, struct bytes text,
                            struct bytes *output_p)
{
    struct passage *passage = passage_new (order, text.data, text.size);
    struct passage_need need;
    *output_p = (struct bytes){0};
    for (passage_step (passage, &need); need.kind != PASSAGE_DONE; passage_step (passage, &need)) {
        if (need.kind == PASSAGE_ADVISE || need.kind == PASSAGE_DISCLOSE) {
            answer (whim, passage, &need.questions[0]);
            continue;
        }
        if (need.kind == PASSAGE_IDENTIFY) {
            identify (passage, &need.asked);
            continue;
        }
        if (need.kind == PASSAGE_GO)
            *output_p = (struct bytes){strndup (need.output, need.output_size), need.output_size};
        passage_tell_done (passage, NULL);
    }
    return passage;
}

static void report (const struct passage *passage)
{
    static FILE *nowhere;
    if (!nowhere)
        nowhere = fopen ("/dev/null", "we");
    report_print (nowhere, "fuzz", passage);
    free (report_json (passage));
}

/* What went once goes again, whole and the same. */
static void check_again (const struct passage_order *order, struct whim *whim, struct bytes first)
{
    struct bytes second;
    struct passage *passage = run (order, whim, first, &second);
    if (passage_result (passage)->outcome != PASSAGE_PASSED)
        abort ();
    if (second.size != first.size || memcmp (second.data, first.data, first.size) != 0)
        abort ();
    passage_destroy (&passage);
    free (unconst (second.data));
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
    static const uint8_t secret[PASSAGE_SECRET] = {1};
    struct schemas *schemas = schemas_new ();
    struct passage_order order = {.mappings = (const struct mapping *const *)mappings[shape],
                                  .schemas = schemas,
                                  .secret = secret,
                                  .limit = MESSAGE_LIMIT,
                                  .provider = "kernteam",
                                  .recipient = "zorgaanbieder-horizon",
                                  .purpose = "toekenning",
                                  .user = "fuzz"};
    struct bytes output;
    struct passage *passage = run (&order, &whim, (struct bytes){data, size}, &output);
    report (passage);
    if (output.data && !mappings[shape][0]->reshapes)
        check_again (&order, &whim, output);
    free (unconst (output.data));
    passage_destroy (&passage);
    schemas_destroy (&schemas);
    return 0;
}
