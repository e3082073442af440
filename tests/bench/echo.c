#include "echo.h"
#include "client.h"

static void *listen_anywhere (const char *server_key_file, char endpoint[64])
{
    int one = 1, unlimited = 0;
    size_t size = 64;
    zcert_t *cert = zcert_load (server_key_file);
    void *socket = zmq_socket (zmq_ctx_new (), ZMQ_ROUTER);
    if (cert == NULL || socket == NULL)
        return NULL;
    zmq_setsockopt (socket, ZMQ_CURVE_SERVER, &one, sizeof one);
    zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, zcert_secret_txt (cert), 41);
    zmq_setsockopt (socket, ZMQ_SNDHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt (socket, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
    zcert_destroy (&cert);
    if (zmq_bind (socket, "tcp://127.0.0.1:*") != 0 ||
        zmq_getsockopt (socket, ZMQ_LAST_ENDPOINT, endpoint, &size) != 0)
        return NULL;
    return socket;
}

static void answer_forever (void *socket, size_t reply_size)
{
    for (;;) {
        zmq_msg_t route, payload, reply;
        zmq_msg_init (&route);
        zmq_msg_init (&payload);
        if (zmq_msg_recv (&route, socket, 0) < 0 || zmq_msg_recv (&payload, socket, 0) < 0)
            return;
        zmq_msg_init_size (&reply, reply_size);
        memset (zmq_msg_data (&reply), 0x55, reply_size);
        zmq_msg_send (&route, socket, ZMQ_SNDMORE);
        zmq_msg_send (&reply, socket, 0);
        zmq_msg_close (&payload);
    }
}

pid_t echo_start (const char *server_key_file, size_t reply_size, char endpoint[64])
{
    int ends[2];
    if (pipe (ends) != 0)
        bench_fail ("cannot make a pipe");
    pid_t child = bench_fork ();
    if (child == 0) {
        char mine[64] = "";
        void *socket = listen_anywhere (server_key_file, mine);
        if (socket == NULL || write (ends[1], mine, sizeof mine) != sizeof mine)
            _exit (1);
        answer_forever (socket, reply_size);
        _exit (0);
    }
    close (ends[1]);
    if (read (ends[0], endpoint, 64) != 64)
        bench_fail ("the echo does not start");
    close (ends[0]);
    return child;
}
