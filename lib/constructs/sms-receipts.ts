import { LambdaIntegration, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { Environment } from '../../lambdas/functions/sms-receipts/env.ts';
import type { StageConfig } from '../config/stage-config.ts';
import { keys, writesTo } from '../permissions.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import { HawiyaFunction } from './hawiya-function.ts';

/**
 * Attributes that the write of a receipt compares or sets; IAM does not distinguish the two. Attempts, phone, ticket
 * and decoy are missing. So an attacker who takes over the function can neither guess codes nor verify a challenge, nor
 * redirect a challenge or notice to another phone.
 */
const ofReceipts = [
  'pk',
  'sk',
  'status',
  'expiresAt',
  'sends',
  'round',
  'asked',
  'delivery',
  'provider',
  'outbox',
  'failedBy',
];

interface SmsReceiptsProps {
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly api: RestApi;
}

/**
 * The webhook for delivery receipts, and its function. If no provider sends receipts, it adds nothing: an unused public
 * route would only be an attack surface. Its role may write the attributes of a receipt and read the receipts' keys,
 * and nothing else.
 */
export function addSmsReceipts(scope: Construct, { config, data, api }: SmsReceiptsProps): void {
  const { table, receiptSecret } = data;
  if (!receiptSecret) return;
  const receiver = new HawiyaFunction<Environment>(scope, 'sms-receipts', {
    flow: 'sms-receipts',
    logRetentionDays: config.logRetentionDays,
    retainLog: config.retainData,
    environment: {
      TABLE_NAME: table.tableName,
      RECEIPT_SECRET_ARN: receiptSecret.secretArn,
    },
    permissions: [keys(receiptSecret), writesTo(table, ['challenge', 'notice'], ofReceipts)],
  });
  api.root
    .resourceForPath('/receipts/{provider}')
    .addMethod('POST', new LambdaIntegration(receiver, { allowTestInvoke: false }));
}
