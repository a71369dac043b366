/* TCP load. The far end of every relay of streams is `tcp serve`.
 *
 *   tcp serve                     listens on a free port of 127.0.0.1 and prints it
 *   tcp bulk PORT BYTES           sends BYTES and waits until the far end has checked each; prints seconds
 *   tcp ping PORT SECONDS SIZE    round trips of SIZE bytes; prints p50 and p99 in microseconds
 *   tcp rate PORT SECONDS CLIENTS connect, a byte there and back, close in order; prints connections a
 *                                 second and their number
 *   tcp idle PORT COUNT           holds COUNT connections, each used once; prints a line when they stand,
 *                                 ends with its input
 *
 * A connection says by its first byte what the far end shall do: 'e' echo everything; 's' (a header of
 * 16 bytes, the last 8 of which are the length) check what comes, then answer with the number of good
 * bytes. The answer does not wait for a half-close: not every peer passes one on.
 */
#include "load.h"

#include <sys/epoll.h>

enum { MAX_FDS = 65536, HEADER = 16 };

static struct conn {
  char mode;
  int have;
  unsigned char header[HEADER];
  uint64_t length, good;
} conns[MAX_FDS];

static unsigned char buffer[CHUNK];

static int answer(int fd, const void *data, size_t size) {
  for (const char *at = data; size;) {
    ssize_t n = send(fd, at, size, MSG_NOSIGNAL);
    if (n < 0) return -1;
    at += n; size -= n;
  }
  return 0;
}

static int check(int fd, struct conn *conn, const unsigned char *data, ssize_t size) {
  for (; size && conn->have < HEADER; size--) conn->header[conn->have++] = *data++;
  if (conn->have < HEADER) return 0;
  memcpy(&conn->length, conn->header + 8, 8);
  if (size) {
    if (!is_right(data, size, conn->good)) return -1; /* the sender sees the end instead of an answer */
    conn->good += size;
  }
  return conn->good >= conn->length ? answer(fd, &conn->good, 8) : 0;
}

static int serve_some(int fd) {
  struct conn *conn = &conns[fd];
  ssize_t n = recv(fd, buffer, CHUNK, MSG_DONTWAIT);
  if (n < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  if (n == 0) return -1;
  if (!conn->mode) conn->mode = buffer[0];
  if (conn->mode == 's') return check(fd, conn, buffer, n);
  return answer(fd, buffer, n);
}

static void serve(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0), on = 1;
  struct epoll_event e = {.events = EPOLLIN, .data.fd = listener}, seen[256];
  if (listener < 0) die("socket");
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &e);
  bind_anywhere(listener);
  if (listen(listener, 4096)) die("listen");
  tell_port(listener);
  for (;;) {
    int n = epoll_wait(poll, seen, 256, -1);
    for (int i = 0; i < n; i++) {
      int fd = seen[i].data.fd;
      if (fd != listener) {
        if (serve_some(fd)) close(fd);
        continue;
      }
      while ((fd = accept(listener, NULL, NULL)) >= 0) {
        if (fd >= MAX_FDS) { close(fd); continue; }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        memset(&conns[fd], 0, sizeof conns[fd]);
        e.events = EPOLLIN; e.data.fd = fd;
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &e);
      }
    }
  }
}

static void bulk(int port, uint64_t bytes) {
  unsigned char header[HEADER] = {'s'};
  uint64_t good, sent = 0;
  memcpy(header + 8, &bytes, 8);
  double begun = now();
  int fd = dial(port);
  write_all(fd, header, HEADER);
  while (sent < bytes) {
    size_t n = bytes - sent < CHUNK ? bytes - sent : CHUNK;
    write_all(fd, bytes_at(sent), n);
    sent += n;
  }
  read_all(fd, &good, 8);
  if (good != bytes) fail("not all bytes arrived");
  printf("%.6f\n", now() - begun);
}

static void ping(int port, double seconds, unsigned size) {
  long count = -200, room = 1 << 20; /* the first 200 warm up */
  double *times = malloc(room * sizeof *times), begun, end = now() + seconds;
  unsigned char *reply = malloc(size);
  int fd = dial(port);
  if (size < 2 || size > CHUNK) fail("a size from 2 bytes to 256 KiB");
  memset(buffer, 'e', size);
  while (count < 100 || (now() < end && count < room)) {
    begun = now();
    write_all(fd, buffer, size);
    read_all(fd, reply, size);
    if (count >= 0) times[count] = (now() - begun) * 1e6;
    if (memcmp(buffer, reply, size)) fail("not what was sent came back");
    buffer[size - 1] = count++; /* the first byte asks for the echo */
  }
  print_times(times, count);
}

static void *rate_client(void *unused) {
  long done = 0;
  char byte;
  (void)unused;
  while (now() < rate_end) {
    int fd = dial(rate_port);
    write_all(fd, "e", 1);
    read_all(fd, &byte, 1);
    shutdown(fd, SHUT_WR); /* in order, as most clients do; a reset would spare both sides work */
    if (recv(fd, &byte, 1, 0) != 0) fail("the end did not come");
    close(fd);
    done++;
  }
  return (void *)done;
}

static void idle(int port, int count) {
  char byte;
  for (int i = 0; i < count; i++) {
    int fd = dial(port);
    write_all(fd, "e", 1);
    read_all(fd, &byte, 1);
  }
  printf("%d\n", count);
  fflush(stdout);
  while (read(0, &byte, 1) > 0) {}
}

int main(int argc, char **argv) {
  const char *verb = argc > 1 ? argv[1] : "";
  prepare();
  if (argc == 2 && !strcmp(verb, "serve")) serve();
  else if (argc == 4 && !strcmp(verb, "bulk")) bulk(atoi(argv[2]), strtoull(argv[3], 0, 10));
  else if (argc == 5 && !strcmp(verb, "ping")) ping(atoi(argv[2]), atof(argv[3]), atoi(argv[4]));
  else if (argc == 5 && !strcmp(verb, "rate"))
    print_rate(rate_client, atoi(argv[2]), atof(argv[3]), atoi(argv[4]));
  else if (argc == 4 && !strcmp(verb, "idle")) idle(atoi(argv[2]), atoi(argv[3]));
  else { fprintf(stderr, "usage: see the first lines of tcp.c\n"); return 2; }
  return 0;
}
