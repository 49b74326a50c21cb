/*
 * A member of a closed process group of Corosync (CPG), whose total order is Totem's (Amir, Moser,
 * Melliar-Smith, Agarwal and Ciarfella 1995): whoever has the token of the ring multicasts. Corosync holds a
 * sender back itself: CS_ERR_TRY_AGAIN.
 */
#include "../member.h"
#include <corosync/cpg.h>

#define BURST 32
#define ATTEMPTS 300

static uint32_t seen;
static const struct cpg_name GROUP = {.length = 5, .value = "bench"};

static void on_delivery(cpg_handle_t handle, const struct cpg_name *group, uint32_t node, uint32_t pid,
                        void *message, size_t bytes) {
  /* One call of cpg_dispatch may deliver for as long as there is something. */
  read_clock();
  note_delivery(message);
}

static void on_members(cpg_handle_t handle, const struct cpg_name *group,
                       const struct cpg_address *list, size_t count, const struct cpg_address *left,
                       size_t left_count, const struct cpg_address *joined, size_t joined_count) {
  seen = count;
}

/* Waits a tenth of a second for the daemon, unless the bench has ended meanwhile. */
static void wait_for_daemon(void) {
  end_with_bench();
  usleep(100000);
}

static cpg_handle_t join(void) {
  cpg_callbacks_t callbacks = {.cpg_deliver_fn = on_delivery, .cpg_confchg_fn = on_members};
  cpg_handle_t handle;
  cs_error_t answer = CS_ERR_TRY_AGAIN;
  /* The daemon beside this member may be starting still. */
  for (int attempt = 0; attempt < ATTEMPTS && answer != CS_OK; attempt += 1) {
    answer = cpg_initialize(&handle, &callbacks);
    if (answer != CS_OK) wait_for_daemon();
  }
  if (answer != CS_OK) fail("no Corosync answers");
  answer = CS_ERR_TRY_AGAIN;
  for (int attempt = 0; attempt < ATTEMPTS && answer != CS_OK; attempt += 1) {
    answer = cpg_join(handle, &GROUP);
    if (answer != CS_OK) wait_for_daemon();
  }
  if (answer != CS_OK) fail("Corosync lets nobody join");
  return handle;
}

/* Takes what has come. A daemon that has ended answers by an error, for ever. */
static void dispatch(cpg_handle_t handle) {
  if (cpg_dispatch(handle, CS_DISPATCH_ALL) != CS_OK) fail("Corosync has ended");
}

/* Sleeps until the daemon has something, a millisecond at most: its room for multicasts wakes nobody. */
static void wait_for_delivery(int from) {
  struct pollfd daemon = {from, POLLIN, 0};
  poll(&daemon, 1, 1);
}

int main(int count, char **values) {
  int from;
  read_arguments(count, values);
  cpg_handle_t handle = join();
  if (cpg_fd_get(handle, &from) != CS_OK) fail("Corosync has nothing to wait for");
  say("up");
  while (seen < members) {
    end_with_bench();
    dispatch(handle);
    wait_for_delivery(from);
  }
  say("ready");
  start();
  char *message = calloc(1, payload_bytes);
  struct iovec part = {.iov_base = message, .iov_len = payload_bytes};
  for (uint32_t multicasts = 0; !is_over();) {
    cs_error_t answer = CS_OK;
    read_clock();
    for (int burst = 0; burst < BURST && multicasts < messages && answer == CS_OK; burst += 1) {
      write_message(message, multicasts);
      answer = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1);
      if (answer == CS_OK) multicasts += 1;
      else if (answer != CS_ERR_TRY_AGAIN) fail("Corosync takes no multicast");
    }
    dispatch(handle);
    if (answer != CS_OK || multicasts == messages) wait_for_delivery(from);
  }
  tell_figures();
  wait_for_end();
  cpg_finalize(handle);
  return 0;
}
