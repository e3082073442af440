/* What there is to compare with: a process with one socket, which answers each message with as many bytes as a
   check's reply has. It does nothing else. */
#pragma once
#include <stddef.h>
#include <sys/types.h>

/* Starts it with the server's key, and writes where it listens into `endpoint`. */
pid_t echo_start (const char *server_key_file, size_t reply_size, char endpoint[64]);
