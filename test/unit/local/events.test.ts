import { describe, expect, it } from 'vitest';
import { readCall } from '../../../local/aws/aws-call.ts';
import { serveEvents } from '../../../local/aws/events.ts';
import { accessesOf } from '../../../local/aws/iam-actions.ts';
import { openEventBuses } from '../../../local/events/event-buses.ts';
import { openTemplates } from '../../../local/template/template.ts';

const busArn = 'arn:aws:events:me-south-1:000000000000:event-bus/hawiya-test';

function open() {
  const Bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'hawiya-test' } };
  const templates = openTemplates([{ stack: 's', assets: {}, body: { Resources: { Bus } } }]);
  const lines: string[] = [];
  const buses = openEventBuses(templates, {
    now: () => 0,
    log: (line, name) => lines.push(name + line),
  });
  const put = (request: object, operation = 'PutEvents') => {
    const target = `AWSEvents.${operation}`;
    const call = readCall({ 'x-amz-target': target }, JSON.stringify(request));
    if (!call) throw new Error('No call');
    const { status, body } = serveEvents(call, buses);
    return { status, call, ...JSON.parse(String(body)) };
  };
  return { buses, put, lines };
}

const entry = (partial: object = {}) => ({
  EventBusName: 'hawiya-test',
  Source: 'hawiya',
  DetailType: 'password.changed',
  Detail: '{"id":"1"}',
  Time: 1_700_000_000,
  ...partial,
});

describe('PutEvents', () => {
  it('keeps an event as a subscriber would get it, and prints it in the terminal without its detail', () => {
    const { buses, put, lines } = open();
    const answer = put({ Entries: [entry()] });
    expect(answer).toMatchObject({ status: 200, FailedEntryCount: 0 });
    expect(buses.events).toEqual([
      {
        version: '0',
        id: answer.Entries[0].EventId,
        source: 'hawiya',
        'detail-type': 'password.changed',
        time: '2023-11-14T22:13:20.000Z',
        detail: { id: '1' },
      },
    ]);
    expect(lines).toEqual(['events{"level":"INFO","message":"password.changed"}']);
  });

  it('refuses single entries without a bus, a detail or a type', () => {
    const { buses, put } = open();
    const wrong = [
      { EventBusName: 'other' },
      { Detail: '[]' },
      { Detail: '{' },
      { DetailType: '' },
    ];
    const answer = put({ Entries: [...wrong.map(entry), entry({ EventBusName: busArn })] });
    expect(answer.FailedEntryCount).toBe(4);
    expect(answer.Entries.map((it: object) => Object.keys(it)[0])).toEqual([
      'ErrorCode',
      'ErrorCode',
      'ErrorCode',
      'ErrorCode',
      'EventId',
    ]);
    expect(buses.events).toHaveLength(1);
  });

  it('takes ten entries at most, and none that it would lose', () => {
    const { buses, put } = open();
    expect(put({ Entries: Array.from({ length: 11 }, () => entry()) })).toMatchObject({
      status: 400,
      __type: 'ValidationException',
    });
    expect(put({ Entries: [] }).status).toBe(400);
    expect(put({ Entries: [entry({ Resources: ['x'] })] }).__type).toBe('UnsupportedOperation');
    expect(put({}, 'PutRule').__type).toBe('UnsupportedOperation');
    expect(buses.events).toEqual([]);
  });

  it('keeps the newest thousand', () => {
    const { buses, put } = open();
    for (let n = 0; n < 101; n++) {
      put({
        Entries: Array.from({ length: 10 }, (_, i) => entry({ Detail: `{"n":${n * 10 + i}}` })),
      });
    }
    expect(buses.events).toHaveLength(1000);
    expect(buses.events[0]?.detail).toEqual({ n: 10 });
  });

  it('needs the right to every bus it names', () => {
    const { put } = open();
    const { call } = put({
      Entries: [entry(), entry({ EventBusName: busArn }), entry({ EventBusName: 'b' })],
    });
    const other = 'arn:aws:events:me-south-1:000000000000:event-bus/b';
    expect(
      new Set(accessesOf(call, []).map(({ action, resource }) => `${action} ${resource}`)),
    ).toEqual(new Set([`events:PutEvents ${busArn}`, `events:PutEvents ${other}`]));
  });
});
