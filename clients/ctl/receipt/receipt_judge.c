#include "receipt_judge.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "merkle/lines.h"
#include "merkle/proof_file.h"
#include "text/utf8.h"

/* --- The signature ------------------------------------------------------------------------------------ */

static const char *of_note (enum note_outcome outcome)
{
    switch (outcome) {
    case NOTE_TOO_LONG:
        return "onder het controlepunt staan te veel handtekeningen";
    case NOTE_SPOILT:
        return "een handtekening onder het controlepunt klopt niet";
    case NOTE_NOT_SIGNED:
        return "het controlepunt is niet ondertekend met de sleutel die u gaf";
    default:
        return "het controlepunt is niet te lezen";
    }
}

/* `trust` NULL: whoever has signed it. */
static const char *judge_checkpoint (const struct log_trust *trust, struct bytes raw, struct arena *arena,
                                     struct checkpoint *checkpoint)
{
    struct note note;
    const char *fault;
    enum note_outcome outcome = note_read (&note, raw);
    if (outcome == NOTE_OK && trust != NULL)
        outcome = log_trust_signed (trust, &note);
    if (outcome != NOTE_OK)
        return of_note (outcome);
    if (!checkpoint_read (checkpoint, note.text, &fault))
        return "het controlepunt is niet te lezen";
    if (trust == NULL)
        return NULL;
    if (!log_trust_is_of (trust, checkpoint))
        return arena_printf (arena, "het controlepunt is van een ander register: %s", checkpoint->origin);
    return log_trust_has_witnesses (trust, raw)
               ? NULL
               : arena_printf (arena, "het controlepunt is niet ondertekend door %s getuige%s die u noemde",
                               trust->needed < trust->witness_count ? "genoeg van de" : "elke",
                               trust->needed < trust->witness_count ? "n" : "");
}

/* --- The lines ---------------------------------------------------------------------------------------- */

static const char *of_sight (enum receipt_sight sight)
{
    switch (sight) {
    case SIGHT_NO_LINE:
        return "dit is geen regel van een register";
    case SIGHT_OTHER_KIND:
        return "de regel legt iets vast waarvan geen bewijs bestaat";
    case SIGHT_CLOSED:
        return "de sleutel in het bewijs opent de regel niet";
    default:
        return "in de regel staat iets anders dan een toestemming, een weigering, een intrekking of een besluit";
    }
}

/* One line: it is in the tree, it is the one that it says, and it opens. */
static const char *judge_line (const struct proof_file *proof, const struct receipt_proof *given,
                               struct arena *arena, const struct checkpoint *checkpoint, struct receipt_seen *seen)
{
    struct bytes line;
    uint64_t number = proof->index + 1;
    uint8_t *made = arena_alloc (arena, proof->extra.size + 1);
    line.data = made;
    if (proof->extra.size == 0 || !lines_base64 (proof->extra, made, proof->extra.size, &line.size))
        return arena_printf (arena, "regel %" PRIu64 " is niet te lezen", number);
    if (!proof_file_holds (proof, checkpoint, line))
        return arena_printf (arena, "regel %" PRIu64 " staat niet zo in het register dat is ondertekend", number);
    enum receipt_sight sight = receipt_see (seen, arena, line, given->key);
    if (sight != SIGHT_OK)
        return arena_printf (arena, "regel %" PRIu64 ": %s", number, of_sight (sight));
    return seen->head.number == number
               ? NULL
               : arena_printf (arena, "regel %" PRIu64 " zegt zelf dat zij regel %" PRIu64 " is", number,
                               seen->head.number);
}

static bool is_same (struct bytes one, struct bytes other)
{
    return one.size == other.size && memcmp (one.data, other.data, one.size) == 0;
}

static const char *judge_lines (const struct receipt_file *file, const struct log_trust *trust,
                                struct arena *arena, struct receipt_judged *judged)
{
    struct proof_file first = {.index = 0};
    const char *fault, *problem = NULL;
    for (size_t i = 0; problem == NULL && i < file->count; i++) {
        struct proof_file proof;
        if (!proof_file_read (&proof, file->proof[i].text, &fault))
            return arena_printf (arena, "regel %zu in dit bestand heeft geen bewijs dat te lezen is", i + 1);
        if (i == 0)
            first = proof;
        if (!is_same (proof.checkpoint, first.checkpoint))
            return "de regels zijn niet van hetzelfde controlepunt";
        if (i == 0)
            problem = judge_checkpoint (trust, proof.checkpoint, arena, &judged->checkpoint);
        judged->note = proof.checkpoint;
        if (problem == NULL)
            problem = judge_line (&proof, &file->proof[i], arena, &judged->checkpoint, &judged->seen[i]);
    }
    return problem;
}

/* --- What it says ------------------------------------------------------------------------------------- */

enum { SHOWN = 60 /* bytes of a value */ };

static const char *shown (struct arena *arena, const json_t *value)
{
    if (value == NULL)
        return "niets";
    char *text = json_dumps (value, JSON_ENCODE_ANY | JSON_COMPACT);
    size_t size = text != NULL ? strlen (text) : 0;
    const char *made = text != NULL ? arena_strndup (arena, text, size > SHOWN ? SHOWN : size) : "?";
    free (text);
    return size > SHOWN ? arena_printf (arena, "%s...", made) : made;
}

static const char *differs (struct arena *arena, const char *place, json_t *told, json_t *proven)
{
    return arena_printf (arena, "bij %s staat %s, maar in de regel van het register staat %s", place,
                         shown (arena, told), shown (arena, proven));
}

static const char *compare (struct arena *arena, const char *place, json_t *told, json_t *proven);

static const char *compare_object (struct arena *arena, const char *place, json_t *told, json_t *proven)
{
    const char *key, *problem = NULL;
    json_t *value;
    json_object_foreach (told, key, value) if (problem == NULL && json_object_get (proven, key) == NULL) problem =
        differs (arena, arena_printf (arena, "%s%s%s", place, *place ? " > " : "", key), value, NULL);
    json_object_foreach (proven, key, value) if (problem == NULL) problem =
        compare (arena, arena_printf (arena, "%s%s%s", place, *place ? " > " : "", key),
                 json_object_get (told, key), value);
    return problem;
}

static const char *compare_array (struct arena *arena, const char *place, json_t *told, json_t *proven)
{
    const char *problem = NULL;
    if (json_array_size (told) != json_array_size (proven))
        return differs (arena, place, told, proven);
    for (size_t i = 0; problem == NULL && i < json_array_size (proven); i++)
        problem = compare (arena, arena_printf (arena, "%s > %zu", place, i + 1), json_array_get (told, i),
                           json_array_get (proven, i));
    return problem;
}

/* NULL, or the first place at which the two are not the same. Goes no deeper than what is proven. */
static const char *compare (struct arena *arena, const char *place, json_t *told, json_t *proven)
{
    if (json_is_object (told) && json_is_object (proven))
        return compare_object (arena, place, told, proven);
    if (json_is_array (told) && json_is_array (proven))
        return compare_array (arena, place, told, proven);
    return json_equal (told, proven) ? NULL : differs (arena, place, told, proven);
}

/* The words and the proofs are no claims. */
static const char *judge_claims (const struct receipt_file *file, struct arena *arena,
                                 const struct receipt_lines *lines)
{
    json_t *proven = receipt_claims (lines);
    json_object_set (proven, RECEIPT_EVIDENCE, json_object_get (file->claims, RECEIPT_EVIDENCE));
    if (json_object_get (file->claims, RECEIPT_WORDS) != NULL)
        json_object_set (proven, RECEIPT_WORDS, json_object_get (file->claims, RECEIPT_WORDS));
    const char *problem = compare (arena, "", file->claims, proven);
    json_decref (proven);
    return problem;
}

/* The lines hold, and belong together. */
static const char *judge_all (const struct receipt_file *file, const struct log_trust *trust, struct arena *arena,
                              struct receipt_judged *judged)
{
    const char *problem = judge_lines (file, trust, arena, judged);
    judged->lines = (struct receipt_lines){arena, judged->seen, file->count, judged->checkpoint.origin};
    return problem != NULL ? problem : receipt_lines_fault (&judged->lines);
}

const char *receipt_judge (const struct receipt_file *file, const struct log_trust *trust, struct arena *arena,
                           struct receipt_judged *judged)
{
    const char *problem = judge_all (file, trust, arena, judged);
    return problem != NULL ? problem : judge_claims (file, arena, &judged->lines);
}

const char *receipt_make (struct receipt_file *file, struct arena *arena, struct receipt_judged *judged)
{
    const char *problem = judge_all (file, NULL, arena, judged);
    if (problem == NULL)
        file->claims = receipt_claims (&judged->lines);
    return problem;
}
