#include "helper.h"
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct helper {
    int end; /* of a pair of sockets */
    pid_t process;
};

static void serve (int end, helper_act *act)
{
    struct helper_order order;
    while (read (end, &order, sizeof order) == (ssize_t)sizeof order) {
        struct helper_result result = {0};
        act (&order, &result);
        if (write (end, &result, sizeof result) != (ssize_t)sizeof result)
            break;
    }
    _exit (0);
}

struct helper *helper_start (helper_act *act)
{
    int ends[2];
    struct helper *self = calloc (1, sizeof *self);
    if (self == NULL || socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        bench_fail ("cannot make a pair of sockets");
    self->process = bench_fork ();
    if (self->process == 0) {
        close (ends[0]);
        serve (ends[1], act);
    }
    close (ends[1]);
    self->end = ends[0];
    return self;
}

void helper_stop (struct helper **self_p)
{
    bench_stop ((*self_p)->process);
    close ((*self_p)->end);
    free (*self_p);
    *self_p = NULL;
}

void helper_begin (struct helper *self, const struct helper_order *order)
{
    if (write (self->end, order, sizeof *order) != (ssize_t)sizeof *order)
        bench_fail ("a process of the bench has ended");
}

bool helper_is_done (const struct helper *self)
{
    struct pollfd item = {self->end, POLLIN, 0};
    return poll (&item, 1, 0) > 0;
}

void helper_end (struct helper *self, struct helper_result *result)
{
    if (read (self->end, result, sizeof *result) != (ssize_t)sizeof *result)
        bench_fail ("a process of the bench has ended");
}
