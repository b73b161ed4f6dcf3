import { LambdaIntegration, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { Environment } from '../../lambdas/sms-receipts/env.ts';
import type { StageConfig } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { items, keys } from '../permissions.ts';
import { receiptRulesOf } from '../sms-config.ts';
import { ServiceFunction } from './service-function.ts';

interface SmsReceiptsProps {
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly api: RestApi;
}

/**
 * The webhook for delivery receipts, and its function; nothing where no provider sends any: a public route nobody
 * needs is only there to be attacked. Its role may write challenges and read the providers' keys, and nothing else.
 */
export function addSmsReceipts(scope: Construct, { config, data, api }: SmsReceiptsProps): void {
  const rules = receiptRulesOf(config);
  const { table, providerSecret } = data;
  if (!providerSecret || Object.keys(rules).length === 0) return;
  const receiver = new ServiceFunction<Environment>(scope, 'sms-receipts', {
    flow: 'sms-receipts',
    logRetentionDays: config.logRetentionDays,
    retainLog: config.retainData,
    environment: {
      TABLE_NAME: table.tableName,
      PORTAL_HOST: config.portalHost,
      PROVIDER_SECRET_ARN: providerSecret.secretArn,
      RECEIPT_RULES: JSON.stringify(rules),
    },
    permissions: [keys(providerSecret), items(table, ['UpdateItem'], ['challenge'])],
  });
  api.root
    .resourceForPath('/receipts/{provider}')
    .addMethod('POST', new LambdaIntegration(receiver, { allowTestInvoke: false }));
}
