import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { KeyPurpose } from '#core/crypto/keyring.ts';
import { keySecrets } from '../config/key-secrets.ts';
import { httpProviders, takesReceipts } from '../config/sms.ts';
import type { StageConfig } from '../config/stage-config.ts';
import type { IdentityTagKey, SecretPurpose } from '../constructs/key-access.ts';

interface DataStackProps extends StackProps {
  readonly config: StageConfig;
}

/** The table, and the secrets from which its tags, seals and codes are derived. Neither is of use without the other. */
export class DataStack extends Stack {
  readonly table: TableV2;
  /** `{"1":"<random>"}` each, by purpose. Losing tags or seals orphans every account, so they are retained. */
  readonly keySecrets: Readonly<Record<SecretPurpose, Secret>>;
  /** The key of the tags of national IDs, retained for the same reason. */
  readonly identityTagKey: IdentityTagKey;
  /** `{"<name>":"<key>"}`, the keys for sending SMS; absent if no provider is reached by HTTP. */
  readonly providerSecret?: Secret;
  /** The same for the keys with which the providers sign receipts; absent if no provider sends any. */
  readonly receiptSecret?: Secret;
  /**
   * `{"<version>":"<random>"}`, by which CloudFront proves itself to the functions; absent if the stage has no edge.
   */
  readonly edgeSecret?: Secret;
  /**
   * The bus for security events. It is in this stack because subscribers attach their rules to it: it must outlive the
   * stacks that serve people.
   */
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { config, ...props }: DataStackProps) {
    super(scope, id, props);
    const removalPolicy = config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      // With the old image `sms-sender` tells a phone that it lost its account, whatever function wrote the change
      // (docs/decisions/0035).
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: config.retainData,
      removalPolicy,
    });

    this.bus = new EventBus(this, 'Events', { eventBusName: `hawiya-${config.stage}` });

    const keysOf = (name: string, description: string, generated: string) =>
      new Secret(this, name, {
        description: `Hawiya: ${description}`,
        // Must not depend on the configuration: a change here would replace the keys that were entered by hand.
        generateSecretString: {
          secretStringTemplate: '{}',
          generateStringKey: generated,
          passwordLength: 64,
          excludePunctuation: true,
        },
        removalPolicy,
      });
    // A rotation adds "2" to a secret (docs/key-compromise.md).
    const keySecretOf = (purpose: KeyPurpose): Secret => {
      const [name, description] = keySecrets[purpose];
      return keysOf(name, description, '1');
    };
    this.keySecrets = {
      codes: keySecretOf('codes'),
      proofs: keySecretOf('proofs'),
      sessions: keySecretOf('sessions'),
      tags: keySecretOf('tags'),
      'phone-seals': keySecretOf('phone-seals'),
      'username-seals': keySecretOf('username-seals'),
      seals: keySecretOf('seals'),
    };
    this.identityTagKey =
      config.identityTagKeys === 'kms'
        ? { kind: 'kms', key: this.addIdentityTagKey(removalPolicy) }
        : { kind: 'secret', secret: keySecretOf('identity-tags') };
    if (config.edge) {
      this.edgeSecret = keysOf('EdgeKeys', 'what CloudFront shows the functions', '1');
    }
    // Two secrets, because the webhook is the function that strangers call: it must not read the keys for sending SMS.
    if (httpProviders(config).length > 0) {
      // A secret cannot be created empty. The providers' keys are entered by hand (docs/operations.md).
      this.providerSecret = keysOf('ProviderKeys', 'keys of the SMS providers', 'unused');
    }
    if (takesReceipts(config)) {
      this.receiptSecret = keysOf(
        'SmsReceiptKeys',
        'keys SMS receipts are signed with',
        'receipts',
      );
    }
  }
  private addIdentityTagKey(removalPolicy: RemovalPolicy): Key {
    return new Key(this, 'IdentityTagKey', {
      description: 'Hawiya: tags of national IDs',
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      // KMS gives no copy of a key, so only a replica finds the accounts of a table that is restored in another region. A
      // key that exists cannot become a multi-Region key.
      multiRegion: true,
      removalPolicy,
    });
  }
}
