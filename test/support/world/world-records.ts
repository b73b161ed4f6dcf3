import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createKeyring, type VersionMaterial } from '#core/crypto/keyring.ts';
import { sealKey, taggerWith, tagKey } from '#core/crypto/keys.ts';
import type { ChangeNotice, Records } from '#core/model/records.ts';
import { sealPhone } from '#core/model/sealed-phone.ts';
import { materialFrom } from '../../../lambdas/adapters/secrets/keys.ts';
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
  function keysOf<Key>(secret: string, derive: (material: VersionMaterial) => Key) {
    const arn = cloud.secrets.arns.find((name) => name.includes(`-${secret}`)) ?? '';
    const material = materialFrom(cloud.secrets.get(arn)?.value);
    return createKeyring(material, derive, clock.now() / 1000);
  }
  const tagger = taggerWith(keysOf('TagKeys', tagKey));
  const phoneSealKey = keysOf('PhoneSealKeys', sealKey).current;
  return {
    /** A number as the table holds it. */
    sealed(phone: string) {
      return sealPhone(phoneSealKey, randomBytes, tagger.tag('phone', phone), phone);
    },
    write: (records: Partial<Records>) => writeRecords(table, records),
    /** A notice to a phone, by the cloud's clock. */
    noticeTo(phone: string, partial: Partial<ChangeNotice> = {}): ChangeNotice {
      const createdAt = Math.floor(clock.now() / 1000);
      const to = sealPhone(phoneSealKey, randomBytes, tagger.tag('phone', phone), phone);
      return noticeOf({ createdAt, expiresAt: createdAt + 6 * 3600, ...to, ...partial });
    },
  };
}
