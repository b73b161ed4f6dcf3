import * as z from 'zod';
import { eventSchemas } from '#core/audit/events.ts';

/**
 * Security events, as an EventBridge API destination would post them. The schema is open, like those of answers: within
 * a version, fields are only added.
 */
export const securityEventWebhook = {
  post: {
    operationId: 'securityEvent',
    summary: 'Something happened to an account',
    'x-summary-ar': 'حدث شيء في حساب',
    description:
      'Security events leave by the EventBridge bus `hawiya-<stage>`; whoever subscribes gets each at least once, in any order. `detail.id` tells one that came twice.',
    requestBody: {
      content: {
        'application/json': {
          schema: envelope(),
        },
      },
    },
    responses: { '2XX': { description: 'Taken.' } },
  },
};

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The common part of all events, and the `details` of each type. */
function envelope(): JsonSchema {
  const all = Object.entries(eventSchemas).map(([type, schema]) => ({
    type,
    of: detailOf(schema),
  }));
  const { details: _, ...common } = all[0]?.of.properties ?? {};
  return {
    type: 'object',
    required: ['detail-type', 'source', 'detail'],
    properties: {
      source: { type: 'string', const: 'hawiya' },
      detail: { type: 'object', required: all[0]?.of.required ?? [], properties: common },
    },
    oneOf: all.map(({ type, of }) => ({
      title: type,
      type: 'object',
      properties: {
        'detail-type': { type: 'string', const: type },
        detail: { type: 'object', properties: { details: of.properties?.['details'] ?? {} } },
      },
    })),
  };
}

function detailOf(schema: z.core.$ZodType): JsonSchema {
  const { $schema: _, ...detail } = z.toJSONSchema(schema);
  return opened(detail);
}

/** Removes the closing of a schema, which only our own tests apply to events. */
function opened(schema: JsonSchema): JsonSchema {
  const { additionalProperties, properties, ...rest } = schema;
  if (!properties) return schema;
  const inner = Object.entries(properties).map(([name, property]) => [
    name,
    typeof property === 'object' ? opened(property) : property,
  ]);
  const others = additionalProperties === false ? {} : { additionalProperties };
  return { ...rest, properties: Object.fromEntries(inner), ...others };
}
