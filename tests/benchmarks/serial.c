/* Serial load: a pseudo-terminal as the device of a relay between TCP and a serial port.
 *
 *   serial line    makes the line and prints the name of the device to open; then does what it reads:
 *                      dial PORT       connects to the relay; prints "there"
 *                      ping SECONDS    single bytes there and back; prints p50 and p99 in microseconds
 *                      bulk BYTES      so much each way; prints MiB/s in (from the line) and out (to it)
 *
 * This process is both ends, so that no third one has to wake up for a byte.
 */
#include "load.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>

static int line_fd;
static uint64_t bytes;
static unsigned char buffer[CHUNK];

static void wait_for(int fd, short what) {
  struct pollfd p = {fd, what, 0};
  if (poll(&p, 1, PATIENCE * 1000) != 1) fail("nothing moves on the line");
}

static ssize_t read_line(void *to, size_t size) {
  wait_for(line_fd, POLLIN);
  ssize_t n = read(line_fd, to, size);
  if (n <= 0) die("read from the line");
  return n;
}

static void write_line(const void *data, size_t size) {
  for (const char *at = data; size;) {
    ssize_t n = write(line_fd, at, size);
    if (n < 0 && errno != EAGAIN) die("write to the line");
    if (n < 0) { wait_for(line_fd, POLLOUT); continue; }
    at += n; size -= n;
  }
}

static void ping(int fd, double seconds) {
  long count = -50, room = 1 << 20; /* the first 50 warm up */
  double *times = malloc(room * sizeof *times), begun, end = now() + seconds;
  char byte, back;
  while (count < 100 || (now() < end && count < room)) {
    begun = now();
    byte = count;
    write_all(fd, &byte, 1);
    read_line(&back, 1);
    write_line(&back, 1);
    read_all(fd, &back, 1);
    if (back != byte) fail("not the byte that was sent came back");
    if (count >= 0) times[count] = (now() - begun) * 1e6;
    count++;
  }
  print_times(times, count);
  free(times);
}

static void *feed_line(void *unused) {
  for (uint64_t sent = 0; sent < bytes;) {
    size_t n = bytes - sent < CHUNK ? bytes - sent : CHUNK;
    write_line(bytes_at(sent), n);
    sent += n;
  }
  return unused;
}

static void *feed_socket(void *fd) {
  for (uint64_t sent = 0; sent < bytes;) {
    size_t n = bytes - sent < CHUNK ? bytes - sent : CHUNK;
    write_all(*(int *)fd, bytes_at(sent), n);
    sent += n;
  }
  return NULL;
}

static void measure_way(int fd, int in) {
  pthread_t feeder;
  double begun = now();
  pthread_create(&feeder, NULL, in ? feed_line : feed_socket, &fd);
  for (uint64_t got = 0; got < bytes;) {
    ssize_t n = in ? recv(fd, buffer, CHUNK, 0) : read_line(buffer, CHUNK);
    if (n <= 0) fail("the connection ended early");
    if (!is_right(buffer, n, got)) fail("not the bytes that were sent arrived");
    got += n;
  }
  pthread_join(feeder, NULL);
  printf("%.2f ", bytes / (now() - begun) / (1 << 20));
}

int main(int argc, char **argv) {
  int near_fd, fd = -1;
  char verb[8];
  double value;
  struct termios raw;
  if (argc != 2 || strcmp(argv[1], "line")) {
    fprintf(stderr, "usage: see the first lines of serial.c\n");
    return 2;
  }
  prepare();
  cfmakeraw(memset(&raw, 0, sizeof raw));
  raw.c_cflag |= CREAD | CLOCAL;
  cfsetspeed(&raw, B115200);
  /* The near end stays open here too, so that the line lives while nobody else has it open. */
  if (openpty(&line_fd, &near_fd, NULL, &raw, NULL)) die("openpty");
  fcntl(line_fd, F_SETFL, O_NONBLOCK);
  printf("%s\n", ptsname(line_fd));
  fflush(stdout);
  while (scanf("%7s %lf", verb, &value) == 2) {
    if (!strcmp(verb, "dial")) { fd = dial(value); printf("there\n"); }
    if (!strcmp(verb, "ping")) ping(fd, value);
    if (!strcmp(verb, "bulk")) {
      bytes = value;
      measure_way(fd, 1);
      measure_way(fd, 0);
      printf("\n");
    }
    fflush(stdout);
  }
  return 0;
}
