/** `unknown` where a source says none. */
export const severities = ['info', 'low', 'moderate', 'high', 'critical', 'unknown'] as const;

/** A known weakness of a package that is installed. */
export interface Advisory {
  readonly package: string;
  /** Its identifier or address. */
  readonly id: string;
  readonly title: string;
  readonly severity: (typeof severities)[number];
}

/** A source of advisories that gave no usable answer. Nothing is known then, which is not the same as no weakness. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** @throws NoAnswer */
export interface AdvisorySource {
  readonly name: string;
  readonly ask: () => Promise<Advisory[]>;
}

export type Audit =
  | { readonly kind: 'answered'; readonly source: string; readonly advisories: Advisory[] }
  | { readonly kind: 'unanswered'; readonly reasons: string[] };

/** Asks the sources in their order until one answers. */
export async function audit(sources: readonly AdvisorySource[]): Promise<Audit> {
  const reasons: string[] = [];
  for (const { name, ask } of sources) {
    try {
      return { kind: 'answered', source: name, advisories: await ask() };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      reasons.push(`${name}: ${error.message}`);
    }
  }
  return { kind: 'unanswered', reasons };
}

/** A severity that is not known counts as a high one. */
const failing: readonly Advisory['severity'][] = ['high', 'critical', 'unknown'];

/**
 * @returns the text for the terminal, and the exit status: 0 without a high or critical weakness, 1 with one, 2 if no
 * source answered
 */
export function verdict(result: Audit): { readonly text: string; readonly status: 0 | 1 | 2 } {
  if (result.kind === 'unanswered') {
    const lines = ['No source of advisories answered, so nothing is known:', ...result.reasons];
    return { text: lines.join('\n  '), status: 2 };
  }
  const { source, advisories } = result;
  const lines = advisories.map((one) => `${one.severity}  ${one.package}  ${one.title}  ${one.id}`);
  const serious = advisories.filter(({ severity }) => failing.includes(severity)).length;
  const sum = `${source}: ${advisories.length} advisories, ${serious} of them high, critical or of unknown severity`;
  return { text: [...lines, sum].join('\n'), status: serious > 0 ? 1 : 0 };
}
