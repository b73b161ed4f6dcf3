import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventSchemas, publishedEvent } from '#core/audit/events.ts';
import type { SecurityEventType } from '#core/model/records.ts';
import { violations } from '../../../support/world/openapi.ts';
import { eventOf } from '../../../support/world/records.ts';

const types = Object.keys(eventSchemas).sort() as SecurityEventType[];
const docs = readFileSync(new URL('../../../../docs/events.md', import.meta.url), 'utf8');

describe('docs/events.md', () => {
  it('lists exactly the existing event types', () => {
    const listed = [...docs.matchAll(/^\| `([a-z-]+\.[a-z-]+)` \|/gm)].map(([, type]) => type);
    expect(listed.filter((type) => !type?.startsWith('origin.')).sort()).toEqual(types);
  });

  it('has one example of each type that its schema accepts', () => {
    const [, block = ''] = /```json\n([\s\S]*?)\n```/.exec(docs) ?? [];
    const examples = block.split('\n').map((line) => JSON.parse(line));
    expect(examples.map((example) => example['detail-type']).sort()).toEqual(types);
    for (const example of examples) {
      const schema = eventSchemas[example['detail-type'] as SecurityEventType];
      expect(schema.safeParse(example.detail), example['detail-type']).toMatchObject({
        success: true,
      });
    }
  });

  it('has examples that docs/openapi.json accepts for their own type only', () => {
    const pointer = '#/webhooks/securityEvent/post/requestBody/content/application~1json/schema';
    const [, block = ''] = /```json\n([\s\S]*?)\n```/.exec(docs) ?? [];
    for (const line of block.split('\n')) {
      const event = JSON.parse(line);
      expect(violations(pointer, event), line).toEqual([]);
      expect(violations(pointer, { ...event, 'detail-type': 'account.lost' })).not.toEqual([]);
      expect(violations(pointer, { ...event, detail: { ...event.detail, id: 1 } })).not.toEqual([]);
    }
  });

  it('names every field of the details', () => {
    const block = /```json\n([\s\S]*?)\n```/.exec(docs)?.[1] ?? '';
    for (const line of block.split('\n')) {
      const { 'detail-type': type, detail } = JSON.parse(line);
      const row = docs.split('\n').find((text) => text.startsWith(`| \`${type}\``));
      for (const name of Object.keys(detail.details)) expect(row).toContain(`\`${name}\``);
    }
  });
});

describe('the published form of an event', () => {
  it('matches its schema and holds nothing else', () => {
    const { detail } = publishedEvent(eventOf({ type: 'account.opened' }));
    const schema = eventSchemas['account.opened'];
    expect(schema.safeParse(detail).success).toBe(true);
    expect(schema.safeParse({ ...detail, phone: '+966551234567' }).success).toBe(false);
    expect(schema.safeParse({ ...detail, details: { phone: '1' } }).success).toBe(false);
  });

  it('omits fields that are not the event’s, whatever the item holds', () => {
    const origin = { addressTag: 'a'.repeat(43), device: 'Chrome, Android', ip: '192.0.2.1' };
    const event = { ...eventOf({ origin }), ttl: 1, phone: '+966551234567' };
    expect(JSON.stringify(publishedEvent(event))).not.toMatch(/192\.0\.2\.1|966551234567|ttl/);
  });
});
