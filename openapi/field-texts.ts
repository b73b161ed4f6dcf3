/** Descriptions of request fields by name: the same name has the same meaning in every request, but for those of a body. */
const fieldTexts: Readonly<Record<string, string>> = {
  phone: 'A mobile number as people write it: local or international, Arabic digits or European.',
  username:
    '4 to 32 of a-z, 0-9, dot, underscore and hyphen, starting with a letter; any case. Blanks are left out.',
  'LogIn.username':
    'The username, or the national ID or Iqama where the stage takes it: 10 digits, the first 1 or 2.',
  password: 'As it was typed. Arabic is as good as any.',
  newPassword: 'As it was typed. Arabic is as good as any. Invisible characters are refused.',
  confirmPassword: 'The same as newPassword.',
  currentPassword: 'The password the account has now. Outer white space is left out.',
  nationalId: 'National ID or Iqama: 10 digits, the first 1 or 2, with its check digit.',
  ticket: 'The ticket of the verified challenge.',
  termsVersion: 'The `version` of `GET /terms`.',
  purpose: 'One of those that the stage lists for the service.',
  display:
    'What the person approves, as they read it: a line of Arabic or Latin letters, spaces, hyphens, commas, brackets and at most 7 digits, no 6 of them in a row unless in an amount such as 1250.00.',
  code: '6 to 8 digits, Arabic or European; or a recovery code where `method` says so.',
  method: 'What the code is.',
  secondFactor: 'Where the account has an authenticator app: a code of it, or a recovery code.',
  enrolment: 'As it came with the secret.',
  tokens: '`cookie` keeps refresh token and device secret in cookies, for the portal’s own pages.',
  refreshToken: 'The newest one. Left out in cookie mode, required otherwise.',
  device: 'The secret of a remembered device. Left out in cookie mode.',
  flow: 'What the person was asked about.',
  worked: 'Whether they say that it worked.',
  recognition:
    'What the last login on this device answered, whoever logged in. Left out in cookie mode.',
  ownDevice:
    'Whether the device is the person’s own: `true` remembers it, `false` ends the session soon when it is not used. Without it, an app is and a browser is not.',
};

interface Schema {
  readonly properties?: Record<string, Schema>;
  description?: string;
}

/**
 * Describes the fields of requests, which are the closed schemas. The schemas of answers have descriptions of their
 * own.
 */
export function describeFields<Document extends { components?: { schemas?: object } }>(
  document: Document,
): Document {
  for (const [body, schema] of Object.entries(document.components?.schemas ?? {})) {
    if (schema.additionalProperties === false) describe(schema, body);
  }
  return document;
}

function describe({ properties = {} }: Schema, body: string): void {
  for (const [name, property] of Object.entries(properties)) {
    const text = fieldTexts[`${body}.${name}`] ?? fieldTexts[name];
    if (text === undefined)
      throw new Error(`openapi/field-texts.ts does not describe the field ${name}`);
    property.description ??= text;
    describe(property, body);
  }
}
