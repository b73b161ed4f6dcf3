import * as z from 'zod';
import { type Advisory, type AdvisorySource, NoAnswer, severities } from './advisories.ts';

const severity = z.enum(severities).catch('unknown');

/** What `npm audit --json` prints. A failed request prints an error instead, with exit status 1 as for a weakness. */
const report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      // A text names another package of the report, by which this one is weak.
      via: z.array(
        z.union([
          z.string(),
          z.object({ name: z.string(), title: z.string(), url: z.string(), severity }),
        ]),
      ),
    }),
  ),
});

const failure = z.object({ message: z.string() });

/** @param run `npm audit --json`: resolves to its output, whatever its exit status is */
export const npmAudit = (run: () => Promise<string>): AdvisorySource => ({
  name: 'npm audit',
  ask: async () => {
    const printed = parsed(await run());
    const { success, data } = report.safeParse(printed);
    if (!success) throw new NoAnswer(failure.safeParse(printed).data?.message ?? 'no report');
    return advisoriesOf(data);
  },
});

function advisoriesOf({ vulnerabilities }: z.output<typeof report>): Advisory[] {
  const found = new Map<string, Advisory>();
  for (const { via } of Object.values(vulnerabilities)) {
    for (const one of via) {
      if (typeof one === 'string') continue;
      const { name, title, url: id } = one;
      found.set(`${name} ${id}`, { package: name, id, title, severity: one.severity });
    }
  }
  return [...found.values()];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NoAnswer('its output is no JSON');
  }
}
