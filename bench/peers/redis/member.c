/*
 * A member that multicasts by Redis' publish/subscribe: the server is a central sequencer, whose one
 * thread passes on all publications in one order. Speaks RESP2 over plain sockets, two connections: one
 * subscribes, one publishes and asks for no replies. Redis holds no publisher back, so a member has at
 * most WINDOW own publications that it has not been passed.
 *
 * Own arguments: `port packed`; a publication holds `packed` messages of the application.
 */
#include "../member.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define WINDOW 1024
#define BUFFER_BYTES (1 << 20)

static char arrived[BUFFER_BYTES], leaving[BUFFER_BYTES / 4], before[64], after[64];
static int arrived_bytes, leaving_bytes, left_bytes, content_bytes, before_bytes, after_bytes;
static uint32_t multicasts, packed;

static int connect_to(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  int one = 1, to = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(to, (struct sockaddr *)&address, sizeof address) != 0) fail("Redis does not answer");
  setsockopt(to, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return to;
}

static void ask(int to, const char *command) {
  if (write(to, command, strlen(command)) < 0) fail("Redis closed the connection");
}

/* Waits until Redis has said `word`. */
static void read_until(int from, const char *word) {
  static char text[4096];
  int bytes = 0;
  while (strstr(text, word) == NULL) {
    int more = read(from, text + bytes, sizeof text - 1 - bytes);
    if (more <= 0) fail("Redis accepts no subscription");
    bytes += more;
  }
}

/* Fills the buffer with publications, as far as the window allows. */
static void publish(void) {
  leaving_bytes = left_bytes = 0;
  read_clock();
  while (multicasts < messages && multicasts - own_delivered < WINDOW * packed &&
         leaving_bytes + before_bytes + content_bytes + 2 <= (int)sizeof leaving) {
    memcpy(leaving + leaving_bytes, before, before_bytes);
    leaving_bytes += before_bytes;
    for (uint32_t each = 0; each < packed; each += 1) {
      write_message(leaving + leaving_bytes, multicasts++);
      leaving_bytes += payload_bytes;
    }
    memcpy(leaving + leaving_bytes, "\r\n", 2);
    leaving_bytes += 2;
  }
}

/* Delivers what has come whole, and moves the rest to the front. */
static void deliver(void) {
  int at = 0, whole = after_bytes + content_bytes + 2;
  read_clock();
  for (; arrived_bytes - at >= whole; at += whole) {
    if (memcmp(arrived + at, after, after_bytes) != 0) fail("Redis passed on something else");
    for (uint32_t each = 0; each < packed; each += 1)
      note_delivery(arrived + at + after_bytes + each * payload_bytes);
  }
  memmove(arrived, arrived + at, arrived_bytes - at);
  arrived_bytes -= at;
}

int main(int count, char **values) {
  read_arguments(count, values);
  if (count < 8) fail("own arguments: port packed");
  packed = atoi(values[7]);
  content_bytes = packed * payload_bytes;
  before_bytes = sprintf(before, "*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$%d\r\n", content_bytes);
  after_bytes = sprintf(after, "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$%d\r\n", content_bytes);

  int from = connect_to(atoi(values[6])), to = connect_to(atoi(values[6]));
  ask(from, "SUBSCRIBE c\r\n");
  read_until(from, "subscribe");
  say("up");
  say("ready");
  start();
  ask(to, "CLIENT REPLY OFF\r\n");
  fcntl(from, F_SETFL, O_NONBLOCK);
  fcntl(to, F_SETFL, O_NONBLOCK);
  while (!is_over()) {
    if (left_bytes == leaving_bytes) publish();
    if (left_bytes < leaving_bytes) {
      int bytes = write(to, leaving + left_bytes, leaving_bytes - left_bytes);
      if (bytes > 0) left_bytes += bytes;
    }
    int bytes = read(from, arrived + arrived_bytes, sizeof arrived - arrived_bytes);
    if (bytes > 0) {
      arrived_bytes += bytes;
      deliver();
    } else if (bytes == 0 || errno != EAGAIN) {
      fail("Redis closed the connection");
    } else {
      struct pollfd sockets[] = {{from, POLLIN, 0}, {to, POLLOUT, 0}};
      poll(sockets, left_bytes < leaving_bytes ? 2 : 1, 100);
    }
  }
  tell_figures();
  wait_for_end();
  return 0;
}
