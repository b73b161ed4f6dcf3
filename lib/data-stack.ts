import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { StageConfig } from './config.ts';
import { httpProviders } from './sms-config.ts';

interface DataStackProps extends StackProps {
  readonly config: StageConfig;
}

/** The table, and the secret its tags, seals and codes are derived from. Neither is any use without the other. */
export class DataStack extends Stack {
  readonly table: TableV2;
  readonly secret: Secret;
  /** `{"<name>":"<key>"}`, the keys of the SMS providers that are reached by HTTP; absent where there is none. */
  readonly providerSecret?: Secret;

  constructor(scope: Construct, id: string, { config, ...props }: DataStackProps) {
    super(scope, id, props);
    const removalPolicy = config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      dynamoStream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: config.retainData,
      removalPolicy,
    });

    // `{"current":"1","1":"<random>"}`: a rotation adds "2" and moves `current`; codes, seals and tickets
    // name the version they were made with. Losing this secret orphans every account, so it is retained.
    this.secret = new Secret(this, 'Keys', {
      description: 'Hawiya: key material by version, and the current version',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ current: '1' }),
        generateStringKey: '1',
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy,
    });

    if (httpProviders(config).length > 0) {
      // It is made with a key for signing receipts; the providers' own are put in by hand (docs/operations.md).
      this.providerSecret = new Secret(this, 'ProviderKeys', {
        description: 'Hawiya: keys of the SMS providers, and of the webhook for their receipts',
        generateSecretString: {
          secretStringTemplate: '{}',
          generateStringKey: 'receipts',
          passwordLength: 64,
          excludePunctuation: true,
        },
        removalPolicy,
      });
    }
  }
}
