import type { SmsAnswer, SmsGateway, SmsMessage, SmsRoute, SmsRoutes } from '../ports/sms.ts';
import type { Clock } from '../system.ts';
import { type Circuit, type CircuitOptions, createCircuit } from './circuit.ts';
import { isTrouble } from './send.ts';

export interface Provider {
  readonly name: string;
  readonly gateway: SmsGateway;
}

export interface FailoverOptions extends CircuitOptions {
  /** Seconds after which even a good answer counts as a failure of its provider. */
  readonly slowSeconds: number;
  /** Gets every error; none of them has phone or body in it. */
  readonly onFailure?: (provider: string, error: unknown) => void;
}

interface Line extends Provider {
  readonly circuit: Circuit;
}

/**
 * Providers in their configured order, turned by one for each send of a challenge: against a provider that says "sent"
 * and sends nothing, a resend is the only answer, and it must take another way.
 *
 * The circuits live in the memory of a sandbox. Nothing depends on them but time: a sandbox that has not learnt yet
 * that a provider is down loses some seconds a message, and what they all share would be one hot item more.
 */
export function failover(
  providers: readonly Provider[],
  clock: Clock,
  options: FailoverOptions,
): SmsRoutes {
  const lines = providers.map((provider) => ({
    ...provider,
    circuit: createCircuit(clock, options),
  }));

  /** The try of a half-open circuit is taken as the route is looked at, and given back if nobody sends by it. */
  function* routeBy(line: Line, resting: boolean): Generator<SmsRoute> {
    let used = false;
    line.circuit.asked();
    try {
      yield {
        name: line.name,
        resting,
        send: (message) => {
          used = true;
          return ask(line, message, clock, options);
        },
      };
    } finally {
      if (!used) line.circuit.passed();
    }
  }

  return {
    *inOrder(sendNumber) {
      const waiting: Line[] = [];
      // Looked at one by one: what became of the first may have opened the circuit of the next.
      for (const line of turned(lines, sendNumber)) {
        if (line.circuit.admits()) yield* routeBy(line, false);
        else waiting.push(line);
      }
      // They come last, but they do come: a provider that was down may be all there is.
      for (const line of waiting) yield* routeBy(line, true);
    },
  };
}

function turned(lines: readonly Line[], sendNumber: number): Line[] {
  const first = (sendNumber - 1) % lines.length;
  return [...lines.slice(first), ...lines.slice(0, first)];
}

async function ask(
  { name, gateway, circuit }: Line,
  message: SmsMessage,
  clock: Clock,
  { slowSeconds, onFailure }: FailoverOptions,
): Promise<SmsAnswer> {
  const askedAt = clock();
  const answer = await gateway.send(message);
  if ('error' in answer) onFailure?.(name, answer.error);
  if (isTrouble(answer) || clock() - askedAt >= slowSeconds) circuit.failed();
  // A message it will not take says nothing of it: numbers of a stranger's choice must not close a provider.
  else if (answer.kind === 'failed') circuit.passed();
  else circuit.succeeded();
  return answer;
}
