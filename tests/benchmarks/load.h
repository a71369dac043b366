/* What the load tools share: a clock, loopback sockets, and bytes whose place can be checked.
 *
 * Byte number N of a transfer is pattern[N % PERIOD]. PERIOD is prime, so that a piece that is lost,
 * doubled or exchanged shows wherever the relay cuts.
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SHARED static __attribute__((unused))

enum { CHUNK = 256 * 1024, PERIOD = 65521, PATIENCE = 20, MAX_CLIENTS = 256 };

static unsigned char pattern[PERIOD + CHUNK];

SHARED __attribute__((noreturn)) void die(const char *what) { perror(what); exit(1); }

SHARED __attribute__((noreturn)) void fail(const char *what) { fprintf(stderr, "%s\n", what); exit(1); }

SHARED double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

SHARED void prepare(void) {
  struct rlimit many;
  uint32_t x = 2463534242u;
  for (int i = 0; i < PERIOD; i++) { /* xorshift32: any noise does */
    x ^= x << 13; x ^= x >> 17; x ^= x << 5;
    pattern[i] = x >> 24;
  }
  for (int i = 0; i < CHUNK; i++) pattern[PERIOD + i] = pattern[i % PERIOD];
  getrlimit(RLIMIT_NOFILE, &many);
  many.rlim_cur = many.rlim_max;
  setrlimit(RLIMIT_NOFILE, &many);
}

/* Where the bytes from number `at` on stand; good for CHUNK of them. */
SHARED unsigned char *bytes_at(uint64_t at) { return pattern + at % PERIOD; }

SHARED int is_right(const void *data, size_t size, uint64_t at) {
  return !memcmp(data, bytes_at(at), size);
}

SHARED struct sockaddr_in loopback(int port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

SHARED void bind_anywhere(int fd) {
  struct sockaddr_in a = loopback(0);
  if (bind(fd, (struct sockaddr *)&a, sizeof a)) die("bind");
}

SHARED void tell_port(int fd) {
  struct sockaddr_in a;
  socklen_t size = sizeof a;
  getsockname(fd, (struct sockaddr *)&a, &size);
  printf("%d\n", ntohs(a.sin_port));
  fflush(stdout);
}

SHARED int dial(int port) {
  struct sockaddr_in a = loopback(port);
  struct timeval patience = {PATIENCE, 0};
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a)) die("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return fd;
}

SHARED void write_all(int fd, const void *data, size_t size) {
  for (const char *at = data; size;) {
    ssize_t n = send(fd, at, size, MSG_NOSIGNAL);
    if (n < 0) die("send");
    at += n; size -= n;
  }
}

SHARED void read_all(int fd, void *data, size_t size) {
  for (char *at = data; size;) {
    ssize_t n = recv(fd, at, size, 0);
    if (n < 0) die("recv");
    if (n == 0) fail("the connection ended early");
    at += n; size -= n;
  }
}

static int by_value(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return d < 0 ? -1 : d > 0;
}

/* Print p50 and p99 of some times in microseconds; sorts them. */
SHARED void print_times(double *times, long count) {
  qsort(times, count, sizeof *times, by_value);
  printf("%.1f %.1f\n", times[count / 2], times[count - 1 - count / 100]);
}

static int rate_port;
static double rate_end;

/* Let some clients connect again and again until `rate_end`; each returns how often it did. */
SHARED void print_rate(void *(*client)(void *), int port, double seconds, int clients) {
  pthread_t threads[MAX_CLIENTS];
  long total = 0;
  if (clients > MAX_CLIENTS) fail("too many clients");
  rate_port = port;
  double begun = now();
  rate_end = begun + seconds;
  for (int i = 0; i < clients; i++) pthread_create(&threads[i], NULL, client, NULL);
  for (int i = 0; i < clients; i++) {
    void *done;
    pthread_join(threads[i], &done);
    total += (long)done;
  }
  printf("%.1f %ld\n", total / (now() - begun), total);
}
