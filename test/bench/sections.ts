import { measureColdStarts } from './cold/cold.ts';
import { countFlows } from './flows/flows.ts';
import { measureLoad } from './load/load.ts';
import type { Recordings } from './recording/recording.ts';
import type { Table } from './report/table.ts';
import { measureSizes } from './size/size.ts';
import { measureThroughput } from './throughput/throughput.ts';
import { measureWarmCalls } from './warm/warm.ts';

interface Section {
  /** Whether a run without names has it. */
  readonly inDefault: boolean;
  /** @param recordings makes them when a section first asks: they take a minute */
  readonly measure: (recordings: () => Promise<Recordings>) => Promise<Table[]>;
}

/** What can be measured, by the name that `npm run bench -- <name>` takes. */
export const sections: Readonly<Record<string, Section>> = {
  size: { inDefault: true, measure: measureSizes },
  flows: { inDefault: true, measure: async (recordings) => countFlows(await recordings()) },
  cold: { inDefault: true, measure: async (recordings) => measureColdStarts(await recordings()) },
  warm: { inDefault: true, measure: async (recordings) => measureWarmCalls(await recordings()) },
  throughput: { inDefault: true, measure: measureThroughput },
  load: { inDefault: false, measure: measureLoad },
};
