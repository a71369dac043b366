/* UDP load: datagrams of 64 bytes, echoed by the far end and checked.
 *
 *   udp serve    echoes datagrams of 64 bytes on a free port of 127.0.0.1, which it prints
 *   udp flood PORT SECONDS CLIENTS WINDOW
 *       CLIENTS sockets keep WINDOW datagrams on their way, all together but at least one each; prints
 *       datagrams a second (there and back again is one) and how many were lost (or
 *       came to the wrong client, or damaged)
 */
#include "load.h"

#include <netinet/udp.h>
#include <stddef.h>
#include <sys/epoll.h>

enum { SIZE = 64, BATCH = 64, SILENCE_MS = 300, BUFFER = 4 << 20 };

static unsigned char data[BATCH][SIZE];
static struct iovec parts[BATCH];
static struct sockaddr_in names[BATCH];
static struct mmsghdr messages[BATCH];

static int open_socket(void) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), buffer = BUFFER;
  if (fd < 0) die("socket");
  /* What is lost shall be lost by the relay. */
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){data[i], SIZE};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  return fd;
}

/* Send some datagrams that stand side by side, in one call: the kernel takes them apart for those who
 * receive them (udp(7), UDP_SEGMENT). Else sending would cost the tools as much as it costs the relay.
 * Returns how many went. */
static int send_together(int fd, int first, int count, struct sockaddr_in *to) {
  union { char bytes[CMSG_SPACE(sizeof(uint16_t))]; struct cmsghdr aligned; } control = {0};
  struct iovec part = {data[first], (size_t)count * SIZE};
  struct msghdr message = {
    .msg_name = to, .msg_namelen = to ? sizeof *to : 0, .msg_iov = &part, .msg_iovlen = 1,
    .msg_control = control.bytes, .msg_controllen = sizeof control.bytes,
  };
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  uint16_t size = SIZE;
  header->cmsg_level = SOL_UDP;
  header->cmsg_type = UDP_SEGMENT;
  header->cmsg_len = CMSG_LEN(sizeof size);
  memcpy(CMSG_DATA(header), &size, sizeof size);
  if (sendmsg(fd, &message, 0) >= 0) return count;
  if (errno != EAGAIN && errno != ECONNREFUSED) die("send");
  return 0;
}

static void wait_for(int poll, struct epoll_event *seen) {
  while (epoll_wait(poll, seen, 1, -1) < 0) if (errno != EINTR) die("epoll_wait");
}

static void serve(void) {
  int fd = open_socket(), poll = epoll_create1(0);
  struct epoll_event e = {.events = EPOLLIN};
  epoll_ctl(poll, EPOLL_CTL_ADD, fd, &e);
  bind_anywhere(fd);
  tell_port(fd);
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      messages[i].msg_hdr.msg_name = &names[i];
      messages[i].msg_hdr.msg_namelen = sizeof names[i];
    }
    int n = recvmmsg(fd, messages, BATCH, 0, NULL);
    if (n < 0) { wait_for(poll, &e); continue; } /* a peer that is gone is an error here, and no matter */
    for (int first = 0, next; first < n; first = next) {
      for (next = first + 1; next < n && !memcmp(&names[first], &names[next], sizeof *names);) next++;
      send_together(fd, first, next - first, &names[first]);
    }
  }
}

static struct client { int fd; uint64_t sent, received; int on_their_way; } clients[MAX_CLIENTS];

/* A datagram says who sent it and which it is; the rest follows from that. */
static void write_datagram(unsigned char *at, uint64_t who, uint64_t which) {
  memcpy(at, &who, 8);
  memcpy(at + 8, &which, 8);
  memcpy(at + 16, bytes_at(who * 7919 + which), SIZE - 16);
}

static void send_some(int who, int count) {
  struct client *c = &clients[who];
  for (int i = 0; i < count; i++) write_datagram(data[i], who, c->sent + i);
  int n = send_together(c->fd, 0, count, NULL);
  c->sent += n;
  c->on_their_way += n;
}

static int receive_some(int who) {
  struct client *c = &clients[who];
  unsigned char right[SIZE];
  uint64_t which;
  int n = recvmmsg(c->fd, messages, BATCH, 0, NULL);
  for (int i = 0; i < n; i++) {
    memcpy(&which, data[i] + 8, 8);
    write_datagram(right, who, which);
    /* What was somebody else's, or is damaged, is missing where it should be. */
    c->received += messages[i].msg_len == SIZE && which < c->sent && !memcmp(right, data[i], SIZE);
  }
  if (n <= 0) return 0;
  c->on_their_way = c->on_their_way > n ? c->on_their_way - n : 0;
  return n;
}

/* One datagram there and back before the clock runs: meeting a new peer is not what is measured. */
static void introduce(int poll, int who) {
  struct epoll_event seen;
  for (int tries = 0; tries < 5 && !clients[who].received; tries++) {
    send_some(who, 1);
    if (epoll_wait(poll, &seen, 1, SILENCE_MS) == 1) receive_some(who);
  }
  if (!clients[who].received) fail("nothing came back");
  memset(&clients[who].sent, 0, sizeof clients[who] - offsetof(struct client, sent));
}

static void flood(int port, double seconds, int count, int window) {
  struct epoll_event seen[MAX_CLIENTS];
  struct sockaddr_in a = loopback(port);
  int poll = epoll_create1(0), each = window / count ? window / count : 1;
  uint64_t sent = 0, received = 0;
  if (count > MAX_CLIENTS || each > BATCH) fail("too many clients, or too large a window");
  for (int i = 0; i < count; i++) {
    clients[i].fd = open_socket();
    if (connect(clients[i].fd, (struct sockaddr *)&a, sizeof a)) die("connect");
    struct epoll_event e = {.events = EPOLLIN, .data.fd = i};
    epoll_ctl(poll, EPOLL_CTL_ADD, clients[i].fd, &e);
    introduce(poll, i);
  }
  double begun = now(), end = begun + seconds, last = begun;
  for (int i = 0; i < count; i++) send_some(i, each);
  for (;;) {
    int n = epoll_wait(poll, seen, MAX_CLIENTS, SILENCE_MS), more = now() < end;
    if (n <= 0 && !more) break;
    if (n <= 0) { /* all that was on its way is lost */
      for (int i = 0; i < count; i++) { clients[i].on_their_way = 0; send_some(i, each); }
      continue;
    }
    for (int i = 0; i < n; i++) {
      int who = seen[i].data.fd;
      if (receive_some(who)) last = now();
      int room = each - clients[who].on_their_way;
      if (more && room > 0) send_some(who, room);
    }
  }
  for (int i = 0; i < count; i++) { sent += clients[i].sent; received += clients[i].received; }
  if (!received) fail("nothing came back");
  printf("%.1f %ld\n", received / (last - begun), (long)(sent - received));
}

int main(int argc, char **argv) {
  prepare();
  if (argc == 2 && !strcmp(argv[1], "serve")) serve();
  else if (argc == 6 && !strcmp(argv[1], "flood"))
    flood(atoi(argv[2]), atof(argv[3]), atoi(argv[4]), atoi(argv[5]));
  else { fprintf(stderr, "usage: see the first lines of udp.c\n"); return 2; }
  return 0;
}
