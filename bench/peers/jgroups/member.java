import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
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
 * Arguments and words as in bench/peers/member.h; a message begins with its sender and its number.
 */
class Member extends ReceiverAdapter {
  final int self, members, messages, payloadBytes;
  final double secondsMax;
  final CountDownLatch all = new CountDownLatch(1), over = new CountDownLatch(1);
  /** When each own message was multicast; then how long its delivery took. In nanoseconds. */
  final long[] own;
  int ownDelivered;
  long deliveries, orderHash = 0xcbf29ce484222325L, lastDeliveryAt;

  Member(String[] values) {
    self = Integer.parseInt(values[0]);
    members = Integer.parseInt(values[1]);
    messages = Integer.parseInt(values[2]);
    payloadBytes = Integer.parseInt(values[3]);
    secondsMax = Double.parseDouble(values[4]);
    own = new long[messages];
  }

  @Override
  public void viewAccepted(View view) {
    if (view.size() == members) all.countDown();
  }

  @Override
  public synchronized void receive(Message message) {
    ByteBuffer content = ByteBuffer.wrap(message.getRawBuffer(), message.getOffset(), message.getLength());
    int sender = content.getInt(), number = content.getInt();
    orderHash = (orderHash ^ ((long) sender * messages + number)) * 0x100000001b3L;
    deliveries += 1;
    lastDeliveryAt = System.nanoTime();
    if (sender == self) {
      own[number] = lastDeliveryAt - own[number];
      ownDelivered += 1;
    }
    if (deliveries == (long) members * messages) over.countDown();
  }

  void multicastAll(JChannel channel) {
    try {
      for (int number = 0; number < messages; number += 1) {
        byte[] content = new byte[payloadBytes];
        ByteBuffer.wrap(content).putInt(self).putInt(number);
        own[number] = System.nanoTime();
        channel.send(new Message(null, null, content));
      }
    } catch (Exception error) {
      System.err.println(error);
    }
  }

  synchronized String figures(long startedAt) {
    long[] delivered = Arrays.copyOf(own, ownDelivered);
    Arrays.sort(delivered);
    return String.format(
        "{\"deliveries\":%d,\"perSecond\":%.1f,\"orderHash\":\"%016x\","
            + "\"ownP50Ms\":%.3f,\"ownP99Ms\":%.3f}",
        deliveries, deliveries / ((lastDeliveryAt - startedAt) / 1e9), orderHash,
        ms(delivered, 0.5), ms(delivered, 0.99));
  }

  static double ms(long[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))] / 1e6;
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
    JChannel channel = new JChannel(XmlConfigurator.getInstance(stack()));
    channel.setReceiver(member);
    channel.connect("bench");
    System.out.println("up");
    member.all.await();
    System.out.println("ready");
    if (System.in.read() < 0) Runtime.getRuntime().halt(1);
    long startedAt = System.nanoTime();
    Thread sender = new Thread(() -> member.multicastAll(channel));
    sender.setDaemon(true);
    sender.start();
    member.over.await((long) (1_000 * member.secondsMax), TimeUnit.MILLISECONDS);
    System.out.println(member.figures(startedAt));
    while (System.in.read() >= 0) continue;
    Runtime.getRuntime().halt(0);
  }
}
