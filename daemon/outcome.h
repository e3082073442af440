/* The outcome of a function, as an int. All outcomes are numbered here, and put into a sentence here.

   - 0 is success.
   - Negative is fatal for what was being done, and is forwarded unchanged: -errno, or one of OUTCOMES_FATAL.
   - Positive is an outcome that the function's header names and its caller handles: one of OUTCOMES_HANDLED.

   An outcome is one line here. No two have the same number, because nobody chooses the numbers. A number lives as
   long as the process: it is never stored or sent. */
#pragma once

/* name, its sentence without a full stop */
#define OUTCOMES_FATAL(X)                                                                                        \
    X (STORE_FULL, "the store is full")                                                                          \
    X (STORE_DEAD, "the store died of a write that failed: nothing can be recorded until the daemon is started " \
                   "again")                                                                                      \
    X (STORE_DAMAGED, "the store is damaged: its pages contradict each other")                                   \
    X (STORE_MISUSED, "the store was asked something that it cannot do, which is a fault of this program")       \
    X (RECORD_DAMAGED, "a record is damaged and cannot be read")                                                 \
    X (ARCHIVE_DAMAGED, "a file of the log's archive is missing, or is not what was archived")

#define OUTCOMES_HANDLED(X)                                                                                     \
    X (STORE_NOT_FOUND, "something that must be in the store is not there")                                     \
    X (STORE_INVALID, "what lies there is not a store of this registry")                                        \
    X (STORE_IN_USE, "another process has the store")                                                           \
    X (STORE_OTHER_VAULT, "the store was made under another vault key")                                         \
    X (GUARD_DISAGREES, "a part of the store is damaged, or older than the rest")                               \
    X (VAULT_INVALID, "the vault key cannot be used")                                                           \
    X (KEYRING_MISSING, "the keys of the subjects are missing: nothing about anybody can be read without them") \
    X (KEYRING_OTHER, "the keys of the subjects belong to another store, or are older than this one")           \
    X (KEYRING_LIST_MISSING, "the list of what erasures changed is missing")                                    \
    X (KEYRING_LIST_DAMAGED, "the list of what erasures changed is damaged, cut off, or of another vault key")  \
    X (KEYRING_LIST_OTHER, "the list of what erasures changed belongs to other keys than those beside it")      \
    X (KEYRING_LIST_OLDER, "the list of what erasures changed is older than the keys beside it")                \
    X (KEYRING_LIST_NEWER, "the keys beside it are older: with them something erased could be read again")      \
    X (KEYRING_LIST_END, "the list of what erasures changed has no further entry")                              \
    X (VAULT_TAMPERED, "a sealed record does not open")                                                         \
    X (FILE_REFUSED, "the file is not as it must be")                                                           \
    X (SETTINGS_INVALID, "the settings are wrong")                                                              \
    X (POLICY_INVALID, "the policy pack is wrong")                                                              \
    X (PARTY_TABLE_INVALID, "a party is not as it must be")                                                     \
    X (WIRE_BAD, "the bytes are not a message")                                                                 \
    X (WIRE_END, "the message has no further field")                                                            \
    X (CODEC_INVALID, "the message is not well formed")                                                         \
    X (AUDIT_NOT_FOUND, "there is no such line in the log, or it cannot be opened any more")                    \
    X (AUDIT_LATER, "there may be further lines, and this turn looks at no more")                               \
    X (AUDIT_FORKED, "the log is not the one of which a checkpoint was signed")                                 \
    X (SUBJECT_FILE_NOT_FOUND, "there is no such subject, or no such consent")                                  \
    X (SUBJECT_FILE_ERASING, "the subject is being erased")                                                     \
    X (SUBJECT_FILE_FULL, "the subject has as many statements as one may have")                                 \
    X (CONSENT_REQUEST_NOT_FOUND, "nobody asked for this consent")                                              \
    X (CONSENT_REQUEST_FULL, "as many requests for consent wait as may wait")                                   \
    X (OBLIGATION_NOT_FOUND, "there is no such obligation")                                                     \
    X (RIGHTS_NOT_FOUND, "there is no such request of this subject")                                            \
    X (KEEPING_LATER, "not all lines about the subject were looked at yet")                                     \
    X (ERASURE_FULL, "as many subjects wait to be erased as may wait")                                          \
    X (ERASURE_HELD, "a legal hold on this subject stands")                                                     \
    X (IDEMPOTENCY_UNUSED, "this idempotency key was not used before")                                          \
    X (IDEMPOTENCY_CONFLICT, "this idempotency key was used with another body")                                 \
    X (IDEMPOTENCY_ERASED, "what was answered for this idempotency key was erased with its subject")            \
    X (CONSUMERS_TOO_MANY, "the party has as many consumers as a party may have")                               \
    X (CONSUMERS_NONE, "the party has no consumer of this name")                                                \
    X (REGISTRY_CANNOT_OPEN, "the registry cannot be opened as it is")                                          \
    X (REGISTRY_LOG_CUT, "the log lacks lines that it had, or has others")                                      \
    X (REGISTRY_OTHER_VAULT, "keys/vault is not the key in use, and keys/vault-former does not name that")      \
    X (REGISTRY_IN_USE, "another process has the registry")                                                     \
    X (ENDPOINTS_CANNOT_BIND, "an endpoint cannot be bound")                                                    \
    X (BROKER_CANNOT_START, "the daemon cannot start as it was set up")                                         \
    X (BROKER_NOT_NOW, "the daemon cannot start now")                                                           \
    X (EXCHANGE_NONE, "no message waits")                                                                       \
    X (EXCHANGE_AWAY, "part of a message was read away")                                                        \
    X (WAITING_FULL, "this party has as much waiting as it may")                                                \
    X (DISPATCH_BATCH, "the request is a batch that may be asked here")                                         \
    X (BATCH_MORE, "there is more of the batch to decide")

#define OUTCOME_NAME(name, sentence) name,
enum {
    OUTCOMES_FATAL_FROM = -10100, /* below every -errno, and below the numbers of ZeroMQ and LMDB */
    OUTCOMES_FATAL (OUTCOME_NAME)
};
enum { OUTCOMES_HANDLED_FROM = 0, OUTCOMES_HANDLED (OUTCOME_NAME) };
#undef OUTCOME_NAME

/* One sentence for people, without a full stop. The text lives for ever. Numbers of errno and of ZeroMQ mean
   nothing to a reader, and are never printed. A number that is not known gives a sentence that says so. */
const char *outcome_sentence (int outcome);
