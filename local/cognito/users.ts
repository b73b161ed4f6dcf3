import { randomBytes, randomUUID } from 'node:crypto';
import {
  InvalidParameterError,
  UserNotFoundError,
  UsernameExistsError,
} from 'cognito-local/lib/errors.js';
import type { Context } from 'cognito-local/lib/services/context.js';
import type { User, UserPoolService } from 'cognito-local/lib/services/userPoolService.js';
import { AdminDeleteUser } from 'cognito-local/lib/targets/adminDeleteUser.js';
import { AdminEnableUser } from 'cognito-local/lib/targets/adminEnableUser.js';
import { AdminGetUser } from 'cognito-local/lib/targets/adminGetUser.js';
import { checkPassword, hashPassword, type SignInFailures } from './passwords.ts';
import type { LocalServices } from './pools.ts';
import { revokeAll, type Sessions } from './sessions.ts';

/**
 * A user with the state that cognito-local does not store. `Password` is a hash, and
 * `RefreshTokens` is empty.
 */
export interface LocalUser extends User {
  Failures?: SignInFailures;
  Sessions?: Sessions;
}

interface UserRequest {
  UserPoolId: string;
  Username: string;
}

interface CreateUserRequest extends UserRequest {
  TemporaryPassword?: string;
  UserAttributes?: { Name: string; Value?: string }[];
}

type PasswordRequest = UserRequest & { Password: string; Permanent?: boolean };

/** Finds a user by username or `sub`. Ignores case if the pool does. */
export function findUser(
  ctx: Context,
  pool: UserPoolService,
  username: string,
): Promise<LocalUser | null> {
  return pool.getUserByUsername(ctx, foldCase(pool, username));
}

/** The admin operations on users, by their API names. */
export function userOperations({ clock, cognito }: LocalServices) {
  /** Wraps an operation on an existing user. Throws UserNotFoundError if there is no such user. */
  const onUser =
    <Request extends UserRequest>(
      work: (ctx: Context, user: LocalUser, pool: UserPoolService, req: Request) => Promise<object>,
    ) =>
    async (ctx: Context, req: Request) => {
      const pool = await cognito.getUserPool(ctx, req.UserPoolId);
      const user = await findUser(ctx, pool, req.Username);
      if (!user) throw new UserNotFoundError('User does not exist.');
      return work(ctx, user, pool, req);
    };

  /** Wraps an operation of cognito-local, which needs the username as it is stored. */
  const stock = (target: (ctx: Context, req: UserRequest) => Promise<object>) =>
    onUser((ctx, { Username }, _pool, { UserPoolId }) => target(ctx, { UserPoolId, Username }));

  return {
    AdminGetUser: stock(AdminGetUser({ cognito })),
    AdminEnableUser: stock(AdminEnableUser({ cognito, clock })),
    AdminDeleteUser: stock(AdminDeleteUser({ cognito })),

    async AdminCreateUser(ctx: Context, req: CreateUserRequest) {
      const pool = await cognito.getUserPool(ctx, req.UserPoolId);
      if (await findUser(ctx, pool, req.Username)) throw new UsernameExistsError();
      const user = newUser(pool, req, clock.get());
      await pool.saveUser(ctx, user);
      return { User: publicUser(user) };
    },

    AdminSetUserPassword: onUser<PasswordRequest>(async (ctx, user, pool, req) => {
      checkPassword(req.Password, pool.options.Policies?.PasswordPolicy);
      await pool.saveUser(ctx, {
        ...user,
        Password: hashPassword(req.Password),
        UserLastModifiedDate: clock.get(),
        UserStatus: req.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
      });
      return {};
    }),

    AdminUserGlobalSignOut: onUser(async (ctx, user, pool) => {
      await pool.saveUser(ctx, signedOut(user));
      return {};
    }),

    // Disabling a user revokes the tokens. Enabling the user again does not restore them
    // (developer guide, "Ending user sessions with token revocation").
    AdminDisableUser: onUser(async (ctx, user, pool) => {
      const modified = { Enabled: false, UserLastModifiedDate: clock.get() };
      await pool.saveUser(ctx, { ...signedOut(user), ...modified });
      return {};
    }),
  };
}

const signedOut = (user: LocalUser): LocalUser => ({ ...user, Sessions: revokeAll(user.Sessions) });

/** UsernameConfigurationType: with CaseSensitive false, `USERNAME` and `UserName` are one name. */
function foldCase(pool: UserPoolService, username: string): string {
  const sensitive = pool.options.UsernameConfiguration?.CaseSensitive ?? true;
  return sensitive ? username : username.toLowerCase();
}

function newUser(pool: UserPoolService, req: CreateUserRequest, now: Date): LocalUser {
  checkAttributes(pool, req.UserAttributes);
  if (req.TemporaryPassword !== undefined) {
    checkPassword(req.TemporaryPassword, pool.options.Policies?.PasswordPolicy);
  }
  return {
    Username: foldCase(pool, req.Username),
    // A generated password stays unknown: this emulator sends no welcome message.
    Password: hashPassword(req.TemporaryPassword ?? randomBytes(32).toString('base64url')),
    Attributes: [{ Name: 'sub', Value: randomUUID() }, ...(req.UserAttributes ?? [])],
    Enabled: true,
    UserStatus: 'FORCE_CHANGE_PASSWORD',
    UserCreateDate: now,
    UserLastModifiedDate: now,
    RefreshTokens: [],
  };
}

function checkAttributes(pool: UserPoolService, attributes: CreateUserRequest['UserAttributes']) {
  const known = new Set(pool.options.SchemaAttributes?.map(({ Name }) => Name));
  const stranger = attributes?.find(({ Name }) => Name === 'sub' || !known.has(Name));
  if (!stranger) return;
  throw new InvalidParameterError(
    `Attributes did not conform to the schema: ${stranger.Name}: Attribute does not exist in the schema.`,
  );
}

const publicUser = (user: LocalUser) => ({
  Username: user.Username,
  Attributes: user.Attributes,
  Enabled: user.Enabled,
  UserStatus: user.UserStatus,
  UserCreateDate: user.UserCreateDate,
  UserLastModifiedDate: user.UserLastModifiedDate,
});
