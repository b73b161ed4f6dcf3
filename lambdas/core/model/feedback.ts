/** What a person may be asked about at its end: "Did this work?" Each is a thing that people come to the portal for. */
export const feedbackFlows = [
  'login',
  'registration',
  'password-reset',
  'password-change',
  'phone-change',
  'authenticator',
  'export',
  'closing',
  'help',
] as const;

export type FeedbackFlow = (typeof feedbackFlows)[number];

/** An answer to the question. It says nothing of who gave it. */
export interface Feedback {
  readonly flow: FeedbackFlow;
  readonly worked: boolean;
}
