/* What the supervisor hears that started the daemon: systemd, or another that speaks sd_notify(3). Where nobody
   listens nothing is said. What is said is about the daemon, and never about a party or a person. */
#pragma once
#include <stdint.h>

/* All endpoints are bound: whoever comes is answered. Also ends a reload, whatever came of it. */
void supervisor_ready (void);
void supervisor_reloading (void);
void supervisor_stopping (void);
/* One line for people, which `systemctl status` shows. Said only when it is another than before. */
void supervisor_status (const char *line);

/* How often, in ms, supervisor_alive is to be called: half of the time after which the supervisor takes the daemon
   for stalled, kills it and starts it again. 0: it does not watch. */
int64_t supervisor_alive_every (void);
void supervisor_alive (void);
