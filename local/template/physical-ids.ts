export const region = 'me-south-1';
export const account = '000000000000';
export const partition = 'aws';

/** The names and attributes of a created resource. */
export interface Identity {
  /** The value of `Ref`. */
  readonly ref: string;
  /** The values of `Fn::GetAtt`, by attribute. */
  readonly attributes?: Readonly<Record<string, string>>;
}

interface Subject {
  readonly type: string;
  /** Path of the construct, such as `hawiya-local-api/Sms/sms-sender`. */
  readonly path: string;
  property(name: string): unknown;
}

/** @returns the ARN of a resource in the local account and Region */
export function arn(service: string, resource: string, where = region): string {
  return `arn:${partition}:${service}:${where}:${account}:${resource}`;
}

/**
 * Predicts the names of a resource before it is created. Names contain the construct's path, so
 * that log lines are readable.
 * @returns undefined for an unknown type, and for a type whose creation decides the name
 */
export function predictIdentity(subject: Subject): Identity | undefined {
  return predictions[subject.type]?.(subject.path.replaceAll(/[^\w/-]/g, '-'), subject);
}

const predictions: Record<string, (path: string, subject: Subject) => Identity> = {
  'AWS::Lambda::Function': (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
  },
  'AWS::IAM::Role': (path) => {
    const name = dashed(path);
    return { ref: name, attributes: { Arn: arn('iam', `role/${name}`, '') } };
  },
  'AWS::Logs::LogGroup': (path) => {
    const name = `/${path}`;
    return { ref: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } };
  },
  'AWS::Cognito::UserPoolResourceServer': (_, { property }) => ({
    ref: String(property('Identifier')),
  }),
  'AWS::Cognito::UserPoolDomain': (_, { property }) => ({ ref: String(property('Domain')) }),
  'AWS::SQS::Queue': (path) => {
    const name = dashed(path);
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
  },
  'AWS::Events::EventBus': (_, { property }) => {
    const name = String(property('Name'));
    return { ref: name, attributes: { Arn: arn('events', `event-bus/${name}`), Name: name } };
  },
  'AWS::SecretsManager::Secret': (path) => {
    const secretArn = arn('secretsmanager', `secret:${dashed(path)}-000000`);
    return { ref: secretArn, attributes: { Id: secretArn } };
  },
  'AWS::KMS::Key': (path) => {
    const id = dashed(path);
    return { ref: id, attributes: { Arn: arn('kms', `key/${id}`), KeyId: id } };
  },
  'AWS::ApiGateway::RestApi': (path) => {
    const id = dashed(path);
    return { ref: id, attributes: { RootResourceId: `${id}-root`, RestApiId: id } };
  },
  'AWS::ApiGateway::Resource': named('ResourceId'),
  'AWS::ApiGateway::Authorizer': named('AuthorizerId'),
  'AWS::ApiGateway::Deployment': named('DeploymentId'),
  'AWS::ApiGateway::RequestValidator': named('RequestValidatorId'),
  'AWS::ApiGateway::Model': named('Id'),
  'AWS::ApiGateway::Stage': (_, { property }) => ({ ref: String(property('StageName')) }),
};

function named(attribute: string) {
  return (path: string): Identity => {
    const ref = dashed(path);
    return { ref, attributes: { [attribute]: ref } };
  };
}

function dashed(path: string): string {
  return path.replaceAll('/', '-');
}
