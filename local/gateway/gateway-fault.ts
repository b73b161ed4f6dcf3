/** The gateway response types of API Gateway that the local gateway uses. */
export type FaultType =
  | 'BAD_REQUEST_BODY'
  | 'BAD_REQUEST_PARAMETERS'
  | 'DEFAULT_5XX'
  | 'INTEGRATION_TIMEOUT'
  | 'MISSING_AUTHENTICATION_TOKEN'
  | 'REQUEST_TOO_LARGE'
  | 'THROTTLED'
  | 'UNAUTHORIZED';

/** API Gateway's answer if the template declares no gateway response for the type. */
export interface FaultDefaults {
  readonly status: number;
  readonly message: string;
  /** Sent as `x-amzn-ErrorType`. */
  readonly errorType: string;
}

export const faultDefaults: Record<FaultType, FaultDefaults> = {
  BAD_REQUEST_BODY: {
    status: 400,
    message: 'Invalid request body',
    errorType: 'BadRequestException',
  },
  BAD_REQUEST_PARAMETERS: {
    status: 400,
    message: 'Bad Request',
    errorType: 'BadRequestException',
  },
  DEFAULT_5XX: {
    status: 502,
    message: 'Internal server error',
    errorType: 'InternalServerErrorException',
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    message: 'Endpoint request timed out',
    errorType: 'InternalServerErrorException',
  },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: 'Missing Authentication Token',
    errorType: 'MissingAuthenticationTokenException',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    message: 'Request Too Long',
    errorType: 'RequestTooLargeException',
  },
  THROTTLED: {
    status: 429,
    message: 'Too Many Requests',
    errorType: 'TooManyRequestsException',
  },
  UNAUTHORIZED: { status: 401, message: 'Unauthorized', errorType: 'UnauthorizedException' },
};

/** Thrown where API Gateway answers instead of the function. */
export class GatewayFault extends Error {
  readonly type: FaultType;

  /**
   * @param message shown to the caller; never repeats what the caller sent
   * @param cause shown to the developer in the terminal
   */
  constructor(type: FaultType, message = faultDefaults[type].message, cause?: string) {
    super(message, { cause });
    this.name = 'GatewayFault';
    this.type = type;
  }
}
