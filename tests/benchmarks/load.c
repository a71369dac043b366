/* The load of the benchmark: sender and receiver in C, so that neither is the bottleneck.
 *
 *   load serve                     listens on a free port of 127.0.0.1 and prints it; echoes what begins
 *                                  with 'e', counts what begins with 's' and answers the count at its end
 *   load bulk PORT BYTES           sends BYTES, half-closes, checks the count; prints seconds
 *   load ping PORT COUNT SIZE      COUNT round trips of SIZE bytes; prints p50 and p99 in microseconds
 *   load rate PORT SECONDS CLIENTS connect, one byte there and back, close; prints connections a second
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024, MAX_FDS = 65536 };

static void die(const char *what) { perror(what); exit(1); }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void write_all(int fd, const char *data, size_t size) {
  while (size) {
    ssize_t n = send(fd, data, size, MSG_NOSIGNAL);
    if (n < 0) die("send");
    data += n; size -= n;
  }
}

static void read_all(int fd, char *data, size_t size) {
  while (size) {
    ssize_t n = recv(fd, data, size, 0);
    if (n < 0) die("recv");
    if (n == 0) { fprintf(stderr, "the connection ended early\n"); exit(1); }
    data += n; size -= n;
  }
}

static int dial(int port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a)) die("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static struct { char mode; uint64_t count; } conns[MAX_FDS];
static char buffer[CHUNK];

static int serve_some(int fd) {
  ssize_t n = recv(fd, buffer, CHUNK, MSG_DONTWAIT);
  if (n < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  if (n == 0) {
    if (conns[fd].mode == 's') send(fd, &conns[fd].count, 8, MSG_NOSIGNAL);
    return -1;
  }
  if (!conns[fd].mode) conns[fd].mode = buffer[0];
  conns[fd].count += n;
  if (conns[fd].mode == 'e') for (ssize_t at = 0; at < n;) {
    ssize_t m = send(fd, buffer + at, n - at, MSG_NOSIGNAL);
    if (m < 0) return -1;
    at += m;
  }
  return 0;
}

static void serve(void) {
  struct rlimit many = {MAX_FDS, MAX_FDS};
  setrlimit(RLIMIT_NOFILE, &many);
  struct sockaddr_in a = {.sin_family = AF_INET};
  socklen_t size = sizeof a;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0), on = 1;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr *)&a, sizeof a) || listen(listener, 4096)) die("listen");
  getsockname(listener, (struct sockaddr *)&a, &size);
  printf("%d\n", ntohs(a.sin_port)); fflush(stdout);
  struct epoll_event e = {.events = EPOLLIN, .data.fd = listener}, seen[256];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &e);
  for (;;) {
    int n = epoll_wait(poll, seen, 256, -1);
    for (int i = 0; i < n; i++) {
      int fd = seen[i].data.fd;
      if (fd == listener) {
        while ((fd = accept(listener, NULL, NULL)) >= 0) {
          if (fd >= MAX_FDS) { close(fd); continue; }
          setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          memset(&conns[fd], 0, sizeof conns[fd]);
          e.events = EPOLLIN; e.data.fd = fd;
          epoll_ctl(poll, EPOLL_CTL_ADD, fd, &e);
        }
      } else if (serve_some(fd)) close(fd);
    }
  }
}

static void bulk(int port, uint64_t bytes) {
  memset(buffer, 's', CHUNK);
  double begun = now();
  int fd = dial(port);
  for (uint64_t left = bytes; left;) {
    size_t n = left < CHUNK ? left : CHUNK;
    write_all(fd, buffer, n);
    left -= n;
  }
  shutdown(fd, SHUT_WR);
  uint64_t count;
  read_all(fd, (char *)&count, 8);
  if (count != bytes) { fprintf(stderr, "%lu bytes arrived, not %lu\n", count, bytes); exit(1); }
  printf("%.6f\n", now() - begun);
}

static int by_value(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return d < 0 ? -1 : d > 0;
}

static void ping(int port, int count, int size) {
  double *times = malloc(count * sizeof *times);
  int fd = dial(port);
  memset(buffer, 'e', size);
  for (int i = -200; i < count; i++) { /* the first 200 warm up */
    double begun = now();
    write_all(fd, buffer, size);
    read_all(fd, buffer, size);
    if (i >= 0) times[i] = (now() - begun) * 1e6;
  }
  qsort(times, count, sizeof *times, by_value);
  printf("%.1f %.1f\n", times[count / 2], times[count - 1 - count / 100]);
}

static int rate_port;
static double rate_end;

static void *rate_client(void *unused) {
  long done = 0;
  struct linger none = {1, 0}; /* RST on close: no TIME_WAIT eats the ports */
  char byte = 'e';
  (void)unused;
  while (now() < rate_end) {
    int fd = dial(rate_port);
    write_all(fd, "e", 1);
    read_all(fd, &byte, 1);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(fd);
    done++;
  }
  return (void *)done;
}

static void rate(int port, double seconds, int clients) {
  pthread_t threads[256];
  long total = 0;
  rate_port = port;
  double begun = now();
  rate_end = begun + seconds;
  for (int i = 0; i < clients; i++) pthread_create(&threads[i], NULL, rate_client, NULL);
  for (int i = 0; i < clients; i++) {
    void *done;
    pthread_join(threads[i], &done);
    total += (long)done;
  }
  printf("%.1f %ld\n", total / (now() - begun), total);
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[1], "serve")) serve();
  else if (argc == 4 && !strcmp(argv[1], "bulk")) bulk(atoi(argv[2]), strtoull(argv[3], 0, 10));
  else if (argc == 5 && !strcmp(argv[1], "ping")) ping(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
  else if (argc == 5 && !strcmp(argv[1], "rate")) rate(atoi(argv[2]), atof(argv[3]), atoi(argv[4]));
  else { fprintf(stderr, "usage: see the first lines of load.c\n"); return 2; }
  return 0;
}
