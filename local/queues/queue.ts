import { createHash, randomUUID } from 'node:crypto';

/** A stored message. Instants are epoch milliseconds of the cloud's clock. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
  /** No consumer receives the message before this instant. */
  readonly visibleAt: number;
  readonly receiveCount: number;
  /** Absent until the message is received for the first time. */
  readonly firstReceivedAt?: number;
}

export interface QueueRules {
  /** The delay of messages that are sent without one. */
  readonly delaySeconds: number;
  /** How long a received message stays hidden, unless it is deleted. */
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  /** Infinity means no limit. */
  readonly maxReceiveCount: number;
}

/** A standard queue, as of SQS. */
export interface Queue {
  readonly queueName: string;
  readonly url: string;
  readonly arn: string;
  readonly rules: QueueRules;
  /** All messages, hidden or not, oldest first. */
  messages(): Message[];
  /** @param delaySeconds the queue's own delay by default */
  send(body: string, delaySeconds?: number): Message;
  /**
   * Receives visible messages, and hides them until `settle`. A message that was received too often
   * moves to the dead-letter queue instead.
   * @param most the most messages to return
   */
  receive(most: number): Message[];
  /**
   * Ends a receipt. A message that is done is deleted. Any other becomes visible again when its
   * visibility timeout is over.
   */
  settle(messageId: string, done: boolean): void;
}

interface Options extends Pick<Queue, 'queueName' | 'url' | 'arn' | 'rules'> {
  /** Messages of an earlier run. */
  readonly kept: Message[];
  /** Stores all messages, after each change. */
  keep(messages: Message[]): void;
  /** Gets a message that was received too often. */
  redrive(message: Message): void;
  now(): number;
}

export function openQueue({ kept, keep, redrive, now, ...named }: Options): Queue {
  const { rules } = named;
  const messages = new Map(kept.map((message) => [message.messageId, message]));
  /**
   * Messages of running invocations. They are not received again, even if the clock is moved past
   * their visibility timeout: on AWS, the function would have timed out before.
   */
  const inFlight = new Set<string>();
  const all = () => [...messages.values()];

  function change(message: Message) {
    messages.set(message.messageId, message);
    return message;
  }

  function remove(removed: Message[]) {
    for (const { messageId } of removed) messages.delete(messageId);
  }

  function markReceived(message: Message, at: number): Message {
    inFlight.add(message.messageId);
    return change({
      ...message,
      visibleAt: at + rules.visibilitySeconds * 1000,
      receiveCount: message.receiveCount + 1,
      firstReceivedAt: message.firstReceivedAt ?? at,
    });
  }

  return {
    ...named,
    messages: all,
    send(body, delaySeconds = rules.delaySeconds) {
      const sentAt = now();
      const visibleAt = sentAt + delaySeconds * 1000;
      const message = change({ messageId: randomUUID(), body, sentAt, visibleAt, receiveCount: 0 });
      keep(all());
      return message;
    },
    receive(most) {
      const at = now();
      const free = all().filter(({ messageId }) => !inFlight.has(messageId));
      const expired = free.filter(({ sentAt }) => sentAt + rules.retentionSeconds * 1000 <= at);
      remove(expired);
      const due = free.filter((m) => m.visibleAt <= at && !expired.includes(m));
      const exhausted = due.filter(({ receiveCount }) => receiveCount >= rules.maxReceiveCount);
      remove(exhausted);
      exhausted.forEach(redrive);
      const received = due
        .filter((message) => !exhausted.includes(message))
        .slice(0, most)
        .map((message) => markReceived(message, at));
      if (expired.length + exhausted.length + received.length) keep(all());
      return received;
    },
    settle(messageId, done) {
      inFlight.delete(messageId);
      if (done && messages.delete(messageId)) keep(all());
    },
  };
}

/** SQS's checksum of a body, in hexadecimal. It is not a security measure. */
export function md5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
