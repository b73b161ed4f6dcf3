import { default as draft4 } from 'ajv-draft-04';
import * as z from 'zod';
import { parseJson } from '#core/values/json-field.ts';
import { GatewayFault } from './gateway-fault.ts';
import { type Resources, read } from './gateway-resources.ts';

/**
 * Checks a request body.
 * @param contentType the header as sent
 * @throws GatewayFault BAD_REQUEST_BODY, whose message repeats nothing of the body
 */
export type BodyCheck = (contentType: string | undefined, body: string) => void;

/** What a method declares about the check of its body. */
interface Checked {
  readonly validatorId: string | undefined;
  /** Models by content type, or by `$default`. */
  readonly models: Readonly<Record<string, string>>;
}

const validatorSchema = z.object({
  ValidateRequestBody: z.boolean().default(false),
  // Not supported: required parameters stand in a method's RequestParameters, which are refused
  // too.
  ValidateRequestParameters: z.literal(false).default(false),
});
const modelSchema = z.object({
  ContentType: z.literal('application/json'),
  Schema: z.record(z.string(), z.unknown()),
});

/**
 * Checks bodies as API Gateway's request validators do: by the model of the content type, or by
 * `$default`. Without either, a body is not checked.
 * @returns a function that makes the check of a method; undefined if the method has no check
 * @throws Error at once if a model is not JSON Schema draft 4
 */
export function requestValidation(resources: Resources) {
  const validators = byId(read(resources, 'AWS::ApiGateway::RequestValidator', validatorSchema));
  const models = byId(read(resources, 'AWS::ApiGateway::Model', modelSchema));

  const checkBy = (modelId: string) => {
    const model = models.get(modelId);
    if (!model) throw new Error(`A method names the model ${modelId}, which is not there`);
    return compiledOnUse(model.Schema);
  };

  return ({ validatorId, models: modelIds }: Checked): BodyCheck | undefined => {
    if (validatorId === undefined) return undefined;
    const validator = validators.get(validatorId);
    if (!validator)
      throw new Error(`A method names the validator ${validatorId}, which is not there`);
    if (!validator.ValidateRequestBody) return undefined;
    const checks = new Map(Object.entries(modelIds).map(([type, id]) => [type, checkBy(id)]));
    return (contentType, body) => {
      const check = checks.get(mediaType(contentType)) ?? checks.get('$default');
      if (check && !check(parsed(body))) throw new GatewayFault('BAD_REQUEST_BODY');
    };
  };
}

type SchemaCheck = (body: unknown) => boolean;

const ajv = new draft4.default({ strict: true, logger: false });

/** Checks of this process by their schema's text: a test file that opens a cloud uses those of the file before. */
const compiled = new Map<string, SchemaCheck>();

/**
 * Compiles a schema when a body is first checked: to compile all of an API's takes as long as the rest of its start.
 * @throws Error at once if the schema is not JSON Schema draft 4
 */
function compiledOnUse(schema: object): SchemaCheck {
  const text = JSON.stringify(schema);
  if (!compiled.has(text)) ajv.validateSchema(schema, true);
  return (body) => {
    const check = compiled.get(text) ?? ajv.compile(schema);
    compiled.set(text, check);
    return check(body);
  };
}

function byId<Properties>(found: { physicalId: string; properties: Properties }[]) {
  return new Map(found.map(({ physicalId, properties }) => [physicalId, properties]));
}

/** API Gateway takes a request without a content type for JSON. */
const mediaType = (contentType = 'application/json') =>
  (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();

/**
 * API Gateway checks an absent body as an empty object. The function still gets no body. A byte order mark before the
 * JSON is ignored here; AWS documents neither that nor the opposite (docs/decisions/0024).
 */
function parsed(body: string): unknown {
  const value = body === '' ? {} : parseJson(body);
  if (value === undefined) throw new GatewayFault('BAD_REQUEST_BODY');
  return value;
}
