import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ReceiverAdapter;
import org.jgroups.View;
import org.jgroups.conf.XmlConfigurator;

/**
 * A member of a JGroups channel with a total order: its first member multicasts everything. The stack is
 * the "udp.xml" of its jar with SEQUENCER on top, which is twice as fast as the jar's "sequencer.xml",
 * where flow control comes after the order. Its flow control holds a sender back by itself.
 *
 * Arguments and words as in bench/peers/member.h; a message begins with its sender and its number. Its own
 * argument is how many messages it multicasts in a run before the one that counts: Java compiles in the meantime
 * what a member does. It says "ready" again after that, and waits for another line.
 */
class Member extends ReceiverAdapter {
  /** Beyond this nobody waits for a member that does not see the others. */
  static final int READY_SECONDS_MAX = 40;
  /** For the run that warms up at least, since what is not compiled yet is slow. */
  static final int WARM_UP_SECONDS = 30;

  final int self, members, payloadBytes;
  final double secondsMax;
  final CountDownLatch all = new CountDownLatch(1);
  /** The run that warms up, and the one that counts: what comes late of the first is none of the second's. */
  final Run[] runs;
  /** A permit for each line that the bench said. */
  final Semaphore starts = new Semaphore(0);

  /** One run of all members, with messages numbered from `first` on. */
  class Run {
    final int first, messages;
    final CountDownLatch over = new CountDownLatch(1);
    /** When each own message was multicast; then how long its delivery took. In nanoseconds. */
    final long[] own;
    int ownDelivered;
    long deliveries, orderHash = 0xcbf29ce484222325L, startedAt, lastDeliveryAt;
    volatile boolean hasEnded;

    Run(int first, int messages) {
      this.first = first;
      this.messages = messages;
      own = new long[messages];
    }

    void deliver(int sender, int number, long at) {
      orderHash = (orderHash ^ ((long) sender * messages + number)) * 0x100000001b3L;
      deliveries += 1;
      lastDeliveryAt = at;
      if (sender == self) {
        own[number] = at - own[number];
        ownDelivered += 1;
      }
      if (deliveries == (long) members * messages) over.countDown();
    }

    void multicastAll(JChannel channel) {
      try {
        for (int number = 0; number < messages && !hasEnded; number += 1) {
          byte[] content = new byte[payloadBytes];
          ByteBuffer.wrap(content).putInt(self).putInt(first + number);
          own[number] = System.nanoTime();
          channel.send(new Message(null, null, content));
        }
      } catch (Exception error) {
        System.err.println(error);
      }
    }

    /** Says that it is ready, and multicasts when it is told to, until all is delivered or its time is over. */
    void go(JChannel channel, double secondsMax) throws InterruptedException {
      say("ready");
      starts.acquire();
      startedAt = System.nanoTime();
      Thread sender = new Thread(() -> multicastAll(channel));
      sender.setDaemon(true);
      sender.start();
      over.await((long) (1_000 * secondsMax), TimeUnit.MILLISECONDS);
      hasEnded = true;
    }

    String figures() {
      synchronized (Member.this) {
        long[] delivered = Arrays.copyOf(own, ownDelivered);
        Arrays.sort(delivered);
        double seconds = (lastDeliveryAt - startedAt) / 1e9;
        return String.format(
            "{\"deliveries\":%d,\"perSecond\":%.1f,\"orderHash\":\"%016x\","
                + "\"ownP50Ms\":%s,\"ownP99Ms\":%s}",
            deliveries, deliveries == 0 ? 0 : deliveries / seconds, orderHash,
            ms(delivered, 0.5), ms(delivered, 0.99));
      }
    }
  }

  Member(String[] values) {
    self = Integer.parseInt(values[0]);
    members = Integer.parseInt(values[1]);
    int messages = Integer.parseInt(values[2]), warmUp = Integer.parseInt(values[5]);
    payloadBytes = Integer.parseInt(values[3]);
    secondsMax = Double.parseDouble(values[4]);
    runs = new Run[] {new Run(0, warmUp), new Run(warmUp, messages)};
  }

  @Override
  public void viewAccepted(View view) {
    if (view.size() == members) all.countDown();
  }

  @Override
  public synchronized void receive(Message message) {
    ByteBuffer content = ByteBuffer.wrap(message.getRawBuffer(), message.getOffset(), message.getLength());
    int sender = content.getInt(), number = content.getInt();
    Run run = runs[number < runs[1].first ? 0 : 1];
    run.deliver(sender, number - run.first, System.nanoTime());
  }

  static String ms(long[] sorted, double share) {
    if (sorted.length == 0) return "null";
    return String.format("%.3f", sorted[(int) (share * (sorted.length - 1))] / 1e6);
  }

  static void say(String word) {
    System.out.println(word);
    System.out.flush();
  }

  /** Hears what the bench says, and ends with it, in whatever state this member is. */
  void listen() {
    try {
      for (int read = System.in.read(); read >= 0; read = System.in.read()) {
        if (read == '\n') starts.release();
      }
    } catch (IOException error) {
      System.err.println(error);
    }
    Runtime.getRuntime().halt(0);
  }

  /** Its own stack for UDP, with the total order on top. */
  static InputStream stack() throws IOException {
    try (InputStream udp = JChannel.class.getResourceAsStream("/udp.xml")) {
      String text = new String(udp.readAllBytes(), StandardCharsets.UTF_8);
      String ordered = text.replace("</config>", "<SEQUENCER/></config>");
      return new ByteArrayInputStream(ordered.getBytes(StandardCharsets.UTF_8));
    }
  }

  public static void main(String[] values) throws Exception {
    Member member = new Member(values);
    new Thread(member::listen).start();
    JChannel channel = new JChannel(XmlConfigurator.getInstance(stack()));
    channel.setReceiver(member);
    channel.connect("bench");
    say("up");
    if (!member.all.await(READY_SECONDS_MAX, TimeUnit.SECONDS)) {
      System.err.println("it does not see all others");
      Runtime.getRuntime().halt(1);
    }
    member.runs[0].go(channel, Math.max(WARM_UP_SECONDS, member.secondsMax));
    member.runs[1].go(channel, member.secondsMax);
    say(member.runs[1].figures());
  }
}
