import { default as draft4 } from 'ajv-draft-04';
import * as z from 'zod';
import { GatewayFault } from './gateway-fault.ts';
import { type Resources, read } from './gateway-resources.ts';

/**
 * Passes a body on, or does not.
 * @param contentType the header as sent
 * @throws GatewayFault BAD_REQUEST_BODY, which says nothing of the body
 */
export type BodyCheck = (contentType: string | undefined, body: string) => void;

/** What a method says about it. */
interface Checked {
  readonly validatorId: string | undefined;
  /** Models by content type, or by `$default`. */
  readonly models: Readonly<Record<string, string>>;
}

const validatorSchema = z.object({
  ValidateRequestBody: z.boolean().default(false),
  // A required parameter would have to be declared in a method, which is refused as well.
  ValidateRequestParameters: z.literal(false).default(false),
});
const modelSchema = z.object({
  ContentType: z.literal('application/json'),
  Schema: z.record(z.string(), z.unknown()),
});

/**
 * Checks bodies as API Gateway does with a request validator: by the model of the content type, else by `$default`, else
 * not at all.
 * @returns what makes the check of a method; undefined where it has none
 * @throws Error at once, for a model that is not JSON Schema draft 4
 */
export function requestValidation(resources: Resources) {
  const validators = byId(read(resources, 'AWS::ApiGateway::RequestValidator', validatorSchema));
  const models = byId(read(resources, 'AWS::ApiGateway::Model', modelSchema));
  const ajv = new draft4.default({ strict: true, logger: false });

  const compiled = (modelId: string) => {
    const model = models.get(modelId);
    if (!model) throw new Error(`A method names the model ${modelId}, which is not there`);
    return ajv.compile(model.Schema);
  };

  return ({ validatorId, models: modelIds }: Checked): BodyCheck | undefined => {
    if (validatorId === undefined) return undefined;
    const validator = validators.get(validatorId);
    if (!validator)
      throw new Error(`A method names the validator ${validatorId}, which is not there`);
    if (!validator.ValidateRequestBody) return undefined;
    const checks = new Map(Object.entries(modelIds).map(([type, id]) => [type, compiled(id)]));
    return (contentType, body) => {
      const check = checks.get(mediaType(contentType)) ?? checks.get('$default');
      if (check && !check(parsed(body))) throw new GatewayFault('BAD_REQUEST_BODY');
    };
  };
}

function byId<Properties>(found: { physicalId: string; properties: Properties }[]) {
  return new Map(found.map(({ physicalId, properties }) => [physicalId, properties]));
}

/** API Gateway takes a request that does not say for JSON. */
const mediaType = (contentType = 'application/json') =>
  (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();

/** No body is an empty object to API Gateway's check; the function is handed no body. */
function parsed(body: string): unknown {
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch {
    throw new GatewayFault('BAD_REQUEST_BODY');
  }
}
