import { type Circuit, type CircuitOptions, createCircuit } from '../model/circuit.ts';
import type { SmsAnswer, SmsGateway, SmsMessage, SmsRoute, SmsRoutes } from '../ports/sms.ts';
import type { Clock } from '../system.ts';
import { isTrouble } from './send.ts';

export interface Provider {
  readonly name: string;
  readonly gateway: SmsGateway;
}

export interface FailoverOptions extends CircuitOptions {
  /** Seconds after which even a successful answer counts as a failure of the provider. */
  readonly slowSeconds: number;
  /** Receives every error. No error contains a phone or a body. */
  readonly onFailure?: (provider: string, error: unknown) => void;
}

interface ProviderLine extends Provider {
  readonly circuit: Circuit;
}

/**
 * Offers the providers in their configured order. Each further send of a challenge starts one provider later: if a
 * provider reports "sent" and sends nothing, the claimant can only resend, and the resend must take another route.
 *
 * Each Lambda sandbox keeps its own circuits in memory. They only save time: a sandbox that has not yet seen a provider
 * fail loses some seconds a message. Shared circuits would be one more hot item.
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

  /** Offering a route takes the trial request of a half-open circuit. If nothing is sent through it, it is released. */
  function* routeBy(line: ProviderLine, circuitOpen: boolean): Generator<SmsRoute> {
    let used = false;
    line.circuit.asked();
    try {
      yield {
        name: line.name,
        circuitOpen,
        send: (message) => {
          used = true;
          return sendThrough(line, message, clock, options);
        },
      };
    } finally {
      if (!used) line.circuit.passed();
    }
  }

  return {
    *inOrder(sendNumber) {
      const waiting: ProviderLine[] = [];
      // Check each circuit only when its turn comes: its state may change while the providers before it are tried.
      for (const line of rotated(lines, sendNumber)) {
        if (line.circuit.admits()) yield* routeBy(line, false);
        else waiting.push(line);
      }
      // Resting providers come last, but they do come: no other provider may be left.
      for (const line of waiting) yield* routeBy(line, true);
    },
  };
}

function rotated(lines: readonly ProviderLine[], sendNumber: number): ProviderLine[] {
  const first = (sendNumber - 1) % lines.length;
  return [...lines.slice(first), ...lines.slice(0, first)];
}

async function sendThrough(
  { name, gateway, circuit }: ProviderLine,
  message: SmsMessage,
  clock: Clock,
  { slowSeconds, onFailure }: FailoverOptions,
): Promise<SmsAnswer> {
  const startedAt = clock();
  const answer = await gateway.send(message);
  if ('error' in answer) onFailure?.(name, answer.error);
  if (isTrouble(answer) || clock() - startedAt >= slowSeconds) circuit.failed();
  // A declined message says nothing about the provider: numbers that strangers choose must not open its circuit.
  else if (answer.kind === 'failed') circuit.passed();
  else circuit.succeeded();
  return answer;
}
