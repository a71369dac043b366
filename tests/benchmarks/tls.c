/* TLS 1.3 load towards a relay whose far end is `tcp serve`.
 *
 *   tls bulk PORT BYTES           as `tcp bulk`, in TLS
 *   tls rate PORT SECONDS CLIENTS as `tcp rate`, each time with a full handshake
 *
 * One cipher and one group for all, so that all relays do the same work. The certificate is not
 * verified: whom one talks to is not what is measured.
 */
#include "load.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

static SSL_CTX *context;

static __attribute__((noreturn)) void die_of_tls(const char *what) {
  fprintf(stderr, "%s: ", what);
  ERR_print_errors_fp(stderr);
  fputs(ERR_peek_last_error() ? "" : "the connection ended early\n", stderr);
  exit(1);
}

static void dial_tls(SSL *ssl, int port) {
  SSL_set_fd(ssl, dial(port));
  if (SSL_connect(ssl) != 1) die_of_tls("handshake");
  if (SSL_session_reused(ssl)) fail("not a full handshake");
}

static void write_tls(SSL *ssl, const void *data, size_t size) {
  size_t n;
  if (!SSL_write_ex(ssl, data, size, &n) || n != size) die_of_tls("write");
}

static void read_tls(SSL *ssl, void *data, size_t size) {
  size_t n;
  for (char *at = data; size; at += n, size -= n)
    if (!SSL_read_ex(ssl, at, size, &n)) die_of_tls("read");
}

static void bulk(int port, uint64_t bytes) {
  unsigned char header[16] = {'s'};
  uint64_t good, sent = 0;
  memcpy(header + 8, &bytes, 8);
  SSL *ssl = SSL_new(context);
  dial_tls(ssl, port);
  double begun = now();
  write_tls(ssl, header, sizeof header);
  while (sent < bytes) {
    size_t n = bytes - sent < CHUNK ? bytes - sent : CHUNK;
    write_tls(ssl, bytes_at(sent), n);
    sent += n;
  }
  read_tls(ssl, &good, 8);
  if (good != bytes) fail("not all bytes arrived");
  printf("%.6f\n", now() - begun);
}

static void *rate_client(void *unused) {
  long done = 0;
  char byte;
  (void)unused;
  SSL *ssl = SSL_new(context); /* one for all: making it costs as much as the handshake */
  while (now() < rate_end) {
    dial_tls(ssl, rate_port);
    int fd = SSL_get_fd(ssl);
    write_tls(ssl, "e", 1);
    read_tls(ssl, &byte, 1);
    if (byte != 'e') fail("not what was sent came back");
    SSL_shutdown(ssl);
    shutdown(fd, SHUT_WR);
    while (recv(fd, &byte, 1, 0) > 0) {} /* close_notify; some peers answer ours with a reset */
    SSL_clear(ssl);
    SSL_set_session(ssl, NULL);
    close(fd);
    done++;
  }
  return (void *)done;
}

int main(int argc, char **argv) {
  prepare();
  context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384");
  SSL_CTX_set1_groups_list(context, "P-256"); /* socat 1.7 knows no other */
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  if (argc == 4 && !strcmp(argv[1], "bulk")) bulk(atoi(argv[2]), strtoull(argv[3], 0, 10));
  else if (argc == 5 && !strcmp(argv[1], "rate"))
    print_rate(rate_client, atoi(argv[2]), atof(argv[3]), atoi(argv[4]));
  else { fprintf(stderr, "usage: see the first lines of tls.c\n"); return 2; }
  return 0;
}
