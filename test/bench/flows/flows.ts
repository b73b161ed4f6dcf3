import { roundTrips } from '../../support/world/round-trips.ts';
import type { Recordings } from '../recording/recording.ts';
import type { Table } from '../report/table.ts';

/** What each call asks of AWS: counted, not timed, so equal in every run. */
export function countFlows({ recordings }: Recordings): Table[] {
  const rows = recordings.map(({ name, functionName, calls }) => {
    const own = calls.filter(({ remembered }) => !remembered);
    const sum = (of: 'read' | 'write') => own.reduce((total, call) => total + call[of], 0);
    const operations = own.map(({ operation }) => operation);
    return [
      name,
      functionName,
      own.length,
      roundTrips(own),
      sum('read'),
      sum('write'),
      listed(operations),
    ];
  });
  return [
    {
      title: 'AWS calls and capacity units',
      columns: [
        { name: 'call' },
        { name: 'function' },
        { name: 'AWS calls' },
        { name: 'in sequence' },
        { name: 'read units', digits: 1 },
        { name: 'write units', digits: 1 },
        { name: 'operations' },
      ],
      rows,
      notes: [
        'Without what a function remembers: keys for ten minutes, breakers for ten seconds. A write whose condition fails counts as one unit, because its answer tells none.',
      ],
    },
  ];
}

/** `GetItem, 2 UpdateItem` */
function listed(operations: readonly string[]): string {
  const counts = Map.groupBy(operations, (operation) => operation);
  const texts = [...counts].map(([name, { length }]) => (length > 1 ? `${length} ${name}` : name));
  return texts.length > 0 ? texts.join(', ') : 'none';
}
