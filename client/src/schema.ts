// Made from docs/openapi.json by `npm run openapi`. Change it there.
export interface paths {
    readonly "/registrations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a code to the phone of a new account
         * @description The code is on its way with the answer. Verify it with `POST /challenges/{id}/verify`; the ticket completes the registration.
         */
        readonly post: operations["startRegistration"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/registrations/complete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Open the account
         * @description What is refused leaves the ticket open: correct it and send it again until the ticket expires. `termsVersion` is the one of `GET /terms` that the person agreed to.
         */
        readonly post: operations["completeRegistration"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/password-resets": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Start the reset of a forgotten password
         * @description Nothing is sent yet: `POST /challenges/{id}/send` does that. A pair that is no account’s gets the same answer, and a challenge that never verifies. No answer tells the phone.
         */
        readonly post: operations["startPasswordReset"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/password-resets/complete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Set the new password
         * @description Every session ends and every remembered device is forgotten. An account with an authenticator app wants `secondFactor` too: send the same ticket again with it. In the 24 hours after a change of phone the code went to the former phone: the answer is 200 then, that phone is the account’s again, and **no password was set**. Say so, and when a reset sets one (`resetFrom`).
         */
        readonly post: operations["completePasswordReset"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/username-reminders": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Text a forgotten username to its phone
         * @description The username is texted if the account of this national ID has this phone. There is one answer for everybody: it tells neither whether there is an account nor whether the phone is its. An SMS comes once an hour and twice a UTC day for each pair; further requests get the same answer. Tell people to look at their phone, and what to do if nothing comes.
         */
        readonly post: operations["remindUsername"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/challenges": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Have a person approve a transaction by code
         * @description For services that the stage lists. The SMS says the service’s name, `display` and the code, in the language of `Accept-Language`; it keeps to one part, and `errors` says how long `display` may be. Verify the code with `POST /challenges/{id}/verify`, then have the ticket checked.
         */
        readonly post: operations["startTransaction"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/challenges/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a challenge, and where its SMS is */
        readonly get: operations["readChallenge"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/challenges/{id}/send": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send the code, or send it again
         * @description The same code while the challenge lives. Before `sendAgainAt` it is `too_many_requests`.
         */
        readonly post: operations["sendChallenge"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/challenges/{id}/verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Verify a code
         * @description `method` says what the code is, one of the challenge’s `methods`; `sms` where it is left out. Arabic digits, spaces and hyphens are as good as any. The ticket completes the flow.
         */
        readonly post: operations["verifyChallenge"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tickets/extend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Get more time for a form
         * @description Makes the ticket of a registration or a password reset good for its usual ten minutes from now, and at most 30 minutes after its code was verified. Go on with the ticket of the answer. Warn people before a ticket ends, and let them ask for more time (WCAG 2.2.1).
         */
        readonly post: operations["extendTicket"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/tickets/introspect": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Check the ticket of a transaction
         * @description Spends it: one call is told `active`, once. Every ticket that is unknown, expired, used, another service’s or another flow’s gets one answer. Compare `challenge` with the one you started for this transaction: another one may read the same.
         */
        readonly post: operations["introspectTicket"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Log in with username and password
         * @description On a device that is remembered, and where the stage asks for no second factor, the session opens (201). Elsewhere one is due (202): answer the challenge, then `POST /sessions/complete` with its ticket. For ten minutes the `ticket` that completed the account’s registration or password reset is the second factor of one login. `ownDevice` counts where the session opens at once, as at `POST /sessions/complete`. Where the tries at a name or from an address are used up, the phone is proved first (202 with `passwordDue`): answer the challenge, then send the password again, with its ticket.
         */
        readonly post: operations["logIn"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/sessions/complete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Log in with the ticket of a second factor
         * @description With `ownDevice: true` the answer has a `device`: its secret goes into `POST /sessions` the next time, which then needs no code. With `false`, the session ends after `idleSeconds` without a refresh, 20 minutes by default, and its cookie with the browser. `recognition` goes into the next login of anybody on this device: the owner of an account that logged in here before gets no SMS about a new device.
         */
        readonly post: operations["completeLogin"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/sessions/refresh": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Exchange the refresh token for fresh tokens
         * @description A refresh token is good once; the answer has the next. One that is used again later ends the session, for it was stolen.
         */
        readonly post: operations["refreshSession"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/sessions/revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Log out
         * @description A refresh token that nobody knows (any more) is no error: the session is over.
         */
        readonly post: operations["revokeSession"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read the account */
        readonly get: operations["readAccount"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the sessions */
        readonly get: operations["listSessions"];
        readonly put?: never;
        readonly post?: never;
        /**
         * End all other sessions
         * @description The devices they were opened on are forgotten.
         */
        readonly delete: operations["endOtherSessions"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/sessions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * End one session
         * @description The device it was opened on is forgotten with it. It may be the current one.
         */
        readonly delete: operations["endSession"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Export everything that is kept of the person
         * @description Five times an hour and ten times a day for an account.
         */
        readonly get: operations["exportAccount"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/password": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Change the password
         * @description Every other session ends.
         */
        readonly post: operations["changePassword"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/phone": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Send a code to the new phone */
        readonly post: operations["startPhoneChange"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/phone/complete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Move the account to the new phone
         * @description For 24 hours the new phone takes no password reset, the account cannot be closed, and both phones are told of changes. A reset that is started in that time goes to the former phone and brings it back. `secondFactor` confirms the change with a factor that the account has had for 24 hours: then none of this applies.
         */
        readonly post: operations["completePhoneChange"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/terms": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Accept the current terms of use
         * @description Due where the account says `termsOutdated`.
         */
        readonly post: operations["acceptTerms"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/close": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Ask to close the account */
        readonly post: operations["startClosing"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/close/complete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Close the account for good */
        readonly post: operations["completeClosing"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/authenticators/totp": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Get a secret for an authenticator app
         * @description It counts for nothing until a code confirms it, and a change of password, app or recovery codes closes it.
         */
        readonly post: operations["offerTotp"];
        /**
         * Remove the authenticator app
         * @description Its recovery codes go with it.
         */
        readonly delete: operations["removeTotp"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/authenticators/totp/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Confirm the authenticator app with a code
         * @description The recovery codes are shown once: the person has to keep them.
         */
        readonly post: operations["confirmTotp"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/account/recovery-codes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make new recovery codes
         * @description The old ones are good no more.
         */
        readonly post: operations["renewRecoveryCodes"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/terms": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read the terms of use */
        readonly get: operations["readTerms"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/feedback": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say whether a flow worked
         * @description For the question that follows a flow. The answer is counted, without anything that says whose it is.
         */
        readonly post: operations["giveFeedback"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Ask whether the API answers */
        readonly get: operations["readHealth"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read this document */
        readonly get: operations["readOpenApi"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export interface webhooks {
    readonly securityEvent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Something happened to an account
         * @description Security events leave by the EventBridge bus `hawiya-<stage>`; whoever subscribes gets each at least once, in any order. `detail.id` tells one that came twice.
         */
        readonly post: operations["securityEvent"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export interface components {
    schemas: {
        readonly StartRegistration: {
            /** @description A mobile number as people write it: local or international, Arabic digits or European. */
            readonly phone: string;
        };
        readonly CompleteRegistration: {
            /** @description The ticket of the verified challenge. */
            readonly ticket: string;
            /** @description 4 to 32 of a-z, 0-9, dot, underscore and hyphen, starting with a letter; any case. Blanks are left out. */
            readonly username: string;
            /** @description As it was typed. Arabic is as good as any. */
            readonly password: string;
            /** @description National ID or Iqama: 10 digits, the first 1 or 2, with its check digit. */
            readonly nationalId: string;
            /** @description The `version` of `GET /terms`. */
            readonly termsVersion: string;
        };
        readonly StartPasswordReset: {
            /** @description 4 to 32 of a-z, 0-9, dot, underscore and hyphen, starting with a letter; any case. Blanks are left out. */
            readonly username: string;
            /** @description National ID or Iqama: 10 digits, the first 1 or 2, with its check digit. */
            readonly nationalId: string;
        };
        readonly CompletePasswordReset: {
            /** @description The ticket of the verified challenge. */
            readonly ticket: string;
            /** @description As it was typed. Arabic is as good as any. Invisible characters are refused. */
            readonly newPassword: string;
            /** @description The same as newPassword. */
            readonly confirmPassword: string;
            /** @description Where the account has an authenticator app: a code of it, or a recovery code. */
            readonly secondFactor?: {
                /**
                 * @description What the code is.
                 * @enum {string}
                 */
                readonly method: "totp" | "recovery-code";
                /** @description 6 to 8 digits, Arabic or European; or a recovery code where `method` says so. */
                readonly code: string;
            };
        };
        readonly RemindUsername: {
            /** @description National ID or Iqama: 10 digits, the first 1 or 2, with its check digit. */
            readonly nationalId: string;
            /** @description A mobile number as people write it: local or international, Arabic digits or European. */
            readonly phone: string;
        };
        readonly StartTransaction: {
            /** @description A mobile number as people write it: local or international, Arabic digits or European. */
            readonly phone: string;
            /** @description One of those that the stage lists for the service. */
            readonly purpose: string;
            /** @description What the person approves, as they read it: a line of Arabic or Latin letters, spaces, hyphens, commas, brackets and at most 7 digits, no 6 of them in a row unless in an amount such as 1250.00. */
            readonly display: string;
        };
        readonly SendChallenge: Record<string, never>;
        readonly VerifyChallenge: {
            /**
             * @description What the code is.
             * @default sms
             * @enum {string}
             */
            readonly method?: "sms" | "totp" | "recovery-code";
            /** @description 6 to 8 digits, Arabic or European; or a recovery code where `method` says so. */
            readonly code: string;
        };
        readonly ExtendTicket: {
            /** @description The ticket of the verified challenge. */
            readonly ticket: string;
        };
        readonly IntrospectTicket: {
            /** @description The ticket of the verified challenge. */
            readonly ticket: string;
        };
        readonly LogIn: {
            /** @description The username, or the national ID or Iqama where the stage takes it: 10 digits, the first 1 or 2. */
            readonly username: string;
            /** @description As it was typed. Arabic is as good as any. */
            readonly password: string;
            /**
             * @description `cookie` keeps refresh token and device secret in cookies, for the portal’s own pages.
             * @constant
             */
            readonly tokens?: "cookie";
            /** @description The secret of a remembered device. Left out in cookie mode. */
            readonly device?: string;
            /** @description The ticket of the verified challenge. */
            readonly ticket?: string;
            /** @description Whether the device is the person’s own: `true` remembers it, `false` ends the session soon when it is not used. Without it, an app is and a browser is not. */
            readonly ownDevice?: boolean;
            /** @description What the last login on this device answered, whoever logged in. Left out in cookie mode. */
            readonly recognition?: string;
        };
        readonly CompleteLogin: {
            /** @description The ticket of the verified challenge. */
            readonly ticket: string;
            /**
             * @description `cookie` keeps refresh token and device secret in cookies, for the portal’s own pages.
             * @constant
             */
            readonly tokens?: "cookie";
            /** @description Whether the device is the person’s own: `true` remembers it, `false` ends the session soon when it is not used. Without it, an app is and a browser is not. */
            readonly ownDevice?: boolean;
            /** @description What the last login on this device answered, whoever logged in. Left out in cookie mode. */
            readonly recognition?: string;
        };
        readonly RefreshSession: {
            /**
             * @description `cookie` keeps refresh token and device secret in cookies, for the portal’s own pages.
             * @constant
             */
            readonly tokens?: "cookie";
            /** @description The newest one. Left out in cookie mode, required otherwise. */
            readonly refreshToken?: string;
        };
        readonly RevokeSession: {
            /**
             * @description `cookie` keeps refresh token and device secret in cookies, for the portal’s own pages.
             * @constant
             */
            readonly tokens?: "cookie";
            /** @description The newest one. Left out in cookie mode, required otherwise. */
            readonly refreshToken?: string;
        };
        readonly ChangePassword: {
            /** @description The password the account has now. Outer white space is left out. */
            readonly currentPassword: string;
            /** @description As it was typed. Arabic is as good as any. Invisible characters are refused. */
            readonly newPassword: string;
            /** @description The same as newPassword. */
            readonly confirmPassword: string;
        };
        readonly StartPhoneChange: {
            /** @description A mobile number as people write it: local or international, Arabic digits or European. */
            readonly phone: string;
            /** @description The password the account has now. Outer white space is left out. */
            readonly currentPassword: string;
        };
        readonly CompletePhoneChange: {
            /** @description The ticket of the verified challenge. */
            readonly ticket: string;
            /** @description Where the account has an authenticator app: a code of it, or a recovery code. */
            readonly secondFactor?: {
                /**
                 * @description What the code is.
                 * @enum {string}
                 */
                readonly method: "totp" | "recovery-code";
                /** @description 6 to 8 digits, Arabic or European; or a recovery code where `method` says so. */
                readonly code: string;
            };
        };
        readonly AcceptTerms: {
            /** @description The `version` of `GET /terms`. */
            readonly termsVersion: string;
        };
        readonly StartClosing: {
            /** @description The password the account has now. Outer white space is left out. */
            readonly currentPassword: string;
        };
        readonly CompleteClosing: {
            /** @description The ticket of the verified challenge. */
            readonly ticket: string;
        };
        readonly OfferTotp: {
            /** @description The password the account has now. Outer white space is left out. */
            readonly currentPassword: string;
        };
        readonly RemoveTotp: {
            /** @description The password the account has now. Outer white space is left out. */
            readonly currentPassword: string;
        };
        readonly ConfirmTotp: {
            /** @description As it came with the secret. */
            readonly enrolment: string;
            /** @description 6 to 8 digits, Arabic or European; or a recovery code where `method` says so. */
            readonly code: string;
        };
        readonly RenewRecoveryCodes: {
            /** @description The password the account has now. Outer white space is left out. */
            readonly currentPassword: string;
        };
        readonly GiveFeedback: {
            /**
             * @description What the person was asked about.
             * @enum {string}
             */
            readonly flow: "login" | "registration" | "password-reset" | "password-change" | "phone-change" | "authenticator" | "export" | "closing" | "help";
            /** @description Whether they say that it worked. */
            readonly worked: boolean;
        };
        /**
         * @description What to switch over.
         * @enum {string}
         */
        readonly ProblemCode: "invalid_request" | "code_incorrect" | "credentials_incorrect" | "unauthenticated" | "cross_site_request" | "second_factor_required" | "not_found" | "username_taken" | "identity_registered" | "phone_full" | "challenge_expired" | "ticket_invalid" | "destination_unsupported" | "password_rejected" | "terms_outdated" | "challenge_locked" | "too_many_requests" | "unavailable";
        readonly FieldError: {
            /** @description Of the field; empty where it is the whole body. */
            readonly path: string;
            readonly message: string;
        };
        readonly ChallengeAnswer: {
            readonly challenge: {
                /** @description A secret of whoever started the flow: whoever has it may send and verify. */
                readonly id: string;
                /** @enum {string} */
                readonly purpose: "registration" | "password-reset" | "login" | "phone-change" | "account-closing" | "transaction" | "phone-first";
                /**
                 * @description What to ask the person for first.
                 * @enum {string}
                 */
                readonly method: "sms" | "totp" | "recovery-code";
                /** @description All it may be answered with. */
                readonly methods: readonly ("sms" | "totp" | "recovery-code")[];
                /** @description The phone, masked: `•••• 567`. `null` where the caller has proved nothing: for a password reset, and for a phone that is proved before the password. */
                readonly destination: string | null;
                /** @description Digits of the code in the SMS. */
                readonly codeLength: number;
                /** @description Whether a code has been sent at all. */
                readonly sent: boolean;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly sendAgainAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly expiresAt: string;
                /**
                 * @description Where the latest SMS is; only GET /challenges/{id} tells.
                 * @enum {string}
                 */
                readonly delivery?: "queued" | "sent" | "delivered" | "failed";
            };
        };
        readonly AccountAnswer: {
            readonly account: {
                readonly username: string;
                /** @description Masked: `•••• 567`. */
                readonly phone: string;
                /** @description Masked: `1•••••• 08`. */
                readonly nationalId: string;
                /** @enum {string} */
                readonly audience: "individual" | "business" | "employee";
                /**
                 * @description Nobody but the person said whose national ID it is.
                 * @constant
                 */
                readonly identityAssurance: "self-asserted";
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly createdAt: string;
                /** @description The newest terms that were accepted. */
                readonly termsVersion: string;
                /** @description Whether there are newer ones to accept. */
                readonly termsOutdated: boolean;
                readonly secondFactors: {
                    readonly totp: boolean;
                    readonly recoveryCodesLeft: number;
                };
            };
        };
        readonly PhoneRestoredAnswer: {
            /** @constant */
            readonly outcome: "phone-restored";
            /**
             * Format: date-time
             * @description ISO 8601, UTC. From then on a reset sets a password again.
             */
            readonly resetFrom: string;
        };
        readonly TicketAnswer: {
            /** @description Completes the flow the challenge was started for. */
            readonly ticket: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            readonly expiresAt: string;
        };
        readonly IntrospectionAnswer: {
            /** @constant */
            readonly active: true;
            /** @description The `id` of the challenge it is of. */
            readonly challenge: string;
            /** @description As the transaction was started with. */
            readonly purpose: string;
            /** @description What the person read, after normalisation. */
            readonly display: string;
            /** @description The phone, masked: `•••• 567`. */
            readonly destination: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            readonly verifiedAt: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            readonly expiresAt: string;
        } | {
            /** @constant */
            readonly active: false;
        };
        readonly LoginAnswer: {
            readonly tokens: {
                /** @description A JWT: the bearer token of the API. */
                readonly accessToken: string;
                /** @description Who logged in (OpenID Connect), for the client. */
                readonly idToken: string;
                /** @description Good once. Absent in cookie mode: it is in `__Host-hawiya-session` then. */
                readonly refreshToken?: string;
                /** @description Seconds the access token lives. */
                readonly expiresIn: number;
                /** @constant */
                readonly tokenType: "Bearer";
                /** @description Seconds without a refresh after which the session ends. */
                readonly idleSeconds: number;
            };
            /** @description Where the device is to be remembered. */
            readonly device?: {
                /** @description Absent in cookie mode: it is in `__Host-hawiya-device` then. */
                readonly secret?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly expiresAt: string;
            };
            /** @description To be sent with the next login on this device, whoever logs in: then it is no new device. It opens nothing. */
            readonly recognition?: {
                /** @description Absent in cookie mode: it is in `__Host-hawiya-known` then. */
                readonly secret?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly expiresAt: string;
            };
        };
        readonly LoginChallengeAnswer: {
            readonly challenge: {
                /** @description A secret of whoever started the flow: whoever has it may send and verify. */
                readonly id: string;
                /** @enum {string} */
                readonly purpose: "registration" | "password-reset" | "login" | "phone-change" | "account-closing" | "transaction" | "phone-first";
                /**
                 * @description What to ask the person for first.
                 * @enum {string}
                 */
                readonly method: "sms" | "totp" | "recovery-code";
                /** @description All it may be answered with. */
                readonly methods: readonly ("sms" | "totp" | "recovery-code")[];
                /** @description The phone, masked: `•••• 567`. `null` where the caller has proved nothing: for a password reset, and for a phone that is proved before the password. */
                readonly destination: string | null;
                /** @description Digits of the code in the SMS. */
                readonly codeLength: number;
                /** @description Whether a code has been sent at all. */
                readonly sent: boolean;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly sendAgainAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly expiresAt: string;
                /**
                 * @description Where the latest SMS is; only GET /challenges/{id} tells.
                 * @enum {string}
                 */
                readonly delivery?: "queued" | "sent" | "delivered" | "failed";
            };
            /** @description Whether the phone is proved first. The password was not judged then: send it again, with the ticket, to `POST /sessions`. */
            readonly passwordDue: boolean;
        };
        readonly TokensAnswer: {
            readonly tokens: {
                /** @description A JWT: the bearer token of the API. */
                readonly accessToken: string;
                /** @description Who logged in (OpenID Connect), for the client. */
                readonly idToken: string;
                /** @description Good once. Absent in cookie mode: it is in `__Host-hawiya-session` then. */
                readonly refreshToken?: string;
                /** @description Seconds the access token lives. */
                readonly expiresIn: number;
                /** @constant */
                readonly tokenType: "Bearer";
                /** @description Seconds without a refresh after which the session ends. */
                readonly idleSeconds: number;
            };
        };
        readonly SessionsAnswer: {
            readonly sessions: readonly {
                readonly id: string;
                /** @description Browser and system as far as they are known: `Chrome, Android`. */
                readonly device: string;
                /** @description ISO 3166-1 alpha-2 country, where the edge before the API tells it. */
                readonly place?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly createdAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly lastUsedAt: string;
                /** @description It is the one that asks. */
                readonly current: boolean;
            }[];
        };
        readonly ExportAnswer: {
            /** @constant */
            readonly schema: 1;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            readonly exportedAt: string;
            readonly account: {
                readonly username: string;
                /** @description In full: it is the person’s own. */
                readonly phone: string;
                readonly formerPhone?: string;
                /** @description Masked: the number itself is kept nowhere. */
                readonly nationalId: string;
                /** @enum {string} */
                readonly audience: "individual" | "business" | "employee";
                /**
                 * @description Nobody but the person said whose national ID it is.
                 * @constant
                 */
                readonly identityAssurance: "self-asserted";
                /** @enum {string} */
                readonly language: "ar" | "en";
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly createdAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly authenticatorConfirmedAt?: string;
                readonly recoveryCodesLeft: number;
            };
            readonly consents: readonly {
                readonly termsVersion: string;
                /** @enum {string} */
                readonly language: "ar" | "en";
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly acceptedAt: string;
            }[];
            readonly sessions: readonly {
                readonly id: string;
                /** @description Browser and system as far as they are known: `Chrome, Android`. */
                readonly device: string;
                /** @description ISO 3166-1 alpha-2 country, where the edge before the API tells it. */
                readonly place?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly createdAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly lastUsedAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly expiresAt: string;
            }[];
            readonly devices: readonly {
                /** @description Browser and system as far as they are known: `Chrome, Android`. */
                readonly label: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly createdAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly expiresAt: string;
            }[];
            readonly securityEvents: readonly {
                readonly id: string;
                /** @enum {string} */
                readonly type: "account.opened" | "account.closed" | "data.exported" | "device.remembered" | "password.changed" | "password.reset" | "phone.changed" | "phone.restored" | "recovery-code.used" | "recovery-codes.created" | "session.ended" | "session.reuse-detected" | "session.started" | "terms.accepted" | "totp.enrolled" | "totp.removed";
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 */
                readonly at: string;
                /** @description Browser and system as far as they are known: `Chrome, Android`. */
                readonly device: string;
                /** @description ISO 3166-1 alpha-2 country, where the edge before the API tells it. */
                readonly place?: string;
                readonly details?: {
                    readonly [key: string]: string;
                };
            }[];
        };
        readonly TotpOfferAnswer: {
            /** @description Base32, for who types it into the app. */
            readonly secret: string;
            /** @description `otpauth://…`, for the QR code. */
            readonly uri: string;
            /** @description Goes back with the first code. */
            readonly enrolment: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            readonly expiresAt: string;
        };
        readonly RecoveryCodesAnswer: {
            /** @description Shown once, each good once. */
            readonly recoveryCodes: readonly string[];
        };
        readonly TermsAnswer: {
            readonly terms: {
                readonly version: string;
                /** @enum {string} */
                readonly language: "ar" | "en";
                readonly title: string;
                readonly introduction: string;
                readonly points: readonly string[];
            };
        };
        readonly HealthAnswer: {
            /** @constant */
            readonly status: "ok";
        };
        readonly OpenApiAnswer: {
            readonly openapi: string;
        } & {
            readonly [key: string]: unknown;
        };
        /** @description A problem document (RFC 9457). */
        readonly Problem: {
            /**
             * Format: uri
             * @description Leads to a page about the code.
             */
            readonly type: string;
            readonly title: string;
            readonly status: number;
            /** @description What to do about it. Absent where API Gateway answers by itself, but for a body it refuses. */
            readonly detail?: string;
            /** @description Names the request, for support. */
            readonly instance: string;
            readonly code: components["schemas"]["ProblemCode"];
            /** @description invalid_request: each field. Absent where API Gateway refuses the body. */
            readonly errors?: readonly components["schemas"]["FieldError"][];
            /** @description code_incorrect */
            readonly attemptsLeft?: number;
            /** @description password_rejected */
            readonly reasons?: readonly ("too_short" | "too_long" | "blocklisted" | "repetitive" | "contains_username" | "contains_identifier" | "outer_space" | "invisible" | "unchanged")[];
            /** @description password_rejected: code points of the shortest password. */
            readonly minimumLength?: number;
            /** @description destination_unsupported: whose mobiles are accepted (ISO 3166-1). */
            readonly countries?: readonly ("AE" | "BH" | "KW" | "OM" | "QA" | "SA")[];
            /** @description second_factor_required: what may be given. */
            readonly methods?: readonly ("totp" | "recovery-code")[];
            /**
             * @description too_many_requests: what the limit belongs to, where that is told.
             * @enum {string}
             */
            readonly limit?: "account" | "address" | "device" | "national-id" | "phone" | "resend" | "service" | "session";
            /**
             * @description unauthenticated: why the session ended, where Hawiya knows. Only a genuine token is told.
             * @enum {string}
             */
            readonly reason?: "expired" | "idle" | "log-out" | "owner" | "password-changed" | "phone-restored" | "reuse";
            /** @description unauthenticated, where `reason` is `idle`: how long the session was not used. */
            readonly idleSeconds?: number;
            /** @description Seconds, as in Retry-After. */
            readonly retryAfter?: number;
        };
    };
    responses: {
        /** @description - `invalid_request`: The request is not valid */
        readonly invalid_request: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "invalid_request";
                };
            };
        };
        /** @description - `cross_site_request`: The request is not from the portal’s pages */
        readonly cross_site_request: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "cross_site_request";
                };
            };
        };
        /** @description - `destination_unsupported`: No SMS goes to this number */
        readonly destination_unsupported: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "destination_unsupported";
                };
            };
        };
        /** @description - `too_many_requests`: Too many requests */
        readonly too_many_requests: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly "Retry-After": components["headers"]["RetryAfter"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "too_many_requests";
                };
            };
        };
        /** @description - `unavailable`: The service is unavailable */
        readonly unavailable: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly "Retry-After": components["headers"]["RetryAfterIfKnown"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "unavailable";
                };
            };
        };
        /**
         * @description - `username_taken`: The username is taken
         *     - `identity_registered`: This national ID or Iqama already has an account
         *     - `phone_full`: This phone has the most accounts it may have
         */
        readonly "username_taken.identity_registered.phone_full": {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "username_taken" | "identity_registered" | "phone_full";
                };
            };
        };
        /** @description - `ticket_invalid`: This step has expired */
        readonly ticket_invalid: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "ticket_invalid";
                };
            };
        };
        /**
         * @description - `password_rejected`: The password is not accepted
         *     - `terms_outdated`: The terms of use have changed
         */
        readonly "password_rejected.terms_outdated": {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "password_rejected" | "terms_outdated";
                };
            };
        };
        /**
         * @description - `invalid_request`: The request is not valid
         *     - `code_incorrect`: The code is not correct
         */
        readonly "invalid_request.code_incorrect": {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "invalid_request" | "code_incorrect";
                };
            };
        };
        /**
         * @description - `cross_site_request`: The request is not from the portal’s pages
         *     - `second_factor_required`: Another code is required
         */
        readonly "cross_site_request.second_factor_required": {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "cross_site_request" | "second_factor_required";
                };
            };
        };
        /** @description - `password_rejected`: The password is not accepted */
        readonly password_rejected: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "password_rejected";
                };
            };
        };
        /**
         * @description - `challenge_locked`: Too many wrong codes
         *     - `too_many_requests`: Too many requests
         */
        readonly "challenge_locked.too_many_requests": {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly "Retry-After": components["headers"]["RetryAfter"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "challenge_locked" | "too_many_requests";
                };
            };
        };
        /** @description - `unauthenticated`: Log in first */
        readonly unauthenticated: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "unauthenticated";
                };
            };
        };
        /** @description - `challenge_expired`: This step has expired */
        readonly challenge_expired: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "challenge_expired";
                };
            };
        };
        /** @description - `credentials_incorrect`: The username or password is not correct */
        readonly credentials_incorrect: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "credentials_incorrect";
                };
            };
        };
        /** @description - `not_found`: There is nothing here */
        readonly not_found: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "not_found";
                };
            };
        };
        /**
         * @description - `credentials_incorrect`: The username or password is not correct
         *     - `unauthenticated`: Log in first
         */
        readonly "credentials_incorrect.unauthenticated": {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "credentials_incorrect" | "unauthenticated";
                };
            };
        };
        /** @description - `phone_full`: This phone has the most accounts it may have */
        readonly phone_full: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "phone_full";
                };
            };
        };
        /** @description - `terms_outdated`: The terms of use have changed */
        readonly terms_outdated: {
            headers: {
                readonly "Content-Language": components["headers"]["ContentLanguage"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    readonly code?: "terms_outdated";
                };
            };
        };
    };
    parameters: {
        /** @description The `id` of a challenge. */
        readonly ChallengeId: string;
        /** @description The `id` of one of the account’s sessions. */
        readonly SessionId: string;
        /**
         * @description Language of problems, terms and SMS: `ar` (default) or `en`.
         * @example ar
         */
        readonly AcceptLanguage: string;
        /**
         * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
         * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
         */
        readonly IdempotencyKey: string;
        /** @description Required in cookie mode. */
        readonly HawiyaClient: "browser";
    };
    requestBodies: never;
    headers: {
        /** @description Absent where API Gateway answers by itself, in both languages. */
        readonly ContentLanguage: "ar" | "en";
        /** @description Seconds after which the same request can go through. */
        readonly RetryAfter: number;
        /** @description Seconds to wait, where they are known. */
        readonly RetryAfterIfKnown: number;
        /** @description With `unauthenticated`. */
        readonly WwwAuthenticate: "Bearer";
        /** @description In cookie mode: `__Host-hawiya-session`, `__Host-hawiya-device` and `__Host-hawiya-known`, set or cleared. */
        readonly SetCookie: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly startRegistration: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["StartRegistration"];
            };
        };
        readonly responses: {
            /** @description The code was sent. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChallengeAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 422: components["responses"]["destination_unsupported"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly completeRegistration: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CompleteRegistration"];
            };
        };
        readonly responses: {
            /** @description The account is open. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 409: components["responses"]["username_taken.identity_registered.phone_full"];
            readonly 410: components["responses"]["ticket_invalid"];
            readonly 422: components["responses"]["password_rejected.terms_outdated"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly startPasswordReset: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["StartPasswordReset"];
            };
        };
        readonly responses: {
            /** @description Send the code next. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChallengeAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly completePasswordReset: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CompletePasswordReset"];
            };
        };
        readonly responses: {
            /** @description No password was set: the former phone is the account’s again. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PhoneRestoredAnswer"];
                };
            };
            /** @description The password is the new one. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["invalid_request.code_incorrect"];
            readonly 403: components["responses"]["cross_site_request.second_factor_required"];
            readonly 410: components["responses"]["ticket_invalid"];
            readonly 422: components["responses"]["password_rejected"];
            readonly 429: components["responses"]["challenge_locked.too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly remindUsername: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RemindUsername"];
            };
        };
        readonly responses: {
            /** @description If both belong together, the SMS is on its way. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 422: components["responses"]["destination_unsupported"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly startTransaction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["StartTransaction"];
            };
        };
        readonly responses: {
            /** @description The code was sent. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChallengeAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 422: components["responses"]["destination_unsupported"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly readChallenge: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path: {
                /** @description The `id` of a challenge. */
                readonly id: components["parameters"]["ChallengeId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The challenge. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChallengeAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 410: components["responses"]["challenge_expired"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly sendChallenge: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path: {
                /** @description The `id` of a challenge. */
                readonly id: components["parameters"]["ChallengeId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SendChallenge"];
            };
        };
        readonly responses: {
            /** @description The code was sent. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChallengeAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 410: components["responses"]["challenge_expired"];
            readonly 429: components["responses"]["challenge_locked.too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly verifyChallenge: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path: {
                /** @description The `id` of a challenge. */
                readonly id: components["parameters"]["ChallengeId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["VerifyChallenge"];
            };
        };
        readonly responses: {
            /** @description The code is right. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TicketAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request.code_incorrect"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 410: components["responses"]["challenge_expired"];
            readonly 429: components["responses"]["challenge_locked.too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly extendTicket: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ExtendTicket"];
            };
        };
        readonly responses: {
            /** @description The ticket with its new end. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TicketAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 410: components["responses"]["ticket_invalid"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly introspectTicket: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["IntrospectTicket"];
            };
        };
        readonly responses: {
            /** @description What the ticket is worth. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IntrospectionAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly logIn: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Required in cookie mode. */
                readonly "X-Hawiya-Client"?: components["parameters"]["HawiyaClient"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["LogIn"];
            };
        };
        readonly responses: {
            /** @description A session, and its tokens. */
            readonly 201: {
                headers: {
                    readonly "Set-Cookie": components["headers"]["SetCookie"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["LoginAnswer"];
                };
            };
            /** @description A code is due. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["LoginChallengeAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["credentials_incorrect"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly completeLogin: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description Required in cookie mode. */
                readonly "X-Hawiya-Client"?: components["parameters"]["HawiyaClient"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CompleteLogin"];
            };
        };
        readonly responses: {
            /** @description A session, and its tokens. */
            readonly 201: {
                headers: {
                    readonly "Set-Cookie": components["headers"]["SetCookie"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["LoginAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 410: components["responses"]["ticket_invalid"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly refreshSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /** @description Required in cookie mode. */
                readonly "X-Hawiya-Client"?: components["parameters"]["HawiyaClient"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RefreshSession"];
            };
        };
        readonly responses: {
            /** @description A session, and its tokens. */
            readonly 201: {
                headers: {
                    readonly "Set-Cookie": components["headers"]["SetCookie"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TokensAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly revokeSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /** @description Required in cookie mode. */
                readonly "X-Hawiya-Client"?: components["parameters"]["HawiyaClient"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RevokeSession"];
            };
        };
        readonly responses: {
            /** @description The session is over. */
            readonly 204: {
                headers: {
                    readonly "Set-Cookie": components["headers"]["SetCookie"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly readAccount: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The account; phone and national ID masked. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly listSessions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Last used first. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SessionsAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly endOtherSessions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description They are over. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly endSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path: {
                /** @description The `id` of one of the account’s sessions. */
                readonly id: components["parameters"]["SessionId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is over. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 404: components["responses"]["not_found"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly exportAccount: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A copy of the data (PDPL Art. 4). */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExportAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly changePassword: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ChangePassword"];
            };
        };
        readonly responses: {
            /** @description It is the new one. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["credentials_incorrect.unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 422: components["responses"]["password_rejected"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly startPhoneChange: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["StartPhoneChange"];
            };
        };
        readonly responses: {
            /** @description The code was sent. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChallengeAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["credentials_incorrect.unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 422: components["responses"]["destination_unsupported"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly completePhoneChange: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CompletePhoneChange"];
            };
        };
        readonly responses: {
            /** @description The account has the new phone. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request.code_incorrect"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 409: components["responses"]["phone_full"];
            readonly 410: components["responses"]["ticket_invalid"];
            readonly 429: components["responses"]["challenge_locked.too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly acceptTerms: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AcceptTerms"];
            };
        };
        readonly responses: {
            /** @description The terms are accepted. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 422: components["responses"]["terms_outdated"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly startClosing: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /**
                 * @description A random text of the caller’s, such as a UUID. Sent again with the same key and the same body within ten minutes, the request gets the answer it got: no second SMS, no second session. With another body it is another request.
                 * @example 0a3b1c5e-6f0e-4c57-9a51-6d0c8e2f4b7a
                 */
                readonly "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["StartClosing"];
            };
        };
        readonly responses: {
            /** @description The code was sent. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChallengeAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["credentials_incorrect.unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly completeClosing: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CompleteClosing"];
            };
        };
        readonly responses: {
            /** @description Nothing of the person is left. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 410: components["responses"]["ticket_invalid"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly offerTotp: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OfferTotp"];
            };
        };
        readonly responses: {
            /** @description The secret. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TotpOfferAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["credentials_incorrect.unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly removeTotp: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RemoveTotp"];
            };
        };
        readonly responses: {
            /** @description It is gone. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["credentials_incorrect.unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly confirmTotp: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ConfirmTotp"];
            };
        };
        readonly responses: {
            /** @description The app counts; recovery codes. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RecoveryCodesAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request.code_incorrect"];
            readonly 401: components["responses"]["unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 410: components["responses"]["challenge_expired"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly renewRecoveryCodes: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RenewRecoveryCodes"];
            };
        };
        readonly responses: {
            /** @description The new codes. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RecoveryCodesAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 401: components["responses"]["credentials_incorrect.unauthenticated"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly readTerms: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The current terms. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TermsAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly giveFeedback: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["GiveFeedback"];
            };
        };
        readonly responses: {
            /** @description It is counted. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 403: components["responses"]["cross_site_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly readHealth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It does. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["HealthAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly readOpenApi: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /**
                 * @description Language of problems, terms and SMS: `ar` (default) or `en`.
                 * @example ar
                 */
                readonly "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description OpenAPI 3.1. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenApiAnswer"];
                };
            };
            readonly 400: components["responses"]["invalid_request"];
            readonly 429: components["responses"]["too_many_requests"];
            readonly 503: components["responses"]["unavailable"];
        };
    };
    readonly securityEvent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @constant */
                    readonly source: "hawiya";
                    readonly detail: {
                        /** @constant */
                        readonly schema: 1;
                        readonly id: string;
                        /** Format: date-time */
                        readonly at: string;
                        readonly userId: string;
                        readonly origin: {
                            readonly addressTag: string;
                            readonly place?: string;
                            readonly device: string;
                        };
                    };
                } & ({
                    /** @constant */
                    readonly "detail-type"?: "account.opened";
                    readonly detail?: {
                        readonly details?: Record<string, never>;
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "account.closed";
                    readonly detail?: {
                        readonly details?: Record<string, never>;
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "data.exported";
                    readonly detail?: {
                        readonly details?: Record<string, never>;
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "device.remembered";
                    readonly detail?: {
                        readonly details?: {
                            readonly device: string;
                        };
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "password.changed";
                    readonly detail?: {
                        readonly details?: Record<string, never>;
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "password.reset";
                    readonly detail?: {
                        readonly details?: Record<string, never>;
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "phone.changed";
                    readonly detail?: {
                        readonly details?: Record<string, never>;
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "phone.restored";
                    readonly detail?: {
                        readonly details?: Record<string, never>;
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "recovery-code.used";
                    readonly detail?: {
                        readonly details?: {
                            /** @enum {string} */
                            readonly purpose: "registration" | "password-reset" | "login" | "phone-change" | "account-closing";
                        };
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "recovery-codes.created";
                    readonly detail?: {
                        readonly details?: Record<string, never>;
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "session.ended";
                    readonly detail?: {
                        readonly details?: {
                            /** Format: uuid */
                            readonly session: string;
                            readonly reason: string;
                        };
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "session.reuse-detected";
                    readonly detail?: {
                        readonly details?: {
                            /** Format: uuid */
                            readonly session: string;
                        };
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "session.started";
                    readonly detail?: {
                        readonly details?: {
                            /** Format: uuid */
                            readonly session: string;
                        };
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "terms.accepted";
                    readonly detail?: {
                        readonly details?: {
                            readonly termsVersion: string;
                        };
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "totp.enrolled";
                    readonly detail?: {
                        readonly details?: Record<string, never>;
                    };
                } | {
                    /** @constant */
                    readonly "detail-type"?: "totp.removed";
                    readonly detail?: {
                        readonly details?: Record<string, never>;
                    };
                });
            };
        };
        readonly responses: {
            /** @description Taken. */
            readonly "2XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
