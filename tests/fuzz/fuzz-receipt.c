/* libFuzzer: any bytes as the file of a receipt; as what is sealed in lines of a log, of every kind; and as a
   code. What is made of lines, whatever they hold, is verified again, and told. The seeds hold receipts that
   verify. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "letter/letter_document.h"
#include "letter/letter_text.h"
#include "made_receipt.h"
#include "receipt/receipt_code.h"
#include "receipt/receipt_told.h"

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { MEMORY = 256 << 20 };

/* What the bytes are is said by the first of them; those of a file begin with none of these. */
enum { OF_GRANT = 'g', OF_REFUSAL = 'r', OF_DECISION = 'd', OF_CODE = 'c' };

static struct log_trust trust;
static FILE *nowhere;

static void must (bool it)
{
    if (!it)
        abort ();
}

static void write_seed (const char *place, const char *name, int number, struct bytes content)
{
    char path[PATH_MAX];
    snprintf (path, sizeof path, "%s/%s-%d", place, name, number);
    FILE *out = fopen (path, "w");
    must (out != NULL);
    if (strcmp (name, "receipt") != 0)
        must (fputc (*name, out) != EOF);
    must (fwrite (content.data, 1, content.size, out) == content.size && fclose (out) == 0);
}

static const char *name_of (enum made_kind kind)
{
    return kind == MADE_REFUSAL ? "refusal" : kind == MADE_DECISION || kind == MADE_DENIAL ? "decision" : "grant";
}

/* A receipt of each kind, what is in its lines, and a code: make-seeds-receipt asks for them. */
static void write_seeds (const char *place)
{
    struct arena *arena = arena_new (MEMORY);
    char code_text[RECEIPT_CODE_SIZE];
    for (int kind = 0; kind < MADE_KINDS; kind++) {
        struct made_log *log = arena_alloc (arena, sizeof *log);
        char *text = made_receipt (arena, (enum made_kind)kind);
        made_lines (arena, (enum made_kind)kind, log);
        write_seed (place, "receipt", kind, (struct bytes){text, strlen (text)});
        for (size_t i = 0; i < log->count; i++)
            write_seed (place, name_of ((enum made_kind)kind), 10 * kind + (int)i, log->plain[i]);
        struct merkle_hash leaf = merkle_leaf (log->line[0]);
        receipt_code_write (log->number[0], &leaf, code_text);
        write_seed (place, "code", kind, (struct bytes){code_text, strlen (code_text)});
        free (text);
    }
    arena_destroy (&arena);
}

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    trust = made_trust ();
    nowhere = fopen ("/dev/null", "w");
    must (nowhere != NULL);
    if (getenv ("FUZZ_SEEDS") != NULL) {
        write_seeds (getenv ("FUZZ_SEEDS"));
        exit (0);
    }
    return 0;
}

static void tell (struct arena *arena, const struct receipt_judged *judged, const json_t *words)
{
    struct letter_document document = letter_document_start (arena);
    receipt_tell (judged, &trust, words, &document);
    letter_text_write (&document, nowhere);
    must (document.first != NULL);
}

/* Returns true if it proves something. */
static bool try_file (struct arena *arena, struct bytes raw)
{
    struct receipt_file file;
    struct receipt_judged *judged = arena_alloc (arena, sizeof *judged);
    const char *problem = receipt_file_read (&file, arena, raw);
    if (problem == NULL)
        problem = receipt_judge (&file, &trust, arena, judged);
    if (problem == NULL)
        tell (arena, judged, json_object_get (file.claims, RECEIPT_WORDS));
    else
        must (*problem != '\0');
    receipt_file_clear (&file);
    return problem == NULL;
}

/* The bytes are what a line holds, or the first half of them, and the second what a withdrawal after it holds. */
static void try_lines (struct arena *arena, struct bytes raw, const char *action, const char *result)
{
    struct made_log log = {.count = 0};
    struct receipt_file file = {.count = 0};
    struct receipt_judged *judged = arena_alloc (arena, sizeof *judged);
    bool is_two = raw.size > 2 && ((const uint8_t *)raw.data)[0] % 2 == 1;
    size_t first = is_two ? raw.size / 2 : raw.size;
    const struct bytes parts[] = {{raw.data, first}, {(const uint8_t *)raw.data + first, raw.size - first}};
    for (size_t i = 0; i < (is_two ? 2 : 1); i++) {
        const struct audit_head head = {.number = 4 + i,
                                        .time = 1795000000000,
                                        .action = i == 0 ? action : "revoke",
                                        .result = i == 0 ? result : "ok",
                                        .party = "kernteam"};
        log.number[i] = head.number;
        log.line[i] = made_line (arena, &head, parts[i], log.key[i]);
        log.count++;
    }
    made_proofs (arena, &log, &file);
    if (receipt_make (&file, arena, judged) == NULL) {
        char *text = receipt_file_write (&file, json_object ());
        must (try_file (arena, (struct bytes){text, strlen (text)}));
        free (text);
    }
    receipt_file_clear (&file);
}

static void try_code (struct bytes raw)
{
    char typed[64], read[RECEIPT_CODE_SIZE], again[RECEIPT_CODE_SIZE];
    if (raw.size >= sizeof typed)
        return;
    memcpy (typed, raw.data, raw.size);
    typed[raw.size] = '\0';
    if (receipt_code_read (typed, read))
        must (receipt_code_read (read, again) && strcmp (read, again) == 0);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new (MEMORY);
    struct bytes rest = {data + 1, size - 1};
    switch (size > 0 ? data[0] : 0) {
    case OF_GRANT:
        try_lines (arena, rest, "grant", "ok");
        break;
    case OF_REFUSAL:
        try_lines (arena, rest, "refuse", "ok");
        break;
    case OF_DECISION:
        try_lines (arena, rest, "check", "partial");
        break;
    case OF_CODE:
        try_code (rest);
        break;
    default:
        try_file (arena, (struct bytes){data, size});
    }
    arena_destroy (&arena);
    return 0;
}
