#include "proving.h"
#include "audit/checkpoints.h"
#include "bodies.h"
#include "merkle/checkpoint.h"

int proving_newest (struct turn *turn, struct bytes *raw, struct checkpoint *checkpoint)
{
    struct note note;
    const char *fault;
    int rc = checkpoints_newest (turn, raw);
    if (rc != 0)
        return rc;
    return note_read (&note, *raw) == NOTE_OK && checkpoint_read (checkpoint, note.text, &fault) ? 0
                                                                                                 : RECORD_DAMAGED;
}

bool proving_judge_wish (struct turn *turn, const char *body, const struct witness_wish *wish,
                         struct handling *handling)
{
    struct note_key key;
    size_t most = wish->keys.count > 0 ? wish->keys.count : COSIGNATURES_WISHED;
    bool are_keys = wish->keys.count <= COSIGNATURES_WISHED;
    for (size_t i = 0; i < wish->keys.count && are_keys; i++)
        are_keys = note_key_read (&key, wish->keys.item[i]) && key.algorithm == NOTE_COSIGNATURE;
    if (!are_keys)
        handling_invalid (handling, arena_printf (turn->arena, "%s.witnesses", body),
                          "verifier keys of at most 12 witnesses: name+hash+base64");
    else if (wish->needed > most)
        handling_invalid (handling, arena_printf (turn->arena, "%s.needed", body),
                          "more cosignatures than there can be");
    return are_keys && wish->needed <= most;
}

int proving_find (struct turn *turn, const struct witness_wish *wish, uint64_t least, struct cosigned_note *found)
{
    struct checkpoint read;
    bool enough;
    int rc = proving_newest (turn, &found->note, &read);
    found->size = read.size;
    if (rc == 0)
        rc = cosignatures_add (turn, wish, found, &enough);
    if (rc == 0 && !enough && wish->keys.count > 0)
        rc = cosignatures_find (turn, wish, least, found);
    return rc;
}
