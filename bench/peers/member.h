/*
 * What the C members of this bench have in common: one member multicasts its messages, notes what it
 * delivers in which order, and says so in one line of JSON that bench/peers/spoken-members.ts reads.
 *
 * Arguments of every member: `self members messages payloadBytes secondsMax`, then its own. It prints
 * "up" once it takes part, "ready" once it sees all the others, waits for a line on standard input,
 * runs, prints its figures, and ends with its standard input.
 *
 * A message begins with its sender and its number among that sender's, each a u32 of this machine.
 */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint32_t self, members, messages, payload_bytes;
static double seconds_max;
/* When each own message was multicast; then how long its delivery took. In seconds. */
static double *own;
static uint32_t own_delivered;
static uint64_t deliveries, order_hash = 0xcbf29ce484222325u;
static double started_at, last_delivery_at;
/* What the clock said last: a member reads it once for what it sends or takes together. */
static double read_at;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void read_clock(void) { read_at = now(); }

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static void say(const char *word) {
  puts(word);
  fflush(stdout);
}

static void read_arguments(int count, char **values) {
  if (count < 6) fail("arguments: self members messages payloadBytes secondsMax");
  self = atoi(values[1]);
  members = atoi(values[2]);
  messages = atoi(values[3]);
  payload_bytes = atoi(values[4]);
  seconds_max = atof(values[5]);
  own = calloc(messages, sizeof *own);
}

static void start(void) {
  char line[16];
  if (fgets(line, sizeof line, stdin) == NULL) exit(1);
  started_at = last_delivery_at = now();
}

/* Ends this member when the bench has: until it says something, its end is all that it can be heard by. */
static inline void end_with_bench(void) {
  struct pollfd bench = {0, 0, 0};
  if (poll(&bench, 1, 0) > 0 && bench.revents & (POLLHUP | POLLERR)) exit(1);
}

static int is_over(void) {
  return deliveries == (uint64_t)members * messages || now() - started_at > seconds_max;
}

/* Writes the message `number` of this member, which is multicast when the clock was read last. */
static void write_message(char *into, uint32_t number) {
  memcpy(into, &self, 4);
  memcpy(into + 4, &number, 4);
  memset(into + 8, 'x', payload_bytes - 8);
  own[number] = read_at;
}

/* A delivery when the clock was read last. */
static void note_delivery(const char *message) {
  uint32_t sender, number;
  memcpy(&sender, message, 4);
  memcpy(&number, message + 4, 4);
  /* FNV-1a, a whole message at a step: equal for equal orders. */
  order_hash = (order_hash ^ ((uint64_t)sender * messages + number)) * 0x100000001b3u;
  deliveries += 1;
  last_delivery_at = read_at;
  if (sender != self || number >= messages) return;
  own[number] = last_delivery_at - own[number];
  own_delivered += 1;
}

static int by_size(const void *one, const void *other) {
  double difference = *(const double *)one - *(const double *)other;
  return (difference > 0) - (difference < 0);
}

/* Own messages are delivered in the order in which they were sent: the first `own_delivered` of them. */
static const char *own_ms(double share, char *text) {
  if (own_delivered == 0) return "null";
  sprintf(text, "%.3f", 1000 * own[(uint32_t)(share * (own_delivered - 1))]);
  return text;
}

static void tell_figures(void) {
  double seconds = last_delivery_at - started_at;
  char middle[32], most[32];
  qsort(own, own_delivered, sizeof *own, by_size);
  printf("{\"deliveries\":%lu,\"perSecond\":%.1f,\"orderHash\":\"%016lx\","
         "\"ownP50Ms\":%s,\"ownP99Ms\":%s}\n",
         (unsigned long)deliveries, seconds > 0 ? deliveries / seconds : 0,
         (unsigned long)order_hash, own_ms(0.5, middle), own_ms(0.99, most));
  fflush(stdout);
}

/* Goes on until it is told to end: the others may not have delivered everything yet. */
static void wait_for_end(void) {
  while (getchar() != EOF) continue;
}
