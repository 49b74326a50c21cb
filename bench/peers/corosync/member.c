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
  note_delivery(message);
}

static void on_members(cpg_handle_t handle, const struct cpg_name *group,
                       const struct cpg_address *list, size_t count, const struct cpg_address *left,
                       size_t left_count, const struct cpg_address *joined, size_t joined_count) {
  seen = count;
}

static cpg_handle_t join(void) {
  cpg_callbacks_t callbacks = {.cpg_deliver_fn = on_delivery, .cpg_confchg_fn = on_members};
  cpg_handle_t handle;
  cs_error_t answer = CS_ERR_TRY_AGAIN;
  /* The daemon beside this member may be starting still. */
  for (int attempt = 0; attempt < ATTEMPTS && answer != CS_OK; attempt += 1) {
    answer = cpg_initialize(&handle, &callbacks);
    if (answer != CS_OK) usleep(100000);
  }
  if (answer != CS_OK) fail("no Corosync answers");
  answer = CS_ERR_TRY_AGAIN;
  for (int attempt = 0; attempt < ATTEMPTS && answer != CS_OK; attempt += 1) {
    answer = cpg_join(handle, &GROUP);
    if (answer != CS_OK) usleep(100000);
  }
  if (answer != CS_OK) fail("Corosync lets nobody join");
  return handle;
}

int main(int count, char **values) {
  read_arguments(count, values);
  cpg_handle_t handle = join();
  say("up");
  while (seen < members) {
    cpg_dispatch(handle, CS_DISPATCH_ALL);
    usleep(1000);
  }
  say("ready");
  start();
  char *message = calloc(1, payload_bytes);
  struct iovec part = {.iov_base = message, .iov_len = payload_bytes};
  for (uint32_t multicasts = 0; !is_over();) {
    cs_error_t answer = CS_OK;
    for (int burst = 0; burst < BURST && multicasts < messages && answer == CS_OK; burst += 1) {
      write_message(message, multicasts);
      answer = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1);
      if (answer == CS_OK) multicasts += 1;
    }
    cpg_dispatch(handle, CS_DISPATCH_ALL);
    if (answer != CS_OK || multicasts == messages) usleep(20);
  }
  tell_figures();
  wait_for_end();
  cpg_finalize(handle);
  return 0;
}
