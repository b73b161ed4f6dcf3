import { createHash, randomUUID } from 'node:crypto';

/** A message as its queue keeps it; instants are epoch milliseconds of the cloud's clock. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
  /** Nobody receives it before. */
  readonly visibleAt: number;
  readonly receiveCount: number;
  /** From the first receipt on. */
  readonly firstReceivedAt?: number;
}

export interface QueueRules {
  /** For messages that are sent without a delay of their own. */
  readonly delaySeconds: number;
  /** How long a message that was received, and not done, stays hidden. */
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  /** Infinity for no limit. */
  readonly maxReceiveCount: number;
}

/** A standard queue of SQS. */
export interface Queue {
  readonly queueName: string;
  readonly url: string;
  readonly arn: string;
  readonly rules: QueueRules;
  /** All that is in it, hidden or not, oldest first. */
  messages(): Message[];
  /** @param delaySeconds the queue's own delay without it */
  send(body: string, delaySeconds?: number): Message;
  /**
   * Takes what is due, at most so many, until `settle`. What was received as often as the rules allow goes to the
   * dead letters instead.
   */
  receive(most: number): Message[];
  /** Ends a receipt: a message that is done goes, any other is due again once its visibility time is over. */
  settle(messageId: string, done: boolean): void;
}

interface Options extends Pick<Queue, 'queueName' | 'url' | 'arn' | 'rules'> {
  /** From an earlier run. */
  readonly kept: Message[];
  /** Gets all messages after each change. */
  keep(messages: Message[]): void;
  /** Takes a message that was received too often. */
  redrive(message: Message): void;
  now(): number;
}

export function openQueue({ kept, keep, redrive, now, ...named }: Options): Queue {
  const { rules } = named;
  const messages = new Map(kept.map((message) => [message.messageId, message]));
  /**
   * What an invocation has is not received again, however far the clock is moved meanwhile: on AWS the function
   * would have timed out long before the message is visible.
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

/** SQS's checksum of a body, in hexadecimal; it protects nothing. */
export function md5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
