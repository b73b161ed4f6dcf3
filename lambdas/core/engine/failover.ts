import type { Clock, SmsAnswer, SmsGateway, SmsMessage } from '../ports.ts';
import { type Circuit, type CircuitOptions, createCircuit } from './circuit.ts';

export interface Provider {
  readonly name: string;
  readonly gateway: SmsGateway;
}

export interface FailoverOptions extends CircuitOptions {
  /** Seconds after which even a good answer counts as a failure of its provider. */
  readonly slowSeconds: number;
  /** Seconds after which no further provider is asked; with the time-out of the last one, less than the function has. */
  readonly budgetSeconds: number;
  /** Gets every error; none of them has phone or body in it. */
  readonly onFailure?: (provider: string, error: unknown) => void;
}

interface Line extends Provider {
  readonly circuit: Circuit;
}

/**
 * Several providers as one gateway. They are asked in the configured order, turned by one for each send of a challenge:
 * against a provider that says "sent" and sends nothing, a resend is the only answer, and it must take another way.
 * The message is the same, so two that arrive hold the same code.
 *
 * The circuits live in the memory of a sandbox. Nothing depends on them but time: a sandbox that has not learnt yet
 * that a provider is down loses some seconds a message, and what they all share would be one hot item more.
 */
export function failover(
  providers: readonly Provider[],
  clock: Clock,
  options: FailoverOptions,
): SmsGateway {
  const lines = providers.map((provider) => ({
    ...provider,
    circuit: createCircuit(clock, options),
  }));
  return {
    async send(message) {
      const giveUpAt = Math.min(clock() + options.budgetSeconds, message.until);
      let failure: unknown;
      for (const line of inOrder(linesFor(message, lines))) {
        // The outbox tries again, unless the code is dead by then.
        if (clock() >= giveUpAt) throw failure ?? new Error('There is no time left to send it');
        const answer = await ask(line, message, clock, options);
        if ('error' in answer) failure = answer.error;
        // What one provider will not deliver, another may: an operator it has no contract with, say.
        else if (answer.kind === 'accepted') return answer;
      }
      // One that could not be asked properly may still take it.
      if (failure !== undefined) throw failure;
      return { kind: 'refused' };
    },
  };
}

/** The providers for a send: turned by its number, without those that reported it undelivered. */
function linesFor({ sendNumber, avoid = [] }: SmsMessage, lines: readonly Line[]): Line[] {
  const first = (sendNumber - 1) % lines.length;
  const turned = [...lines.slice(first), ...lines.slice(0, first)];
  return turned.filter(({ name }) => !avoid.includes(name));
}

/** Those whose circuit is open come last, but they do come: a provider that was down may be all there is. */
function* inOrder(lines: readonly Line[]): Generator<Line> {
  const waiting: Line[] = [];
  for (const line of lines) {
    if (line.circuit.admits()) yield line;
    else waiting.push(line);
  }
  yield* waiting;
}

async function ask(
  { name, gateway, circuit }: Line,
  message: SmsMessage,
  clock: Clock,
  { slowSeconds, onFailure }: FailoverOptions,
): Promise<SmsAnswer | { readonly error: unknown }> {
  const askedAt = clock();
  circuit.asked();
  try {
    const answer = await gateway.send(message);
    if (clock() - askedAt >= slowSeconds) circuit.failed();
    else circuit.succeeded();
    return answer;
  } catch (error) {
    circuit.failed();
    onFailure?.(name, error);
    return { error };
  }
}
