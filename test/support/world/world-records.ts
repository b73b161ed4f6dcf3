import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createKeyring } from '#core/crypto/keyring.ts';
import { seal } from '#core/crypto/seal.ts';
import { phoneContext } from '#core/model/challenge.ts';
import type { Notice, Records } from '#core/model/records.ts';
import { noticeOf, writeRecords } from './records.ts';
import type { World } from './world.ts';

/**
 * Writes records into the table of a world as a change does: the readers of the stream see no
 * difference.
 */
export function openRecords({ cloud, clock }: World) {
  const client = new DynamoDBClient({
    endpoint: cloud.endpoints.dynamodb,
    region: 'me-south-1',
    credentials: { accessKeyId: cloud.dynamodbAccessKey, secretAccessKey: 'test' },
  });
  const table = { client, name: Object.values(cloud.tables)[0] ?? '' };
  const keys = cloud.secrets.arns.find((arn) => /-Keys/.test(arn)) ?? '';
  const { current, ...versions } = JSON.parse(cloud.secrets.get(keys)?.value ?? '{}');
  const keyring = createKeyring({ current: Number(current), versions });
  return {
    /** A number as the table holds it. */
    sealed(phone: string) {
      const phoneTag = keyring.tag('phone', phone);
      return { phoneTag, phone: seal(keyring, randomBytes, phoneContext(phoneTag), phone) };
    },
    write: (records: Partial<Records>) => writeRecords(table, records),
    /** A notice to a phone, by the cloud's clock. */
    noticeTo(phone: string, partial: Partial<Notice> = {}): Notice {
      const createdAt = Math.floor(clock.now() / 1000);
      const notice = noticeOf({ createdAt, expiresAt: createdAt + 6 * 3600, ...partial });
      const sealed = seal(keyring, randomBytes, phoneContext(notice.phoneTag), phone);
      return { ...notice, phone: sealed };
    },
  };
}
