import { env } from './env.ts';
export const handler = async () => ({ statusCode: 200, body: Object.keys(env).join() });
